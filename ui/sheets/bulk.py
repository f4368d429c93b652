"""One act at all ticked sites: which act, its words, and what it would do before it is done (U7)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from dispatch.bulk.desk import what_is_missing
from dispatch.bulk.kinds import BulkKind
from dispatch.bulk.order import BulkOrder, Effect
from dispatch.errors import LandfallError
from dispatch.records import Band, CloseReason, Intent, WaitReason
from ui.sheets.bulk_parts import parts_of, within
from ui.sheets.bulk_words import act_words, done_words, effect_words, kind_words, left_words, unwritten_words
from ui.sheets.intent_words import intent_words
from ui.sheets.public_words import doubt_about
from ui.sheets.sample import Sample
from ui.sheets.words import band_words, close_words, wait_words
from ui.theme import Theme
from ui.widgets import counts, times
from ui.widgets.fields import ChoiceField, PickField, TextField
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words

log = logging.getLogger(__name__)

WIDTH = 452
TYPING_MS = 250
_NONE, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
# The letters that do the same to one site.
_LETTERS = {
    BulkKind.MESSAGE: ("M", _NONE, Qt.Key.Key_M),
    BulkKind.NOTE: ("I", _NONE, Qt.Key.Key_I),
    BulkKind.WAIT: ("W", _NONE, Qt.Key.Key_W),
    BulkKind.SNOOZE: ("S", _NONE, Qt.Key.Key_S),
    BulkKind.CLOSE: ("Shift C", _SHIFT, Qt.Key.Key_C),
}
_SPANS = ((5, "5 min"), (15, "15 min"), (30, "30 min"), (60, "1 h"), (240, "4 h"), (720, "12 h"))
_FIELDS = {
    BulkKind.MESSAGE: ("intent", "message"),
    BulkKind.NOTE: ("internal",),
    BulkKind.WAIT: ("wait", "note"),
    BulkKind.SNOOZE: ("span",),
    BulkKind.RAISE: ("band", "note"),
    BulkKind.CLOSE: ("close", "note", "message"),
}
_MISSING = {
    BulkKind.MESSAGE: "message",
    BulkKind.NOTE: "internal",
    BulkKind.WAIT: "wait",
    BulkKind.SNOOZE: "span",
    BulkKind.RAISE: "band",
}


class BulkSheet(Sheet):
    NAME = "bulk"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=WIDTH)
        self.bridge = bridge
        self.ids: tuple[int, ...] = ()
        self._given: tuple[int, ...] = ()  # of which `ids` may be a part
        self._outcome: Effect | None = None
        self._seen: BulkOrder | None = None  # what the effect is of, its words aside
        self._done: Effect | None = None
        self._reading: asyncio.Task[None] | None = None
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._look)
        self._boxes: dict[str, QWidget] = {}
        self._build_fields()
        self._stay = Words(theme=theme, role="small", tone="text_soft")
        self.keep_in_sight(self._stay)
        self.shortcuts[(Qt.KeyboardModifier.AltModifier, Qt.Key.Key_T)] = self._sample.turn
        for kind, (_, held, key) in _LETTERS.items():
            self.shortcuts[(held, key)] = lambda kind=kind: self.choose(kind)
        self._show_fields()

    def begin(
        self,
        *,
        ids: Iterable[int] = (),
        hidden: int = 0,
        kind: str = "",
        view: str | None = None,
        **given: Any,
    ) -> None:
        """`hidden` of the sites are not in view. With a `view` nothing is ticked: they are all that is in
        view under the filters which that says, and part of them can be chosen."""
        self.ids = self._given = tuple(ids)
        self._boxes["part"].setVisible(view is not None)
        if view is not None:
            self._part.offer(parts_of(self.bridge.board, self.ids, self.bridge.shown.labels))
            self.say_title(self.tr("{} in view").format(counts.sites(len(self.ids))), view)
            self.choose(BulkKind(kind or BulkKind.MESSAGE))
            self._show_fields()
            return
        self.say_title(self.tr("{} ticked").format(counts.sites(len(self.ids))))
        if hidden:
            self.say_title(self.title(), self.tr("{} of them outside this view").format(hidden))
        if kind:
            self.choose(BulkKind(kind))
        self._show_fields()

    def choose(self, kind: BulkKind) -> None:
        self._kind.show_value(kind)
        self._kind.touched = True
        self._kind.edited.emit()
        if shown := _FIELDS.get(kind):
            self.fields["message" if kind is BulkKind.MESSAGE else shown[0]].setFocus(
                Qt.FocusReason.OtherFocusReason
            )

    # -- what a sheet decides -------------------------------------------------------------------------

    def order(self) -> BulkOrder | None:
        """What is asked for; None while no act is chosen. A field of another act counts for nothing."""
        kind = self._kind.value()
        if kind is None:
            return None
        shown = _FIELDS.get(kind, ())
        minutes = self._span.value() if "span" in shown else None
        until_at = self.bridge.clock.now() + minutes * times.MINUTE_MS if minutes else 0
        intent = self._intent.value() if kind is BulkKind.MESSAGE else None
        text = self._message.value() if "message" in shown and intent is None else ""
        return BulkOrder(
            kind,
            text=self._internal.value() if kind is BulkKind.NOTE else text,
            note=self._note.value() if "note" in shown else "",
            wait=self._wait.value() if "wait" in shown else None,
            close=self._close.value() if "close" in shown else None,
            until_at=until_at,
            band=self._band.value() if "band" in shown else None,
            intent=intent,
        )

    def problem(self) -> tuple[str, str] | None:
        order = self.order()
        if order is None:
            return "kind", self.tr("Choose what is to be done.")
        if missing := what_is_missing(order):
            if order.kind is BulkKind.CLOSE:
                return "note" if order.close else "close", missing
            return _MISSING[order.kind], missing
        if self._outcome is None:
            return "", self.effect()
        if not self._outcome.site_ids:
            return "", effect_words(order, self._outcome)
        return None

    def confirm(self) -> None:
        """What was typed a moment ago is looked up first: what is done is what stands here, or nothing."""
        order = self.order()
        is_ready = order is not None and not what_is_missing(order)
        if order is None or not is_ready or self._seen == _alike(order):
            super().confirm()
            return
        self._look()
        if self._reading is not None:
            self._reading.add_done_callback(partial(self._confirm_if_so, self._outcome))

    def _confirm_if_so(self, shown: Effect | None, reading: asyncio.Task[None]) -> None:
        """With other sites or people than stood here when it was asked for, it has to be asked for again."""
        now = self._outcome
        if reading.cancelled() or now is None or shown is None:
            return
        if (now.site_ids, now.people, now.messages, now.texts) == (
            *(shown.site_ids, shown.people, shown.messages, shown.texts),
        ):
            super().confirm()

    def doubt(self) -> str:
        order = self.order()
        return doubt_about(order.text) if order and order.kind is not BulkKind.NOTE else ""

    def act(self) -> asyncio.Task[Any] | None:
        order = self.order()
        assert order is not None
        task = self.bridge.act(self.bridge.parts.bulk.act, self.ids, order)
        task.add_done_callback(self._take_result)
        return task

    def done_words(self) -> tuple[str, bool]:
        order = self.order()
        if order is None or self._done is None:
            return "", False
        return done_words(order, self._done), True

    # -- inside ---------------------------------------------------------------------------------------

    def _build_fields(self) -> None:
        tr, theme = self.tr, self.theme
        self._part = ChoiceField(tr("Which of them"), theme=theme)
        self._part.hide()
        self.body.addWidget(self._part)
        kinds = [(kind, _with_key(kind)) for kind in BulkKind]
        self._kind = self.add("kind", PickField(tr("What is done"), kinds, theme=theme, columns=2))
        waits = [(reason, wait_words(reason)) for reason in WaitReason]
        self._wait = self.add("wait", PickField(tr("What they wait for"), waits, theme=theme, columns=2))
        self._span = self.add("span", PickField(tr("Come back in"), _SPANS, theme=theme, columns=3))
        bands = [(band, f"{band.name}  {band_words(band)}") for band in (Band.P1, Band.P2, Band.P3)]
        self._band = self.add("band", PickField(tr("Raise to"), bands, theme=theme))
        reasons = [(r, close_words(r)) for r in CloseReason if r is not CloseReason.SERVER]
        self._close = self.add("close", PickField(tr("Reason"), reasons, theme=theme, columns=2))
        self._note = self.add("note", TextField(tr("Note (internal)"), theme=theme))
        intents = [(None, tr("My own words, the same to all")), *((i, intent_words(i)) for i in Intent)]
        self._intent = self.add("intent", ChoiceField(tr("Words"), intents, theme=theme))
        self._sample = Sample(tr("PUBLIC"), theme=theme)
        self._sample.grew.connect(self.grew)
        self._internal = self.keep("internal", TextField("", theme=theme, least=3, most=10))
        self._message = self.keep("message", TextField("", theme=theme, least=3, most=10))
        self._boxes["internal"] = self._box("note", tr("INTERNAL, never public"), self._internal)
        self._boxes["message"] = self._box("public", tr("PUBLIC on the city's site"), self._message)
        self.body.addWidget(self._sample)
        self.keep("part", self._part)  # the last one known: it is mostly not there
        self._message.box.setAccessibleName(tr("Public message"))
        self._internal.box.setAccessibleName(tr("Internal note"))
        for name, field in self.fields.items():
            is_text = isinstance(field, TextField)
            field.edited.connect(self._typing.start if is_text else self._show_fields)
            self._boxes.setdefault(name, field)

    def _box(self, part: str, heading: str, field: TextField) -> QFrame:
        box = QFrame()
        box.setProperty("part", part)
        inside = QVBoxLayout(box)
        inside.setContentsMargins(10, 8, 10, 10)
        inside.setSpacing(6)
        inside.addWidget(Words(heading, theme=self.theme, role="strong"))
        inside.addWidget(field)
        if part == "public":
            said = self.tr("Leaves after 10 s; U takes it back until then. Say that this is not 911.")
            inside.addWidget(Words(said, theme=self.theme, role="small", tone="text_dim"))
        self.body.addWidget(box)
        return box

    def _show_fields(self) -> None:
        """Only what the chosen act needs; and what it would do."""
        shown = _FIELDS.get(self._kind.value(), ())
        has_text = self._kind.value() is BulkKind.MESSAGE and self._intent.value() is not None
        if has_text and self._message.isVisible():
            # The box that had the keys goes out of sight, and keys would go past the sheet.
            self._intent.combo.setFocus(Qt.FocusReason.OtherFocusReason)
        for name, box in self._boxes.items():
            if name != "part":
                box.setVisible(name == "kind" or (name in shown and not (has_text and name == "message")))
        self._sample.setVisible(has_text)
        self.ids = within(self.bridge.board, self._given, self._part.value())
        self._look()
        self.grew.emit()

    def _look(self) -> None:
        self._typing.stop()
        order = self.order()
        if order is None:
            self.say_effect(self.tr("Nothing is done before you have seen what it does."))
            self.say_act(self.tr("Choose an act"))
            return
        if self._reading is not None:
            self._reading.cancel()
        self._reading = asyncio.ensure_future(self._read(order))

    async def _read(self, order: BulkOrder) -> None:
        try:
            effect = await self.bridge.read(self.bridge.parts.bulk.preview, self.ids, order)
        except LandfallError as error:
            self._outcome, self._seen = None, _alike(order)
            self._sample.show_texts(())
            self.say_effect(str(error), "alarm")
        except Exception:
            # An edge: what cannot be looked up is not done either.
            log.exception("What a bulk act would do could not be read")
            self._outcome, self._seen = None, None
            self.say_effect(self.tr("What this would do could not be read."), "alarm")
        else:
            self._outcome, self._seen = effect, _alike(order)
            self.say_effect(effect_words(order, effect), "text" if effect.site_ids else "alarm")
            lines = (unwritten_words(effect), left_words(effect, self.bridge.board))
            self._stay.say("\n".join(filter(None, lines)))
            self._sample.show_texts(effect.texts)
            self.say_act(act_words(order, effect))
        self.grew.emit()

    def _take_result(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and task.exception() is None:
            self._done = task.result()


def _alike(order: BulkOrder) -> BulkOrder:
    """The order without the minute it was given in."""
    return replace(order, until_at=0)


def _with_key(kind: BulkKind) -> str:
    letter = _LETTERS[kind][0] if kind in _LETTERS else ""
    return f"{kind_words(kind)}   {letter}".rstrip()

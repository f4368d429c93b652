"""“Still needed?” on screen (S7): what was held for weather, P1, then P2, by area, each asked and answered by
key. No answer means unknown: it stays held and asked, and nothing closes by itself (S9)."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidgetItem, QWidget
from shiboken6 import isValid

from dispatch.errors import LandfallError
from dispatch.escalation.held import is_asked, not_reached
from dispatch.escalation.states import Act
from dispatch.masking import cover_card
from dispatch.records import Band, Escalation
from ui.em_desk.card_words import call_back_words, said_911
from ui.em_desk.first_hour_sheet import make_first_hour
from ui.em_desk.no_longer_sheet import NoLongerNeededSheet
from ui.sheets.near_row import BAND_ROLE, LIST_EDGE, ROW_HEIGHT, near_list
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.key_cap import KeyCap
from ui.widgets.sheet import Sheet
from ui.widgets.ticks import Radio
from ui.widgets.words import Words

_PLAIN = Qt.KeyboardModifier.NoModifier
SHOWN = 7
WIDTH = 560
KEYS = {Act.STILL_NEEDED: Qt.Key.Key_Y, Act.CLOSE: Qt.Key.Key_N, Act.NOT_REACHED: Qt.Key.Key_U}


class StillNeededSheet(Sheet):
    """A letter chooses the answer and says its effect; Enter records it and goes on to the next (S12)."""

    NAME = "still_needed"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=WIDTH)
        self.bridge = bridge
        self.choice: Act | None = None
        self._cards: tuple[Escalation, ...] | None = None
        self._answered = 0
        self._shows_phone = False
        self._reading: asyncio.Task[None] | None = None
        self.list = near_list(self.tr("Held for weather"), theme=theme)
        self._asked_for = Words(theme=theme)
        self._people = Words(theme=theme, tone="text_soft")
        self._danger = Words(theme=theme, tone="warn")
        self._phone = Words(theme=theme, tone="text_soft", copyable=True)
        for part in (self.list, self._asked_for, self._people, self._danger, self._phone):
            self.body.addWidget(part)
        self._choices = self._make_choices()
        self.keep_in_sight(self._choices)
        self._take_keys()
        self._print = self.add_side_button(self.tr("On paper"), "P", self.print_list)
        self.list.currentRowChanged.connect(lambda _row: self._take_moved())
        bridge.escalated.connect(self.read)
        self.say_title(self.tr("Still needed?"))
        self.say_effect(self.tr("Reading what is held for weather."))
        self.say_act(self.tr("Record the answer"))
        self.button.setEnabled(False)
        self.read()

    def current(self) -> Escalation | None:
        row, cards = self.list.currentRow(), self._cards or ()
        return cards[row] if 0 <= row < len(cards) else None

    def choose(self, act: Act) -> None:
        """What Enter will record of the current one; nothing is done by the letter itself."""
        if self.current() is not None:
            self.choice = act
            self._trouble.say("")
            self._say()

    # -- doing --------------------------------------------------------------------------------------

    def problem(self) -> tuple[str, str] | None:
        if self.current() is not None and self.choice is None:
            return "", self.tr("Say what came of it first: Y, N or U.")
        return None

    def act(self) -> asyncio.Task[Any] | None:
        return None

    def follows(self) -> Sheet | None:
        """Who said that it is no longer needed is asked for in words."""
        if (card := self.current()) is None:
            return None
        return NoLongerNeededSheet(bridge=self.bridge, theme=self.theme, card=card, back=type(self))

    def print_list(self) -> None:
        self._making = asyncio.ensure_future(self._make_page())

    # -- reading ------------------------------------------------------------------------------------

    def read(self) -> None:
        """Also after each answer of any seat; while one reading runs the next waits its turn."""
        self._reading = asyncio.ensure_future(self._read(self._reading))

    async def _read(self, before: asyncio.Task[None] | None) -> None:
        if before is not None and not before.done():
            await asyncio.wait([before])
        try:
            cards = await self.bridge.read(self.bridge.em_desk.held)
        except LandfallError as error:
            self.say_effect(str(error), "alarm")
            return
        if isValid(self):
            self._show(cards)

    def _do(self) -> None:
        card, desk = self.current(), self.bridge.em_desk
        if card is None or self.choice not in (Act.STILL_NEEDED, Act.NOT_REACHED):
            super()._do()
            return
        self._is_doing = True
        if self.choice is Act.STILL_NEEDED:
            task = self.bridge.act(desk.still_needed, card.escalation_id)
        else:
            tried = not_reached(card)
            seen_at = tried.at if tried else 0
            task = self.bridge.act(desk.not_reached, card.escalation_id, seen_at=seen_at)
        task.add_done_callback(self._take_answer)

    def _take_answer(self, task: asyncio.Task[Any]) -> None:
        self._is_doing = False
        if task.cancelled() or not isValid(self):
            return
        self.choice = None
        if error := task.exception():
            # Who was first is said where this person looks, and the list shows what came of it.
            self._say_error(error)
        else:
            self._answered += 1
            self._step(1)
        self.read()

    async def _make_page(self) -> None:
        try:
            path = await make_first_hour(self.bridge)
        except OSError as error:
            words = self.tr("The first-hour list could not be written: {why}.")
            self.bridge.said.emit(words.format(why=error.strerror), True)
        else:
            self.bridge.said.emit(self.tr("First-hour list saved as {path}").format(path=path), False)

    # -- showing ------------------------------------------------------------------------------------

    def _show(self, cards: tuple[Escalation, ...]) -> None:
        row, before = max(0, self.list.currentRow()), self.current()
        self._cards = cards
        ids = [card.escalation_id for card in cards]
        self.list.blockSignals(True)
        self.list.clear()
        for card in cards:
            made = QListWidgetItem(self._line(card))
            made.setData(BAND_ROLE, int(card.band))
            self.list.addItem(made)
        self.list.setFixedHeight(min(SHOWN, len(cards)) * ROW_HEIGHT + 2 * LIST_EDGE)
        stays = before is not None and before.escalation_id in ids
        at = ids.index(before.escalation_id) if stays and before else min(row, len(cards) - 1)
        self.list.setCurrentRow(at)
        self.list.blockSignals(False)
        if not stays:
            # What a letter had chosen was meant for the one that another seat has answered.
            self.choice = None
        self._say()
        if self.isVisible():
            self.first_focus().setFocus()

    def _take_moved(self) -> None:
        self.choice, self._shows_phone = None, False
        self._trouble.say("")
        self._say()

    def _step(self, step: int) -> None:
        if self.list.count():
            self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())

    def _show_phone(self) -> None:
        """Also its unit; that somebody asked for them is in the log (S15)."""
        card = self.current()
        if card is None or self._shows_phone:
            self._shows_phone = False
            self._say()
            return
        act = self.bridge.act(self.bridge.parts.unmasking.note, card.site_id, card.number)
        act.add_done_callback(lambda done: self._take_shown(done, card.escalation_id))

    def _take_shown(self, act: asyncio.Task[Any], escalation_id: str) -> None:
        if act.cancelled() or act.exception() is not None or not isValid(self):
            return
        if (card := self.current()) is not None and card.escalation_id == escalation_id:
            self._shows_phone = True
            self._say()

    def _say(self) -> None:
        card, cards = self.current(), self._cards or ()
        for part in (self.list, self._asked_for, self._people, self._danger, self._phone, self._choices):
            part.setVisible(card is not None)
        self._print.setVisible(card is not None)
        self.button.setEnabled(self._cards is not None)
        self.say_title(self.tr("Still needed?"), self._count_words(cards))
        for act, radio in self._radios.items():
            radio.setChecked(act is self.choice)
        if card is None:
            self._say_none()
        else:
            self._say_card(card)
        self.grew.emit()

    def _say_none(self) -> None:
        if self._answered:
            self.say_effect(self.tr("Each has its answer: no P1 or P2 is held for weather any more."))
        else:
            self.say_effect(self.tr("Nothing is held for weather: no P1 or P2 waits for this question."))
        self.say_act(self.tr("Close"))

    def _say_card(self, whole: Escalation) -> None:
        card = whole if self._shows_phone else cover_card(whole)
        unit = self.tr("unit {}").format(card.unit) if card.unit else ""
        self._asked_for.say(" · ".join(filter(None, (card.desk, card.effect_needed))))
        people = self.tr("People: {}").format(card.people) if card.people else ""
        self._people.say(" · ".join(filter(None, (unit, people, card.mobility))))
        self._danger.say(*self._dangers(card))
        self._phone.say(self._phone_words(card))
        tone = "text_soft"
        if self.choice is Act.STILL_NEEDED:
            words = self.tr("The hold ends: {desk} goes on with it, and the clock for a resource starts now.")
            act = self.tr("{number} is still needed")
            tone = "text"
        elif self.choice is Act.NOT_REACHED:
            words = self.tr("Nobody answered means unknown: it stays held and asked, and nothing closes.")
            act = self.tr("{number}: nobody reached")
            tone = "text"
        elif self.choice is Act.CLOSE:
            words = self.tr("The next sheet asks who said so. The site itself stays open for the operator.")
            act = self.tr("{number} is no longer needed…")
            tone = "text"
        elif is_asked(card):
            words = self.tr("Ask by phone or radio; nobody goes out to ask. No answer closes nothing.")
            act = self.tr("Record the answer")
        else:
            words = self.tr("Held since a service drove last: not asked yet. What you know can be recorded.")
            act = self.tr("Record the answer")
        self.say_effect(words.format(desk=card.desk), tone)
        self.say_act(act.format(number=card.number))

    def _count_words(self, cards: tuple[Escalation, ...]) -> str:
        asked = [card for card in cards if is_asked(card)]
        counts = [(Band.P1, sum(c.band == Band.P1 for c in asked))]
        counts.append((Band.P2, len(asked) - counts[0][1]))
        said = ", ".join(f"{count} {band.name}" for band, count in counts if count)
        return self.tr("{} without an answer").format(said) if said else ""

    def _line(self, card: Escalation) -> str:
        now, zone, card = self.bridge.clock.now(), self.bridge.zone, cover_card(card)
        what = card.summary.strip() or card.subject.strip()
        parts = [card.neighborhood or self.tr("no area known"), card.address]
        if (tried := not_reached(card)) is not None:
            parts.append(self.tr("not reached {}").format(times.clock(tried.at, now, zone)))
        elif is_asked(card):
            parts.append(self.tr("held since {}").format(times.clock(card.state_at, now, zone)))
        else:
            parts.append(self.tr("not asked yet"))
        return f"{card.band.name} {card.number} · {what}\n{' · '.join(filter(None, parts))}"

    def _dangers(self, card: Escalation) -> tuple[str, str]:
        said = said_911(card, self.bridge.clock.now(), self.bridge.zone)
        words = [said[0]] if said else []
        if card.has_wire and not card.made_safe:
            words.append(self.tr("TREAT AS LIVE"))
        if card.place_quality == "none":
            words.append(self.tr("PLACE NOT CONFIRMED"))
        return " · ".join(words), said[1] if said and said[1] == "alarm" else "warn"

    def _phone_words(self, card: Escalation) -> str:
        if not card.call_back:
            return self.tr("No call-back number is known: ask who was handed it.")
        if not self._shows_phone:
            return self.tr("C shows the number to call back.")
        return call_back_words(card)

    # -- building -----------------------------------------------------------------------------------

    def _make_choices(self) -> QWidget:
        words = {
            Act.STILL_NEEDED: self.tr("Still needed"),
            Act.CLOSE: self.tr("No longer needed"),
            Act.NOT_REACHED: self.tr("Nobody reached"),
        }
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(2, 4, 2, 4)
        across.setSpacing(6)
        self._radios: dict[Act, Radio] = {}
        for act, key in KEYS.items():
            radio = Radio(words[act], theme=self.theme)
            # The letters choose, and a click: the focus stays with the button that Enter presses.
            radio.setAutoExclusive(False)
            radio.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            radio.setAccessibleDescription(key.name.removeprefix("Key_"))
            radio.clicked.connect(lambda _on=False, act=act: self.choose(act))
            self._radios[act] = radio
            across.addWidget(KeyCap(key.name.removeprefix("Key_"), theme=self.theme))
            across.addWidget(radio)
            across.addSpacing(10)
        across.addStretch()
        return row

    def _take_keys(self) -> None:
        for keys, step in (((Qt.Key.Key_Down, Qt.Key.Key_J), 1), ((Qt.Key.Key_Up, Qt.Key.Key_K), -1)):
            for key in keys:
                self.shortcuts[(_PLAIN, key)] = lambda step=step: self._step(step)
        for act, key in KEYS.items():
            self.shortcuts[(_PLAIN, key)] = lambda act=act: self.choose(act)
        self.shortcuts[(_PLAIN, Qt.Key.Key_P)] = self.print_list
        self.shortcuts[(_PLAIN, Qt.Key.Key_C)] = self._show_phone

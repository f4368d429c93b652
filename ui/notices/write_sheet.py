"""Writing a notice: kind, area, time, both languages side by side, as it will read, and as a CAP draft."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout

from dispatch.notices import rules
from dispatch.records import Notice, NoticeDraft, NoticeKind, NoticeState, NoticeText
from ui.notices import words
from ui.notices.area_field import AreaField
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import ChoiceField, LineField, TextField, pack
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words

_ALT = Qt.KeyboardModifier.AltModifier


class NoticeSheet(Sheet):
    """With `item` a draft is written on, with `updates` a new one is begun that will stand in its place;
    `draft` is the key of one of the city's drafts. Ctrl+Enter keeps it and hands it in where nothing is
    missing; Alt+K keeps it as a draft."""

    NAME = "notice"
    KEEPS_WORDS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=620)
        self.bridge = bridge
        self._item: Notice | None = None
        self._updates: Notice | None = None
        self._began: tuple[str, int] = ("", 0)
        self._hands_in = True
        tr = self.tr
        self.say_title(tr("Write a notice"))
        kinds = [(each, words.kind(each)) for each in NoticeKind]
        self._draft = self.keep("draft", ChoiceField(tr("Begin from"), theme=theme))
        self._kind = self.keep("kind", ChoiceField(tr("Kind"), kinds, theme=theme))
        self._area = self.keep("area", AreaField(tr("Area, from the map's layers"), theme=theme))
        self._start = self.keep(
            "start", LineField(tr("From"), theme=theme, placeholder=tr("now; 15:00, +2 h"))
        )
        self._end = self.keep("end", LineField(tr("Until"), theme=theme, placeholder=tr("20:00, +24 h")))
        self._authority = self.keep("authority", LineField(tr("Issuing authority"), theme=theme))
        self._order = self.keep("order", LineField(tr("Order number or link"), theme=theme))
        for code, name in words.LANGUAGES.items():
            title = tr("Title, {}").format(name)
            self.keep(f"title_{code}", LineField(title, theme=theme))
            self.keep(f"text_{code}", TextField(tr("Text, {}").format(name), theme=theme, least=5, most=9))
        for row, shares in (
            (("draft", "kind"), (3, 2)),
            (("area",), (1,)),
            (("start", "end"), (1, 1)),
            (("authority", "order"), (1, 1)),
            (tuple(f"title_{code}" for code in words.LANGUAGES), (1, 1)),
            (tuple(f"text_{code}" for code in words.LANGUAGES), (1, 1)),
        ):
            self.body.addWidget(pack(self.fields, *row, shares=shares))
        self._note = Words(theme=theme, tone="warn")
        self._counter = Words(theme=theme, role="small", tone="text_dim")
        self._shown = Words(theme=theme, copyable=True)
        card = QFrame()
        card.setProperty("part", "public")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(14, 10, 14, 12)
        inside.setSpacing(4)
        inside.addWidget(Words(tr("As residents read it"), theme=theme, role="small", tone="text_dim"))
        inside.addWidget(self._shown)
        for each in (self._counter, self._note, card):
            self.body.addWidget(each)
        self.add_side_button(tr("Keep as draft"), "Alt K", self.keep_draft)
        self.add_side_button(tr("See as CAP"), "Alt C", self.show_cap)
        self.shortcuts[(_ALT, Qt.Key.Key_K)] = self.keep_draft
        self.shortcuts[(_ALT, Qt.Key.Key_C)] = self.show_cap
        for field in self.fields.values():
            field.edited.connect(self._say)
        self._draft.edited.connect(self._begin_from)
        self.say_act(tr("Hand it in"))

    def first_focus(self) -> Any:
        return self.fields["title_en"]

    def begin(
        self, *, item: Notice | None = None, updates: Notice | None = None, draft: str = "", **given: Any
    ) -> None:
        desk = self.bridge.parts.notice_desk
        self._draft.offer([("", self.tr("An empty page")), *desk.drafts()])
        self._draft.show_value(draft)
        self._item, self._updates = item, updates
        if item is not None:
            self.say_title(self.tr("Write on {}").format(item.number))
        elif updates is not None:
            self.say_title(self.tr("Update {}").format(updates.number))
        if (shown := item or updates) is not None:
            self._show(shown)
        else:
            self._kind.fill(NoticeKind.INFORMATION)
            if draft:
                self._begin_from()
        self.read_for(self._offer_areas())
        self._say()

    def problem(self) -> tuple[str, str] | None:
        for name, field in (("start", self._start), ("end", self._end)):
            if field.value() and self._time(field) is None:
                return name, self.tr("Type a time like 15:00 or +2 h.")
        if not any(self._text(code).title or self._text(code).text for code in words.LANGUAGES):
            return "title_en", self.tr("Write something first.")
        if not self._hands_in:
            return None
        said = self.said()
        if not said.expires_at:
            return "end", self.tr("Say when it ends: no notice holds for ever.")
        if said.kind.is_order and not said.authority:
            return "authority", self.tr("Name the authority that issued the order.")
        if said.kind.is_order and not said.order:
            return "order", self.tr("Give the order's number, or a link to it.")
        return None

    def act(self) -> asyncio.Task[Any]:
        return asyncio.ensure_future(self._keep())

    async def _keep(self) -> None:
        """Kept first: what lacks something stays as a draft, and the sheet says what it lacks."""
        desk, bridge = self.bridge.parts.notice_desk, self.bridge
        if self._item is None:
            self._item = await bridge.act(desk.draft, self.said())
        else:
            self._item = await bridge.act(desk.edit, self._item, self.said())
        if self._hands_in:
            await bridge.act(desk.submit, self._item)

    def keep_draft(self) -> None:
        self._hands_in = False
        self.confirm()
        self._hands_in = True

    def show_cap(self) -> None:
        """The draft for the alerting authority, in the place of what residents read."""
        self.read_for(self._read_cap())

    def done_words(self) -> tuple[str, bool]:
        number = self._item.number if self._item else ""
        if self._item is not None and self._item.state is NoticeState.DRAFT and not self._hands_in:
            return self.tr("{} is kept as a draft.").format(number), True
        return self.tr("{} is kept; others approve it.").format(number), True

    def said(self) -> NoticeDraft:
        now = self.bridge.clock.now()
        return NoticeDraft(
            kind=NoticeKind(self._kind.value() or NoticeKind.INFORMATION),  # Qt gives back plain words
            texts=tuple(self._text(code) for code in words.LANGUAGES),
            area=self._area.value(),
            starts_at=self._time(self._start) or now,
            expires_at=self._time(self._end) or 0,
            authority=self._authority.value(),
            order=self._order.value(),
            updates=self._updates.notice_id if self._updates else self._item.updates if self._item else "",
            from_draft=self._began[0],
            storm_as_of_at=self._began[1],
        )

    # -- inside -------------------------------------------------------------------------------------

    async def _offer_areas(self) -> None:
        parts = self.bridge.parts
        self._area.offer(await parts.workers.network(parts.notice_desk.pickable))

    async def _read_cap(self) -> None:
        parts = self.bridge.parts
        item = await self.bridge.read(parts.notice_desk.preview, self.said())
        made = await self.bridge.read(parts.notice_desk.cap, item)
        self._shown.say(made.decode()[:6_000])
        self.grew.emit()

    def _begin_from(self) -> None:
        key = self._draft.value()
        if not key:
            self._began = ("", 0)
            return
        begun = self.bridge.parts.notice_desk.begin_from(key)
        said = begun.said
        self._began = (said.from_draft, said.storm_as_of_at)
        self._kind.show_value(said.kind)
        for text in said.texts:
            if f"title_{text.language}" in self.fields:
                self.fields[f"title_{text.language}"].show_value(text.title)
                self.fields[f"text_{text.language}"].show_value(text.text)
        self._show_time(self._end, said.expires_at)
        unread = [words.LANGUAGES.get(each, each) for each in begun.unread]
        lines = [begun.blocked_why, begun.note]
        if unread:
            lines.append(self.tr("{}: not read by a speaker yet.").format(", ".join(unread)))
        self._note.say("\n".join(filter(None, lines)))
        self._say()

    def _show(self, item: Notice) -> None:
        self._kind.fill(item.kind)
        self._area.fill([(part.layer, part.name) for part in item.area.parts])
        self._authority.fill(item.authority)
        self._order.fill(item.order)
        self._began = (item.from_draft, item.storm_as_of_at)
        for text in item.texts:
            if f"title_{text.language}" in self.fields:
                self.fields[f"title_{text.language}"].fill(text.title)
                self.fields[f"text_{text.language}"].fill(text.text)
        for field, at in ((self._start, item.starts_at), (self._end, item.expires_at)):
            if at > self.bridge.clock.now() and not field.touched:
                self._show_time(field, at)
        if item.sent_back_why:
            self._note.say(self.tr("Sent back: {}").format(item.sent_back_why))

    def _show_time(self, field: LineField, at: int) -> None:
        minutes = max(0, at - self.bridge.clock.now()) // 60_000
        field.show_value(f"+{minutes // 60} h {minutes % 60:02}" if minutes % 60 else f"+{minutes // 60} h")

    def _time(self, field: LineField) -> int | None:
        if not field.value():
            return None
        return times.read_time(field.value(), self.bridge.clock.now(), self.bridge.zone)

    def _text(self, code: str) -> NoticeText:
        return NoticeText(code, self.fields[f"title_{code}"].value(), self.fields[f"text_{code}"].value())

    def _say(self) -> None:
        now, zone = self.bridge.clock.now(), self.bridge.zone
        for field in (self._start, self._end):
            at = self._time(field)
            field.say_aside(times.clock(at, now, zone) if at else "")
        counted = []
        for code, name in words.LANGUAGES.items():
            count = len(self._text(code).text)
            over = count > rules.ADVISED_CHARS
            counted.append(f"{name} {count} / {rules.ADVISED_CHARS}{' !' if over else ''}")
        self._counter.say(" · ".join(counted))
        said = self.said()
        is_exercise = self.bridge.activation.is_exercise
        mark = "EXERCISE · " if is_exercise else ""
        blocks = [f"{mark}{each.title}\n{each.text}" for each in said.texts if each.title or each.text]
        self._shown.say("\n\n".join(blocks) or self.tr("Nothing is written yet."))
        if said.kind.is_order:
            self.say_effect(
                self.tr("An order: two others approve it, one of them the emergency manager."), "warn"
            )
        else:
            self.say_effect(self.tr("Somebody else approves it before it is published."))
        self.grew.emit()

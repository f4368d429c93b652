"""The EM desk: the hand-overs by state, each with its clock, answered by keyboard."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from dispatch.escalation.states import Act
from dispatch.escalation.timers import overdue_rank
from dispatch.masking import cover_card
from dispatch.records import Band, Delivery, Escalation, EscalationState
from ui.em_desk.answer_sheet import AnswerSheet
from ui.em_desk.card_words import COLUMNS, card_words, column_of
from ui.em_desk.columns import MOST_CLOSED, Column
from ui.em_desk.request_sheet import ResourceRequestSheet
from ui.em_desk.still_needed_count import StillNeededCount
from ui.em_desk.summary import summary
from ui.em_desk.walk_list_sheet import make_walk_list
from ui.em_desk.walk_reminder import WalkReminder
from ui.sheets.registry import Sheets
from ui.theme import Theme
from ui.widgets.chip import Chip
from ui.widgets.flow import FlowLayout
from ui.widgets.guard import guarded
from ui.widgets.key_cap import KeyCap
from ui.widgets.keyed_screen import KeyedScreen
from ui.widgets.words import Words, grounds

log = logging.getLogger(__name__)

_PLAIN = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier

ACTS: dict[tuple[Qt.KeyboardModifier, Qt.Key], Act] = {
    (_PLAIN, Qt.Key.Key_A): Act.ACCEPT,
    (_PLAIN, Qt.Key.Key_H): Act.HOLD,
    (_PLAIN, Qt.Key.Key_R): Act.RESOURCE,
    (_PLAIN, Qt.Key.Key_O): Act.ON_SCENE,
    (_PLAIN, Qt.Key.Key_P): Act.PASS_ON,
    (_PLAIN, Qt.Key.Key_F): Act.FORWARD,
    (_PLAIN, Qt.Key.Key_M): Act.MUTUAL_AID,
    (_PLAIN, Qt.Key.Key_Q): Act.ASK,
    (_PLAIN, Qt.Key.Key_B): Act.RETURN,
    (_SHIFT, Qt.Key.Key_C): Act.CLOSE,
}
_STEPS = {
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_J: (0, 1),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_K: (0, -1),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Left: (-1, 0),
}


class EmDesk(KeyedScreen):
    """`is_still` is the wish for less motion: overdue cards then keep to their border."""

    def __init__(self, *, bridge: Any, theme: Theme, sheets: Sheets, is_still: bool = False) -> None:
        super().__init__()
        self.current = ""
        self._bridge = bridge
        self._theme = theme
        self._sheets = sheets
        self._cards: dict[str, Escalation] = {}  # as they are shown
        self._whole: dict[str, Escalation] = {}
        self._uncovered = ""  # the one whose phone and unit somebody asked for (S15)
        self._deliveries: dict[str, list[Delivery]] = {}
        self._esf = ""
        self._seen: set[str] = set()
        self._reading: asyncio.Task[None] | None = None
        self._making: asyncio.Task[None] | None = None
        self._is_stale = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("EM desk"))
        self._with_shift = {
            Qt.Key.Key_R: self.request_resource,
            Qt.Key.Key_V: self.type_back,
            Qt.Key.Key_U: self.uncover,
        }
        self._build(is_still)
        self._paint_in_theme()
        theme.changed.connect(self._paint_in_theme)
        bridge.escalated.connect(self.read)
        bridge.changed.connect(lambda _delta: self.read())
        bridge.ticked.connect(self._tick)
        sheets.closed.connect(self._take_closed)

    # -- reading --------------------------------------------------------------------------------------

    def read(self) -> None:
        """Fetch the cards; while one fetch runs, one more is remembered."""
        if not self.isVisible():
            self._is_stale = True
            return
        if self._reading is not None and not self._reading.done():
            self._is_stale = True
            return
        self._is_stale = False
        self._reading = asyncio.ensure_future(self._read())

    def take(self, cards: tuple[Escalation, ...]) -> None:
        self._whole = {card.escalation_id: card for card in cards}
        self._cards = {
            key: card if key == self._uncovered else cover_card(card) for key, card in self._whole.items()
        }
        self._refresh_desks()
        self._show()

    # -- moving and acting ------------------------------------------------------------------------------

    def go(self, escalation_id: str) -> None:
        """Make a card the current one, and bring it into sight."""
        if escalation_id != self._uncovered:
            self._cover()
        self.current = escalation_id
        self._mark_current()
        for column in self.columns.values():
            if (card := column.card(escalation_id)) is not None:
                column.reveal(card)

    def move(self, across: int, down: int) -> None:
        """To the next card that way; columns without cards are stepped over."""
        filled = [column for column in self.columns.values() if column.ids]
        if not filled:
            return
        at = next((i for i, column in enumerate(filled) if self.current in column.ids), -1)
        if at < 0:
            self.go(filled[0].ids[0])
            return
        row = filled[at].ids.index(self.current)
        column = filled[max(0, min(len(filled) - 1, at + across))]
        self.go(column.ids[max(0, min(len(column.ids) - 1, row + down))])

    def answer(self, kind: Act) -> None:
        """Open the sheet that names card and effect; nothing is done by the letter itself (S12)."""
        card = self._cards.get(self.current)
        if card is None:
            self._bridge.said.emit(self.tr("No hand-over waits for an answer here."), False)
            return
        self._sheets.show(
            AnswerSheet(bridge=self._bridge, theme=self._theme, card=card, kind=kind, is_recorded=False)
        )

    def record(self) -> None:
        """A spoken or written answer: for the current card, or for any by its number."""
        card = self._cards.get(self.current)
        is_open = card is not None and card.state is not EscalationState.CLOSED
        self._sheets.show(AnswerSheet(bridge=self._bridge, theme=self._theme, card=card if is_open else None))

    def type_back(self) -> None:
        """A walk list that has come back, line by line, each by its code."""
        self._sheets.show(AnswerSheet(bridge=self._bridge, theme=self._theme))

    def change_shift(self) -> None:
        """Who is on the desk of the current card, or on any."""
        card = self._cards.get(self.current)
        self._sheets.open("roster", desk=card.desk if card else "")

    def request_resource(self) -> None:
        """The ICS 213RR of the current card; who may not make one is told in the sheet."""
        if (card := self._cards.get(self.current)) is not None:
            self._sheets.show(ResourceRequestSheet(bridge=self._bridge, theme=self._theme, card=card))

    def uncover(self) -> None:
        """Show phone and unit of the current card until another one is chosen, or cover them again (S15)."""
        card = self._whole.get(self.current)
        if card is None:
            return
        if self._uncovered == card.escalation_id:
            self._cover()
            return
        unmasking = self._bridge.parts.unmasking
        act = self._bridge.act(unmasking.note, card.site_id, card.number)
        act.add_done_callback(lambda done: self._take_uncovered(done, card.escalation_id))

    def _take_uncovered(self, act: asyncio.Task[Any], escalation_id: str) -> None:
        if not act.cancelled() and act.exception() is None and escalation_id == self.current:
            self._uncovered = escalation_id
            self.take(tuple(self._whole.values()))

    def _cover(self) -> None:
        if self._uncovered:
            self._uncovered = ""
            self.take(tuple(self._whole.values()))

    def list_answers(self) -> None:
        """What came down a channel and was not clear."""
        self._sheets.open("to_read")

    def ask_still_needed(self) -> None:
        """What was held for weather, one after the other (S7)."""
        self._sheets.open("still_needed")

    def make_walk_list(self) -> None:
        """Where a page is due the key makes it; else the sheet asks first."""
        if self.reminder.isHidden():
            self._sheets.open("walk_list")
        else:
            self.reminder.hide()
            self._making = asyncio.ensure_future(self._make_walk_list())

    # -- keys -------------------------------------------------------------------------------------------

    def work_of(self, event: QKeyEvent) -> Any:
        key = Qt.Key(event.key())
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == _PLAIN and key in _STEPS:
            return lambda: self.move(*_STEPS[key])
        if (held, key) in ACTS:
            return lambda: self.answer(ACTS[(held, key)])
        if held == _SHIFT and key in self._with_shift:
            return self._with_shift[key]
        return (
            {
                Qt.Key.Key_W: self.make_walk_list,
                Qt.Key.Key_V: self.record,
                Qt.Key.Key_D: self.change_shift,
                Qt.Key.Key_L: self.list_answers,
                Qt.Key.Key_S: self.ask_still_needed,
            }.get(key)
            if held == _PLAIN
            else None
        )

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.read()

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._cover()
        self._is_stale = True

    # -- inside -----------------------------------------------------------------------------------------

    async def _read(self) -> None:
        desk, now = self._bridge.em_desk, self._bridge.clock.now()
        try:
            cards = await self._bridge.read(desk.cards, now)
            under_way = [card.escalation_id for card in cards if card.state.is_open]
            self._deliveries = await self._bridge.read(desk.deliveries, under_way)
            to_read = len(await self._bridge.read(desk.to_read))
        except Exception as error:
            # An edge: the board keeps its last cards, and says that they are not fresh.
            log.exception("The EM desk could not be read")
            self._late.say(self.tr("The cards could not be read: {why}").format(why=error), "alarm")
            return
        self.take(tuple(cards))
        self._say_to_read(to_read)
        self._mark_seen()
        if self._is_stale:
            self._is_stale = False
            self._reading = asyncio.ensure_future(self._read())

    async def _make_walk_list(self) -> None:
        try:
            await make_walk_list(self._bridge)
        except OSError as error:
            why = self.tr("The walk list could not be written: {why}.").format(why=error.strerror)
            self._bridge.said.emit(why, True)
        else:
            self._walked()

    def _walked(self) -> None:
        self.reminder.made_at = self._bridge.clock.now()
        self.reminder.look(self._cards.values(), self.reminder.made_at)

    def _take_closed(self, is_done: bool) -> None:
        if is_done and self._sheets.last == "walk_list":
            self._walked()

    def _mark_seen(self) -> None:
        """Cards that stand before somebody's eyes have been received on this desk."""
        fresh = {
            key
            for key, card in self._cards.items()
            if card.state is EscalationState.SENT and key not in self._seen
        }
        if fresh and self.isVisible() and not self.window().isMinimized():
            self._seen |= fresh
            self._bridge.act(self._bridge.em_desk.seen, sorted(fresh))

    def _tick(self, _now: int) -> None:
        if self.isVisible():
            self._show()
            self._mark_seen()

    def _show(self) -> None:
        now, zone = self._bridge.clock.now(), self._bridge.zone
        by_column: dict[str, list[Escalation]] = {name: [] for name in COLUMNS}
        for card in filter(self._is_wanted, self._cards.values()):
            by_column[column_of(card)].append(card)
        for name, column in self.columns.items():
            if name == "closed":
                cards = sorted(by_column[name], key=lambda card: -(card.closed_at or 0))
            else:
                # Held ones wait for the wind; what came back waits for somebody's decision.
                cards = sorted(
                    by_column[name],
                    key=lambda card: (card.state is EscalationState.HELD, overdue_rank(card, now)),
                )
            column.show_cards(
                [
                    (
                        c.escalation_id,
                        card_words(
                            c,
                            now,
                            zone,
                            tuple(self._deliveries.get(c.escalation_id, ())),
                            is_whole=c.escalation_id == self._uncovered,
                        ),
                    )
                    for c in cards
                ]
            )
        late, is_open, is_late = summary(self._cards.values(), now)
        self._late.say(late, "alarm" if is_late else "text_dim")
        self._open.say(is_open)
        self.reminder.look(self._cards.values(), now)
        self.still_needed.look(self._cards.values())
        shown = [key for column in self.columns.values() for key in column.ids]
        if self.current not in shown:
            # The most pressing of what is open: a letter always has a card to be about.
            self.current = next((key for key in shown if self._cards[key].state.is_open), "")
        self._mark_current()

    def _say_to_read(self, count: int) -> None:
        self.to_read.setVisible(count > 0)
        words = self.tr("1 answer to read") if count == 1 else self.tr("{} answers to read").format(count)
        self.to_read.say(self.tr("{} · L lists them").format(words), is_strong=True)

    def _mark_current(self) -> None:
        for column in self.columns.values():
            for key in column.ids:
                if (card := column.card(key)) is not None:
                    card.mark_current(key == self.current)

    def _is_wanted(self, card: Escalation) -> bool:
        if self._p1.isChecked() and card.band != Band.P1:
            return False
        if self._esf and card.desk != self._esf:
            return False
        if self._mine.isChecked():
            me = self._bridge.person
            return card.desk == self._bridge.position or any(answer.by_name == me for answer in card.answers)
        return True

    def _show_all(self) -> None:
        self._mine.setChecked(False)
        self._p1.setChecked(False)
        self._choose_desk("")

    def _choose_desk(self, desk: str) -> None:
        self._esf = desk
        self._by_desk.say(desk or self.tr("+ desk or ESF"), is_strong=bool(desk))
        self._say_all()
        self._show()

    def _say_all(self) -> None:
        is_all = not (self._esf or self._mine.isChecked() or self._p1.isChecked())
        self._all.say(self.tr("All desks"), is_strong=is_all)

    def _refresh_desks(self) -> None:
        self._desk_menu.clear()
        counts: dict[tuple[str, str], int] = {}
        for card in self._cards.values():
            counts[(card.desk, card.esf)] = counts.get((card.desk, card.esf), 0) + card.state.is_open
        for (desk, esf), count in sorted(counts.items()):
            words = f"{desk} · {esf}" if esf else desk
            action = self._desk_menu.addAction(f"{words}  {count}".replace("&", "&&"))
            action.triggered.connect(lambda _on=False, name=desk: self._choose_desk(name))

    def _paint_in_theme(self) -> None:
        self.setStyleSheet(grounds(self._theme.palette))

    def _build(self, is_still: bool) -> None:
        theme, tr = self._theme, self.tr
        headings = {
            "sent": (tr("Sent"), tr("Nothing waits for an answer.")),
            "accepted": (tr("Accepted"), tr("Nothing accepted waits for a resource.")),
            "under_way": (tr("Under way"), tr("Nobody is on the way.")),
            "returned": (tr("Returned or held"), tr("Nothing returned, nothing held.")),
            "closed": (tr("Closed today"), tr("Nothing closed yet today.")),
        }
        self.columns = {
            name: Column(
                name,
                *headings[name],
                theme=theme,
                most=MOST_CLOSED if name == "closed" else 0,
                is_still=is_still,
            )
            for name in COLUMNS
        }
        page = QVBoxLayout(self)
        page.setContentsMargins(22, 14, 18, 10)
        page.setSpacing(8)
        page.addLayout(self._head())
        page.addLayout(self._chips())
        board = QHBoxLayout()
        board.setSpacing(8)
        for column in self.columns.values():
            board.addWidget(column, 1)
            column.chosen.connect(self.go)
            column.chosen.connect(lambda _key: self.setFocus())
            column.opened.connect(self._open_form)
        page.addLayout(board, 1)
        page.addWidget(self._keys())

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(14)
        self._late = Words(theme=self._theme, tone="text_dim", wrap=False)
        self._open = Words(theme=self._theme, tone="text_dim", wrap=False)
        head.addWidget(Words(self.tr("EM desk"), theme=self._theme, role="title", wrap=False))
        head.addWidget(self._late)
        head.addWidget(self._open)
        head.addStretch()
        return head

    def _chips(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self._all = Chip(self.tr("All desks"), theme=self._theme, is_strong=True)
        self._mine = Chip(self.tr("Mine"), theme=self._theme)
        self._p1 = Chip(self.tr("P1 only"), theme=self._theme)
        self._by_desk = Chip(self.tr("+ desk or ESF"), theme=self._theme)
        self._desk_menu = QMenu(self)
        for chip in (self._mine, self._p1):
            chip.setCheckable(True)
            chip.toggled.connect(lambda _on: (self._say_all(), self._show()))
        self._all.clicked.connect(self._show_all)
        self._by_desk.clicked.connect(
            lambda: self._desk_menu.popup(self._by_desk.mapToGlobal(self._by_desk.rect().bottomLeft()))
        )
        for chip in (self._all, self._mine, self._p1, self._by_desk):
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(chip)
        row.addStretch()
        self.to_read = Chip("", theme=self._theme, is_strong=True)
        self.to_read.hide()
        self.to_read.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.to_read.clicked.connect(self.list_answers)
        row.addWidget(self.to_read)
        self.still_needed = StillNeededCount(theme=self._theme)
        self.still_needed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.still_needed.clicked.connect(self.ask_still_needed)
        row.addWidget(self.still_needed)
        self.reminder = WalkReminder(theme=self._theme)
        self.reminder.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.reminder.clicked.connect(self.make_walk_list)
        row.addWidget(self.reminder)
        return row

    def _keys(self) -> QWidget:
        """One line of keys at the foot: what a letter opens on the current card."""
        tr = self.tr
        short = {
            Act.ACCEPT: tr("Accept"),
            Act.HOLD: tr("Hold for weather"),
            Act.RESOURCE: tr("Resource, ETA"),
            Act.ON_SCENE: tr("On scene"),
            Act.PASS_ON: tr("Pass on"),
            Act.FORWARD: tr("Forward"),
            Act.MUTUAL_AID: tr("Mutual aid"),
            Act.ASK: tr("Ask"),
            Act.RETURN: tr("Give back"),
            Act.CLOSE: tr("Close"),
        }
        foot = QWidget()
        row = FlowLayout(foot, gap=6)
        self._add_key(row, "J", tr("Next"))
        for (held, key), act in ACTS.items():
            cap = ("Shift " if held == _SHIFT else "") + Qt.Key(key).name.removeprefix("Key_")
            self._add_key(row, cap, short[act])
        self._add_key(row, "Shift R", tr("Resource request"))
        self._add_key(row, "V", tr("Record"))
        self._add_key(row, "Shift V", tr("From paper"))
        self._add_key(row, "W", tr("Walk list"))
        self._add_key(row, "D", tr("Who is on"))
        self._add_key(row, "L", tr("Answers to read"))
        self._add_key(row, "S", tr("Still needed?"))
        return foot

    def _add_key(self, row: FlowLayout, cap: str, words: str) -> None:
        pair = QWidget()
        across = QHBoxLayout(pair)
        across.setContentsMargins(0, 0, 8, 0)
        across.setSpacing(6)
        across.addWidget(KeyCap(cap, theme=self._theme))
        across.addWidget(Words(words, theme=self._theme, role="small", tone="text_dim", wrap=False))
        row.addWidget(pair)

    def _open_form(self, escalation_id: str) -> None:
        self.go(escalation_id)
        self.record()

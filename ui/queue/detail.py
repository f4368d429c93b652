"""The detail of the current site: read by id, shown in sections, acts at the foot."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from dispatch.clock import WallClock
from dispatch.escalation.states import Act
from dispatch.past import as_of
from dispatch.records import SITE_STATES, Escalation, Flag, Millis, SiteState, SiteView
from ui.em_desk.answer_sheet import AnswerSheet
from ui.queue.actions import Actions
from ui.queue.detail_head import DetailHead
from ui.queue.may_repeat import MayRepeat
from ui.queue.reasons import Reasons
from ui.queue.selection import Selection
from ui.queue.standing import Facts, HandOvers, History, Linked
from ui.queue.thread import Thread
from ui.sheets.registry import Sheets
from ui.sheets.words import sites_words
from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.scroll_body import ScrollBody, scroller
from ui.widgets.words import Words, grounds

log = logging.getLogger(__name__)

OPENABLE = ("http", "https")
_WALL = WallClock()


class Detail(QWidget):
    """Follows the selection. An answer for a site that is no longer the current one is dropped."""

    def __init__(
        self,
        *,
        bridge: Any,
        selection: Selection,
        theme: Theme,
        sheets: Sheets,
        wall_now: Callable[[], Millis] = _WALL.now,
    ) -> None:
        super().__init__()
        self.view: SiteView | None = None
        self._bridge = bridge
        self._selection = selection
        self._theme = theme
        self._sheets = sheets
        self._asked = 0
        self._reading: asyncio.Task[None] | None = None
        self._build(wall_now)
        self._paint_in_theme()
        self._show_empty()
        theme.changed.connect(self._paint_in_theme)
        selection.moved.connect(self._go)
        selection.took.connect(self._take_delta)
        selection.narrowed.connect(self._say_empty)
        selection.turned.connect(self.read)
        selection.narrowed.connect(self._say_standing)
        bridge.escalated.connect(self.read)
        bridge.ticked.connect(self._tick)
        sheets.stand_beside(self)

    # -- reading --------------------------------------------------------------------------------------

    def read(self) -> None:
        """Fetch the current site again; what is shown stays until the answer is there."""
        if site_id := self._selection.current:
            self._asked += 1
            self._reading = asyncio.ensure_future(self._read(site_id, self._asked))

    def take(self, view: SiteView) -> None:
        is_same_site = self.view is not None and self.view.row.site_id == view.row.site_id
        if view == self.view:
            return
        bar = self.scroll.verticalScrollBar()
        stood_at = bar.value() if is_same_site else 0
        self.view = view
        self.setUpdatesEnabled(False)
        self._show()
        self._stack.setCurrentWidget(self._page)
        self._inside.layout().activate()
        bar.setValue(stood_at)
        self.setUpdatesEnabled(True)

    # -- acting ---------------------------------------------------------------------------------------

    def act(self, name: str) -> None:
        """A sheet by its name, or one of the acts that need none."""
        site_id, desk = self._selection.current, self._bridge.desk
        if not site_id:
            return
        at_once = {"claim": desk.claim, "let_go": desk.let_go, "resume": desk.resume, "reopen": desk.reopen}
        if name == "undo":
            self._bridge.act(desk.undo)
        elif work := at_once.get(name):
            self._bridge.act(work, site_id)
        else:
            self._sheets.open(name, site_id)

    def ask_to_open(self, address: str) -> QMessageBox | None:
        """Whatever leads out of the program is opened only after a yes, and only by http or https."""
        url = QUrl(address.strip(), QUrl.ParsingMode.StrictMode)
        if url.scheme().lower() not in OPENABLE or not url.host():
            self._bridge.said.emit(self.tr("This link is not a web address; it is not opened."), False)
            return None
        box = QMessageBox(self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(self.tr("Open in the browser?"))
        box.setText(self.tr("Open this page of {host} in the browser?").format(host=url.host()))
        box.setInformativeText(url.toDisplayString()[:300])
        box.setStandardButtons(QMessageBox.StandardButton.Open | QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(
            lambda answer: answer == QMessageBox.StandardButton.Open and QDesktopServices.openUrl(url)
        )
        box.open()
        return box

    # -- inside ---------------------------------------------------------------------------------------

    async def _read(self, site_id: int, asked: int) -> None:
        try:
            view = await self._bridge.read(self._bridge.detail.view, site_id)
        except Exception as error:
            # An edge: whatever went wrong in reading, the screen says so and the last state stays.
            log.exception("Site %s could not be read", site_id)
            self._bridge.said.emit(self.tr("This site could not be read: {}").format(error), True)
            return
        if asked == self._asked and site_id == self._selection.current and view is not None:
            moment = self._selection.moment
            self.take(view if moment is None else as_of(view, self._selection.board, moment))

    def _go(self, site_id: int) -> None:
        if site_id:
            self.read()
        else:
            self._asked += 1
            self.view = None
            self._show_empty()

    def _take_delta(self, delta: Any) -> None:
        board, site_id = self._selection.board, self._selection.current
        row = board.row(site_id) if site_id else -1
        if row >= 0 and (np.any(delta.changed == row) or np.any(delta.added == row)):
            self.read()
        elif not site_id:
            self._say_empty()
        else:
            self._say_standing()

    @guarded
    def _tick(self, _now: int) -> None:
        if self.view is not None and self.isVisible():
            self.head.tick(self.view, self._selection.board, self._selection.clock.now())
            self.thread.tick()

    def _show(self) -> None:
        view, board, now = self.view, self._selection.board, self._selection.clock.now()
        if view is None:
            return
        self.head.show_site(view, board, now)
        self.reasons.show_site(view, board, now, is_first=self._is_first(view.row.site_id))
        self.thread.show_site(view, now)
        self.hand_overs.show_site(view, now)
        self.linked.show_site(view, board)
        self.may_repeat.show_site(view, board)
        self.facts.show_site(view, now)
        self.history.show_site(view, now)
        state = SITE_STATES[view.row.state]
        claim = board.claims.get(view.row.site_id)
        self.actions.show_state(
            is_mine=claim is not None and claim.person == self._bridge.person,
            is_closed=state is SiteState.CLOSED,
            is_waiting=state is SiteState.WAITING,
            is_wire=bool(view.row.flags & Flag.WIRE),
        )

    def _is_first(self, site_id: int) -> bool:
        board = self._selection.board
        return board.is_first(np.flatnonzero(self._selection.mask), board.row(site_id))

    def _say_standing(self) -> None:
        """Others may have come before it, though nothing of it has changed."""
        if self.view is not None:
            self.reasons.say_standing(is_first=self._is_first(self.view.row.site_id))

    def _answer_question(self, escalation: Escalation) -> None:
        self._sheets.show(
            AnswerSheet(
                bridge=self._bridge, theme=self._theme, card=escalation, kind=Act.ADD, is_recorded=False
            )
        )

    def _show_empty(self) -> None:
        self._say_empty()
        self._stack.setCurrentWidget(self._empty)

    def _say_empty(self) -> None:
        count = int(np.count_nonzero(self._selection.mask))
        if count:
            self._empty_title.say(self.tr("No site chosen"))
            self._empty_text.say(
                self.tr("J goes to the first of {} in view, N to the next P1 nobody has acted on.").format(
                    sites_words(count)
                )
            )
        else:
            self._empty_title.say(self.tr("Nothing in view"))
            is_narrowed = self._selection.is_narrowed
            self._empty_text.say(
                self.tr("The filters above the list hide every site.")
                if is_narrowed
                else self.tr("Reports appear here as they come in.")
            )

    def _paint_in_theme(self) -> None:
        self.setStyleSheet(grounds(self._theme.palette))

    def _build(self, wall_now: Callable[[], Millis]) -> None:
        theme, zone = self._theme, self._bridge.zone
        self.head = DetailHead(theme=theme, zone=zone)
        self.reasons = Reasons(theme=theme, zone=zone)
        self.thread = Thread(theme=theme, zone=zone, wall_now=wall_now)
        self.hand_overs = HandOvers(theme=theme, zone=zone)
        self.linked = Linked(theme=theme)
        self.may_repeat = MayRepeat(theme=theme)
        self.facts = Facts(theme=theme, zone=zone)
        self.history = History(theme=theme, zone=zone)
        self.actions = Actions(theme=theme)
        self.thread.link_chosen.connect(self.ask_to_open)
        self.thread.taken_back.connect(lambda ids: self._bridge.act(self._bridge.desk.take_back, ids))
        self.hand_overs.reply_wanted.connect(self._answer_question)
        for part in (self.linked, self.may_repeat):
            part.site_chosen.connect(self._selection.go)
        self.actions.chosen.connect(self.act)
        self._stack = QStackedLayout(self)
        self._page = QWidget()
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 14)
        column.setSpacing(10)
        column.addWidget(self._scroller(), 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(18, 0, 18, 0)
        foot.addWidget(self.actions)
        column.addLayout(foot)
        self._stack.addWidget(self._page)
        self._stack.addWidget(self._empty_page())

    def _scroller(self) -> QScrollArea:
        self._inside = ScrollBody()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(18, 16, 18, 4)
        column.setSpacing(14)
        for part in (
            self.head,
            self.reasons,
            self.hand_overs,
            self.thread,
            self.may_repeat,
            self.linked,
            self.facts,
            self.history,
        ):
            column.addWidget(part)
        column.addStretch()
        self.scroll = scroller(self._inside)
        # The bar takes its width out of the margin: the words keep their lines, and their edge the buttons'.
        bar = self.scroll.verticalScrollBar()
        bar.rangeChanged.connect(lambda _low, high: column.setContentsMargins(18, 16, 8 if high else 18, 4))
        return self.scroll

    def _empty_page(self) -> QWidget:
        self._empty = QWidget()
        self._empty_title = Words(theme=self._theme, role="title", tone="text_dim")
        self._empty_text = Words(theme=self._theme, tone="text_dim")
        column = QVBoxLayout(self._empty)
        column.setContentsMargins(28, 0, 28, 0)
        column.setSpacing(6)
        column.addStretch(2)
        for words in (self._empty_title, self._empty_text):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(words)
        column.addStretch(3)
        return self._empty

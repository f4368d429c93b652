"""The detail of the current site: read by id, shown in sections, acts at the foot."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from dispatch.clock import WallClock
from dispatch.escalation.states import Act
from dispatch.records import Millis
from ui.may import why_may_not
from ui.queue.selection import Selection
from ui.sheets.registry import Sheets
from ui.sheets.words import sites_words
from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.words import Words, grounds

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMessageBox

    from dispatch.records import Escalation, SiteView
    from ui.queue.site_page import SitePage

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
        self.others: Callable[[int], str] = lambda _site_id: ""  # who else is at a site, in words
        self._asked = 0
        self._is_uncovered = False
        self._reading: asyncio.Task[None] | None = None
        self._wall_now = wall_now
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty_page())
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
        bar = self.page.scroll.verticalScrollBar()
        stood_at = bar.value() if is_same_site else 0
        self.view = view
        self.setUpdatesEnabled(False)
        self._show()
        self._stack.setCurrentWidget(self.page)
        self.page.settle()
        bar.setValue(stood_at)
        self.setUpdatesEnabled(True)

    def show_anew(self) -> None:
        """The same site, told to somebody else."""
        if self.view is not None:
            self._show()

    def say_others(self) -> None:
        """Who else is at this site now."""
        if self.view is not None:
            self.page.head.others.say(self.others(self.view.row.site_id))

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

    def uncover(self) -> None:
        """Show the phones and units of this site until it is left, or cover them again (S15)."""
        site_id, unmasking = self._selection.current, self._bridge.parts.unmasking
        if self._is_uncovered:
            self._cover()
            self.read()
        elif self.view is not None and not self.view.is_covered:
            self._bridge.said.emit(self.tr("No phone or unit is covered here."), False)
        elif site_id:
            self._bridge.act(unmasking.unmask, site_id).add_done_callback(self._take_uncovered)

    def _take_uncovered(self, act: asyncio.Task[Any]) -> None:
        if not act.cancelled() and act.exception() is None:
            self._is_uncovered = True
            self.read()

    def _cover(self) -> None:
        if self._is_uncovered:
            self._is_uncovered = False
            self._bridge.parts.unmasking.cover()

    def ask_to_open(self, address: str) -> QMessageBox | None:
        """Whatever leads out of the program is opened only after a yes, and only by http or https."""
        url = QUrl(address.strip(), QUrl.ParsingMode.StrictMode)
        if not url.isValid() or url.scheme().lower() not in OPENABLE or not url.host():
            self._bridge.said.emit(self.tr("This link is not a web address; it is not opened."), False)
            return None
        from PySide6.QtWidgets import QMessageBox

        box = QMessageBox(self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(self.tr("Open in the browser?"))
        # As the browser will ask for it, in letters that look like no others and turn nothing round; no tags
        # can be in it, which this part of the box would obey.
        host = url.host(QUrl.ComponentFormattingOption.FullyEncoded)
        whole = url.toString(
            QUrl.ComponentFormattingOption.FullyEncoded | QUrl.UrlFormattingOption.RemoveUserInfo
        )
        box.setText(self.tr("Open this page of {host} in the browser?").format(host=host))
        box.setInformativeText(whole[:300])
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
            self.take(self._at_its_time(view))

    def _at_its_time(self, view: SiteView) -> SiteView:
        if self._selection.moment is None:
            return view
        from dispatch.past import as_of  # comes with the store

        return as_of(view, self._selection.board, self._selection.moment)

    def _go(self, site_id: int) -> None:
        self._cover()
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
            self.page.tick(self.view, self._selection.board, self._selection.clock.now())

    def _show(self) -> None:
        if self.view is not None:
            board, now = self._selection.board, self._selection.clock.now()
            self.page.show_site(self.view, board, now, is_first=self._is_first(self.view.row.site_id))
            self.say_others()

    def _is_first(self, site_id: int) -> bool:
        board = self._selection.board
        return board.is_first(np.flatnonzero(self._selection.mask), board.row(site_id))

    def _say_standing(self) -> None:
        """Others may have come before it, though nothing of it has changed."""
        if self.view is not None:
            self.page.reasons.say_standing(is_first=self._is_first(self.view.row.site_id))

    def _answer_question(self, escalation: Escalation) -> None:
        from ui.em_desk.answer_sheet import AnswerSheet

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

    @cached_property
    def page(self) -> SitePage:
        """Made when the first site is shown, or when the window has nothing else to do."""
        from ui.queue.site_page import SitePage

        page = SitePage(
            theme=self._theme, zone=self._bridge.zone, me=lambda: self._bridge.person, wall_now=self._wall_now
        )
        page.actions.why_not = partial(why_may_not, self._bridge)
        page.link_chosen.connect(self.ask_to_open)
        page.taken_back.connect(lambda ids: self._bridge.act(self._bridge.desk.take_back, ids))
        page.reply_wanted.connect(self._answer_question)
        page.site_chosen.connect(self._selection.go)
        page.act_chosen.connect(self.act)
        self._stack.addWidget(page)
        return page

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

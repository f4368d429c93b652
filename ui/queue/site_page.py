"""What the detail shows of a site: head, reasons, hand-overs, thread, what was done, and acts at the foot."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from dispatch.board import Board
from dispatch.records import SITE_STATES, Flag, Millis, SiteState, SiteView
from ui.queue.actions import Actions
from ui.queue.detail_head import DetailHead
from ui.queue.may_repeat import MayRepeat
from ui.queue.neighbors import Neighbors
from ui.queue.reasons import Reasons
from ui.queue.standing import Facts, HandOvers, History, Linked
from ui.queue.thread import Thread
from ui.theme import Theme
from ui.widgets.scroll_body import ScrollBody, scroller


class SitePage(QWidget):
    """Hundreds of small widgets, and none of them is seen before somebody chooses a site."""

    link_chosen = Signal(str)
    taken_back = Signal(object)  # ids of the outbox
    reply_wanted = Signal(object)  # Escalation
    site_chosen = Signal(object)  # its id
    act_chosen = Signal(str)

    def __init__(
        self, *, theme: Theme, zone: ZoneInfo, me: Callable[[], str], wall_now: Callable[[], Millis]
    ) -> None:
        super().__init__()
        self._me = me
        self.head = DetailHead(theme=theme, zone=zone)
        self.reasons = Reasons(theme=theme, zone=zone)
        self.thread = Thread(theme=theme, zone=zone, wall_now=wall_now)
        self.neighbors = Neighbors(theme=theme, zone=zone)
        self.hand_overs = HandOvers(theme=theme, zone=zone)
        self.linked = Linked(theme=theme)
        self.may_repeat = MayRepeat(theme=theme)
        self.facts = Facts(theme=theme, zone=zone)
        self.history = History(theme=theme, zone=zone)
        self.actions = Actions(theme=theme)
        self.thread.link_chosen.connect(self.link_chosen)
        self.thread.taken_back.connect(self.taken_back)
        self.hand_overs.reply_wanted.connect(self.reply_wanted)
        for part in (self.linked, self.may_repeat):
            part.site_chosen.connect(self.site_chosen)
        self.actions.chosen.connect(self.act_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 14)
        column.setSpacing(10)
        column.addWidget(self._scroller(), 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(18, 0, 18, 0)
        foot.addWidget(self.actions)
        column.addLayout(foot)

    def show_site(self, view: SiteView, board: Board, now: Millis, *, is_first: bool) -> None:
        self.head.show_site(view, board, now)
        self.reasons.show_site(view, board, now, is_first=is_first)
        self.thread.show_site(view, now)
        self.neighbors.show_site(view, now)
        self.hand_overs.show_site(view, now)
        self.linked.show_site(view, board)
        self.may_repeat.show_site(view, board)
        self.facts.show_site(view, now)
        self.history.show_site(view, now)
        state = SITE_STATES[view.row.state]
        claim = board.claims.get(view.row.site_id)
        self.actions.show_state(
            is_mine=claim is not None and claim.person == self._me(),
            is_anothers=claim is not None and claim.person != self._me(),
            is_closed=state is SiteState.CLOSED,
            is_waiting=state is SiteState.WAITING,
            is_wire=bool(view.row.flags & Flag.WIRE),
            has_offer=any(offer.state.is_open for offer in view.offers),
        )

    def tick(self, view: SiteView, board: Board, now: Millis) -> None:
        self.head.tick(view, board, now)
        self.thread.tick()

    def settle(self) -> None:
        """Have the places of all parts found at once, so that the scroll bar knows its length."""
        self._inside.layout().activate()

    def _scroller(self) -> QScrollArea:
        self._inside = ScrollBody()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(18, 16, 18, 4)
        column.setSpacing(14)
        for part in (
            self.head,
            self.reasons,
            self.hand_overs,
            self.neighbors,
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

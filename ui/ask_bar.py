"""The bar over every screen while somebody asks for what one has claimed; what came of one's own asking."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from dispatch.board import Claim
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.bar import Bar
from ui.widgets.guard import guarded


class AskBar(Bar):
    """Stays until it is answered; takes no focus, so that who writes goes on writing."""

    told = Signal(str)  # what came of our own asking

    def __init__(self, *, bridge: Any, theme: Theme) -> None:
        super().__init__(theme=theme, ground="internal_bg", line="warn")
        self._bridge = bridge
        self._site = 0  # whose ask is shown, 0 for none
        self._ours: dict[int, str] = {}  # what we have asked for, and whom
        self._is_filled = False
        bridge.changed.connect(self.look)
        bridge.ticked.connect(self.look)

    def _fill(self) -> None:
        """Not before somebody asks for the first time."""
        from ui.widgets.elided import ElidedLine
        from ui.widgets.key_button import KeyButton

        theme = self._theme
        self._is_filled = True
        self.words = ElidedLine(theme=theme, role="strong", tone="text")
        self.give_button = KeyButton(self.tr("Give it"), "Alt G", theme=theme)
        self.keep_button = KeyButton(self.tr("Keep it"), "Alt K", theme=theme)
        self.give_button.clicked.connect(self.give)
        self.keep_button.clicked.connect(self.keep)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 6, 18, 7)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        for button in (self.give_button, self.keep_button):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(button)

    @property
    def is_asked(self) -> bool:
        return bool(self._site)

    def give(self) -> None:
        if self._site:
            self._bridge.act(self._bridge.parts.claim_desk.give, self._site)

    def keep(self) -> None:
        if self._site:
            self._bridge.act(self._bridge.parts.claim_desk.keep, self._site)

    @guarded
    def look(self, _what: object = None) -> None:
        """Who asks this person for something, as the board has it; the one who asked first comes first."""
        board, me = self._bridge.board, self._bridge.person
        self._tell_outcomes()
        mine = [key for key in board.asks if key in board.claims and board.claims[key].person == me]
        mine.sort(key=lambda key: board.asks[key].at)
        self._site = mine[0] if mine else 0
        if mine and not self._is_filled:
            self._fill()
        self.setVisible(bool(mine))
        if mine:
            ask, now = board.asks[self._site], self._bridge.clock.now()
            said = self.tr("{who} asks for {where} · {age} ago").format(
                who=ask.person, where=self._place(self._site), age=times.age(now - ask.at)
            )
            if len(mine) > 1:
                said += self.tr(" · {} more").format(len(mine) - 1)
            self.words.say(said)
            self.setAccessibleName(said)

    # -- inside -----------------------------------------------------------------------------------------

    def _tell_outcomes(self) -> None:
        board, me = self._bridge.board, self._bridge.person
        for key, whom in self._ours.items():
            if key not in board.asks:
                self.told.emit(self._outcome(key, whom, board.claims.get(key)))
        ours = (key for key, ask in board.asks.items() if ask.person == me and key in board.claims)
        self._ours = {key: board.claims[key].person for key in ours}

    def _outcome(self, key: int, whom: str, claim: Claim | None) -> str:
        where = self._place(key)
        if claim is None:
            return self.tr("{whom} no longer has {where}.").format(whom=whom, where=where)
        if claim.person == self._bridge.person:
            return self.tr("{where} is yours now, {whom} had it.").format(where=where, whom=whom)
        return self.tr("{whom} keeps {where}.").format(whom=whom, where=where)

    def _place(self, site_id: int) -> str:
        board = self._bridge.board
        row = board.row(site_id)
        return (board.where[row] or board.what[row]) if row >= 0 else self.tr("site {}").format(site_id)

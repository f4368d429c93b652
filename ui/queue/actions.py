"""The acts under the detail, each with its key; the rarer ones in a menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QGridLayout, QMenu, QWidget

from ui.theme import Theme
from ui.widgets.key_button import KeyButton
from ui.widgets.words import hint


class Actions(QWidget):
    """`chosen` names a sheet, or claim, let_go, resume, reopen and undo, which need none."""

    chosen = Signal(str)

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        tr = self.tr
        self._claim_act = "claim"
        self.why_not: Callable[[str], str] = lambda _name: ""  # why who sits here may not, in a sentence
        self.escalate = self._button(tr("Escalate to emergency management"), "E", "escalate", theme, "accent")
        self.claim = self._button(tr("Claim"), "Space", "claim", theme)
        self.message = self._button(tr("Message"), "M", "message", theme)
        self.duplicate = self._button(tr("Duplicate of…"), "D", "duplicate", theme)
        self.wait = self._button(tr("Waiting on…"), "W", "wait", theme)
        self.close_site = self._button(tr("Close…"), "Shift C", "close", theme)
        self.more = KeyButton(tr("More…"), theme=theme)
        self.more.clicked.connect(self._show_menu)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        grid.addWidget(self.escalate, 0, 0, 1, 2)
        for i, button in enumerate(
            (self.claim, self.message, self.duplicate, self.wait, self.close_site, self.more)
        ):
            grid.addWidget(button, 1 + i // 2, i % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)

    def show_state(
        self,
        *,
        is_mine: bool,
        is_anothers: bool,
        is_closed: bool,
        is_waiting: bool,
        is_wire: bool,
        has_offer: bool,
    ) -> None:
        """Say what the keys do to this site as it stands."""
        claim = ("claim", self.tr("Claim"), "Space")
        if is_mine:
            claim = ("let_go", self.tr("Let go"), "Shift Space")
        elif is_anothers:
            claim = ("ask", self.tr("Ask for it"), "Shift A")
        self._claim_act, words, self.claim.key = claim
        self.claim.say(words)
        for button, name in (
            (self.escalate, "escalate"),
            (self.claim, claim[0]),
            (self.message, "message"),
            (self.duplicate, "duplicate"),
            (self.wait, "wait"),
            (self.close_site, "close"),
        ):
            why = self.why_not(name)
            button.setEnabled(not why and (name == "message" or not is_closed))
            button.setToolTip(hint(why) if why else "")
        self._fill_menu(is_closed=is_closed, is_waiting=is_waiting, is_wire=is_wire, has_offer=has_offer)

    def _fill_menu(self, *, is_closed: bool, is_waiting: bool, is_wire: bool, has_offer: bool) -> None:
        tr = self.tr
        self.menu.clear()
        for name, words, key, is_offered in (
            ("note", tr("Internal note"), "I", True),
            ("offer", tr("Neighbor's offer of help"), "Shift+O", has_offer),
            ("told_911", tr("Tell 911"), "Ctrl+9", not is_closed),
            ("utility", tr("Utility told, made safe"), "", is_wire and not is_closed),
            ("place_by_hand", tr("Place by hand"), "Shift+P", not is_closed),
            ("place", tr("Confirm the place"), "", True),
            ("band", tr("Set the band"), "1–5", not is_closed),
            ("snooze", tr("Snooze"), "S", not is_closed),
            ("resume", tr("Take up again"), "", is_waiting),
            ("not_the_same", tr("None of what is proposed"), "Shift+D", not is_closed),
            ("split", tr("Split a report off"), "", not is_closed),
            ("answer", tr("Record a spoken answer"), "", True),
            ("reopen", tr("Open again"), "", is_closed),
            ("undo", tr("Undo the last act"), "U", True),
        ):
            if is_offered:
                action = self.menu.addAction(f"{words}\t{key}" if key else words)
                action.triggered.connect(lambda _on=False, name=name: self.chosen.emit(name))
                if why := self.why_not(name):
                    action.setEnabled(False)
                    action.setToolTip(hint(why))

    def _show_menu(self) -> None:
        # It opens upward: the buttons stand at the foot of the window.
        size = self.menu.sizeHint()
        corner = self.more.mapToGlobal(self.more.rect().topRight())
        self.menu.popup(corner - QPoint(size.width(), size.height() + 4))

    def _button(self, words: str, key: str, name: str, theme: Theme, look: str = "") -> KeyButton:
        button = KeyButton(words, key, theme=theme, look=look)
        button.clicked.connect(lambda: self._choose(name))
        return button

    def _choose(self, name: str) -> None:
        self.chosen.emit(self._claim_act if name == "claim" else name)

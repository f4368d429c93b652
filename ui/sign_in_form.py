"""Name, password and position: what somebody types to sit down, on the way in and on a covered window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.theme import Theme
from ui.widgets.fields import ChoiceField, LineField
from ui.widgets.guard import guarded
from ui.widgets.key_button import KeyButton
from ui.widgets.words import Words

WIDTH = 380
PAD = 28
MOST_NAMES = 12


class SignInForm(QWidget):
    """Enter goes from the name to the password and signs in from there; nothing is kept of what was typed."""

    given = Signal(str, str, str)  # login, password, position
    left = Signal()
    other_wanted = Signal()

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._needs_login = self._needs_password = True
        self.setFixedWidth(WIDTH)
        self.title = Words(theme=theme, role="title")
        self.note = Words(theme=theme, tone="text_dim")
        self.login = LineField(self.tr("Login"), theme=theme)
        self.password = LineField(self.tr("Password"), theme=theme)
        self.password.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.position = ChoiceField(self.tr("Position for this shift"), theme=theme)
        self.trouble = Words(theme=theme, tone="alarm")
        self.button = KeyButton(self.tr("Sign in"), "Enter", theme=theme, look="accent")
        self.button.clicked.connect(self.confirm)
        self.other = KeyButton("", "", theme=theme, look="quiet")
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(MOST_NAMES)
        self.login.line.setCompleter(completer)
        self.other.clicked.connect(self._turn)
        self._goes_back = False
        foot = QHBoxLayout()
        foot.addWidget(self.other)
        foot.addStretch()
        foot.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self.title, self.note, self.login, self.password, self.position, self.trouble):
            column.addWidget(part)
        column.addLayout(foot)

    # -- what is asked for ------------------------------------------------------------------------------

    def ask_for_person(self, title: str, note: str, *, positions: Sequence[str], position: str) -> None:
        self._begin(title, note, needs_login=True, needs_password=True)
        self.position.offer([(each, each) for each in positions])
        self.position.show_value(position)
        self.button.say(self.tr("Sign in"))

    def ask_for_password(self, title: str, note: str, *, is_needed: bool) -> None:
        """To unlock only: who sits here has signed in already."""
        self._begin(title, note, needs_login=False, needs_password=is_needed)
        self.button.say(self.tr("Unlock") if is_needed else self.tr("Show everything again"))

    def offer_other(self, words: str, key: str = "", *, goes_back: bool) -> None:
        """The second button: another person, or back to where one came from; empty for none."""
        self._goes_back = goes_back
        self.other.key = key
        self.other.say(words)
        self.other.setVisible(bool(words))

    def offer_names(self, names: Sequence[str]) -> None:
        """Logins with their names, as "kim · Kim Ortiz", found by any part of them."""
        self._names.setStringList(list(names))

    def first_focus(self) -> QWidget:
        if self._needs_login:
            return self.login.line
        return self.password.line if self._needs_password else self.button

    # -- what comes of it -------------------------------------------------------------------------------

    def confirm(self) -> None:
        login, password = self.login.value().split(" ")[0], self.password.line.text()
        if self._needs_login and not login:
            self.refuse(self.tr("Type your login."), self.login)
        elif self._needs_password and not password:
            self.refuse(self.tr("Type your password."), self.password)
        else:
            self.wait(True)
            self.given.emit(login, password, self.position.value() or "")

    def refuse(self, sentence: str, field: LineField | None = None) -> None:
        """Why not; the password is to be typed again."""
        self.wait(False)
        self.password.line.clear()
        self.trouble.say(sentence)
        at = field or (self.password if self._needs_password else None)
        (at.line if at else self.button).setFocus(Qt.FocusReason.OtherFocusReason)

    def wait(self, is_waiting: bool) -> None:
        self.button.setEnabled(not is_waiting)
        if is_waiting:
            self.trouble.say("")

    def forget(self) -> None:
        """Nothing typed stays behind."""
        self.login.line.clear()
        self.password.line.clear()
        self.trouble.say("")
        self._names.setStringList([])
        self.wait(False)

    # -- inside -----------------------------------------------------------------------------------------

    def _begin(self, title: str, note: str, *, needs_login: bool, needs_password: bool) -> None:
        self.forget()
        self._needs_login, self._needs_password = needs_login, needs_password
        self.title.say(title)
        self.note.say(note)
        self.login.setVisible(needs_login)
        self.position.setVisible(needs_login)
        self.password.setVisible(needs_password)
        self.offer_other("", goes_back=False)

    def _turn(self) -> None:
        (self.left if self._goes_back else self.other_wanted).emit()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        key, focus = event.key(), QApplication.focusWidget()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if focus is self.login.line and not self.password.line.text():
                self.password.line.setFocus(Qt.FocusReason.TabFocusReason)
            elif focus is self.other:
                self._turn()
            elif self.button.isEnabled():
                self.confirm()
        elif key == Qt.Key.Key_Escape and self._goes_back:
            self.left.emit()


def lay_out_around(screen: QWidget, form: SignInForm, above: Sequence[QWidget | QLayout]) -> None:
    """The form on a card in the middle of the screen, with what stands above it."""
    card = QFrame()
    card.setProperty("part", "card")
    card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
    inside = QVBoxLayout(card)
    inside.setContentsMargins(PAD, PAD, PAD, PAD)
    inside.addWidget(form)
    across = QHBoxLayout()
    across.addStretch()
    across.addWidget(card)
    across.addStretch()
    column = QVBoxLayout(screen)
    column.setContentsMargins(PAD, PAD, PAD, PAD)
    column.setSpacing(PAD)
    column.addStretch(2)
    for part in above:
        if isinstance(part, QWidget):
            column.addWidget(part)
        else:
            column.addLayout(part)
    column.addLayout(across)
    column.addStretch(3)

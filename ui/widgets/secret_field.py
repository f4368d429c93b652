"""A password or key: never shown, said to be stored or not, replaced by typing, removed by its button."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ui.theme import Theme
from ui.widgets.fields import Field
from ui.widgets.key_button import KeyButton


class SecretField(Field):
    def __init__(self, label: str, *, theme: Theme) -> None:
        self.line = QLineEdit()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.remove = KeyButton("", theme=theme)
        self._is_stored = self._goes = self._is_known = False
        box = QWidget()
        across = QHBoxLayout(box)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        # The button is higher than a line: at the top both stand in one row with the lines beside them.
        across.addWidget(self.line, 1, Qt.AlignmentFlag.AlignTop)
        across.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
        super().__init__(label, box, theme=theme)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self._type)
        self.remove.clicked.connect(self._turn)
        self._say()

    def value(self) -> str:
        return self.line.text().strip()

    def show_value(self, value: str) -> None:
        self.line.setText(value)

    def change(self) -> str | None:
        """What is to be kept instead, empty to remove it; None leaves what is stored."""
        if typed := self.value():
            return typed
        return "" if self._goes else None

    def show_stored(self, is_stored: bool, *, is_ours: bool) -> None:
        """`is_ours` where it can be changed here."""
        self._is_stored, self._is_known = is_stored, True
        self.line.setEnabled(is_ours)
        self.remove.setEnabled(is_ours)
        if not is_ours:
            self.line.setPlaceholderText(self.tr("given by the system's credentials"))
        self._say()

    def stored_words(self) -> str:
        if self.value():
            return self.tr("will be replaced") if self._is_stored else self.tr("will be stored")
        if self._goes:
            return self.tr("will be removed")
        if not self._is_known:
            return self.tr("looking into the keyring")
        return self.tr("stored") if self._is_stored else self.tr("not stored")

    def complain(self, sentence: str) -> None:
        super().complain(sentence)
        self.line.setAccessibleDescription(sentence)

    def _type(self) -> None:
        self._goes = False
        self._say()
        self._edit()

    def _turn(self) -> None:
        self._goes = not self._goes
        self.line.clear()
        self._say()
        self._edit()

    def _say(self) -> None:
        said = f"{self.label} · {self.stored_words()}"
        self.say_label(said)
        self.line.setAccessibleName(said)
        self.remove.say(self.tr("Keep it") if self._goes else self.tr("Remove"))
        self.remove.setVisible(self._is_stored and not self.value())

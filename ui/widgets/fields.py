"""Form fields of sheets: a label, an editor, a word beside it, and one sentence when something is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from dispatch.text_from_outside import plain
from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.ticks import Radio, Tick
from ui.widgets.words import Words, hint

_COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier

Choices = Sequence[tuple[Any, str]]


class Field(QWidget):
    """`touched` tells what a person wrote from what was filled in: only the former is kept as a draft."""

    edited = Signal()

    def __init__(self, label: str, editor: QWidget, *, theme: Theme) -> None:
        super().__init__()
        self.label = label
        self.editor = editor
        self.touched = False
        self._complaint = Words(theme=theme, role="small", tone="alarm")
        editor.setAccessibleName(label)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._label = Words(label, theme=theme, role="small", tone="text_dim", wrap=False)
        column.addWidget(self._label)
        column.addWidget(editor)
        column.addWidget(self._complaint)
        self.setFocusProxy(editor)

    def value(self) -> Any:
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        raise NotImplementedError

    def fill(self, value: Any) -> None:
        """Fill in what is known, unless a person has written here already."""
        if not self.touched:
            self.show_value(value)

    def say_label(self, label: str) -> None:
        self._label.say(label)
        self.editor.setAccessibleName(label)

    def complain(self, sentence: str) -> None:
        self._complaint.say(sentence)
        self.editor.setAccessibleDescription(sentence)

    def complaint(self) -> str:
        return self._complaint.said()

    def _edit(self) -> None:
        self.touched = True
        self.complain("")
        self.edited.emit()


class LineField(Field):
    """One line; `aside` is a dim word inside the box at its right: 'in 28 min'."""

    def __init__(self, label: str, *, theme: Theme, placeholder: str = "", text: str = "") -> None:
        self.line = QLineEdit(text)
        super().__init__(label, self.line, theme=theme)
        self.line.setPlaceholderText(placeholder)
        self._aside = Words(theme=theme, role="small", tone="text_dim", wrap=False)
        inside = QHBoxLayout(self.line)
        inside.setContentsMargins(0, 0, 10, 0)
        inside.addStretch()
        inside.addWidget(self._aside)
        self.line.textEdited.connect(self._edit)

    def say_aside(self, text: str, tone: str = "text_dim") -> None:
        self._aside.say(text, tone)
        taken = self._aside.sizeHint().width() + 8 if text else 0
        self.line.setTextMargins(0, 0, taken, 0)

    def aside(self) -> str:
        return self._aside.said()

    def value(self) -> str:
        return self.line.text().strip()

    def show_value(self, value: str) -> None:
        self.line.setText(value)
        self.line.setCursorPosition(0)


class TextField(Field):
    """Several lines: grows with its words up to `most` lines, then scrolls. Tab leaves it."""

    def __init__(
        self, label: str, *, theme: Theme, least: int = 2, most: int = 7, placeholder: str = ""
    ) -> None:
        self.box = _Growing(least, most)
        super().__init__(label, self.box, theme=theme)
        self.box.setPlaceholderText(placeholder)
        self._is_filling = False
        self.box.textChanged.connect(self._edit)

    def value(self) -> str:
        return plain(self.box.toPlainText()).strip()  # what was pasted comes from anywhere

    def show_value(self, value: str) -> None:
        self._is_filling = True
        self.box.setPlainText(value)
        self._is_filling = False

    def _edit(self) -> None:
        if not self._is_filling:
            super()._edit()


class ChoiceField(Field):
    def __init__(self, label: str, choices: Choices = (), *, theme: Theme) -> None:
        self.combo = _Combo()
        super().__init__(label, self.combo, theme=theme)
        self.offer(choices)
        self.combo.activated.connect(self._edit)

    def offer(self, choices: Choices) -> None:
        chosen = self.combo.currentData()
        self.combo.clear()
        for value, words in choices:
            self.combo.addItem(words, value)
        self.show_value(chosen)

    def value(self) -> Any:
        return self.combo.currentData()

    def show_value(self, value: Any) -> None:
        at = next((i for i in range(self.combo.count()) if self.combo.itemData(i) == value), -1)
        if at >= 0:
            self.combo.setCurrentIndex(at)


class PickField(Field):
    """One of a few, all in sight; arrow keys move the choice. Nothing is chosen until a person does."""

    def __init__(self, label: str, choices: Choices, *, theme: Theme, columns: int = 1) -> None:
        box = QWidget()
        super().__init__(label, box, theme=theme)
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(2)
        self.group = QButtonGroup(self)
        self.buttons: dict[Any, Radio] = {}
        for i, (value, words) in enumerate(choices):
            button = Radio(words, theme=theme)
            self.group.addButton(button)
            self.buttons[value] = button
            grid.addWidget(button, i // columns, i % columns, Qt.AlignmentFlag.AlignLeft)
            button.clicked.connect(self._edit)
            button.toggled.connect(lambda on: self._moved(on))
        if self.buttons:
            first = next(iter(self.buttons.values()))
            box.setFocusProxy(first)
            self.setFocusProxy(first)

    def value(self) -> Any:
        return next((value for value, button in self.buttons.items() if button.isChecked()), None)

    def show_value(self, value: Any) -> None:
        if button := self.buttons.get(value):
            is_here = any(each.hasFocus() for each in self.buttons.values())
            button.setChecked(True)
            if is_here:
                button.setFocus()
            self.setFocusProxy(button)

    def allow(self, value: Any, why_not: str) -> None:
        """Take a choice away, saying why; an empty sentence gives it back."""
        button = self.buttons[value]
        button.setEnabled(not why_not)
        button.setToolTip(hint(why_not))
        if why_not and button.isChecked():
            self.group.setExclusive(False)
            button.setChecked(False)
            self.group.setExclusive(True)

    def _moved(self, on: bool) -> None:
        # Arrow keys check a button without clicking it.
        if on and any(button.hasFocus() for button in self.buttons.values()):
            self._edit()


class TicksField(Field):
    """Any of a few."""

    def __init__(self, label: str, choices: Choices, *, theme: Theme, columns: int = 2) -> None:
        box = QWidget()
        super().__init__(label, box, theme=theme)
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(columns, 1)
        self.boxes: dict[Any, Tick] = {}
        for i, (value, words) in enumerate(choices):
            tick = Tick(words, theme=theme)
            self.boxes[value] = tick
            grid.addWidget(tick, i // columns, i % columns, Qt.AlignmentFlag.AlignLeft)
            tick.clicked.connect(self._edit)
        if self.boxes:
            first = next(iter(self.boxes.values()))
            box.setFocusProxy(first)

    def value(self) -> tuple[Any, ...]:
        return tuple(value for value, tick in self.boxes.items() if tick.isChecked())

    def show_value(self, value: Iterable[Any]) -> None:
        wanted = set(value)
        for key, tick in self.boxes.items():
            tick.setChecked(key in wanted)


def pack(fields: Mapping[str, Field], *names: str, shares: Sequence[int] = ()) -> QWidget:
    """Fields side by side in one row."""
    row = QWidget()
    across = QHBoxLayout(row)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(10)
    for i, name in enumerate(names):
        across.addWidget(fields[name], shares[i] if shares else 1, Qt.AlignmentFlag.AlignTop)
    return row


class _Growing(QPlainTextEdit):
    def __init__(self, least: int, most: int) -> None:
        super().__init__()
        self._least, self._most = least, most
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # The box's own inset is the style sheet's; the document's would indent it against line edits.
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._fit)
        self._fit()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        # With Alt it is meant for the sheet (S12), and Qt would write the letter. Where Alt makes a sign of
        # its own, as on a Mac, that is written.
        is_letter = event.text().isascii() and event.text().isalnum()
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and is_letter:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def _fit(self) -> None:
        lines = max(self._least, min(self._most, int(self.document().size().height())))
        height = round(lines * QFontMetricsF(self.font()).lineSpacing()) + 16
        if height != self.height():
            self.setFixedHeight(height)
            # The new height may have shown or hidden the scroll bar and so asked for another one meanwhile:
            # the outer call would leave the least height of that one above the most of this one.
            if self.minimumHeight() > self.maximumHeight():
                self.setFixedHeight(self.minimumHeight())


class _Combo(QComboBox):
    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A box takes every letter to look for an entry; with Ctrl or Alt it is meant for the sheet (S12).
        opens = (Qt.Key.Key_Up, Qt.Key.Key_Down)
        if event.modifiers() & _COMMAND and event.key() not in opens:
            event.ignore()
        else:
            super().keyPressEvent(event)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        # The style sheet takes the arrow away and can only bring a picture of one color back.
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), 1.4))
            x, y = self.width() - 16, self.height() / 2 - 1.5
            painter.drawPolyline([QPointF(x - 4, y), QPointF(x, y + 4), QPointF(x + 4, y)])

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Turning the wheel over a form scrolls it; it must not hand the site to another desk.
        event.ignore()

"""What stands in the list when it has no rows: nothing yet, nothing matches, or all handled."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui.queue.selection import Selection
from ui.theme import Theme
from ui.widgets.words import Words


class EmptyState(QWidget):
    def __init__(self, *, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self.title = Words(theme=theme, role="strong")
        self.sentence = Words(theme=theme, tone="text_dim")
        self.button = QPushButton(self.tr("Clear all filters"))
        self.button.clicked.connect(selection.clear_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 48, 32, 32)
        column.setSpacing(6)
        for label in (self.title, self.sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addSpacing(8)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.hide()

    def tell(self, *, is_empty: bool) -> None:
        self.setVisible(is_empty)
        if not is_empty:
            return
        selection = self._selection
        filters = [crumb.label for crumb in selection.crumbs() if crumb.name != "open"]
        if not selection.board.count:
            title = self.tr("No reports yet")
            sentence = self.tr("They stand here as soon as the first one comes from the 311 server.")
        elif selection.is_narrowed:
            title = self.tr("Nothing matches")
            sentence = " · ".join(filters)
        else:
            title = self.tr("All handled")
            sentence = self.tr("No site is open. New reports come in here by themselves.")
        self.title.say(title)
        self.sentence.say(sentence)
        self.button.setVisible(bool(selection.board.count) and selection.is_narrowed)

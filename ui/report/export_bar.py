"""How far an export is, and the way to stop it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from dispatch.snapshot_job.orders import PHOTOS, Step
from ui.theme import Theme
from ui.widgets.key_button import KeyButton
from ui.widgets.words import Words


class ExportBar(QWidget):
    """Hidden while nothing is written."""

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._words = Words(theme=theme, wrap=False)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(220, 8)
        self._bar.setAccessibleName(self.tr("How far the export is"))
        self.stop = KeyButton(self.tr("Stop"), "Alt S", theme=theme)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(12)
        across.addWidget(self._bar)
        across.addWidget(self._words, 1)
        across.addWidget(self.stop)
        self.hide()

    def begin(self) -> None:
        self._bar.setRange(0, 0)
        self._words.say(self.tr("Writing the files…"))
        self.show()

    def show_step(self, step: Step) -> None:
        if step.of:
            self._bar.setRange(0, step.of)
            self._bar.setValue(step.at - 1)
            words = (
                self.tr("Looking for photo {0} of {1}")
                if step.doing == PHOTOS
                else self.tr("Writing {0} of {1}: {2}")
            )
            self._words.say(words.format(step.at, step.of, step.doing))

    def said(self) -> str:
        return self._words.said()

"""The line on top of the volumes: since when, a warning, and chips for span, stacking, notes and saving."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dispatch.insight.volumes import Group
from dispatch.volume_reader import Asked
from ui.theme import Theme
from ui.widgets.chip import Chip
from ui.widgets.words import Words

SPANS: tuple[int, ...] = (24, 72, 14 * 24)


class VolumesHead(QWidget):
    span_wanted = Signal(int)  # hours
    group_wanted = Signal(object)
    figure_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._since = Words(theme=theme, tone="text_dim", wrap=False)
        self._warning = Words(theme=theme, tone="warn", wrap=False)
        labels = (self.tr("24 hours"), self.tr("3 days"), self.tr("2 weeks"))
        self._spans = {self._chip(label): hours for label, hours in zip(labels, SPANS, strict=True)}
        self._groups = {
            self._chip(self.tr("By band  B")): Group.BAND,
            self._chip(self.tr("By category  C")): Group.CATEGORY,
            self._chip(self.tr("By channel  H")): Group.CHANNEL,
        }
        note = Chip(self.tr("Note a figure  N"), theme=theme)
        save = Chip(self.tr("Save  Ctrl S"), theme=theme)
        for chip, hours in self._spans.items():
            chip.clicked.connect(lambda _on=False, hours=hours: self.span_wanted.emit(hours))
        for chip, group in self._groups.items():
            chip.clicked.connect(lambda _on=False, group=group: self.group_wanted.emit(group))
        note.clicked.connect(self.figure_wanted)
        save.clicked.connect(self.save_wanted)
        self._lay_out([*self._spans], [*self._groups], [note, save])

    def say(self, since: str, warning: str, asked: Asked) -> None:
        self._since.say(since)
        self._warning.say(warning)
        for chip, hours in self._spans.items():
            chip.setChecked(hours == asked.hours)
        for chip, group in self._groups.items():
            chip.setChecked(group is asked.group)

    def _lay_out(self, *chips: list[Chip]) -> None:
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        across.addWidget(Words(self.tr("Volumes"), theme=self._theme, role="title", wrap=False))
        across.addWidget(self._since)
        across.addSpacing(12)
        across.addWidget(self._warning)
        across.addStretch()
        for number, some in enumerate(chips):
            if number:
                across.addSpacing(12)
            for chip in some:
                across.addWidget(chip)

    def _chip(self, text: str) -> Chip:
        chip = Chip(text, theme=self._theme)
        chip.setCheckable(True)
        return chip

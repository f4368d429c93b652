"""The row of the layer box that shades neighborhoods: off, by count, by rate."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from dispatch.insight.by_area import Measure
from ui.map.layer_box import Tick
from ui.map.shade_words import measure_words
from ui.theme import Theme
from ui.widgets.words import Words

CHOICES = (None, Measure.COUNT, Measure.RATE)


class ShadeSwitch(QWidget):
    """One of three; arrow keys move the choice. Where no neighborhoods are loaded it says so."""

    chosen = Signal(object)

    def __init__(self, *, is_loaded: bool, theme: Theme) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        head = self.tr("Shaded by") if is_loaded else self.tr("Shading of neighborhoods (not loaded)")
        row.addWidget(Words(head, theme=theme, role="small", tone="text_faint", wrap=False))
        self._group = QButtonGroup(self)
        self._ticks: dict[Measure | None, Tick] = {}
        for measure in CHOICES if is_loaded else ():
            tick = self._ticks[measure] = Tick(measure_words(measure), theme=theme)
            tick.setAccessibleName(self.tr("Shade neighborhoods: {}").format(measure_words(measure)))
            tick.setToolTip(self.tr("Shade neighborhoods by their sites (Alt+N takes the next)"))
            self._group.addButton(tick)
            row.addWidget(tick)
        row.addStretch()
        self.show_chosen(None)
        self._group.buttonToggled.connect(self._tell)

    def show_chosen(self, measure: Measure | None) -> None:
        if measure in self._ticks:
            self._ticks[measure].setChecked(True)

    def _tell(self, button: Tick, is_on: bool) -> None:
        if is_on:
            self.chosen.emit(next(each for each, tick in self._ticks.items() if tick is button))

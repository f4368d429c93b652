"""How much time the volume strip shows: the whole storm, as many hours as fit, the last day, six hours."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from ui.queue.hours import HOUR_MS
from ui.theme import Theme
from ui.widgets.chip import Chip

QUARTER_MS = HOUR_MS // 4
MOST_HOURS = 14 * 24  # the storm's plan ends there
_FIT_PX = 30  # the least width of an hour
_LEAST_PX = 8  # the least width of a step in the whole storm
_FEWEST, _MOST = 24, 72
_STEPS_H = (1, 2, 3, 6, 12, 24)


class Zoom(IntEnum):
    """From the widest to the closest."""

    STORM = 0
    HOURS = 1
    DAY = 2
    SIX = 3


def steps_of(zoom: Zoom, room_px: int, hours_back: int) -> tuple[int, int]:
    """(how many steps, milliseconds of each) in a strip so wide, where the first report is so old."""
    if zoom is Zoom.DAY:
        return 24, HOUR_MS
    if zoom is Zoom.SIX:
        return 24, QUARTER_MS
    if zoom is Zoom.HOURS:
        return min(max(room_px // _FIT_PX, _FEWEST), _MOST), HOUR_MS
    most = max(room_px // _LEAST_PX, 1)
    hours = next((each for each in _STEPS_H if hours_back <= each * most), _STEPS_H[-1])
    return -(-hours_back // hours), hours * HOUR_MS


class ZoomBar(QWidget):
    """One chip for each span, and one that compares with the day before."""

    chosen = Signal(int)
    compared = Signal(bool)
    past_wanted = Signal()

    def __init__(self, *, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        words = {
            Zoom.STORM: self.tr("Whole storm"),
            Zoom.HOURS: self.tr("Hours"),
            Zoom.DAY: self.tr("24 h"),
            Zoom.SIX: self.tr("6 h"),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._group = QButtonGroup(self)
        self.chips: dict[Zoom, Chip] = {}
        for zoom, said in words.items():
            chip = self.chips[zoom] = Chip(said, theme=theme, parent=self)
            chip.setCheckable(True)
            chip.setToolTip(self.tr("Show this much time (Alt+Up closer, Alt+Down wider, or the wheel)"))
            chip.clicked.connect(lambda _on=False, zoom=zoom: self.chosen.emit(int(zoom)))
            self._group.addButton(chip)
            row.addWidget(chip)
        row.addSpacing(6)
        self.day_before = Chip(self.tr("Day before"), theme=theme, parent=self)
        self.day_before.setCheckable(True)
        self.day_before.setToolTip(self.tr("Outline what came in at the same time a day earlier (Alt+B)"))
        self.day_before.clicked.connect(self.compared)
        row.addWidget(self.day_before)
        self.past = Chip(self.tr("Play back"), theme=theme, parent=self)
        self.past.setToolTip(self.tr("Show everything as it stood earlier (G, then H)"))
        self.past.clicked.connect(self.past_wanted)
        row.addWidget(self.past)

    def show_state(self, zoom: Zoom, hours: int, is_compared: bool) -> None:
        """`hours` is what fits in the view of hours."""
        self.chips[zoom].setChecked(True)
        self.chips[Zoom.HOURS].say(self.tr("{} h").format(hours))
        self.day_before.setChecked(is_compared)
        self.adjustSize()

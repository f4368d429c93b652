"""The axis of a chart by hours: midnights with their day, and full hours between as the room allows."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pyqtgraph as pg
from PySide6.QtCore import QLocale

from dispatch.insight.volumes import HOUR_MS
from dispatch.records import Millis
from ui.widgets.times import local

# Hours between two labels, the first that leaves each label its room.
STEPS = (1, 2, 3, 6, 12, 24, 48, 96, 168)
LABEL = 62


class TimeAxis(pg.AxisItem):
    """Places are hours since `start_at`."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__("bottom")
        self._zone = zone
        self.start_at: Millis = 0

    def tickValues(self, least: float, most: float, size: float) -> list[tuple[float, list[float]]]:
        step = next((s for s in STEPS if (most - least) / s * LABEL <= size), STEPS[-1])
        first, last = int(least) - 1, int(most) + 1
        found = [hour for hour in range(first, last) if least <= hour <= most and self._is_at(hour, step)]
        return [(float(step), [float(hour) for hour in found])]

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        return [self._words(int(value)) for value in values]

    def _is_at(self, hour: int, step: int) -> bool:
        then = local(self.start_at + hour * HOUR_MS, self._zone)
        if step <= 24:
            return bool(then.hour % step == 0)
        return then.hour == 0 and then.toordinal() % (step // 24) == 0

    def _words(self, hour: int) -> str:
        then = local(self.start_at + hour * HOUR_MS, self._zone)
        if then.hour:
            return f"{then:%H:%M}"
        day: Any = QLocale().dayName(then.isoweekday(), QLocale.FormatType.ShortFormat)
        return f"{day} {then.day}"

"""The whole window for tests: real frame, list, detail and sheets over a seat without a store."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from dispatch.geo.coordinates import Position
from dispatch.records import SiteRow
from tests.ui.seat import ZONE, Seat, view_of
from ui.main_window import MainWindow
from ui.queue.detail import Detail
from ui.queue.selection import Selection
from ui.queue.view import QueueView
from ui.sheets.registry import Sheets
from ui.sound import Alarm
from ui.theme import Theme


class RoomSeat(Seat):
    room_changed = Signal()


class Ground(QWidget):
    """Where the map stands; these tests are about everything else."""

    def __init__(self) -> None:
        super().__init__()
        self.zoomed: list[int] = []
        self.gone_to: list[tuple[Position, str]] = []

    @property
    def instruments(self) -> Ground:
        return self

    def covers(self, at: Position) -> bool:
        return 27 < at.lat < 28

    def go_to(self, at: Position, label: str) -> None:
        self.gone_to.append((at, label))

    def zoom_to(self, site_id: int) -> None:
        self.zoomed.append(site_id)


class Console:
    def __init__(self, rows: tuple[SiteRow, ...], *, theme: str = "light", keys: Any = None) -> None:
        self.seat = RoomSeat(*rows)
        self.seat.views = {row.site_id: view_of(row) for row in rows}
        self.theme = Theme(theme)
        self.found: list[int] = []
        self.selection = Selection(self.seat.board, clock=self.seat.clock, zone=ZONE, search=self._search)
        self.tones = 0
        self.wall_s = 1000.0
        self.window = MainWindow(
            bridge=self.seat, theme=self.theme, categories=lambda: (41, 46), wall_now_s=lambda: self.wall_s
        )
        self.sheets = Sheets(host=self.window.stage, bridge=self.seat, theme=self.theme)
        self.map = Ground()
        self.detail = Detail(bridge=self.seat, selection=self.selection, theme=self.theme, sheets=self.sheets)
        self.queue = QueueView(
            selection=self.selection,
            map_view=self.map,
            detail=self.detail,
            zone=ZONE,
            theme=self.theme,
            me=self.seat.person,
        )
        self.window.add_screen("queue", "Queue", "queue", self.queue)
        self.other = QWidget()
        self.window.add_screen("em_desk", "EM desk", "em_desk", self.other)
        self.alarm = Alarm(
            self.seat.board,
            play=self._play,
            now=self.seat.clock.now,
            wall_now=lambda: int(self.wall_s * 1000),
            may_mute=lambda: False,
        )
        self.window.command(
            queue=self.queue, sheets=self.sheets, alarm=self.alarm, keys=keys, now_ms=lambda: 0.0
        )

    def type(self, *keys: Any) -> None:
        """Keys as "j" or Qt.Key, each where the focus is then."""
        for key in keys:
            for one in key if isinstance(key, str) else [key]:
                target = self.window.focusWidget() or self.window
                QTest.keyClick(target, *one) if isinstance(one, tuple) else QTest.keyClick(target, one)

    def shift(self, key: Qt.Key) -> None:
        self.type((key, Qt.KeyboardModifier.ShiftModifier))

    def shown(self) -> list[int]:
        return [self.queue.model.site_at(i) for i in range(self.queue.model.rowCount())]

    def take(self, delta: Any) -> None:
        self.seat.changed.emit(delta)

    async def _search(self, _text: str) -> list[int]:
        return self.found

    def _play(self) -> None:
        self.tones += 1

"""Files of a report, a pack or a list, written beside everything else; a message says where they lie once
they are whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from dispatch.snapshot_job.orders import Done, Orders
from ui.report.export_bar import ExportBar
from ui.report.job import Job
from ui.widgets import counts


class Writing(QObject):
    """One at a time: the newest wish counts. `bar` is shown while it goes on."""

    def __init__(self, *, bridge: Any, bar: ExportBar, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.bar = bar
        self._orders: Orders | None = None
        self.job = Job(self)
        self.job.stepped.connect(bar.show_step)
        self.job.finished.connect(self._take_done)
        self.job.refused.connect(self._take_refusal)
        bar.stop.clicked.connect(self.stop)

    @property
    def reads(self) -> Path | None:
        """The folder of the look that is being written from: it must stay so long."""
        is_reading = self.job.is_running and self._orders is not None and self._orders.content
        return Path(self._orders.content).parent if is_reading and self._orders else None

    def begin(self, orders: Orders) -> None:
        self._orders = orders
        self.bar.begin()
        self.job.begin(orders)

    def stop(self) -> None:
        if not self.job.is_running or self._orders is None:
            return
        self.job.give_up()
        self.bar.hide()
        if self._orders.pack:
            said = self.tr("Stopped: no zip is there.")
        else:
            said = self.tr("Stopped: the files written so far are whole, no manifest is there.")
        self._bridge.said.emit(said, False)

    def _take_done(self, done: Done) -> None:
        assert self._orders is not None
        self.bar.hide()
        what = done.files[0] if self._orders.pack else counts.files(len(done.files))
        self._bridge.said.emit(self.tr("{0} in {1}").format(what, self._orders.folder), False)
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._orders.folder))

    def _take_refusal(self, sentence: str) -> None:
        self.bar.hide()
        self._bridge.said.emit(sentence, True)

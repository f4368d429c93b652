"""The screen of volumes as a picture, and its hours as a table, in a file of the person's choice."""

from __future__ import annotations

import asyncio
import csv
import io
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from dispatch.errors import FileNotWritten
from dispatch.forms.common import EXERCISE, file_mark
from dispatch.insight.volumes import HOUR_MS, Volumes
from dispatch.whole_file import write_whole
from ui.volumes import words
from ui.widgets.times import local


class Saving(QObject):
    def __init__(self, *, bridge: Any, view: Any) -> None:
        super().__init__(view)
        self._bridge = bridge
        self._view = view
        self._going: set[asyncio.Task[None]] = set()

    def ask_where(self) -> None:
        dialog = QFileDialog(self._view, self.tr("Save the volumes"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Picture (*.png)"), self.tr("Table of the hours (*.csv)")])
        dialog.selectFile(self.file_name())
        dialog.fileSelected.connect(lambda path: self._start(self.save(Path(path))))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def file_name(self) -> str:
        """volumes-2017-09-11-1432.png, EXERCISE_ before it in an exercise (S18)."""
        mark = file_mark(self._bridge.activation.is_exercise)
        return f"{mark}volumes-{local(self._bridge.clock.now(), self._bridge.zone):%Y-%m-%d-%H%M}.png"

    async def save(self, path: Path) -> None:
        """CSV by the name's ending, else a PNG."""
        shown = self._view.shown
        if shown is None:
            return
        if path.suffix.lower() == ".csv":
            content = table(shown, self._bridge.zone, self._bridge.activation.is_exercise)
        else:
            path = path if path.suffix.lower() == ".png" else path.with_name(path.name + ".png")
            content = _png(self._view)
        try:
            await self._bridge.parts.workers.network(lambda: write_whole(path, content))
        except FileNotWritten as error:
            self._bridge.said.emit(str(error), True)
            return
        self._bridge.said.emit(self.tr("Saved as {}").format(path), False)

    def _start(self, going: Any) -> None:
        task = asyncio.ensure_future(going)
        self._going.add(task)
        task.add_done_callback(self._going.discard)


def table(shown: Volumes, zone: Any, is_exercise: bool) -> bytes:
    """A row for each hour; the last one goes to `at` only."""
    text = io.StringIO()
    writer = csv.writer(text)
    keys = list(shown.series)
    head = ["hour", *(words.series(shown.group, key) for key in keys), "entered in bulk", "reports"]
    head += ["sites closed", "sites open at its end", *([EXERCISE] if is_exercise else [])]
    writer.writerow(head)
    for hour in range(shown.hours):
        at = local(shown.start_at + hour * HOUR_MS, zone)
        counted = [*(int(shown.series[key][hour]) for key in keys), int(shown.bulk[hour])]
        row = [at.isoformat(), *counted, sum(counted), int(shown.closed[hour]), int(shown.backlog[hour])]
        writer.writerow([*row, *([EXERCISE] if is_exercise else [])])
    return text.getvalue().encode()


def _png(widget: QWidget) -> bytes:
    image: QImage = widget.grab().toImage()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(content.data())

"""Saving the map as PNG or PDF and printing it: asked for on the screen, painted and written away from it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QObject, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QDialog, QFileDialog

from dispatch.clock import WallClock
from dispatch.errors import FileNotWritten
from dispatch.forms.common import EXERCISE, date_time, file_mark, local
from dispatch.records import SyncStatus
from dispatch.whole_file import write_whole
from ui.map.paper import Page, page_of
from ui.map.view import MapView
from ui.theme import PaperTheme
from ui.widgets import times

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

SHARP = 2.0  # text on a PNG is read enlarged
PDF_DPI = 300
MARGIN_MM = 10.0


class PaperMenu(QObject):
    def __init__(self, *, bridge: Any, view: MapView, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._view = bridge, view
        self._theme = PaperTheme()
        self._sync: SyncStatus | None = None
        self._going: set[asyncio.Task[None]] = set()
        bridge.synced.connect(self._take_sync)

    # -- asking -------------------------------------------------------------------------------------

    def ask_where(self) -> None:
        page = self.page()
        dialog = QFileDialog(self._view, self.tr("Save the map"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Picture (*.png)"), self.tr("PDF (*.pdf)")])
        dialog.setDefaultSuffix("png")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("pdf" if "pdf" in chosen else "png")
        )
        dialog.selectFile(self.file_name())
        # The page is what was on the screen when it was asked for, not when a name was found.
        dialog.fileSelected.connect(lambda name: self._start(self.save(page, Path(name))))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_printer(self) -> None:
        # Loaded when somebody prints: the console starts without it, also where the desktop lacks its parts.
        try:
            from PySide6.QtPrintSupport import QPrintDialog, QPrinter
        except ImportError:
            sentence = self.tr("This computer lacks what printing needs. Save the map as PDF instead.")
            self._bridge.said.emit(sentence, True)
            return
        page, printer = self.page(), QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(Path(self.file_name()).stem)
        self._turn(printer, page)
        dialog = QPrintDialog(printer, self._view)
        dialog.accepted.connect(lambda: self._start(self.print(page, printer)))
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)  # its own `open` wants a slot by name

    # -- doing --------------------------------------------------------------------------------------

    def page(self) -> Page:
        """What the map shows now, with everything that has to stand beside it."""
        activation = self._bridge.activation
        return page_of(
            self._view,
            title=self.tr("{} · map of sites").format(activation.name),
            is_exercise=activation.is_exercise,
            times=self._times(),
            theme=self._theme,
        )

    def file_name(self) -> str:
        """map-2017-09-11-1432.png, EXERCISE_ before it in an exercise (S18)."""
        mark = file_mark(self._bridge.activation.is_exercise)
        return f"{mark}map-{local(self._bridge.clock.now(), self._bridge.zone):%Y-%m-%d-%H%M}.png"

    async def save(self, page: Page, path: Path) -> None:
        """PNG or PDF by the name's ending; anything else becomes a PNG."""
        if path.suffix.lower() not in (".png", ".pdf"):
            path = path.with_name(path.name + ".png")
        make = self._pdf if path.suffix.lower() == ".pdf" else self._png
        try:
            await self._away(lambda: write_whole(path, make(page)))
        except FileNotWritten as error:
            self._bridge.said.emit(str(error), True)
            return
        self._bridge.said.emit(self.tr("Map saved as {}").format(path), False)

    async def print(self, page: Page, printer: QPrinter) -> None:
        if await self._away(lambda: self._paint_on(printer, page)):
            self._bridge.said.emit(self.tr("Map sent to the printer."), False)
        else:
            sentence = self.tr(
                "The map was not printed: the printer does not answer. Save it as PDF instead."
            )
            self._bridge.said.emit(sentence, True)

    # -- away from the screen -----------------------------------------------------------------------

    def _png(self, page: Page) -> bytes:
        size = page.size(self._theme) * SHARP
        image = QImage(size.toSize(), QImage.Format.Format_RGB32)
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.scale(SHARP, SHARP)
            page.paint(painter, self._theme)
        content = QByteArray()
        buffer = QBuffer(content)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")
        return bytes(content.data())

    def _pdf(self, page: Page) -> bytes:
        content = QByteArray()
        buffer = QBuffer(content)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setResolution(PDF_DPI)
        writer.setTitle(f"{EXERCISE} {page.title}" if page.is_exercise else page.title)
        self._turn(writer, page)
        self._paint_on(writer, page)
        buffer.close()
        return bytes(content.data())

    def _turn(self, device: Any, page: Page) -> None:
        """Letter, upright or across as the page is."""
        size = page.size(self._theme)
        way = QPageLayout.Orientation.Portrait
        if size.width() > size.height():
            way = QPageLayout.Orientation.Landscape
        margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
        device.setPageLayout(
            QPageLayout(QPageSize(QPageSize.PageSizeId.Letter), way, margins, QPageLayout.Unit.Millimeter)
        )

    def _paint_on(self, device: Any, page: Page) -> bool:
        """The whole page as large as the paper lets it be."""
        painter = QPainter()
        if not painter.begin(device):
            return False
        size = page.size(self._theme)
        paper = QRectF(painter.viewport())
        scale = min(paper.width() / size.width(), paper.height() / size.height())
        painter.translate((paper.width() - size.width() * scale) / 2, 0)
        painter.scale(scale, scale)
        page.paint(painter, self._theme)
        return painter.end()

    # -- inside -------------------------------------------------------------------------------------

    async def _away(self, work: Callable[[], Any]) -> Any:
        """On the lane for what may be slow: a disk on the network, a printer."""
        return await self._bridge.parts.workers.network(work)

    def _start(self, going: Any) -> None:
        task = asyncio.ensure_future(going)
        self._going.add(task)
        task.add_done_callback(self._going.discard)

    def _take_sync(self, status: SyncStatus) -> None:
        self._sync = status

    def _times(self) -> tuple[str, str]:
        bridge = self._bridge
        wall = WallClock().now()
        data = self.tr("Data of {}").format(date_time(bridge.clock.now(), bridge.zone))
        in_step_at = self._sync.in_step_at if self._sync else None
        if in_step_at is None:
            step = self.tr("not in step with the 311 server since this console was started")
        else:
            step = self.tr("last in step with the 311 server {} before").format(
                times.age(round(wall - in_step_at * 1000))
            )
        printed = self.tr("Saved or printed {}").format(date_time(wall, bridge.zone))
        return f"{data} · {step}", printed

"""What was counted, as it lies in a folder of the seat until it is counted again: pages, numbers, rows."""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from PySide6.QtGui import QImage

from dispatch.errors import SnapshotBroken
from dispatch.reports.geopackage_rows import rows_behind
from dispatch.snapshot.frozen import read_summary
from dispatch.snapshot.records import Cell, Number, Snapshot
from dispatch.snapshot_job.orders import CONTENT, PAGES, ROWS, SUMMARY

# Behind a number on the screen; the files have all of them.
MOST_ROWS = 200

# The library that draws pages is no friend of two threads.
_DRAWING = threading.Lock()


@dataclass(frozen=True)
class Look:
    """`snapshot` has no rows; they are read a number at a time."""

    folder: Path
    snapshot: Snapshot
    pages: int

    @property
    def content(self) -> Path:
        return self.folder / CONTENT

    def rows(self, number: Number, columns: tuple[str, ...]) -> list[tuple[Cell, ...]]:
        """Raises SnapshotBroken."""
        return rows_behind(self.folder / ROWS, number, columns, most=MOST_ROWS)

    def page(self, at: int, width: int) -> QImage:
        """Page `at` from 0 as a picture so many pixels wide."""
        import pypdfium2

        with _DRAWING:
            document = pypdfium2.PdfDocument(self.folder / PAGES)
            try:
                page = document[at]
                drawn = page.render(scale=width / page.get_width(), rev_byteorder=True, prefer_bgrx=True)
                image = QImage(
                    bytes(drawn.buffer),
                    drawn.width,
                    drawn.height,
                    drawn.stride,
                    QImage.Format.Format_RGBX8888,
                ).copy()
            finally:
                document.close()
        return image


def open_look(folder: Path) -> Look:
    """Raises SnapshotBroken."""
    import pypdfium2

    try:
        snapshot = read_summary((folder / SUMMARY).read_bytes())
        with _DRAWING:
            document = pypdfium2.PdfDocument(folder / PAGES)
            pages = len(document)
            document.close()
    except (OSError, pypdfium2.PdfiumError) as error:
        raise SnapshotBroken("What was counted has gone from the disk: count it again.") from error
    return Look(folder, snapshot, pages)


class Folders:
    """Addresses lie in them: what another count, or another start, has left goes away."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def new(self) -> Path:
        return self._root / uuid4().hex

    def keep_only(self, *kept: Path | None) -> None:
        if self._root.is_dir():
            for each in self._root.iterdir():
                if each not in kept:
                    shutil.rmtree(each, ignore_errors=True)

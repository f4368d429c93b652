"""The snapshot as letter pages: two of summary first, then how each number is counted and the data. The same
snapshot gives the same bytes."""

from __future__ import annotations

from pathlib import Path

from dispatch.reports import paper, snapshot_head, snapshot_second_page
from dispatch.reports.paper import HAIRLINE, LINE, REGULAR, STRONG, Sheet, fitted, text_width
from dispatch.reports.snapshot_definitions import DataPages
from dispatch.reports.snapshot_pages import FOOT, SMALL, FirstPage
from dispatch.snapshot.records import NOT_ASSESSED, Snapshot
from dispatch.whole_file import write_whole

FEMA_DECIDES = "Eligibility is FEMA's decision."
SHORT_HEAD, TINY = 22.0, 7.5


def write(snapshot: Snapshot, path: Path) -> None:
    """Whole or not at all; raises FileNotWritten."""
    write_whole(path, content(snapshot))


def content(snapshot: Snapshot) -> bytes:
    with paper.drawing:
        return _Pages(snapshot).draw()


class _Pages:
    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.sheet = Sheet(snapshot_head.title(snapshot), is_exercise=snapshot.head.is_exercise)
        self.sheet.tell_readers(f"{NOT_ASSESSED} {FEMA_DECIDES} Version {snapshot.version[:80]}")

    def draw(self) -> bytes:
        data = DataPages(self.snapshot, self.sheet)
        top = self.sheet.top + SHORT_HEAD
        following = data.paged(self.sheet.bottom - FOOT - top)
        pages = 2 + len(following)
        FirstPage(self.snapshot, self.sheet).draw()
        self._foot(1, pages)
        self._short_head()
        snapshot_second_page.draw(self.snapshot, self.sheet, top)
        self._foot(2, pages)
        for number, columns in enumerate(following, start=3):
            self._short_head()
            data.draw(columns, top)
            self._foot(number, pages)
        return self.sheet.finish()

    def _short_head(self) -> None:
        sheet, head = self.sheet, self.snapshot.head
        period = snapshot_head.period(head)
        right = text_width(period, REGULAR, SMALL)
        words = fitted(
            f"{snapshot_head.title(self.snapshot)} · {head.city}", STRONG, SMALL, self.width - right - 16
        )[0]
        sheet.text(sheet.left, sheet.top + 9, words, STRONG, SMALL)
        sheet.grey_text(sheet.right - right, sheet.top + 9, period, REGULAR, SMALL)
        sheet.rule(sheet.left, sheet.top + 14, sheet.right, LINE)

    def _foot(self, number: int, pages: int) -> None:
        sheet, baseline = self.sheet, self.sheet.bottom - 2
        sheet.rule(sheet.left, baseline - 11, sheet.right, HAIRLINE)
        after = "Definitions on page 3 · " if number < 3 else ""
        words = f"{after}{NOT_ASSESSED} {FEMA_DECIDES} Version {self.snapshot.version}"
        sheet.grey_text(sheet.left, baseline, fitted(words, REGULAR, TINY, self.width - 60)[0], size=TINY)
        count = f"{number} of {pages}"
        sheet.grey_text(sheet.right - text_width(count, REGULAR, TINY), baseline, count, size=TINY)
        sheet.end_page()

    @property
    def width(self) -> float:
        return self.sheet.right - self.sheet.left

"""The snapshot as letter pages: two of summary first, then how each number is counted and the data. The same
snapshot gives the same bytes."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from dispatch.reports import paper, snapshot_head, snapshot_second_page
from dispatch.reports.paper import HAIRLINE, LINE, REGULAR, STRONG, Sheet, fitted, text_width
from dispatch.reports.snapshot_definitions import DataPages
from dispatch.reports.snapshot_facts import edition, signed
from dispatch.reports.snapshot_pages import FOOT, SMALL, FirstPage
from dispatch.reports.tagged import PAGE_FOOT, PAGE_HEAD
from dispatch.snapshot.records import NOT_ASSESSED, Snapshot
from dispatch.whole_file import write_whole

FEMA_DECIDES = "Eligibility is FEMA's decision."
SHORT_HEAD, TINY = 22.0, 7.5
MOST_DIGEST = 24


def write(snapshot: Snapshot, path: Path) -> None:
    """Whole or not at all; raises FileNotWritten."""
    write_whole(path, content(snapshot))


def content(snapshot: Snapshot) -> bytes:
    with paper.drawing:
        return _Pages(snapshot).draw()


class _Pages:
    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.sheet = Sheet(
            snapshot_head.title(snapshot),
            is_exercise=snapshot.head.is_exercise,
            subject=f"{NOT_ASSESSED} {FEMA_DECIDES} {edition(snapshot)}, digest {snapshot.version[:80]}",
        )

    def draw(self) -> bytes:
        data = DataPages(self.snapshot, self.sheet)
        top = self.sheet.top + SHORT_HEAD
        following = data.paged(self.sheet.bottom - FOOT - top)
        pages = 2 + len(following)
        FirstPage(self.snapshot, self.sheet, data.opened(following, 3)).draw()
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
        named = f"{snapshot_head.title(self.snapshot)} · {head.city}"
        words = fitted(named, STRONG, SMALL, self.width - right - 16)[0]
        with sheet.passed_over(PAGE_HEAD):
            sheet.text(sheet.left, sheet.top + 9, words, STRONG, SMALL)
            sheet.grey_text(sheet.right - right, sheet.top + 9, period, REGULAR, SMALL)
            sheet.rule(sheet.left, sheet.top + 14, sheet.right, LINE)

    def _foot(self, number: int, pages: int) -> None:
        """Who stands for it on every page: one may lie alone. It is read aloud once, after the first."""
        sheet, baseline = self.sheet, self.sheet.bottom - 2
        after = "Definitions on page 3 · " if number < 3 else ""
        with nullcontext() if number == 1 else sheet.passed_over(PAGE_FOOT):
            sheet.rule(sheet.left, baseline - 20, sheet.right, HAIRLINE)
            self._ends(baseline - 9.5, signed(self.snapshot), f"Digest {self.snapshot.version[:MOST_DIGEST]}")
            self._ends(baseline, f"{after}{NOT_ASSESSED} {FEMA_DECIDES}", f"{number} of {pages}")
        sheet.end_page()

    def _ends(self, baseline: float, words: str, right: str) -> None:
        wide = text_width(right, REGULAR, TINY)
        shown = fitted(words, REGULAR, TINY, self.width - wide - 16)[0]
        for x, said in ((self.sheet.left, shown), (self.sheet.right - wide, right)):
            with self.sheet.tag("P"):
                self.sheet.grey_text(x, baseline, said, size=TINY)

    @property
    def width(self) -> float:
        return self.sheet.right - self.sheet.left

"""The first page of a snapshot: what a county officer asks first. Lists that are longer than their room are
cut and say so; it never becomes two."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass

from dispatch.reports import snapshot_figures, snapshot_grid, snapshot_head
from dispatch.reports.paper import BOLD, FRAME, HAIRLINE, REGULAR, STRONG, Sheet, fitted, text_width, wrap
from dispatch.reports.snapshot_facts import edition
from dispatch.reports.snapshot_grid import TITLE_HIGH, Grid, Laid
from dispatch.snapshot.quiet import NOT_LOW_DAMAGE
from dispatch.snapshot.records import Number, Snapshot, Table
from dispatch.snapshot.rows import YES

SMALL, LEADING = 8.5, 11.5
GAP, GUTTER, FOOT = 12.0, 24.0, 33.0
LARGE, LARGE_MOST = 22.0, 5
CHART_LEAST, CHART_MOST, MAP_LEAST = 62.0, 130.0, 130.0
SHADE = 0.94
WHAT, LEADS, TOLD = "families", "pa_lines", "told_by"
QUIET = ("quiet", "quiet_areas")
UNHEARD = "A low count does not mean low damage: some areas are not heard."


@dataclass(frozen=True, slots=True)
class Fit:
    """How much page one shows of each."""

    what: int
    leads: int
    now: int
    remarks: int


FITS = (Fit(10, 8, 5, 5), Fit(9, 7, 4, 4), Fit(8, 7, 3, 3), Fit(6, 5, 3, 2), Fit(3, 3, 2, 1))


class FirstPage:
    """`opened` says on which page each table of data begins."""

    def __init__(self, snapshot: Snapshot, sheet: Sheet, opened: Mapping[str, int]) -> None:
        self.snapshot, self.sheet, self.opened = snapshot, sheet, opened
        self.left, self.width = sheet.left, sheet.right - sheet.left
        self.half = (self.width - GUTTER) / 2
        self.tables = {table.key: table for table in snapshot.tables}

    def draw(self) -> None:
        y = self._head(self.sheet.top)
        fit = next((fit for fit in FITS if self._least(fit) <= self._room(y)), FITS[-1])
        spare = max(0.0, self._room(y) - self._least(fit))
        y = self._now(y, fit.now)
        y = self._large(y)
        y = self._what_and_where(y, fit, min(spare * 0.5, 60.0))
        y = self._when(y, min(CHART_MOST, CHART_LEAST + spare * 0.5))
        y = self._leads(y, fit)
        self._remarks(y, fit.remarks)

    def _room(self, y: float) -> float:
        return self.sheet.bottom - FOOT - y

    def _least(self, fit: Fit) -> float:
        parts = (
            self._now_high(fit.now),
            self._large_high(),
            max(MAP_LEAST, self._laid(WHAT, self.half).height(fit.what)),
            TITLE_HIGH + CHART_LEAST,
            max(self._laid(LEADS, self._leads_wide).height(fit.leads), self._told.height(fit.leads)),
            self._remarks_high(fit.remarks),
        )
        return sum(parts) + len(parts) * GAP

    def _head(self, y: float) -> float:
        city = snapshot_head.place(self.snapshot.head)
        version = fitted(edition(self.snapshot), REGULAR, SMALL, self.width * 0.56)[0]
        with self.sheet.tag("P"):
            words = fitted(city, REGULAR, SMALL, self.width * 0.42)[0]
            self.sheet.grey_text(self.left, y + 9, words, size=SMALL)
        with self.sheet.tag("P"):
            self._grey_right(self.sheet.right, y + 9, version)
        y += 14
        with self.sheet.tag("H1"):
            for line in fitted(snapshot_head.title(self.snapshot), BOLD, 17, self.width, 2):
                y += 20
                self.sheet.text(self.left, y, line, BOLD, 17)
        y += 4
        for words in snapshot_head.said(self.snapshot):
            with self.sheet.tag("P"):
                for line in fitted(words, REGULAR, SMALL, self.width, 2):
                    y += LEADING
                    self.sheet.grey_text(self.left, y, line, REGULAR, SMALL)
        return y + GAP

    def _now_lines(self, most: int) -> list[str]:
        now = [
            f"{each.label} {each.value:,}{f' ({each.note})' if each.note else ''}"
            for each in self.snapshot.now
        ]
        return (
            fitted(f"Now. {snapshot_grid.capital(' · '.join(now))}", REGULAR, SMALL, self.width - 20, most)
            if now
            else []
        )

    def _now_high(self, most: int) -> float:
        lines = self._now_lines(most)
        return len(lines) * (LEADING + 1) + 12 if lines else -GAP

    def _now(self, y: float, most: int) -> float:
        lines = self._now_lines(most)
        if not lines:
            return y
        high = self._now_high(most)
        self.sheet.grey(self.left, y, self.width, high, SHADE)
        with self.sheet.tag("P"):
            for n, line in enumerate(lines):
                self.sheet.text(self.left + 10, y + 14.5 + n * (LEADING + 1), line, REGULAR, SMALL)
        # Over itself: the heavier word stands where the lighter one did.
        with self.sheet.passed_over():
            self.sheet.text(self.left + 10, y + 14.5, "Now.", STRONG, SMALL)
        return y + high + GAP

    def _large_lines(self, number: Number) -> list[str]:
        room = self.width / LARGE_MOST - 12
        lines = fitted(number.label, REGULAR, SMALL, room, 3)
        return [*lines, *(fitted(number.note, REGULAR, SMALL, room, 3) if number.note else [])]

    def _large_high(self) -> float:
        shown = self.snapshot.numbers[:LARGE_MOST]
        return 36.0 + LEADING * max((len(self._large_lines(each)) for each in shown), default=1)

    def _large(self, y: float) -> float:
        self.sheet.rule(self.left, y, self.sheet.right, FRAME)
        step = self.width / LARGE_MOST
        shown = self.snapshot.numbers[:LARGE_MOST]
        with self.sheet.tag("L") if shown else nullcontext():
            for at, number in enumerate(shown):
                with self.sheet.tag("LI"), self.sheet.tag("LBody"):
                    self._large_number(number, self.left + at * step, y)
        high = self._large_high()
        self.sheet.rule(self.left, y + high, self.sheet.right, HAIRLINE)
        return y + high + GAP

    def _large_number(self, number: Number, x: float, y: float) -> None:
        self.sheet.text(x, y + 27, f"{number.value:,}", BOLD, LARGE)
        for n, line in enumerate(self._large_lines(number)):
            self.sheet.grey_text(x, y + 40 + n * LEADING, line, REGULAR, SMALL)

    def _what_and_where(self, y: float, fit: Fit, more: float) -> float:
        laid = self._laid(WHAT, self.half)
        end = laid.draw(self.sheet, self.left, y, fit.what)
        right = self.left + self.half + GUTTER
        high = max(MAP_LEAST, laid.height(fit.what)) + more
        self._titled("Where", right, y, self.opened.get("areas"))
        box = (right, y + TITLE_HIGH, self.half, high - TITLE_HIGH)
        snapshot_figures.draw_map(
            self.sheet,
            self.snapshot.sites,
            self.snapshot.head.city,
            box,
            self.tables.get("areas"),
            self.opened.get("areas"),
        )
        return max(end, y + high) + GAP

    def _when(self, y: float, high: float) -> float:
        quiet = next((self.tables[key] for key in QUIET if key in self.tables), None)
        chart = snapshot_figures.chosen(self.tables.get("hours"), self.tables.get("days"))
        page = self.opened.get(chart.key)
        self._titled("When", self.left, y, page)
        box = (self.left, y + TITLE_HIGH, self.half, high)
        snapshot_figures.draw_bars(self.sheet, chart, box, page)
        right = self.left + self.half + GUTTER
        most = max(1, int((high - 12) // snapshot_grid.ROW) - 1)
        if quiet is not None:
            self._quiet(quiet, right, y, high)
        else:
            spreads = snapshot_grid.of_spreads("How long it took", self.snapshot.spreads)
            end = Laid(spreads, self.half, 2).draw(self.sheet, right, y, most)
            room = int((y + TITLE_HIGH + high - end - 6) // LEADING)
            self._below(UNHEARD, right, end, min(3, room))
        return y + TITLE_HIGH + high + GAP

    def _titled(self, words: str, x: float, y: float, page: int | None) -> None:
        """Over a figure; on that page begins the table of what it shows."""
        with self.sheet.tag("H2"):
            self.sheet.text(x, y + 11, words, STRONG, snapshot_grid.TITLE)
        if page is not None:
            with self.sheet.tag("P"):
                self._grey_right(x + self.half, y + 11, f"Table on page {page}")

    def _quiet(self, table: Table, x: float, y: float, high: float) -> None:
        """Each with what was expected of it, only their names where that is too long; then the sentence that
        must stand beside them."""
        with self.sheet.tag("H2"):
            self.sheet.text(x, y + 11, table.title, STRONG, snapshot_grid.TITLE)
        said = [
            f"{line.label}; {', '.join(f'{each.value:,} {each.label}' for each in line.numbers)}."
            for line in table.lines
        ]
        at = self.snapshot.areas.position["judged_as"]
        quiet = self.snapshot.areas.matching((("quiet", (YES,)),))
        names = ", ".join(dict.fromkeys(str(row[at]) for row in quiet))
        most = max(1, int(high // LEADING) - 1)
        words = " ".join(said) or "None in this period."
        if len(wrap(words, REGULAR, SMALL, self.half)) > most:
            words = f"{names}: well under what was to be expected."
        lines = fitted(words, REGULAR, SMALL, self.half, most)
        with self.sheet.tag("P"):
            for n, line in enumerate(lines):
                self.sheet.text(x, y + TITLE_HIGH + 8 + n * LEADING, line, REGULAR, SMALL)
        unheard = NOT_LOW_DAMAGE if said else UNHEARD
        left = max(1, int((high - TITLE_HIGH + 6) // LEADING) - len(lines))
        self._below(unheard, x, y + TITLE_HIGH - 6 + len(lines) * LEADING, min(left, 3))

    def _below(self, words: str, x: float, y: float, most: int) -> None:
        if most > 0:
            with self.sheet.tag("P"):
                for n, line in enumerate(fitted(words, REGULAR, SMALL, self.half, most)):
                    self.sheet.grey_text(x, y + 14 + n * LEADING, line, REGULAR, SMALL)

    @property
    def _leads_wide(self) -> float:
        return self.width * 0.62

    @property
    def _told(self) -> Laid:
        return self._laid(TOLD, self.width - self._leads_wide - GUTTER, 2)

    def _leads(self, y: float, fit: Fit) -> float:
        leads, told = self._laid(LEADS, self._leads_wide), self._told
        end = leads.draw(self.sheet, self.left, y, fit.leads) if LEADS in self.tables else y
        x = self.left + self._leads_wide + GUTTER if LEADS in self.tables else self.left
        if TOLD in self.tables:
            end = max(end, told.draw(self.sheet, x, y, fit.leads))
        return end + GAP

    def _remark_lines(self, most: int) -> list[str]:
        return fitted(" ".join(self.snapshot.remarks), REGULAR, SMALL, self.width - 12, most)

    def _remarks_high(self, most: int) -> float:
        return len(self._remark_lines(most)) * LEADING + 4 if self.snapshot.remarks else 0.0

    def _remarks(self, y: float, most: int) -> None:
        high = self._remarks_high(most)
        if high:
            self.sheet.grey(self.left, y, 2.5, high, 0.35)
            with self.sheet.tag("P"):
                for n, line in enumerate(self._remark_lines(most)):
                    self.sheet.text(self.left + 10, y + 9.5 + n * LEADING, line, REGULAR, SMALL)

    def _laid(self, key: str, width: float, label_lines: int = 1) -> Laid:
        table = self.tables.get(key)
        grid = snapshot_grid.of_table(table) if table else Grid("How many, how severe", ("What",), ())
        if key == LEADS and table:
            grid = Grid(
                "Leads for the county's impact list, by Public Assistance line", grid.headings, grid.rows, key
            )
        return Laid(grid, width, label_lines)

    def _grey_right(self, right: float, baseline: float, words: str) -> None:
        width = text_width(words, REGULAR, SMALL)
        self.sheet.grey_text(right - width, baseline, words, REGULAR, SMALL)

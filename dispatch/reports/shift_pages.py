"""The hand-over pack drawn: two pages, whatever there is. Lists are cut by priority and say so; no P1 is left
out: where their rows do not fit, each still stands there by its number and area."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from dispatch.forms.shift import NAME, PageLine, PageSection, ShiftPage
from dispatch.records import Section
from dispatch.reports import paper
from dispatch.reports.paper import BOLD, FRAME, HAIRLINE, REGULAR, STRONG, Sheet, shortened, wrap
from dispatch.reports.walk_list_pages import SHAPES

PAGES = 2
SMALL, LEADING, PAD = 7.5, 9.0, 3.0
HEAD, FOOT, BAR = 56.0, 16.0, 15.0
# Wider than any row has room for: more is not even wrapped.
MOST_SIGNS = 200
# (share of the width) number, what and where, who has it, what comes next.
COLUMNS = (78.0, 200.0, 116.0, 146.0)
# Between two columns; the sign that something was left out stands in it.
GUTTER = 13.0
# How many rows a list gets: tried from the left until all fits.
STEPS = (200, 60, 40, 30, 24, 18, 14, 11, 9, 7, 5, 4, 3, 2)
# More than 80 no two pages hold.
P1_ROWS = (80, 40, 30, 24, 18, 12, 8, 4, 0)
# What is left at least of each, however many P1 there are.
FLOORS: Mapping[Section, int] = {
    Section.UNANSWERED: 4,
    Section.PROMISES: 4,
    Section.FAULTS: 5,
    Section.ROOM: 5,
}
NUMBERS_PT = (7.0, 6.0, 5.0)
OBJECTIVES, REMARKS, WEATHER = 4, 6, 6


@dataclass(frozen=True, slots=True)
class Atom:
    """What is not parted: `draw` is given its top. `holds` does not stand last on a page."""

    height: float
    draw: Callable[[float], None]
    holds: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """How much of the lists is drawn: rows a list, rows of P1, the size of the numbers of the other P1, and
    whether these stand there with their `areas`, as `numbers` alone, or `cut`."""

    rows: int
    p1_rows: int
    numbers_pt: float = NUMBERS_PT[0]
    numbers: str = "areas"


class ShiftPages:
    def __init__(self, page: ShiftPage) -> None:
        self.page = page
        self.sheet = Sheet(f"{page.title} {NAME}", is_exercise=page.is_exercise)
        self.left, self.width = self.sheet.left, self.sheet.right - self.sheet.left
        self.room = self.sheet.bottom - self.sheet.top - FOOT
        # Breaking lines is most of the work, and each try of what fits asks for the same rows again.
        self._rows: dict[tuple[int, int], Atom] = {}
        self._number_lines = 0
        self._broken: dict[tuple[int, Fit], list[str]] = {}

    def draw(self) -> bytes:
        pages = self._best()
        for number, atoms in enumerate(pages, start=1):
            y = self._head(number) if number == 1 else self._short_head()
            for atom in atoms:
                atom.draw(y)
                y += atom.height
            self._foot(number, len(pages))
        return self.sheet.finish()

    # -- what fits ----------------------------------------------------------------------------------

    def _best(self) -> list[list[Atom]]:
        """As much as two pages hold: as many rows of P1 as go with the shortest other lists, then the longest
        other lists that go with those."""
        shortest = next((fit for fit in _shortest() if self._fits(fit)), None)
        if shortest is None:
            return self._paged(list(self._atoms(self._last_resort())))[:PAGES]
        longer = [replace(shortest, rows=rows) for rows in STEPS] if shortest.rows else [shortest]
        # The steps go down: of those that fit the first one is wanted.
        at = bisect_left(longer, True, key=self._fits)
        return self._paged(list(self._atoms(longer[min(at, len(longer) - 1)])))

    def _last_resort(self) -> Fit:
        """Thousands of P1: their numbers as far as two pages go, and how many have none there."""
        bare = sum(atom.height for atom in self._atoms(Fit(0, 0, NUMBERS_PT[-1], "none")))
        left = PAGES * self.room - HEAD - BAR - bare - 3 * BAR
        self._number_lines = max(1, int(left // (NUMBERS_PT[-1] * 1.18)))
        return Fit(0, 0, NUMBERS_PT[-1], "cut")

    def _fits(self, fit: Fit) -> bool:
        return len(self._paged(list(self._atoms(fit)))) <= PAGES

    def _paged(self, atoms: list[Atom]) -> list[list[Atom]]:
        pages: list[list[Atom]] = [[]]
        left = self.room - HEAD
        for at, atom in enumerate(atoms):
            after = atoms[at + 1].height if atom.holds and at + 1 < len(atoms) else 0.0
            if atom.height + after > left and pages[-1]:
                pages.append([])
                left = self.room - BAR
            pages[-1].append(atom)
            left -= atom.height
        return pages

    def _atoms(self, fit: Fit) -> Iterator[Atom]:
        page = self.page
        yield self._signatures()
        yield from self._text("Weather", "\n".join(page.weather), WEATHER)
        yield self._totals()
        yield from self._text("", page.moves, 4)
        yield from self._text("Objectives of the next shift", page.objectives, OBJECTIVES)
        yield from self._text("Remarks", page.remarks, REMARKS)
        for section in page.sections:
            yield from self._section(section, fit)

    # -- the lists ----------------------------------------------------------------------------------

    def _section(self, section: PageSection, fit: Fit) -> Iterator[Atom]:
        is_first = section.section == Section.P1
        most = fit.p1_rows if is_first else max(fit.rows, FLOORS.get(section.section, 0)) if fit.rows else 0
        shown, rest = section.lines[:most], section.lines[most:]
        yield self._bar(section)
        if not section.lines:
            yield from self._sentence("None.", REGULAR, 1)
        for line in shown:
            yield self._known(line, 3 if is_first else 2, self._row if section.is_of_sites else self._said)
        left = section.count - len(shown)
        if is_first and rest:
            yield from self._numbers(rest, fit)
        elif left:
            yield from self._sentence(f"and {left} more, in the same order on the screen", STRONG, 1)

    def _numbers(self, lines: tuple[PageLine, ...], fit: Fit) -> Iterator[Atom]:
        """All P1 that have no row: none is left out, however small the letters have to be."""
        size, leading = fit.numbers_pt, fit.numbers_pt * 1.18
        named = [f"{_cut(each.number, 40)} {_cut(each.where, 40)}" for each in lines]
        parted = "; ".join(named) if fit.numbers == "areas" else " ".join(_cut(e.number, 40) for e in lines)
        words = f"And {len(lines)} more P1: {parted}"
        wrapped = wrap(words, REGULAR, size, self.width - 2 * PAD)
        if fit.numbers == "none":
            return
        if fit.numbers == "cut":
            wrapped = wrapped[: self._number_lines]
        for line in wrapped:
            yield Atom(leading, self._line_at(size, line))
        yield Atom(2.0, lambda _y: None)
        if fit.numbers == "cut":
            named_here = sum(line.count("#") for line in wrapped)
            yield from self._sentence(
                f"{len(lines) - named_here} more P1 have no room on two pages: the Queue has them", STRONG, 1
            )

    def _row(self, line: PageLine, most: int) -> Atom:
        cells = self._cells(line, most)
        remark = f"Remark: {_cut(line.remark)}" if line.remark else ""
        below = shortened(wrap(remark, STRONG, SMALL, self.width - COLUMNS[0] - PAD), 2) if remark else []
        height = LEADING * (max(map(len, cells)) + len(below)) + 4

        def draw(y: float) -> None:
            x = self.left + PAD
            for cell, width in zip(cells, COLUMNS, strict=True):
                for at, (text, font) in enumerate(cell):
                    self.sheet.text(x, y + 8 + at * LEADING, text, font, SMALL)
                x += width
            top = y + 8 + max(map(len, cells)) * LEADING
            for at, text in enumerate(below):
                self.sheet.text(self.left + PAD + COLUMNS[0], top + at * LEADING, text, STRONG, SMALL)
            self.sheet.rule(self.left, y + height, self.left + self.width, HAIRLINE)

        return Atom(height, draw)

    def _cells(self, line: PageLine, most: int) -> list[list[tuple[str, str]]]:
        shape = f"{SHAPES.get(line.band, '')} {line.band}".strip()
        number = _wrapped(f"{shape} {line.number}".strip(), BOLD, COLUMNS[0], most)
        what = _wrapped(line.what, STRONG, COLUMNS[1], most - 1)
        where = _wrapped(line.where, REGULAR, COLUMNS[1], most - len(what))
        return [
            number,
            what + where,
            _wrapped(line.who, REGULAR, COLUMNS[2], most),
            _wrapped(line.next, REGULAR, COLUMNS[3], most),
        ]

    def _known(self, line: PageLine, most: int, make: Callable[[PageLine, int], Atom]) -> Atom:
        key = id(line), most
        if key not in self._rows:
            self._rows[key] = make(line, most)
        return self._rows[key]

    def _said(self, line: PageLine, most: int) -> Atom:
        said = f"{line.what} Remark: {line.remark}" if line.remark else line.what
        return self._lines(shortened(wrap(_cut(said), REGULAR, SMALL, self.width - 2 * PAD), most), REGULAR)

    def _bar(self, section: PageSection) -> Atom:
        words = f"{SHAPES.get(section.title[:2], '')} {section.title}".strip()

        def draw(y: float) -> None:
            self.sheet.text(self.left + PAD, y + 11, paper.printable(words), BOLD, 8.5)
            self.sheet.right_text(self.left + self.width - PAD, y + 11, str(section.count), BOLD, 8.5)
            self.sheet.rule(self.left, y + BAR - 0.5, self.left + self.width)

        return Atom(BAR, draw, holds=True)

    # -- the head -----------------------------------------------------------------------------------

    def _text(self, label: str, words: str, most: int) -> Iterator[Atom]:
        """Words of people under their label; what does not fit is whole on the screen."""
        if not words:
            return
        lines = wrap(words[: MOST_SIGNS * most], REGULAR, SMALL + 0.5, self.width - 2 * PAD)
        said = shortened(lines, most)
        if label:
            yield Atom(11, lambda y: self._put(y + 9, label, STRONG, SMALL), holds=True)
        yield self._lines(said, REGULAR, SMALL + 0.5)

    def _sentence(self, words: str, font: str, most: int) -> Iterator[Atom]:
        yield self._lines(shortened(wrap(words, font, SMALL, self.width - 2 * PAD), most), font)

    def _lines(self, lines: list[str], font: str, size: float = SMALL) -> Atom:
        leading = size * 1.22

        def draw(y: float) -> None:
            for at, text in enumerate(lines):
                self._put(y + size + 1 + at * leading, text, font, size)

        return Atom(leading * len(lines) + 3, draw)

    def _line_at(self, size: float, line: str) -> Callable[[float], None]:
        return lambda y: self._put(y + size, line, REGULAR, size)

    def _put(self, baseline: float, text: str, font: str, size: float) -> None:
        self.sheet.text(self.left + PAD, baseline, text, font, size)

    def _signatures(self) -> Atom:
        page, half = self.page, self.width / 2

        def draw(y: float) -> None:
            for at, (label, words) in enumerate(
                (("Handed over by (name, position, time)", page.outgoing), ("Taken by", page.incoming))
            ):
                x = self.left + at * half
                self.sheet.box(x, y, half, 28)
                self.sheet.text(x + PAD + 1, y + 9, label, STRONG, 7)
                for line in shortened(wrap(_cut(words), REGULAR, 8.5, half - 2 * PAD - 2), 1):
                    self.sheet.text(x + PAD + 1, y + 22, line, REGULAR, 8.5)

        return Atom(33, draw)

    def _totals(self) -> Atom:
        """A small table: one row of then, one of now, one of the change."""
        page, first, step = self.page, 118.0, (self.width - 118.0) / len(self.page.heads)
        high = 12.0

        def draw(y: float) -> None:
            for at, head in enumerate(page.heads):
                self.sheet.right_text(self.left + first + (at + 1) * step - 6, y + 9, head, STRONG, 7)
            for row, (label, numbers) in enumerate(page.rows, start=1):
                font = STRONG if row == 2 else REGULAR
                line = shortened(wrap(label, font, 8, first - 6), 1)[0]
                self._put(y + 9 + row * high, line, font, 8)
                for at, number in enumerate(numbers):
                    right = self.left + first + (at + 1) * step - 6
                    self.sheet.right_text(right, y + 9 + row * high, number, font, 8.5)
                self.sheet.rule(self.left, y + row * high, self.left + self.width, HAIRLINE)

        return Atom(high * (len(page.rows) + 1) + 4, draw)

    def _head(self, number: int) -> float:
        sheet, page = self.sheet, self.page
        sheet.text(self.left, sheet.top + 15, paper.printable(page.title), BOLD, 14)
        sheet.right_text(sheet.right, sheet.top + 15, page.state, BOLD, 10)
        incident = shortened(wrap(_cut(page.incident), STRONG, 9.5, self.width - 10), 1)[0]
        sheet.text(self.left, sheet.top + 29, incident, STRONG, 9.5)
        sheet.text(self.left, sheet.top + 42, paper.printable(page.edition), REGULAR, 8.5)
        sheet.rule(self.left, sheet.top + 48, sheet.right, FRAME)
        return sheet.top + HEAD

    def _short_head(self) -> float:
        sheet, page = self.sheet, self.page
        incident = shortened(wrap(_cut(page.incident), STRONG, 8.5, self.width / 2), 1)[0]
        sheet.text(self.left, sheet.top + 9, incident, STRONG, 8.5)
        sheet.right_text(sheet.right, sheet.top + 9, f"{page.state} · {NAME}", STRONG, 8.5)
        sheet.rule(self.left, sheet.top + 13, sheet.right, FRAME)
        return sheet.top + BAR

    def _foot(self, number: int, pages: int) -> None:
        sheet, y = self.sheet, self.sheet.bottom
        sheet.rule(self.left, y - 12, sheet.right, HAIRLINE)
        sheet.text(
            self.left,
            y - 2,
            shortened(wrap(self.page.proof, REGULAR, 6.5, self.width - 70), 1)[0],
            REGULAR,
            6.5,
        )
        sheet.right_text(sheet.right, y - 2, f"Page {number} of {pages}", REGULAR, 8)
        sheet.end_page()


def _shortest() -> Iterator[Fit]:
    """With the other lists as short as may be: all rows of P1, fewer, none and only their numbers."""
    yield from (Fit(STEPS[-1], p1_rows) for p1_rows in P1_ROWS)
    yield from (Fit(STEPS[-1], 0, size, "numbers") for size in NUMBERS_PT)
    yield Fit(0, 0, NUMBERS_PT[-1], "numbers")


def _wrapped(words: str, font: str, width: float, most: int) -> list[tuple[str, str]]:
    if not words or most <= 0:
        return []
    lines = shortened(wrap(_cut(words), font, SMALL, width - GUTTER), most)
    return [(line, font) for line in lines]


def _cut(words: str, most: int = MOST_SIGNS) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"

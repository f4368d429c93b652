"""The neighborhood sheet drawn: one letter page, a column for each area, in type large enough for a wall."""

from __future__ import annotations

from dispatch.forms.neighborhood_sheet import NAME, NeighborhoodSheet, Part, Row
from dispatch.reports import paper
from dispatch.reports.paper import BOLD, FRAME, HAIRLINE, REGULAR, STRONG, Sheet, shortened, wrap

LABELS = 122.0  # the width of the row labels
PAD = 6.0
TITLE, HEAD, BODY, SMALL = 19.0, 11.5, 10.0, 8.5
LEADING, SMALL_LEADING = 12.6, 10.8
ROW_PAD, PART_GAP, BAR = 5.0, 7.0, 15.0
# Names and kinds are as long as a layer or a city makes them: so many lines they may take.
MOST_HEAD, MOST_BESIDE, MOST_NOTE, MOST_WAY = 3, 4, 2, 2
# A kind may take the more where all of them together stay within so many lines.
MORE_KIND, LESS_KIND, MOST_LINES = 4, 2, 11
PEN_LINE = 20.0
ELLIPSIS = 12.0  # room for the mark of what was left out


class NeighborhoodPages:
    def __init__(self, page: NeighborhoodSheet) -> None:
        self.page = page
        self.sheet = Sheet(f"{page.title} {NAME}", is_exercise=page.is_exercise)
        self.left, self.right = self.sheet.left, self.sheet.right
        self.column = (self.right - self.left - LABELS) / max(1, len(page.heads))

    def draw(self) -> bytes:
        y = self._title()
        y = self._heads(y)
        for part in self.page.parts:
            y = self._part(y, part)
        y = self._words(y + 4, self.page.beside, MOST_BESIDE)
        self._how(y + PART_GAP)
        self.sheet.end_page()
        return self.sheet.finish()

    def _title(self) -> float:
        sheet, page = self.sheet, self.page
        width = self.right - self.left - 2 * ELLIPSIS
        y = sheet.top + 4
        for line in shortened(wrap(page.title, BOLD, TITLE, width), 2):
            y += TITLE
            sheet.text(self.left, y, line, BOLD, TITLE)
        y += 3
        for words, font in ((page.incident, STRONG), (page.period, REGULAR), (page.made_at, REGULAR)):
            y += LEADING + 1
            sheet.text(self.left, y, shortened(wrap(words, font, BODY, width), 1)[0], font, BODY)
        return y + 10

    def _heads(self, y: float) -> float:
        """The name and residents of each area; the one that the sheet is about stands first and heavier."""
        lines = [
            shortened(wrap(head.label, BOLD, HEAD, self.column - PAD - ELLIPSIS), MOST_HEAD)
            for head in self.page.heads
        ]
        height = max(map(len, lines)) * (HEAD + 2.5) + SMALL_LEADING + 8
        self.sheet.rule(self.left, y, self.right, FRAME)
        for at, (head, names) in enumerate(zip(self.page.heads, lines, strict=True)):
            x = self._x(at)
            for n, line in enumerate(names, start=1):
                self.sheet.text(x, y + n * (HEAD + 2.5), line, BOLD if at == 0 else STRONG, HEAD)
            under = y + len(names) * (HEAD + 2.5) + SMALL_LEADING
            self.sheet.text(x, under, head.cells[0], REGULAR, SMALL)
        return y + height

    def _part(self, y: float, part: Part) -> float:
        self.sheet.black(self.left, y, self.right - self.left, BAR)
        self.sheet.white_text(self.left + PAD, y + 11.2, part.title, BOLD, BODY)
        y += BAR
        for row in part.rows:
            y = self._row(y, row)
        return (self._words(y + 1, part.note, MOST_NOTE) if part.note else y) + PART_GAP

    def _row(self, y: float, row: Row) -> float:
        labels = wrap(row.label, STRONG, BODY, LABELS - 2 * PAD)
        cells = [self._lines(cell, BOLD if at == 0 else REGULAR) for at, cell in enumerate(row.cells)]
        height = max(len(labels), *map(len, cells)) * LEADING + ROW_PAD
        for n, line in enumerate(labels):
            self.sheet.text(self.left + PAD, y + 12 + n * LEADING, line, STRONG, BODY)
        for at, lines in enumerate(cells):
            for n, line in enumerate(lines):
                self.sheet.text(self._x(at), y + 12 + n * LEADING, line, BOLD if at == 0 else REGULAR, BODY)
        self.sheet.rule(self.left, y + height, self.right, HAIRLINE)
        return y + height

    def _lines(self, cell: str, font: str) -> list[str]:
        said = [wrap(line, font, BODY, self.column - PAD - ELLIPSIS) for line in cell.split("\n")]
        is_roomy = sum(min(len(lines), MORE_KIND) for lines in said) <= MOST_LINES
        most = MORE_KIND if is_roomy else LESS_KIND
        return [line for lines in said for line in shortened(lines, most)]

    def _words(self, y: float, words: str, most: int) -> float:
        for line in shortened(wrap(words, REGULAR, SMALL, self.right - self.left - PAD - ELLIPSIS), most):
            y += SMALL_LEADING
            self.sheet.text(self.left + PAD, y, line, REGULAR, SMALL)
        return y

    def _how(self, y: float) -> None:
        """How to report stands at the foot; a way that is not known is a line for the pen."""
        sheet, page = self.sheet, self.page
        width = (self.right - self.left) / max(1, len(page.how))
        y = max(y, sheet.bottom - PEN_LINE - 2 * LEADING - 14)
        sheet.rule(self.left, y, self.right, FRAME)
        sheet.text(self.left + PAD, y + 15, paper.printable(page.how_title), BOLD, HEAD)
        sheet.right_text(self.right - PAD, y + 15, paper.printable(page.danger), BOLD, HEAD)
        y += 15 + PEN_LINE
        for at, (way, address) in enumerate(page.how):
            x = self.left + PAD + at * width
            if address:
                said = shortened(wrap(f"{way}: {address}", STRONG, BODY, width - PAD - ELLIPSIS), MOST_WAY)
                for n, line in enumerate(said):
                    sheet.text(x, y + n * LEADING, line, STRONG, BODY)
            else:
                sheet.blank(x, y, f"{paper.printable(way)}:", x + width - 2 * PAD, BODY)

    def _x(self, at: int) -> float:
        return self.left + LABELS + at * self.column

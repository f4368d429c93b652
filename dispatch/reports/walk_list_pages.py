"""The walk list drawn: landscape, a line each, made for a pen."""

from __future__ import annotations

from dispatch.forms.walk_list import WalkLine, WalkList
from dispatch.reports import paper
from dispatch.reports.paper import BOLD, FRAME, HAIRLINE, REGULAR, STRONG, Sheet, shortened, wrap

# The band is a letter and a shape, so that it survives a copier.
SHAPES = {"P1": "◆", "P2": "▲"}


class WalkListPages:
    """Landscape: a code in the margin, what it is, and boxes for the pen."""

    HEAD_HEIGHT = 46.0
    FOOT_HEIGHT = 18.0
    CODE, STANDS, WHAT, ANSWER, RESOURCE = 46.0, 146.0, 240.0, 166.0, 122.0
    LEAST_HEIGHT = 42.0  # three rows of boxes that a pen can hit
    SMALL, LEADING = 8.0, 9.4

    def __init__(self, page: WalkList) -> None:
        self.page = page
        self.sheet = Sheet(page.title, is_exercise=page.is_exercise, is_landscape=True)
        self.bottom = self.sheet.bottom - self.FOOT_HEIGHT

    def draw(self) -> bytes:
        pages = self._pages()
        for number, lines in enumerate(pages, start=1):
            y = self._head(number, len(pages))
            if not lines:
                self.sheet.text(self.sheet.left, y + 24, "No open P1 or P2 hand-overs.", STRONG, 12)
            for line in lines:
                y = self._line(y, line)
            self._foot()
            self.sheet.end_page()
        return self.sheet.finish()

    def _pages(self) -> list[list[WalkLine]]:
        pages: list[list[WalkLine]] = [[]]
        y = self.sheet.top + self.HEAD_HEIGHT
        for line in self.page.lines:
            height = self._height(line)
            if y + height > self.bottom and pages[-1]:
                pages.append([])
                y = self.sheet.top + self.HEAD_HEIGHT
            pages[-1].append(line)
            y += height
        return pages

    def _height(self, line: WalkLine) -> float:
        rows = max(len(self._stands(line)), len(self._what(line)))
        return max(rows * self.LEADING + 5, self.LEAST_HEIGHT)

    def _stands(self, line: WalkLine) -> list[tuple[str, str]]:
        width = self.STANDS - 10
        status = BOLD if line.is_overdue else REGULAR
        return [
            *(
                (text, BOLD)
                for text in shortened(
                    wrap(f"{SHAPES.get(line.band, '')} {line.band}  {line.number}", BOLD, self.SMALL, width),
                    1,
                )
            ),
            *((text, REGULAR) for text in shortened(wrap(line.desk, REGULAR, self.SMALL, width - 8), 1)),
            *((text, status) for text in shortened(wrap(line.status, status, self.SMALL, width - 8), 3)),
        ]

    def _what(self, line: WalkLine) -> list[tuple[str, str]]:
        """What, where, what is asked; warnings are never shortened away."""
        width = self.WHAT - 18
        needed = " · ".join(part for part in (line.needed, line.told_911) if part)
        parts = ((line.what, STRONG, 3), (line.where, REGULAR, 2), (needed, REGULAR, 2))
        rows = [(text, BOLD) for text in wrap(" · ".join(line.warnings), BOLD, self.SMALL, width) if text]
        for part, font, most in reversed(parts):
            if part:
                rows[:0] = [(text, font) for text in shortened(wrap(part, font, self.SMALL, width), most)]
        return rows

    def _head(self, number: int, pages: int) -> float:
        sheet, page = self.sheet, self.page
        sheet.text(sheet.left, sheet.top + 15, paper.printable(page.title), BOLD, 14)
        made = f"{page.made_at} · page {number} of {pages}"
        sheet.right_text(sheet.right, sheet.top + 15, paper.printable(made), REGULAR, 9)
        incident = shortened(wrap(page.incident, STRONG, 9.5, 440), 1)[0]
        sheet.text(sheet.left, sheet.top + 30, incident, STRONG, 9.5)
        sheet.right_text(sheet.right, sheet.top + 30, paper.printable(page.count), STRONG, 9.5)
        y = sheet.top + self.HEAD_HEIGHT
        x = sheet.left
        heads = (("Code", self.CODE), ("Hand-over", self.STANDS), ("What, where, asked", self.WHAT))
        for words, width in (*heads, ("Answer", self.ANSWER), ("Resource, ETA, by whom", self.RESOURCE)):
            sheet.text(x + 4, y - 4, words, STRONG, 7.5)
            x += width
        sheet.rule(sheet.left, y, sheet.right, FRAME)
        return y

    def _line(self, y: float, line: WalkLine) -> float:
        sheet, height = self.sheet, self._height(line)
        x = sheet.left
        sheet.text(x + 2, y + 18, paper.printable(line.code)[:9], BOLD, 14 if len(line.code) < 5 else 9)
        x += self.CODE
        self._column(x + 4, y, self._stands(line))
        x += self.STANDS
        self._column(x + 4, y, self._what(line))
        x += self.WHAT
        self._boxes(x + 4, y, height)
        x += self.ANSWER
        for at, words in enumerate(("Res.", "ETA", "By")):
            sheet.blank(x + 4, y + 11 + at * (height - 6) / 3, words, sheet.right - 2, 7.5)
        for stem in (self.CODE, self.CODE + self.STANDS, sheet.right - sheet.left - self.RESOURCE):
            sheet.stem(sheet.left + stem, y, y + height, HAIRLINE)
        sheet.stem(sheet.left + self.CODE + self.STANDS + self.WHAT, y, y + height, HAIRLINE)
        sheet.rule(sheet.left, y + height, sheet.right)
        return y + height

    def _column(self, x: float, y: float, rows: list[tuple[str, str]]) -> None:
        for at, (text, font) in enumerate(rows):
            self.sheet.text(x, y + 11 + at * self.LEADING, text, font, self.SMALL)

    def _boxes(self, x: float, y: float, height: float) -> None:
        step = (height - 6) / 3
        rows = (
            ("accepted", "held for weather"),
            ("returned: wrong desk", "outside area"),
            ("no resource", "known as no. ______"),
        )
        for at, row in enumerate(rows):
            after = x
            for words in row:
                after = self.sheet.tick_box(after, y + 11 + at * step, words, 7.5)

    def _foot(self) -> None:
        words = (
            "Tick one answer; write the resource, its ETA, and who answered (name, position). "
            "At the console type the code, then the answer."
        )
        self.sheet.text(self.sheet.left, self.sheet.bottom - 3, words, REGULAR, 8)

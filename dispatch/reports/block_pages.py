"""A form of numbered boxes drawn: rows of boxes and tables in one frame, on as many pages as they need.

What does not fit goes on under the same label on the next page; nothing is cut short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import zip_longest

from dispatch.reports import paper
from dispatch.reports.paper import BOLD, HAIRLINE, REGULAR, STRONG, Sheet, shortened, wrap

LABEL, BODY, LEADING, PAD = 7.5, 9.5, 12.2, 5.0
TITLE_HEIGHT, BAR_HEIGHT, HEAD_HEIGHT = 24.0, 15.0, 14.0
LABEL_HEIGHT, BOTTOM_PAD = 14.0, 5.0
ROW_PAD, LEAST_ROW, PEN_ROW = 5.0, 17.0, 22.0
FOOT_LINE = 10.5
LEAST_LINES = 3  # fewer lines of a text are not worth parting it


@dataclass(frozen=True, slots=True)
class Cell:
    """`ticks` are boxes with their words under the label, those crossed that are true."""

    label: str
    text: str = ""
    share: float = 1.0
    ticks: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Cells:
    """Boxes side by side, `least` points high; `grows` takes what is left of the page."""

    cells: tuple[Cell, ...]
    least: float = 30.0
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """`ticks` are boxes for the pen in each row instead of words."""

    head: str
    share: float = 1.0
    ticks: tuple[str, ...] = ()
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`pen` rows at least stay empty; with `grows` they fill the page."""

    label: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    pen: int = 0
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """White on black: whose part begins here, or what must not be overlooked."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or JPEG in a box; without one the box stays empty for a sketch."""

    label: str
    image: bytes = b""
    height: float = 300.0
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """The next block begins on a new page."""


Block = Cells | Table | Bar | Picture | Break


@dataclass(frozen=True, slots=True)
class Paper:
    """A form ready to be drawn. `again` heads every later page; `foot` stands at the left of each foot."""

    title: str
    name: str
    is_exercise: bool
    blocks: tuple[Block, ...]
    again: tuple[Cell, ...] = ()
    foot: tuple[str, ...] = ()
    is_landscape: bool = False


@dataclass(slots=True)
class _Piece:
    """What stands on one page: `draw` is given its top and its height."""

    height: float
    draw: Callable[[float, float], None]
    grows: bool = False


@dataclass(slots=True)
class _Page:
    room: float
    pieces: list[_Piece] = field(default_factory=list)

    @property
    def left(self) -> float:
        return self.room - sum(piece.height for piece in self.pieces)


class BlockPages:
    def __init__(self, form: Paper) -> None:
        self.form = form
        self.sheet = Sheet(
            f"{form.title} {form.name}", is_exercise=form.is_exercise, is_landscape=form.is_landscape
        )
        self.left, self.width = self.sheet.left, self.sheet.right - self.sheet.left
        self.foot_height = 6.0 + FOOT_LINE * max(1, len(form.foot))
        self.pages: list[_Page] = []

    def draw(self) -> bytes:
        self._new_page()
        blocks = self.form.blocks
        for block, after in zip_longest(blocks, blocks[1:]):
            self._place(block, after)
        for number, page in enumerate(self.pages, start=1):
            self._draw_page(page, number)
        return self.sheet.finish()

    # -- where things stand ---------------------------------------------------------------------------

    def _place(self, block: Block, after: Block | None) -> None:
        match block:
            case Cells():
                self._place_cells(block)
            case Table():
                self._place_table(block)
            case Bar():
                self._place_bar(block, is_heading=not isinstance(after, Bar | Break | None))
            case Picture():
                self._add(
                    _Piece(block.height, lambda y, height: self._picture(y, height, block), block.grows)
                )
            case Break():
                self._new_page()

    def _new_page(self) -> None:
        room = self.sheet.bottom - self.sheet.top - TITLE_HEIGHT - self.foot_height
        self.pages.append(_Page(room))
        if len(self.pages) > 1 and self.form.again:
            # One line each: the whole text stood on the page before.
            kept = tuple(Cell(c.label, self._one_line(c), c.share) for c in self.form.again)
            self._add(_Piece(28.0, lambda y, height: self._cells(y, height, kept, [[c.text] for c in kept])))

    def _add(self, piece: _Piece) -> None:
        if piece.height > self.pages[-1].left and self._is_begun():
            self._new_page()
        self.pages[-1].pieces.append(piece)

    def _is_begun(self) -> bool:
        return len(self.pages[-1].pieces) > (len(self.pages) > 1 and bool(self.form.again))

    def _place_cells(self, block: Cells) -> None:
        cells = block.cells
        rest = [self._lines(cell, width) for cell, width in zip(cells, self._widths(cells), strict=True)]
        least, labels = block.least, cells
        while True:
            height = max(least, LABEL_HEIGHT + LEADING * max(map(len, rest)) + BOTTOM_PAD)
            fits = int((self.pages[-1].left - LABEL_HEIGHT - BOTTOM_PAD) // LEADING)
            if height <= self.pages[-1].left:
                break
            if fits < LEAST_LINES or max(map(len, rest)) <= fits:
                if not self._is_begun():
                    break
                self._new_page()
                continue
            here, rest = [lines[:fits] for lines in rest], [lines[fits:] for lines in rest]
            self._add_cells(self.pages[-1].left, labels, here, grows=False)
            self._new_page()
            least = 0.0
            labels = tuple(Cell(_continued(c.label), c.text, c.share) for c in cells)
        self._add_cells(height, labels, rest, grows=block.grows)

    def _add_cells(
        self, height: float, cells: tuple[Cell, ...], lines: list[list[str]], *, grows: bool
    ) -> None:
        self._add(_Piece(height, lambda y, tall: self._cells(y, tall, cells, lines), grows))

    def _place_table(self, table: Table) -> None:
        rows = iter(table.rows)
        self._add_head(table, table.label)
        for row in rows:
            self._place_row(table, [self._wrapped(c, t, w) for c, t, w in self._columns(table, row)])
        for _ in range(table.pen):
            self._place_row(table, [[] for _ in table.columns], PEN_ROW)
        if table.grows:
            self._add(_Piece(0.0, lambda y, height: self._pen_rows(y, height, table), grows=True))

    def _place_row(self, table: Table, lines: list[list[str]], least: float = LEAST_ROW) -> None:
        while True:
            height = max(least, LEADING * max(map(len, lines)) + ROW_PAD)
            left = self.pages[-1].left
            fits = int((left - ROW_PAD) // LEADING)
            if height <= left:
                self._add_row(height, table, lines)
                return
            if fits >= LEAST_LINES and max(map(len, lines)) - fits >= LEAST_LINES:
                self._add_row(left, table, [each[:fits] for each in lines])
                lines = [each[fits:] for each in lines]
            self._new_page()
            self._add_head(table, _continued(table.label))

    def _add_row(self, height: float, table: Table, lines: list[list[str]]) -> None:
        self.pages[-1].pieces.append(_Piece(height, lambda y, tall: self._row(y, tall, table, lines)))

    def _add_head(self, table: Table, label: str) -> None:
        height = (LABEL_HEIGHT if label else 0.0) + HEAD_HEIGHT
        if self.pages[-1].left < height + 3 * LEADING + ROW_PAD and self._is_begun():
            self._new_page()
        self.pages[-1].pieces.append(_Piece(height, lambda y, _height: self._table_head(y, table, label)))

    def _place_bar(self, bar: Bar, *, is_heading: bool) -> None:
        lines = wrap(bar.text, BOLD, BODY, self.width - 2 * PAD)
        height = BAR_HEIGHT + LEADING * (len(lines) - 1)
        if is_heading and self.pages[-1].left < height + 60 and self._is_begun():
            self._new_page()
        for start in range(0, len(lines), 20):
            part = lines[start : start + 20]
            tall = BAR_HEIGHT + LEADING * (len(part) - 1)
            self._add(_Piece(tall, lambda y, _height, said=part: self._bar(y, said)))  # type: ignore[misc]

    # -- measures -------------------------------------------------------------------------------------

    def _widths(self, cells: tuple[Cell, ...] | tuple[Column, ...]) -> list[float]:
        whole = sum(cell.share for cell in cells)
        return [self.width * cell.share / whole for cell in cells]

    def _lines(self, cell: Cell, width: float) -> list[str]:
        return wrap(cell.text, REGULAR, BODY, width - 2 * PAD) if cell.text else [""]

    def _one_line(self, cell: Cell) -> str:
        width = self._widths(self.form.again)[self.form.again.index(cell)]
        return shortened(wrap(cell.text, REGULAR, BODY, width - 2 * PAD - 12), 1)[0]

    def _columns(self, table: Table, row: tuple[str, ...]) -> Iterator[tuple[Column, str, float]]:
        widths = self._widths(table.columns)
        texts = (*row, *("",) * (len(widths) - len(row)))
        yield from zip(table.columns, texts, widths, strict=False)

    def _wrapped(self, column: Column, text: str, width: float) -> list[str]:
        if column.ticks:
            return ["" for _ in column.ticks]
        font = STRONG if column.is_strong else REGULAR
        return wrap(text, font, BODY - 0.5, width - 2 * PAD) if text else [""]

    # -- strokes --------------------------------------------------------------------------------------

    def _draw_page(self, page: _Page, number: int) -> None:
        sheet, y = self.sheet, self.sheet.top
        sheet.box(self.left, y, self.width, sheet.bottom - y, paper.FRAME)
        sheet.centered(y + 16.5, paper.printable(self.form.title), BOLD, 13)
        y += TITLE_HEIGHT
        if page.pieces and page.left > 0:
            growing = [piece for piece in page.pieces if piece.grows]
            # Else the longest text gets the room: an empty line for a signature need not be a hand high.
            (growing or [max(reversed(page.pieces), key=lambda piece: piece.height)])[-1].height += page.left
        for piece in page.pieces:
            piece.draw(y, piece.height)
            y += piece.height
        self._foot(number)

    def _foot(self, number: int) -> None:
        sheet, form = self.sheet, self.form
        y = sheet.bottom - self.foot_height
        sheet.rule(self.left, y, self.left + self.width)
        sheet.text(self.left + PAD, y + 11, paper.printable(form.name), BOLD, 9)
        start = self.left + PAD + paper.text_width(paper.printable(form.name), BOLD, 9) + 12
        page = f"Page {number} of {len(self.pages)}"
        for at, words in enumerate(form.foot):
            room = self.left + self.width - start - PAD - (70 if at == 0 else 0)
            line = shortened(wrap(words, REGULAR, 7, room), 1)[0]
            sheet.text(start, y + 10.5 + at * FOOT_LINE, line, REGULAR, 7)
        sheet.right_text(self.left + self.width - PAD, y + 11, page, REGULAR, 8.5)
        sheet.end_page()

    def _cells(self, y: float, height: float, cells: tuple[Cell, ...], lines: list[list[str]]) -> None:
        sheet, x = self.sheet, self.left
        sheet.rule(x, y, x + self.width)
        for cell, texts, width in zip(cells, lines, self._widths(cells), strict=True):
            if x > self.left:
                sheet.stem(x, y, y + height)
            label = shortened(wrap(cell.label, STRONG, LABEL, width - 2 * PAD), 1)[0]
            sheet.text(x + PAD, y + 10, label, STRONG, LABEL)
            for at, text in enumerate(texts):
                sheet.text(x + PAD, y + LABEL_HEIGHT + 9.5 + at * LEADING, text, REGULAR, BODY)
            after = x + PAD
            for words, is_crossed in cell.ticks:
                after = sheet.tick_box(after, y + LABEL_HEIGHT + 9.5, words, 8.5, is_crossed=is_crossed)
            x += width

    def _table_head(self, y: float, table: Table, label: str) -> None:
        sheet, x = self.sheet, self.left
        sheet.rule(x, y, x + self.width)
        if label:
            sheet.text(x + PAD, y + 10, paper.printable(label), STRONG, LABEL)
            y += LABEL_HEIGHT
            sheet.rule(x, y, x + self.width, HAIRLINE)
        for column, width in zip(table.columns, self._widths(table.columns), strict=True):
            if x > self.left:
                sheet.stem(x, y, y + HEAD_HEIGHT, HAIRLINE)
            head = shortened(wrap(column.head, STRONG, LABEL, width - 2 * PAD), 1)[0]
            sheet.text(x + PAD, y + 10, head, STRONG, LABEL)
            x += width

    def _row(self, y: float, height: float, table: Table, lines: list[list[str]]) -> None:
        sheet, x = self.sheet, self.left
        sheet.rule(x, y, x + self.width, HAIRLINE)
        for column, texts, width in zip(table.columns, lines, self._widths(table.columns), strict=True):
            if x > self.left:
                sheet.stem(x, y, y + height, HAIRLINE)
            font = STRONG if column.is_strong else REGULAR
            for at, text in enumerate(texts):
                baseline = y + 11.5 + at * LEADING
                if column.ticks:
                    sheet.tick_box(x + PAD, baseline, column.ticks[at], 8)
                else:
                    sheet.text(x + PAD, baseline, text, font, BODY - 0.5)
            x += width

    def _pen_rows(self, y: float, height: float, table: Table) -> None:
        """Empty rows down to the foot, none lower than a pen needs."""
        count = int(height // PEN_ROW)
        for at in range(count):
            empty: list[list[str]] = [[] for _ in table.columns]
            self._row(y + at * height / count, height / count, table, empty)

    def _bar(self, y: float, lines: list[str]) -> None:
        height = BAR_HEIGHT + LEADING * (len(lines) - 1)
        self.sheet.black(self.left, y + 0.6, self.width, height - 1.2)
        for at, line in enumerate(lines):
            self.sheet.white_text(self.left + PAD, y + 11 + at * LEADING, line, BOLD, BODY)

    def _picture(self, y: float, height: float, picture: Picture) -> None:
        sheet = self.sheet
        sheet.rule(self.left, y, self.left + self.width)
        sheet.text(self.left + PAD, y + 10, picture.label, STRONG, LABEL)
        if picture.image:
            top = y + LABEL_HEIGHT + 2
            sheet.picture(
                self.left + PAD, top, self.width - 2 * PAD, height - LABEL_HEIGHT - 6, BytesIO(picture.image)
            )


def _continued(label: str) -> str:
    return f"{label.rstrip(': ')} (continued):" if label else ""

"""Redacted copies on letter paper: where words were taken out stands a black block with the statute's number,
and nothing lies under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dispatch.records import Black, CopiedField, CopiedRecord, RecordsCopy
from dispatch.reports import paper
from dispatch.reports.paper import BOLD, HAIRLINE, REGULAR, STRONG, Sheet, printable, text_width, wrap

SIZE, LEADING, SMALL = 9.0, 12.0, 7.5
LABEL_WIDTH, PAD = 92.0, 3.0
_SPACE = " "


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, or a black block with white words; `space` stands before it unless it begins a line."""

    text: str
    width: float
    is_black: bool
    space: float


def draw(copy: RecordsCopy) -> bytes:
    """The same copy gives the same bytes."""
    with paper.drawing:
        return _Pages(copy).draw()


class _Pages:
    def __init__(self, copy: RecordsCopy) -> None:
        self._copy = copy
        self._sheet = Sheet(f"{copy.name} redacted copies", is_exercise=copy.is_exercise)
        self._sheet.tell_readers("Copies for a public records request")
        self._page, self._y = 0, 0.0

    def draw(self) -> bytes:
        self._begin()
        self._line("Public records: redacted copies", BOLD, 13, 18)
        for label, words in self._copy.facts:
            self._field(label, _flow([words], self._width))
        for record in self._copy.records:
            self._record(record)
        self._end()
        return self._sheet.finish()

    @property
    def _width(self) -> float:
        return self._sheet.right - self._sheet.left - LABEL_WIDTH

    def _record(self, record: CopiedRecord) -> None:
        self._room(3 * LEADING)
        self._y += 5
        self._sheet.rule(self._sheet.left, self._y, self._sheet.right, HAIRLINE)
        head = f"{record.record_id}  ·  {record.about}  ·  {record.state}"
        for line in wrap(head, STRONG, SIZE, self._sheet.right - self._sheet.left):
            self._line(line, STRONG, SIZE, LEADING + 1)
        if record.withheld:
            self._field("", _flow([Black(record.withheld)], self._width))
        for field in record.fields:
            self._copied(field)

    def _copied(self, field: CopiedField) -> None:
        self._field(field.name, _flow(field.pieces, self._width))

    def _field(self, label: str, lines: Iterable[list[_Token]]) -> None:
        for number, line in enumerate(lines):
            self._room(LEADING)
            self._y += LEADING
            if number == 0:
                self._sheet.grey_text(self._sheet.left, self._y, printable(label)[:24], REGULAR, SMALL)
            self._tokens(line)

    def _tokens(self, line: list[_Token]) -> None:
        x = self._sheet.left + LABEL_WIDTH
        for at, token in enumerate(line):
            x += token.space if at else 0.0
            if token.is_black:
                self._sheet.black(x, self._y - SIZE + 0.5, token.width, SIZE + 2)
                self._sheet.white_text(x + PAD, self._y - 0.5, token.text, STRONG, SMALL)
            else:
                self._sheet.text(x, self._y, token.text, REGULAR, SIZE)
            x += token.width

    def _line(self, words: str, font: str, size: float, leading: float) -> None:
        self._room(leading)
        self._y += leading
        self._sheet.text(self._sheet.left, self._y, words, font, size)

    def _room(self, height: float) -> None:
        if self._y + height > self._sheet.bottom - LEADING:
            self._end()
            self._begin()

    def _begin(self) -> None:
        self._page += 1
        self._y = self._sheet.top

    def _end(self) -> None:
        foot = self._sheet.bottom + 4
        self._sheet.grey_text(self._sheet.left, foot, self._copy.name, REGULAR, SMALL)
        self._sheet.right_text(self._sheet.right, foot, f"Page {self._page}", REGULAR, SMALL)
        self._sheet.end_page()


def _flow(pieces: Iterable[str | Black], width: float) -> Iterator[list[_Token]]:
    """Lines no wider than `width`, at least one."""
    line: list[_Token] = []
    used = 0.0
    for token in _tokens(pieces, width):
        if token is None or (line and used + token.space + token.width > width):
            yield line
            line, used = [], 0.0
        if token is not None:
            used += token.width + (token.space if line else 0.0)
            line.append(token)
    yield line


def _tokens(pieces: Iterable[str | Black], width: float) -> Iterator[_Token | None]:
    """None ends a line."""
    gap = text_width(_SPACE, REGULAR, SIZE)
    space = 0.0
    for piece in pieces:
        if isinstance(piece, Black):
            for statute in piece.statutes:
                words = printable(f"s. {statute}")
                yield _Token(words, text_width(words, STRONG, SMALL) + 2 * PAD, True, space)
                space = 1.0
            space = 0.0
            continue
        for number, paragraph in enumerate(printable(piece).split("\n")):
            if number:
                yield None
                space = 0.0
            for place, word in enumerate(paragraph.split(_SPACE)):
                space += gap if place else 0.0
                for part in wrap(word, REGULAR, SIZE, width) if word else ():
                    yield _Token(part, text_width(part, REGULAR, SIZE), False, space)
                    space = 0.0

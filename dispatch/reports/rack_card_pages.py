"""The rack card drawn: four by nine inches, a page for each side, in the largest type that it takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from dispatch.errors import ActRefused
from dispatch.forms.rack_card import NAME, RackCard, Side
from dispatch.reports import paper
from dispatch.reports.paper import BOLD, REGULAR, STRONG, Sheet, shortened, wrap

INCH = 72.0
SIZE = (4 * INCH, 9 * INCH)
SIDE_MARGIN, BAR_PAD, INDENT = 22.0, 8.0, 11.0
WIDTH = SIZE[0] - 2 * SIDE_MARGIN
TOP, BOTTOM = paper.MARGIN, SIZE[1] - paper.MARGIN
LARGEST, LEAST, STEP = 15.0, 9.0, 0.25
LINE = 1.25  # of the type's size
PEN_LINE = 24.0  # lower than that nobody writes
FOOT = 8.5


class Look(Enum):
    WORDS = "words"
    BAR = "bar"  # white on black
    PEN = "pen"  # words and a line to write on
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Line:
    """`above` is the room before it, in points."""

    text: str
    font: str
    size: float
    above: float = 0.0
    look: Look = Look.WORDS
    is_first: bool = True

    @property
    def height(self) -> float:
        return max(self.size * LINE, PEN_LINE if self.look is Look.PEN else 0.0)


class RackCardPages:
    def __init__(self, card: RackCard) -> None:
        self.card = card
        self.sheet = Sheet(f"{NAME} {card.city}", is_exercise=card.is_exercise, size=SIZE)

    def draw(self) -> bytes:
        for side in self.card.sides:
            self._draw(fitted(side))
            self.sheet.end_page()
        return self.sheet.finish()

    def _draw(self, lines: list[Line]) -> None:
        y = TOP
        for line in lines:
            y += line.above
            self._line(y, line)
            y += line.height
        city = shortened(wrap(self.card.city, REGULAR, FOOT, WIDTH), 1)[0]
        self.sheet.text(SIDE_MARGIN, BOTTOM, city, REGULAR, FOOT)

    def _line(self, y: float, line: Line) -> None:
        sheet, baseline = self.sheet, y + line.height - line.size * (LINE - 1)
        match line.look:
            case Look.BAR:
                sheet.black(SIDE_MARGIN, y - 0.5, WIDTH, line.height + 3)
                sheet.white_text(SIDE_MARGIN + BAR_PAD, baseline, line.text, line.font, line.size)
            case Look.PEN:
                sheet.blank(SIDE_MARGIN, baseline, line.text, SIDE_MARGIN + WIDTH, line.size)
            case Look.STEP:
                if line.is_first:
                    sheet.text(SIDE_MARGIN, baseline, "•", BOLD, line.size)
                sheet.text(SIDE_MARGIN + INDENT, baseline, line.text, line.font, line.size)
            case Look.WORDS:
                sheet.text(SIDE_MARGIN, baseline, line.text, line.font, line.size)


def fitted(side: Side) -> list[Line]:
    """The side's lines in the largest type with which they fit."""
    room = BOTTOM - TOP - FOOT * 2
    for step in range(int((LARGEST - LEAST) / STEP) + 1):
        lines = list(_lines(side, LARGEST - step * STEP))
        if sum(line.above + line.height for line in lines) <= room:
            return lines
    raise ActRefused(f"The {side.language} side of the rack card is too long: shorten it in rack_card.toml.")


def _lines(side: Side, size: float) -> Iterator[Line]:
    gap = 0.75 * size
    yield from _words(side.title, BOLD, 1.55 * size, 0)
    yield from _words(side.danger, BOLD, 1.4 * size, gap, Look.BAR, WIDTH - 2 * BAR_PAD)
    yield from _words(side.danger_note, REGULAR, size, 0.5 * size)
    yield from _words(side.wires, BOLD, 1.2 * size, gap)
    yield from _words(side.wires_note, REGULAR, size, 0)
    yield from _words(side.how, BOLD, 1.2 * size, gap)
    for way, address in side.ways:
        if address:
            yield from _words(f"{way}: {address}", STRONG, size, 0.15 * size)
        else:
            yield Line(paper.printable(f"{way}:"), STRONG, size, look=Look.PEN)
    yield from _words(side.say, REGULAR, size, 0.5 * size)
    yield from _words(side.next, BOLD, 1.2 * size, gap)
    for words in side.steps:
        yield from _words(words, REGULAR, size, 0.2 * size, Look.STEP, WIDTH - INDENT)


def _words(
    words: str, font: str, size: float, above: float, look: Look = Look.WORDS, width: float = WIDTH
) -> Iterator[Line]:
    for at, text in enumerate(wrap(words, font, size, width)):
        yield Line(text, font, size, above if at == 0 else 0, look, is_first=at == 0)

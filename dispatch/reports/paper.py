"""Letter paper, Inter, black ink: fonts, line breaking and the few strokes that all printed pages share."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from io import BytesIO

from PIL import Image
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from dispatch.forms.common import EXERCISE
from dispatch.reports.packed import packed
from dispatch.reports.tagged import LAYOUT, PAGE_HEAD, Tags
from dispatch.resources import resource

REGULAR, STRONG, BOLD = "Inter", "Inter-SemiBold", "Inter-Bold"
_FILES = {REGULAR: "Inter_400Regular.ttf", STRONG: "Inter_600SemiBold.ttf", BOLD: "Inter_700Bold.ttf"}

MARGIN = 36.0
HAIRLINE, LINE, FRAME = 0.4, 0.7, 1.4
GREY = 0.4
LANGUAGE = "en-US"

# reportlab keeps its fonts for the whole process, and hand-overs are drawn on several threads.
drawing = threading.Lock()


def text_width(text: str, font: str, size: float) -> float:
    _register()
    return float(pdfmetrics.stringWidth(text, font, size))


@cache
def _register() -> frozenset[int]:
    """Register the fonts once; answers the characters that all of them can draw."""
    fonts = [TTFont(name, str(resource("fonts", file))) for name, file in _FILES.items()]
    for font in fonts:
        pdfmetrics.registerFont(font)
    return frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts))


def printable(text: str) -> str:
    """What the paper shows: characters the font lacks become [U+XXXX], never an empty box.

    Marks that have no look of their own (direction, joiner, variation) are left out.
    """
    drawn = _register()
    lines = "\n".join(unicodedata.normalize("NFC", text).replace("\t", "    ").splitlines())
    return "".join(_shown(sign, drawn) for sign in lines)


def _shown(sign: str, drawn: frozenset[int]) -> str:
    kind = unicodedata.category(sign)
    if sign == "\n" or kind == "Zs":
        return "\n" if sign == "\n" else " "
    if kind == "Cf" or 0xFE00 <= ord(sign) <= 0xFE0F or 0xE0100 <= ord(sign) <= 0xE01EF:
        return ""
    # The subset's map back to text knows the basic plane only.
    if kind[0] != "C" and ord(sign) in drawn and ord(sign) <= 0xFFFF:
        return sign
    return f"[U+{ord(sign):04X}]"


def wrap(text: str, font: str, size: float, width: float) -> list[str]:
    """Lines no wider than `width`; a word that is wider by itself is broken. At least one line."""
    lines: list[str] = []
    for paragraph in printable(text).split("\n"):
        lines.extend(_wrap_paragraph(paragraph, font, size, width))
    return lines or [""]


def _wrap_paragraph(paragraph: str, font: str, size: float, width: float) -> Iterable[str]:
    space = text_width(" ", font, size)
    line, used = "", 0.0
    for piece in (piece for word in paragraph.split(" ") for piece in _pieces(word, font, size, width)):
        needed = text_width(piece, font, size)
        if line and used + space + needed > width:
            yield line
            line, used = piece, needed
        else:
            line, used = (f"{line} {piece}", used + space + needed) if line else (piece, needed)
    yield line


def _pieces(word: str, font: str, size: float, width: float) -> Iterable[str]:
    if text_width(word, font, size) <= width:
        yield word
        return
    piece, used = "", 0.0
    for sign in word:
        needed = text_width(sign, font, size)
        if piece and used + needed > width:
            yield piece
            piece, used = "", 0.0
        piece, used = piece + sign, used + needed
    yield piece


def shortened(lines: list[str], most: int) -> list[str]:
    """The first lines, the last of them ending in … where something was left out."""
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1].rstrip()} …"]


def fitted(text: str, font: str, size: float, width: float, most: int = 1) -> list[str]:
    """At most so many lines, their mark of what was left out within the width too."""
    # No line has room for more: what cannot be seen is not broken either.
    flat = " ".join(text.split())[: int(most * width / size * 6) + 1]
    lines = wrap(flat, font, size, width)
    if len(lines) <= most:
        return lines
    return shortened(wrap(flat, font, size, width - text_width(" …", font, size)), most)


def is_picture(content: bytes) -> bool:
    """Whether these bytes are a PNG or JPEG of a size that can be printed."""
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as image:
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True


class Sheet:
    """One document of pages, measured from the top left. The same strokes give the same bytes. `size` is in
    points, letter where nothing else is said. With a `subject` it is tagged for programs that read aloud."""

    def __init__(
        self,
        title: str,
        *,
        is_exercise: bool,
        is_landscape: bool = False,
        size: tuple[float, float] = LETTER,
        subject: str = "",
    ) -> None:
        _register()
        self._bytes = BytesIO()
        short, long = float(size[0]), float(size[1])
        self.width, self.height = (long, short) if is_landscape else (short, long)
        # No font that the file does not hold, and a version that knows tags.
        more = {"initialFontName": REGULAR, "pdfVersion": (1, 7)} if subject else {}
        self._canvas = Canvas(
            self._bytes, pagesize=(self.width, self.height), invariant=1, pageCompression=1, **more
        )
        self._canvas.setTitle(printable(title))
        self._canvas.setAuthor("")
        self._canvas.setCreator("Landfall")
        self._is_exercise = is_exercise
        self._tags = Tags(self._canvas, printable(title), LANGUAGE) if subject else None
        if subject:
            self.tell_readers(subject)

    def tell_readers(self, subject: str) -> None:
        """For programs that read aloud: language, subject, and the title in place of the file name."""
        self._canvas.setCatalogEntry("Lang", LANGUAGE)
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._canvas.setSubject(printable(subject))

    def tag(self, kind: str, attributes: str = "") -> AbstractContextManager[None]:
        """What is drawn within is this element: `H1`, `P`, `Table`, `TR`, `TD`. It may be entered again, and
        goes on there. Nothing on paper that is not tagged."""
        return self._tags.element(kind, attributes) if self._tags else nullcontext()

    def header_cell(self, scope: str) -> AbstractContextManager[None]:
        """Over its `Column` or before its `Row`."""
        return self.tag("TH", f"/A<</O/Table/Scope/{scope}>>")

    def figure(self, said: str, box: tuple[float, float, float, float]) -> AbstractContextManager[None]:
        """All strokes and words within are one figure in the box (x, y, width, height), told by `said`."""
        if self._tags is None:
            return nullcontext()
        x, y, width, height = box
        corners = (x, self.height - y - height, x + width, self.height - y)
        at = " ".join(f"{corner:.2f}" for corner in corners)
        return self._tags.element("Figure", f"/A<</O/Layout/Placement/Block/BBox[{at}]>>", said)

    def passed_over(self, kind: str = LAYOUT) -> AbstractContextManager[None]:
        """What is drawn within is not read aloud: it is there for the eye, or was read before."""
        return self._tags.passed_over(kind) if self._tags else nullcontext()

    @property
    def left(self) -> float:
        return MARGIN

    @property
    def right(self) -> float:
        return self.width - MARGIN

    @property
    def top(self) -> float:
        return MARGIN

    @property
    def bottom(self) -> float:
        return self.height - MARGIN

    def text(self, x: float, baseline: float, text: str, font: str = REGULAR, size: float = 9.5) -> None:
        """One line as it is: wrap or `printable` come first."""
        # Else its last word and the first of the next line would be read as one.
        end = " " if self._tags and self._tags.words() else ""
        self._canvas.setFont(font, size)
        self._canvas.drawString(x, self.height - baseline, f"{text}{end}")

    def grey_text(self, x: float, baseline: float, text: str, font: str = REGULAR, size: float = 9.5) -> None:
        """What explains: 5.7 to 1 on white, so it is read in daylight and off a copier too."""
        self._canvas.setFillGray(GREY)
        self.text(x, baseline, text, font, size)
        self._canvas.setFillGray(0)

    def white_text(self, x: float, baseline: float, text: str, font: str, size: float) -> None:
        self._canvas.setFillGray(1)
        self.text(x, baseline, text, font, size)
        self._canvas.setFillGray(0)

    def centered(self, baseline: float, text: str, font: str, size: float) -> None:
        self.text((self.width - text_width(text, font, size)) / 2, baseline, text, font, size)

    def right_text(
        self, right: float, baseline: float, text: str, font: str = REGULAR, size: float = 9.5
    ) -> None:
        self.text(right - text_width(text, font, size), baseline, text, font, size)

    def box(self, x: float, y: float, width: float, height: float, stroke: float = LINE) -> None:
        self._stroke()
        self._canvas.setLineWidth(stroke)
        self._canvas.rect(x, self.height - y - height, width, height)

    def black(self, x: float, y: float, width: float, height: float) -> None:
        self._stroke()
        self._canvas.rect(x, self.height - y - height, width, height, stroke=0, fill=1)

    def grey(self, x: float, y: float, width: float, height: float, shade: float) -> None:
        """A filled box; `shade` goes from 0, black, to 1, white."""
        self._canvas.setFillGray(shade)
        self.black(x, y, width, height)
        self._canvas.setFillGray(0)

    def dot(self, x: float, y: float, radius: float, shade: float) -> None:
        """With a white edge, by which dots that lie on each other can be told apart."""
        self._stroke()
        self._edged(shade)
        self._canvas.circle(x, self.height - y, radius, stroke=1, fill=1)
        self._plain()

    def shape(self, points: Sequence[tuple[float, float]]) -> None:
        """A black area with a white edge."""
        self._stroke()
        self._edged(0)
        self._canvas.drawPath(self._path([points]), stroke=1, fill=1)
        self._plain()

    def land(
        self,
        rings: Iterable[Sequence[tuple[float, float]]],
        box: tuple[float, float, float, float],
        water: float,
    ) -> None:
        """White land on grey water, what lies outside of the box (x, y, width, height) cut off."""
        self._stroke()
        x, y, width, height = box
        canvas = self._canvas
        canvas.saveState()
        frame = canvas.beginPath()
        frame.rect(x, self.height - y - height, width, height)
        canvas.clipPath(frame, stroke=0, fill=0)
        self.grey(x, y, width, height, water)
        canvas.setFillGray(1)
        canvas.setStrokeGray(0.6)
        canvas.setLineWidth(HAIRLINE)
        canvas.drawPath(self._path(rings), stroke=1, fill=1, fillMode=0)
        canvas.restoreState()

    def _stroke(self) -> None:
        if self._tags:
            self._tags.stroke()

    def _path(self, rings: Iterable[Sequence[tuple[float, float]]]) -> PDFPathObject:
        path = self._canvas.beginPath()
        for (x, y), *rest in rings:
            path.moveTo(x, self.height - y)
            for x, y in rest:
                path.lineTo(x, self.height - y)
            path.close()
        return path

    def _edged(self, shade: float) -> None:
        self._canvas.setFillGray(shade)
        self._canvas.setStrokeGray(1)
        self._canvas.setLineWidth(HAIRLINE)

    def _plain(self) -> None:
        self._canvas.setFillGray(0)
        self._canvas.setStrokeGray(0)

    def rule(self, x: float, y: float, to_x: float, stroke: float = LINE) -> None:
        self._stroke()
        self._canvas.setLineWidth(stroke)
        self._canvas.line(x, self.height - y, to_x, self.height - y)

    def stem(self, x: float, y: float, to_y: float, stroke: float = LINE) -> None:
        self._stroke()
        self._canvas.setLineWidth(stroke)
        self._canvas.line(x, self.height - y, x, self.height - to_y)

    def picture(self, x: float, y: float, width: float, height: float, file: BytesIO) -> None:
        """A picture in shades of grey, as large as the box lets it be, in its middle."""
        self._stroke()
        image = Image.open(file).convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image).convert("L")
        scale = min(width / image.width, height / image.height)
        wide, high = image.width * scale, image.height * scale
        left, top = x + (width - wide) / 2, y + (height - high) / 2
        self._canvas.drawImage(ImageReader(image), left, self.height - top - high, wide, high)

    def tick_box(
        self, x: float, baseline: float, text: str, size: float = 8.5, *, is_crossed: bool = False
    ) -> float:
        """A box with its words, empty for the pen or crossed; answers where the next one may begin."""
        side = size * 0.95
        top = baseline - side + size * 0.12
        self.box(x, top, side, side, LINE)
        if is_crossed:
            self._stroke()
            self._canvas.setLineWidth(FRAME)
            for start, end in ((top, top + side), (top + side, top)):
                self._canvas.line(x, self.height - start, x + side, self.height - end)
        self.text(x + side + 3.5, baseline, text, REGULAR, size)
        return x + side + 3.5 + text_width(text, REGULAR, size) + 10

    def blank(self, x: float, baseline: float, text: str, to_x: float, size: float = 8.5) -> None:
        """Words and a line to write on up to `to_x`."""
        self.text(x, baseline, text, REGULAR, size)
        self.rule(x + text_width(text, REGULAR, size) + 3, baseline + 1.5, to_x, HAIRLINE)

    def end_page(self) -> None:
        if self._is_exercise:
            with self.passed_over(PAGE_HEAD):
                for baseline in (MARGIN - 13, self.height - MARGIN + 22):
                    self.centered(baseline, f"{EXERCISE}  ·  {EXERCISE}  ·  {EXERCISE}", BOLD, 12)
        if self._tags:
            self._tags.end_page()
        else:
            self._canvas.showPage()

    def finish(self) -> bytes:
        if self._tags is None:
            self._canvas.save()
            return self._bytes.getvalue()
        self._tags.finish()
        self._canvas.save()
        return packed(self._canvas._doc, self._bytes.getvalue())

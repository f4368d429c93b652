"""Reads a tagged PDF back as a program that reads aloud would: its elements by pypdfium2's own reading of the
structure, their words by the marks in the content of each page."""

from __future__ import annotations

import ctypes
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

TOKEN = re.compile(
    rb"\((?:[^()\\]|\\.)*\)|<<|>>|<[0-9A-Fa-f\s]*>|\[|\]|/[^\s/<>\[\]()]*|[^\s/<>\[\]()]+", re.DOTALL
)
# ISO 32000-1, annex A: what puts something on the page.
SHOWS_WORDS = frozenset({b"Tj", b"TJ", b"'", b'"'})
PAINTS = SHOWS_WORDS | frozenset(
    {b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"Do", b"sh", b"BI"}
)


@dataclass
class Element:
    kind: str
    alt: str = ""
    scope: str = ""
    box: tuple[float, ...] = ()
    span: int = 1
    marks: tuple[int, ...] = ()
    words: str = ""
    kids: list[Element] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def of(self, *kinds: str) -> list[Element]:
        return [each for each in self.walk() if each.kind in kinds]

    @property
    def said(self) -> str:
        """All words within, in reading order."""
        return " ".join(" ".join(each.words for each in self.walk() if each.words).split())


@dataclass(frozen=True)
class Stroke:
    """What one operator puts on the page: within which marks it stands, the number of the last of them, and
    the shade of grey that it fills with."""

    operator: bytes
    marks: tuple[str, ...]
    number: int | None
    grey: float


def objects_of(raw: bytes) -> dict[int, bytes]:
    """Every object of the file as it is written, streams without their content."""
    found: dict[int, bytes] = {}
    for number, body in re.findall(rb"(\d+) 0 obj\n(.*?)endobj", raw, re.DOTALL):
        head, _, rest = body.partition(b"stream\n")
        found[int(number)] = head
        if b"/ObjStm" in head:
            content = zlib.decompress(rest.rpartition(b"endstream")[0])
            first = int(re.search(rb"/First (\d+)", head)[1])  # type: ignore[index]
            places = [int(each) for each in content[:first].split()]
            starts = [*places[1::2], len(content) - first]
            for n, each in enumerate(places[::2]):
                found[each] = content[first + starts[n] : first + starts[n + 1]]
    return found


def content_of(raw: bytes, number: int) -> bytes:
    """The stream of that object, unpacked where it is packed."""
    found = re.search(rb"(?:^|\n)%d 0 obj\n(.*?)stream\n(.*?)endstream" % number, raw, re.DOTALL)
    assert found
    return zlib.decompress(found[2]) if b"/FlateDecode" in found[1] else found[2]


def catalog_of(raw: bytes) -> bytes:
    return next(body for body in objects_of(raw).values() if b"/Type /Catalog" in body)


def pages_of(raw: bytes) -> list[bytes]:
    """The dictionaries of the pages in their order."""
    objects = objects_of(raw)
    tree = next(body for body in objects.values() if b"/Type /Pages" in body)
    kids = re.search(rb"/Kids \[(.*?)\]", tree, re.DOTALL)
    assert kids
    return [objects[int(each)] for each in re.findall(rb"(\d+) 0 R", kids[1])]


def strokes_of(raw: bytes) -> list[list[Stroke]]:
    """What is put on each page, in the order of drawing."""
    numbers = [re.search(rb"/Contents (\d+) 0 R", page) for page in pages_of(raw)]
    return [list(_strokes(content_of(raw, int(number[1])))) for number in numbers if number]


def _strokes(content: bytes) -> Iterator[Stroke]:
    marks: list[tuple[str, int | None]] = []
    operands: list[bytes] = []
    grey, kept = 0.0, []
    for token in TOKEN.findall(content):
        if token in (b"BDC", b"BMC"):
            number = operands[operands.index(b"/MCID") + 1] if b"/MCID" in operands else None
            marks.append((operands[0][1:].decode(), None if number is None else int(number)))
        elif token == b"EMC":
            marks.pop()
        elif token == b"g":
            grey = float(operands[-1])
        elif token in (b"rg", b"k"):
            grey = float(operands[-1]) if token == b"rg" else 1 - float(operands[-1])
        elif token == b"q":
            kept.append(grey)
        elif token == b"Q":
            grey = kept.pop()
        elif token in PAINTS:
            names = tuple(name for name, _ in marks)
            yield Stroke(token, names, marks[-1][1] if marks else None, grey)
        if re.fullmatch(rb"[A-Za-z'\"][A-Za-z0-9*'\"]*", token):
            operands.clear()
        else:
            operands.append(token)
    assert not marks


def pages_read(raw: bytes) -> list[Element]:
    """For each page the elements that have words or strokes on it, in reading order."""
    document = pypdfium2.PdfDocument(raw)
    try:
        return [_page_read(page) for page in document]
    finally:
        document.close()


def _page_read(page: pypdfium2.PdfPage) -> Element:
    words = _words_by_mark(page)
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    assert tree
    try:
        assert pdfium.FPDF_StructTree_CountChildren(tree) == 1
        root = pdfium.FPDF_StructTree_GetChildAtIndex(tree, 0)
        return _read(root, words) if root else Element("Document")
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def _words_by_mark(page: pypdfium2.PdfPage) -> dict[int, str]:
    text, found = page.get_textpage(), dict[int, str]()
    for at in range(pdfium.FPDFPage_CountObjects(page)):
        each = pdfium.FPDFPage_GetObject(page, at)
        mark = pdfium.FPDFPageObj_GetMarkedContentID(each)
        if mark >= 0 and pdfium.FPDFPageObj_GetType(each) == pdfium.FPDF_PAGEOBJ_TEXT:
            said = _text(lambda buffer, size, of=each: pdfium.FPDFTextObj_GetText(of, text, buffer, size))
            found[mark] = found.get(mark, "") + said
    return found


def _read(element: Any, words: dict[int, str]) -> Element:
    # Of a paragraph over two pages the marks of both are told, and not which is where.
    all_marks = [
        pdfium.FPDF_StructElement_GetMarkedContentIdAtIndex(element, at)
        for at in range(max(0, pdfium.FPDF_StructElement_GetMarkedContentIdCount(element)))
    ]
    marks = list(dict.fromkeys(all_marks))
    kids = [
        pdfium.FPDF_StructElement_GetChildAtIndex(element, at)
        for at in range(pdfium.FPDF_StructElement_CountChildren(element))
    ]
    told = _attributes(element)
    return Element(
        kind=_text(lambda buffer, size: pdfium.FPDF_StructElement_GetType(element, buffer, size)),
        alt=_text(lambda buffer, size: pdfium.FPDF_StructElement_GetAltText(element, buffer, size)),
        scope=str(told.get("Scope", "")),
        span=int(told.get("ColSpan", 1)),
        box=told.get("BBox", ()),
        marks=tuple(mark for mark in marks if mark >= 0),
        words="".join(words.get(mark, "") for mark in marks),
        kids=[_read(kid, words) for kid in kids if kid],
    )


def _attributes(element: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for at in range(max(0, pdfium.FPDF_StructElement_GetAttributeCount(element))):
        told = pdfium.FPDF_StructElement_GetAttributeAtIndex(element, at)
        for n in range(pdfium.FPDF_StructElement_Attr_GetCount(told)):
            name, size = ctypes.create_string_buffer(64), ctypes.c_ulong()
            pdfium.FPDF_StructElement_Attr_GetName(told, n, name, 64, size)
            found[name.value.decode()] = _value(pdfium.FPDF_StructElement_Attr_GetValue(told, name))
    return found


def _value(value: Any) -> Any:
    kind = pdfium.FPDF_StructElement_Attr_GetType(value)
    if kind == pdfium.FPDF_OBJECT_NUMBER:
        number = ctypes.c_float()
        pdfium.FPDF_StructElement_Attr_GetNumberValue(value, number)
        return number.value
    if kind == pdfium.FPDF_OBJECT_ARRAY:
        many = pdfium.FPDF_StructElement_Attr_CountChildren(value)
        return tuple(_value(pdfium.FPDF_StructElement_Attr_GetChildAtIndex(value, n)) for n in range(many))
    buffer, size = ctypes.create_string_buffer(128), ctypes.c_ulong()
    pdfium.FPDF_StructElement_Attr_GetStringValue(value, buffer, 128, size)
    return buffer.raw[: max(0, size.value - 2)].decode("utf-16-le")


def _text(ask: Callable[[Any, int], int]) -> str:
    size = ask(None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    ask(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[: size - 2].decode("utf-16-le")

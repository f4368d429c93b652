"""The same document in less room: its small objects together in compressed streams (ISO 32000-1, 7.5.7 and
7.5.8; PDF 1.5 and later). Thousands of tags would otherwise double a file that goes by e-mail."""

from __future__ import annotations

import zlib
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFStream

TOGETHER = 500
# Of a reference: kind, then offset or stream, then generation or place in the stream.
Place = tuple[int, int, int]
WIDTHS = (1, 4, 2)


def packed(document: Any, raw: bytes) -> bytes:
    """`raw` is what the document has just been written as."""
    numbers = sorted(document.numberToId)
    names = [document.numberToId[number] for number in numbers]
    offsets = [document.idToOffset[name] for name in names]
    ends = [*offsets[1:], raw.rindex(b"\nxref\n") + 1]
    places: dict[int, Place] = {0: (0, 0, 0xFFFF)}
    file, small = bytearray(raw[: offsets[0]]), []
    for number, name, offset, end in zip(numbers, names, offsets, ends, strict=True):
        # A stream stands in no stream.
        if isinstance(document.idToObject[name], PDFStream):
            places[number] = (1, len(file), 0)
            file += raw[offset:end]
        else:
            head = len(b"%d 0 obj\n" % number)
            small.append((number, raw[offset + head : end].removesuffix(b"endobj\n").rstrip()))
    for at in range(0, len(small), TOGETHER):
        number = len(numbers) + 1 + at // TOGETHER
        together = small[at : at + TOGETHER]
        places |= {each: (2, number, n) for n, (each, _) in enumerate(together)} | {number: (1, len(file), 0)}
        file += _gathered(number, together)
    return bytes(file + _references(document, places, len(file)))


def _gathered(number: int, small: list[tuple[int, bytes]]) -> bytes:
    starts, at = [], 0
    for each, body in small:
        starts.append(b"%d %d" % (each, at))
        at += len(body) + 1
    head = b" ".join(starts) + b"\n"
    about = b"/Type/ObjStm/N %d/First %d" % (len(small), len(head))
    return _stream(number, about, head + b"\n".join(body for _, body in small))


def _references(document: Any, places: dict[int, Place], start: int) -> bytes:
    """Where everything is, with what a reader needs first."""
    number = max(places) + 1
    places[number] = (1, start, 0)
    rows = b"".join(
        part.to_bytes(width, "big")
        for _, place in sorted(places.items())
        for part, width in zip(place, WIDTHS, strict=True)
    )
    root, info = (
        document.idToObjectNumberAndVersion[each.__InternalName__][0]
        for each in (document.Catalog, document.info)
    )
    about = b"/Type/XRef/Size %d/W[%d %d %d]/Root %d 0 R/Info %d 0 R/ID %b" % (
        *(len(places), *WIDTHS),
        *(root, info, document.ID()),
    )
    return _stream(number, about, rows) + b"startxref\n%d\n%%%%EOF\n" % start


def _stream(number: int, about: bytes, content: bytes) -> bytes:
    squeezed = zlib.compress(content)
    return b"%d 0 obj\n<<%b/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (
        *(number, about, len(squeezed)),
        squeezed,
    )

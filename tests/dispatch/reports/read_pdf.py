"""Reads a PDF back as a person would: its words by page, and whether the page is black on white."""

from __future__ import annotations

import pypdfium2


def pages_of(content: bytes) -> list[str]:
    """The selectable words of each page on one line."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    finally:
        document.close()


def size_of(content: bytes) -> tuple[float, float]:
    document = pypdfium2.PdfDocument(content)
    try:
        width, height = document[0].get_size()
        return float(width), float(height)
    finally:
        document.close()


def ink_of(content: bytes) -> tuple[bool, tuple[int, int, int, int]]:
    """Is the first page without colour, and the box of everything printed on it, in points."""
    document = pypdfium2.PdfDocument(content)
    try:
        picture = document[0].render(scale=1).to_pil().convert("RGB")
    finally:
        document.close()
    red, green, blue = picture.split()
    box = red.point(lambda level: 255 - level).getbbox()
    assert box is not None
    return red.tobytes() == green.tobytes() == blue.tobytes(), box

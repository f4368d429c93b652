"""Tags on any paper: who asks for them gets them, and nobody else."""

from __future__ import annotations

import re

import pypdfium2

from dispatch.reports.paper import Sheet
from tests.dispatch.reports.read_tags import catalog_of, objects_of, pages_read, strokes_of


def tagged() -> Sheet:
    return Sheet("Made up", is_exercise=False, subject="For whoever listens")


def is_tagged(raw: bytes) -> bool:
    document = pypdfium2.PdfDocument(raw)
    try:
        return bool(document.is_tagged())
    finally:
        document.close()


def test_paper_that_does_not_ask_has_no_tags_and_is_drawn_all_the_same() -> None:
    sheet = Sheet("Made up", is_exercise=True)
    with sheet.tag("H1"), sheet.header_cell("Row"), sheet.figure("A box", (0, 0, 9, 9)), sheet.passed_over():
        sheet.text(40, 60, "Here")
    sheet.end_page()
    raw = sheet.finish()
    assert not is_tagged(raw) and b"StructTreeRoot" not in raw
    document = pypdfium2.PdfDocument(raw)
    assert "Here" in document[0].get_textpage().get_text_bounded()
    document.close()


def test_words_that_nobody_gave_an_element_are_read_as_a_paragraph() -> None:
    sheet = tagged()
    sheet.text(40, 60, "Forgotten")
    with sheet.tag("Table"):
        sheet.text(40, 80, "between rows")
    sheet.end_page()
    (page,) = pages_read(sheet.finish())
    assert [each.said for each in page.of("P")] == ["Forgotten", "between rows"]


def test_a_paragraph_over_two_pages_is_one() -> None:
    sheet = tagged()
    paragraph = sheet.tag("P")
    for words in ("begins here", "goes on there"):
        with sheet.tag("H2"):
            sheet.text(40, 40, "Over it")
        with paragraph:
            sheet.text(40, 60, words)
        sheet.end_page()
    raw = sheet.finish()
    assert [page.of("P")[0].said for page in pages_read(raw)] == ["begins here", "goes on there"]
    (element,) = (body for body in objects_of(raw).values() if body.startswith(b"<</S/P/"))
    assert re.search(rb"/K\[1 <</Type/MCR/Pg \d+ 0 R/MCID 1>>\]", element)


def test_a_line_between_words_parts_them_and_has_nothing_to_say() -> None:
    sheet = tagged()
    with sheet.tag("P"):
        sheet.text(40, 60, "before")
        sheet.rule(40, 70, 90)
        sheet.text(40, 80, "after")
    sheet.end_page()
    raw = sheet.finish()
    (page,) = pages_read(raw)
    assert page.said == "before after" and page.of("P")[0].marks == (0, 1)
    assert [each.marks for each in strokes_of(raw)[0]] == [("P",), ("Artifact",), ("P",)]


def test_an_element_that_nothing_was_drawn_in_is_not_there() -> None:
    sheet = tagged()
    sheet.tag("P")
    with sheet.passed_over(), sheet.tag("TR"):
        sheet.text(40, 60, "seen only")
    with sheet.tag("P"):
        sheet.text(40, 80, "heard")
    sheet.end_page()
    raw = sheet.finish()
    kinds = re.findall(rb"<</S/(\w+)/", b"".join(objects_of(raw).values()))
    assert sorted(kinds) == [b"Document", b"P"]


def test_a_title_like_the_end_of_a_file_does_not_end_it() -> None:
    sheet = Sheet("Made\nxref\nup", is_exercise=False, subject="endobj\nxref\nendstream")
    sheet.text(40, 60, "Here")
    sheet.end_page()
    raw = sheet.finish()
    document = pypdfium2.PdfDocument(raw)
    assert document.get_metadata_value("Title").split() == ["Made", "xref", "up"]
    assert document.get_metadata_value("Subject").split() == ["endobj", "xref", "endstream"]
    document.close()
    assert pages_read(raw)[0].said == "Here" and b"/StructTreeRoot" in catalog_of(raw)


def test_any_text_can_be_said_in_place_of_a_figure() -> None:
    for said in ("(((", "a \\ b)", "> endobj", "حي الشجرة", "🌳 & <b>", "é\u0301", "x" * 5_000):
        sheet = tagged()
        with sheet.figure(said, (40, 40, 100, 100)):
            sheet.box(40, 40, 100, 100)
        sheet.end_page()
        (page,) = pages_read(sheet.finish())
        (figure,) = page.of("Figure")
        assert figure.alt == said and figure.box == (40, 652, 140, 752)

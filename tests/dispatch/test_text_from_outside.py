"""Words from outside: what may not be kept or shown goes, what was said stays."""

from __future__ import annotations

import pytest

from dispatch.servers import shapes
from dispatch.servers.seeclickfix_rows import read_page
from dispatch.text_from_outside import MOST_CHARS, bounded, plain

ROW = {"id": 1, "status": "Open", "summary": "Tree", "created_at": "2017-09-11T10:00:00-04:00"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Two lines\nand a\ttab", "Two lines\nand a\ttab"),
        ("¿Qué? Dlo monte — 洪水 👩‍🚒", "¿Qué? Dlo monte — 洪水 👩‍🚒"),
        ("a\x00b", "a�b"),
        ("\x1b[31mred\x9b0m", "�[31mred�0m"),
        ("half \ud83d of a pair", "half � of a pair"),
        ("call \u202a+1 727 555 0100\u202c", "call +1 727 555 0100"),
        ("\u202egnp.exe\u2066x\u2069", "gnp.exex"),
    ],
)
def test_what_was_said_stays_and_what_obeys_nobody_goes(said: str, kept: str) -> None:
    assert plain(said) == kept


def test_too_long_words_keep_their_beginning_and_their_end_and_say_what_is_left_out() -> None:
    said = bounded("Tree down. " + "x" * 2_000_000 + " People trapped.")

    assert said.startswith("Tree down.") and said.endswith("People trapped.")
    assert "1,990,127 characters are left out" in said and len(said) <= MOST_CHARS
    assert bounded("x" * MOST_CHARS) == "x" * MOST_CHARS


def test_numbers_that_no_database_holds_are_bounded() -> None:
    assert [shapes.count(each) for each in (1e300, 2**70, "1e400", float("nan"), -3, "7", True)] == [
        *(1_000_000_000, 1_000_000_000, 0, 0, 0, 7, 0)
    ]
    assert shapes.text(10**5000) == "" and shapes.text([10**5000, 7]) == "7"


def test_an_id_is_whole_or_none() -> None:
    """Two that are cut would be one, and one resident's report would stand for another's."""
    with pytest.raises(ValueError, match="the id is too long"):
        shapes.key("7" * 4000)
    page = read_page([ROW, {**ROW, "id": "7" * 4000}], {})
    assert [each.request_id for each in page.requests] == ["1"]
    assert [each.reason for each in page.bad] == ["the row cannot be read: the id is too long"]


@pytest.mark.parametrize(
    "change",
    [
        {"media": ["x"]},
        {"request_type": ["x"]},
        {"updated_at": "9999-12-31T23:59:59-12:00"},
        {"closed_at": "when it is done"},
        {"rating": 1e300},
        {"html_url": "javascript:alert(1)", "media": {"image_full": "file:///etc/passwd"}},
    ],
)
def test_one_part_of_another_shape_costs_no_report_its_place(change: dict) -> None:
    page = read_page([{**ROW, **change}], {})

    assert not page.bad and page.requests[0].photo_url == page.requests[0].page_url == ""

"""The copy that goes out: what is redacted is not in it, what is not redacted is all of it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.records import Black
from dispatch.records_request.copies import copied, copy_of, spans, widened
from tests.dispatch.records_request.made import PHONES, record, redaction

WORDS = "Call 727-555-0142 or Maria at 12 Elm St."


def test_a_redacted_passage_is_a_block_with_its_statute() -> None:
    made = copy_of(record(description=WORDS), [redaction(5, 17)])

    assert made.fields[0].text == "Call [REDACTED s. 119.071(5)(j)] or Maria at 12 Elm St."
    assert (made.state, made.blacked_out) == ("redacted", 1)


def test_redactions_that_overlap_are_one_block_under_both_statutes() -> None:
    made = copy_of(
        record(description=WORDS), [redaction(5, 17), redaction(10, 26, statute="401.30(4)"), redaction(6, 8)]
    )

    assert made.fields[0].text == "Call [REDACTED s. 119.071(5)(j); s. 401.30(4)] at 12 Elm St."


def test_a_withheld_record_has_no_fields() -> None:
    made = copy_of(record(description=WORDS), [redaction(5, 17), redaction(field="", statute="401.30(4)")])

    assert (made.fields, made.withheld, made.state) == ((), ("401.30(4)",), "withheld")


def test_a_withdrawn_redaction_holds_no_more() -> None:
    (made,) = copied([record(description=WORDS)], [redaction(5, 17, withdrawn_at=9)])

    assert made.fields[0].pieces == (WORDS,)


def test_the_same_field_of_another_record_stays() -> None:
    made = copied([record(description=WORDS), record("report:4412", description=WORDS)], [redaction(5, 17)])

    assert made[1].fields[0].text == WORDS


@pytest.mark.parametrize(
    ("words", "span", "taken"),
    [
        ("Jose\u0301 is here", (0, 4), "Jose\u0301"),
        ("a\u0301b", (1, 3), "a\u0301b"),
        ("\U0001f44d\U0001f3fd ok", (0, 1), "\U0001f44d\U0001f3fd"),
        ("\U0001f468\u200d\U0001f469 two", (0, 1), "\U0001f468\u200d\U0001f469"),
        ("שָׁלוֹם all", (0, 1), "שָׁ"),
        ("plain", (1, 3), "la"),
    ],
)
def test_a_passage_takes_with_it_what_is_drawn_as_one_sign(
    words: str, span: tuple[int, int], taken: str
) -> None:
    start, end = widened(words, *span)
    assert words[start:end] == taken


PASSAGES = st.lists(st.tuples(st.integers(0, 38), st.integers(1, 12)), min_size=1, max_size=6)


@given(PASSAGES)
def test_every_character_is_either_kept_in_its_place_or_gone(passages: list[tuple[int, int]]) -> None:
    made = [redaction(start, min(start + length, len(WORDS))) for start, length in passages]
    gone = {at for each in made for at in range(each.start, each.end)}

    field = copy_of(record(description=WORDS), made).fields[0]

    kept = "".join(piece for piece in field.pieces if isinstance(piece, str))
    assert kept == "".join(sign for at, sign in enumerate(WORDS) if at not in gone)
    assert all(piece.statutes == (PHONES,) for piece in field.pieces if isinstance(piece, Black))
    merged = spans(made)
    assert all(before[1] <= after[0] for before, after in pairwise(merged))

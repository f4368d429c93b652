"""What residents answer to "still needed?", in their words."""

from __future__ import annotations

import pytest

from dispatch.residents.answers import StillNeeded, read, read_all

GONE, STILL, UNCLEAR, UNKNOWN = StillNeeded


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("No", GONE),
        ("no thanks", GONE),
        ("No longer needed", GONE),
        ("It was already cleared by neighbors", GONE),
        ("We removed it ourselves", GONE),
        ("It's gone", GONE),
        ("Ya no, gracias", GONE),
        ("Ya lo quitaron", GONE),
        ("No hace falta", GONE),
        ("Yes", STILL),
        ("yes please", STILL),
        ("Sí, todavía está ahí", STILL),
        ("Still there", STILL),
        ("It has not been cleared", STILL),
        ("it hasn't been fixed", STILL),
        ("Nobody came", STILL),
        ("Sigue igual", STILL),
        ("No está arreglado", STILL),
        ("no, it is still blocking the road", STILL),
        ("Who is this?", UNCLEAR),
        ("Call me", UNCLEAR),
        ("The tree is gone but the wire is still down", UNCLEAR),
    ],
)
def test_an_answer_is_read_as_a_person_would(text: str, said: StillNeeded) -> None:
    assert read(text) is said


def test_s9_no_answer_is_unknown_and_answers_that_differ_are_for_a_person() -> None:
    assert read_all([]) is UNKNOWN
    assert read_all(["Yes", "No longer needed"]) is UNCLEAR
    assert read_all(["No longer needed", "Thanks"]) is GONE

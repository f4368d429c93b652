"""What residents may be asked, and what is never said to them by itself."""

from __future__ import annotations

import pytest

from dispatch.residents.danger import refusal

CALM = {"category": "tree_private", "family": "trees", "has_wire": False, "is_suspended": False}


@pytest.mark.parametrize(
    "text", ["Please send a photo.", "Can you take a picture?", "What is the exact location?"]
)
@pytest.mark.parametrize(
    "where",
    [
        {"family": "wires"},
        {"family": "flooding"},
        {"category": "gas_leak"},
        {"category": "looting_security"},
        {"has_wire": True},
        {"is_suspended": True},
    ],
)
def test_s9_nobody_is_asked_for_a_photo_or_a_place_where_it_is_dangerous(text: str, where: dict) -> None:
    assert refusal(f"Only from where you are safe: {text}", **{**CALM, **where})


def test_s9_elsewhere_it_begins_with_only_from_where_you_are_safe() -> None:
    assert "Begin with" in refusal("Please send a photo.", **CALM)
    assert refusal("Only from where you are safe: please send a photo.", **CALM) == ""


def test_a_message_that_asks_nothing_goes_out() -> None:
    assert refusal("A crew is on the way.", **{**CALM, "is_suspended": True}) == ""

"""What may pass through us between two residents: nobody's contact, name or address (S8)."""

from __future__ import annotations

import pytest

from dispatch.residents.private_words import private_words
from dispatch.residents.relayed import QUESTION, no_contact
from dispatch.residents.told import NOT_911

NAMES = ("Joe Brown", "Maria L.", "Will Park")
PLACES = ("2214 22nd Ave S, St. Petersburg",)


@pytest.mark.parametrize(
    "text",
    [
        "Call 727-555-0142",
        "call me at 555 0142",
        "joe@example.com",
        "He is in Apt 4B",
        "unit 12",
        "Ask for Joe.",
        "ask for joe brown",
        "It is Brown's saw",
        "Would Maria want it?",
        "Talk to Will about it",
        "Come to 2214 22nd Ave",
        "the house is 2214 22nd",
    ],
)
def test_a_contact_is_refused(text: str) -> None:
    assert no_contact(text, names=NAMES, addresses=PLACES)


@pytest.mark.parametrize(
    "text",
    [
        QUESTION,
        "A neighbor has a chainsaw and two hours. Would you like that?",
        "Will you answer here with yes or no?",
        "They can come between 2 and 4 today, no charge.",
        "The brown oak across the park road",
        "",
    ],
)
def test_what_shares_nothing_may_pass(text: str) -> None:
    assert no_contact(text, names=NAMES, addresses=PLACES) == ""


def test_the_question_is_filled_in_without_anybodys_words_and_says_that_it_is_not_911() -> None:
    assert private_words(QUESTION) == {}
    assert NOT_911 in QUESTION

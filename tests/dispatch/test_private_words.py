"""S8: what a draft holds that nobody should read in public."""

from __future__ import annotations

import pytest

from dispatch.residents.private_words import Private, private_words


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Call me at (727) 555-0142 please", Private.PHONE, "(727) 555-0142"),
        ("727.555.0142", Private.PHONE, "727.555.0142"),
        ("my number is 555-0142", Private.PHONE, "555-0142"),
        ("We come to Apt 4B", Private.UNIT, "Apt 4B"),
        ("unit #12 has been told", Private.UNIT, "unit #12"),
        ("apto. 7 está bien", Private.UNIT, "apto. 7"),
        ("Your oxygen will be looked after", Private.MEDICAL, "oxygen"),
        ("necesita oxígeno", Private.MEDICAL, "oxígeno"),
        ("She is PREGNANT", Private.MEDICAL, "PREGNANT"),
    ],
)
def test_s8_private_words_are_found_as_they_stand(text, kind, words):
    assert private_words(text) == {kind: words}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Stay 35 ft away from the line.",
        "22nd Ave S is closed between 31st and 34th St S until 15:00.",
        "Your report 18234 has been passed to emergency management. This is not 911.",
        "The unit responsible has been told; there is room on the shoulder.",
    ],
)
def test_s8_plain_words_are_not(text):
    assert private_words(text) == {}


def test_s8_each_kind_is_named_once():
    found = private_words("Unit 12, 727-555-0142 or 727-555-0143, on insulin and dialysis")
    assert found == {Private.PHONE: "727-555-0142", Private.UNIT: "Unit 12", Private.MEDICAL: "insulin"}

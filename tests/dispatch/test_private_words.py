"""S8: what a draft holds that nobody should read in public. S15: what is covered until somebody asks."""

from __future__ import annotations

import pytest

from dispatch.residents.private_words import Private, covered, private_words


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Call me at (727) 555-0142 please", Private.PHONE, "(727) 555-0142"),
        ("727.555.0142", Private.PHONE, "727.555.0142"),
        ("my number is 555-0142", Private.PHONE, "555-0142"),
        ("write to j.diaz@example.org", Private.EMAIL, "j.diaz@example.org"),
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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("call 727-555-0142 asap", "call [phone] asap"),
        ("call (727)555-0142.", "call [phone]."),
        ("727.555.0142 or 813 555 0199", "[phone] or [phone]"),
        ("7275550142", "[phone]"),
        ("+17275550142", "[phone]"),
        ("+1 (727) 555-0142 ext. 12", "[phone]"),
        ("1-727-555-0142", "[phone]"),
        ("727 / 555 - 0142", "[phone]"),
        ("mi mamá +52 1 55 1234 5678 no contesta", "mi mamá [phone] no contesta"),
        ("+34 612 34 56 78", "[phone]"),
        ("tel. 727 555 01 42", "tel. [phone]"),
        ("Llámame al 555 0142", "Llámame al [phone]"),
        ("text me at 5550142", "text me at [phone]"),
        ("my number is 555.0142!", "my number is [phone]!"),
        ("reach us at seven two seven five five five oh one four two", "reach us at [phone]"),
        ("llame al siete dos siete cinco cinco cinco cero uno cuatro dos", "llame al [phone]"),
        ("Mail maria.lopez+storm@example.com please", "Mail [e-mail] please"),
        ("2214 22nd Ave S Apt 4B, water rising", "2214 22nd Ave S [unit], water rising"),
        ("2214 22nd Ave S #304", "2214 22nd Ave S [unit]"),
        ("Apt. C on the second floor", "[unit] on the second floor"),
        ("Bldg 4 unit 2-B", "Bldg 4 [unit]"),
        ("Lot 17 of the trailer park", "[unit] of the trailer park"),
        ("apartamento número 12, tercer piso", "[unit], tercer piso"),
        ("room 211 at the motel", "[unit] at the motel"),
        ("habitación 9", "[unit]"),
    ],
)
def test_s15_phone_unit_and_mail_are_covered(text, shown):
    assert covered(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "2214 22nd Ave S between 31st and 34th St S",
        "1600 1st Ave N & 16th St N, 33705-1234",
        "7200 volt line, 13.2 kV, on 240-7200 V transformer",
        "Sparking since 10:45, 911 told at 14:29, no. 2017-0911",
        "Report 102938475 and ticket 7275550142 say the same",
        "pole #4412 leans, hydrant #12 is open, report #18234",
        "27.772512, -82.639034 or 27.7725550142",
        "A lot 2 much water, parking lot 3 is full",
        "The unit is on its way; we have room I think",
        "I-275 at exit 22, US 19 N, 4th St N 5400 block",
        "2017-09-11 between 0700 and 1900, 1,250,000 customers",
        "One two three trees down, $2,500,000 damage",
        "Duke says 3 to 5 days; 400 500 people",
        "Lot of water, apt to flood, suite is dry",
        "Entre la 31 y la 34, 2214 de la 22 Ave Sur",
    ],
)
def test_s15_what_an_operator_needs_stays(text):
    assert covered(text) == text

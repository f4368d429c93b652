"""The printed ICS 213 and walk list, read back from the paper."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.escalation.walk import walk_list
from dispatch.forms.ics213 import fill
from dispatch.records import Band, Escalation
from dispatch.reports import paper, pdf
from tests.dispatch.forms.made import MINUTE, SENT_AT, answer, hand_over
from tests.dispatch.reports.read_pdf import ink_of, pages_of, size_of

ZONE = ZoneInfo("America/New_York")


def form_pdf(escalation: Escalation) -> bytes:
    return pdf.ics213(fill(escalation, ZONE))


def walk_pdf(*escalations: Escalation, is_exercise: bool = True) -> bytes:
    page = walk_list(
        escalations, SENT_AT + 4 * MINUTE, ZONE, incident="Hurricane Irma", is_exercise=is_exercise
    )
    return pdf.walk_list(page)


def test_a_form_is_one_letter_page_with_all_ten_blocks() -> None:
    content = form_pdf(hand_over())

    [page] = pages_of(content)
    assert size_of(content) == (612, 792)
    assert "GENERAL MESSAGE (ICS 213)" in page
    for block in ("1. Incident Name", "2. To", "3. From", "4. Subject", "5. Date", "6. Time", "7. Message"):
        assert block in page
    for block in ("8. Approved by", "9. Reply", "10. Replied by", "Page 1 of 1"):
        assert block in page


def test_its_text_can_be_selected_word_for_word() -> None:
    [page] = pages_of(form_pdf(hand_over(details="El árbol cayó, Ñandú — “help”")))

    assert "[P1] Power line down, sparking on sidewalk" in page
    assert "El árbol cayó, Ñandú — “help”" in page
    assert "09/11/2017" in page and "14:29 EDT" in page
    assert "911 told 14:29 EDT, no. 17-2240, spoken to Operator 12" in page
    assert "TREAT AS LIVE · Utility told 14:21, ticket 4471" in page
    assert "3f0c9a52-7d1e-4b1b-9a50-3f6a5b1c2d3e" in page


def test_it_prints_in_black_and_white_and_fills_the_paper() -> None:
    is_grey, (left, top, right, bottom) = ink_of(form_pdf(hand_over()))

    assert is_grey
    assert left <= 40 and top <= 40 and right >= 570 and bottom >= 750


def test_s16_an_unanswered_form_has_boxes_for_the_pen_and_a_code() -> None:
    [page] = pages_of(form_pdf(hand_over()))

    for words in ("Accepted, held for weather", "wrong desk", "outside our area", "no resource now"):
        assert words in page
    assert "already known as no." in page and "answer code 41V" in page


def test_an_answered_form_carries_the_answer() -> None:
    [page] = pages_of(form_pdf(hand_over(answers=(answer("accept", text="Crew leaves now"),))))

    assert "Accepted. Crew leaves now. Came by voice" in page
    assert "J. Rivera, Energy liaison" in page and "Date/Time: 09/11/2017 14:30 EDT" in page


def test_4000_characters_go_on_and_what_is_asked_stays_on_page_one() -> None:
    words = [f"word{number:04}" for number in range(480)]
    text = " ".join(words)
    assert len(text) > 4000

    pages = pages_of(form_pdf(hand_over(details=text, place_quality="none")))

    assert len(pages) > 1
    assert all(word in " ".join(pages) for word in words)
    for must in ("Line made safe, sidewalk closed", "TREAT AS LIVE", "PLACE NOT CONFIRMED", "9. Reply"):
        assert must in pages[0]
    assert "continued on page 2" in pages[0] and "7. Message (continued)" in pages[1]
    assert f"Page {len(pages)} of {len(pages)}" in pages[-1]


@pytest.mark.parametrize(
    ("field", "words"), [("subject", 90), ("from_person", 90), ("desk", 90), ("activation_name", 90)]
)
def test_a_block_that_is_too_small_is_written_out_below(field: str, words: int) -> None:
    text = " ".join(f"part{number:03}" for number in range(words))

    pages = " ".join(pages_of(form_pdf(hand_over(**{field: text}))))

    assert "…" in pages
    assert all(word in pages for word in text.split())


def test_a_long_answer_and_a_long_name_are_written_out_too() -> None:
    said, name = (" ".join(f"{kind}{n:03}" for n in range(200)) for kind in ("said", "name"))

    pages = pages_of(form_pdf(hand_over(answers=(answer("accept", text=said, by_name=name),))))

    assert all(word in " ".join(pages) for word in (said + " " + name).split())


def test_what_the_font_lacks_prints_as_its_number_and_never_as_a_box() -> None:
    [page] = pages_of(form_pdf(hand_over(details="fire 🔥 م \x00 end", summary="")))

    assert "fire [U+1F525] [U+0645] [U+0000] end" in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("e\u0301", "é"),
        ("a\u202eb\u200dc\ufe0f", "abc"),
        ("a\tb", "a    b"),
        ("a\r\nb\u2028c", "a\nb\nc"),
        ("a\u00a0b\u3000c", "a b c"),
        ("\ud800", "[U+D800]"),
        ("\ue000", "[U+E000]"),
    ],
)
def test_signs_without_a_look_do_not_disturb_the_words(text: str, shown: str) -> None:
    assert paper.printable(text) == shown


def test_a_word_wider_than_the_line_is_broken_and_whole() -> None:
    lines = paper.wrap("x" * 900 + " end", paper.REGULAR, 9.5, 300)

    assert "".join(lines) == "x" * 900 + " end"
    assert all(paper.text_width(line, paper.REGULAR, 9.5) <= 300 for line in lines)


@pytest.mark.parametrize("make", [form_pdf, walk_pdf])
def test_s18_every_page_of_an_exercise_says_so_and_no_page_of_a_real_one(
    make: Callable[[Escalation], bytes],
) -> None:
    long = "The water came up to the door. " * 200

    for page in pages_of(make(hand_over(details=long))):
        assert page.count("EXERCISE · EXERCISE · EXERCISE") == 2
    if make is form_pdf:
        assert not any("EXERCISE" in page for page in pages_of(make(hand_over(is_exercise=False))))


def test_a_live_walk_list_carries_no_exercise_mark() -> None:
    assert "EXERCISE" not in pages_of(walk_pdf(hand_over(is_exercise=False), is_exercise=False))[0]


def test_s16_nine_full_hand_overs_fit_on_one_page_of_the_walk_list() -> None:
    cards = [
        hand_over(number=f"EOC-{40 + number:04}", band=Band(1 + number % 2), place_quality="street")
        for number in range(9)
    ]

    content = walk_pdf(*cards)

    [page] = pages_of(content)
    assert size_of(content) == (792, 612)
    assert all(f"EOC-{40 + number:04}" in page for number in range(9))
    assert page.count("held for weather") == page.count("known as no.") == 9
    assert "41V" in page and "TREAT AS LIVE · PLACE NOT CONFIRMED" in page
    assert "5 P1, 4 P2, 5 overdue" in page


def test_a_longer_walk_list_goes_on_and_loses_nobody() -> None:
    cards = [hand_over(number=f"EOC-{number:04}", summary="s " * 400) for number in range(1, 41)]

    pages = pages_of(walk_pdf(*cards))

    assert len(pages) > 1 and f"page 1 of {len(pages)}" in pages[0]
    assert all(f"EOC-{number:04}" in " ".join(pages) for number in range(1, 41))


def test_an_empty_walk_list_says_that_nothing_is_open() -> None:
    assert "No open P1 or P2 hand-overs." in pages_of(walk_pdf())[0]


def test_the_same_content_gives_the_same_bytes_in_any_process_and_thread() -> None:
    program = (
        "import sys, hashlib\n"
        "from tests.dispatch.reports.test_pdf import form_pdf, walk_pdf, hand_over\n"
        "print(hashlib.sha256(form_pdf(hand_over()) + walk_pdf(hand_over())).hexdigest())"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    with ThreadPoolExecutor(4) as threads:
        forms = set(threads.map(form_pdf, [hand_over()] * 8))

    [form] = forms
    assert run.stdout.split() == [hashlib.sha256(form + walk_pdf(hand_over())).hexdigest()]


anything = st.text(st.characters(), max_size=300)


@settings(max_examples=40, deadline=None)
@given(anything, anything, anything, anything)
def test_any_text_becomes_a_form_and_a_walk_list(a: str, b: str, c: str, d: str) -> None:
    made = hand_over(
        subject=a, summary=b, details=c, address=d, number=a, desk=b, from_person=c, activation_name=d,
        mobility=a, utility=b, resource=c, effect_needed=d, call_back=a, people=b, unit=c,
        answers=(answer(a, text=b, by_name=c, how=d),),
    )  # fmt: skip

    assert pages_of(form_pdf(made))
    assert pages_of(walk_pdf(made))

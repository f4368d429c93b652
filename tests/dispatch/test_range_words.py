"""A range of days and its reason, as residents read them."""

from __future__ import annotations

import string
import tomllib

import pytest

from dispatch.records import Expectation, NoTime
from dispatch.residents.range_words import languages, range_words, reason_words
from dispatch.resources import resource


@pytest.mark.parametrize(
    ("low", "high", "english", "spanish"),
    [
        (2, 3, "2 to 3 days", "de 2 a 3 días"),
        (0, 0, "less than a day", "menos de un día"),
        (1, 1, "1 day", "1 día"),
        (0, 1, "up to 1 day", "hasta 1 día"),
        (0, 7, "up to a week", "hasta una semana"),
        (0, 14, "up to two weeks", "hasta dos semanas"),
        (3, 7, "3 to 7 days", "de 3 a 7 días"),
        (5, 5, "about 5 days", "unos 5 días"),
        (8, None, "8 days to longer than two weeks", "de 8 días a más de dos semanas"),
        (0, None, "possibly longer than two weeks", "posiblemente más de dos semanas"),
        (14, None, "longer than two weeks", "más de dos semanas"),
    ],
)
def test_a_range_is_said_as_people_say_it(low: int, high: int | None, english: str, spanish: str) -> None:
    expectation = Expectation(low_days=low, high_days=high)

    assert range_words(expectation, "en") == english
    assert range_words(expectation, "es") == spanish


def test_the_reason_names_the_normal_time_the_volume_and_what_comes_first() -> None:
    expectation = Expectation(low_days=4, high_days=9, normal_days=2, open=140, closed_day=30, closed_week=90)

    assert reason_words(expectation, "en") == (
        "normally 2 days; 140 are open ahead, 30 are closed a day; life safety and main roads come first"
    )
    assert reason_words(expectation, "es") == (
        "normalmente 2 días; hay 140 pendientes antes, se cierran 30 al día; "
        "primero van las vidas en peligro y las calles principales"
    )


def test_where_little_is_closed_the_pace_is_that_of_the_week() -> None:
    slow = Expectation(low_days=4, high_days=9, open=1, closed_day=0, closed_week=14)
    still = Expectation(low_days=4, high_days=9, open=5, closed_day=0, closed_week=3)

    assert reason_words(slow, "en").startswith("1 is open ahead, 2 are closed a day;")
    assert reason_words(still, "en").startswith("5 are open ahead, less than 1 is closed a day;")


def test_without_a_time_nothing_is_said_but_why_and_whose_work_it_is() -> None:
    expectation = Expectation(no_time_why=NoTime.UTILITY, owner="Power utility, 555-0100")

    assert range_words(expectation, "en") == ""
    assert reason_words(expectation, "en").endswith("only the utility can say when: Power utility, 555-0100")


def test_a_language_without_words_leaves_the_slot_empty() -> None:
    assert range_words(Expectation(low_days=2, high_days=3), "vi") == ""
    assert reason_words(Expectation(low_days=2, high_days=3), "vi") == ""


def test_every_language_says_everything_with_the_same_slots() -> None:
    sections = tomllib.loads(resource("residents", "time_words.toml").read_text("utf-8"))
    expected = _slots(sections["en"])

    assert set(languages()) >= {"en", "es"}
    for section in sections.values():
        assert _slots(section) == expected
        assert set(section["no_time"]) == {each.value for each in NoTime}


def _slots(section: dict[str, object]) -> dict[str, set[str | None]]:
    return {
        name: {field for _, field, _, _ in string.Formatter().parse(str(said)) if field}
        for name, said in section.items()
        if name != "no_time"
    }

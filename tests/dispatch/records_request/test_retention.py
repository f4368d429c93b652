"""What could be disposed of, by the proposed table: listed, never done."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dispatch.errors import ActRefused
from dispatch.records import KeptRecords, LegalHold
from dispatch.records_request.retention import RetentionLine, Standing, first_day, listed, load_once
from dispatch.records_request.statutes import load_once as statutes
from dispatch.records_request.statutes import number_of
from dispatch.store.legal_holds import StoredStorm

IRMA = StoredStorm("irma", "Irma", False, 1, False)
NOW = StoredStorm("now", "Milton", False, 2, True)
LANDFALL = int(datetime(2017, 9, 10, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("years", "counted_from", "newest", "day"),
    [
        (5, "fiscal_year_end", date(2017, 9, 30), date(2022, 10, 1)),
        (5, "fiscal_year_end", date(2017, 10, 1), date(2023, 10, 1)),
        (1, "anniversary", date(2017, 10, 1), date(2018, 10, 1)),
        (1, "anniversary", date(2020, 2, 29), date(2021, 3, 1)),
    ],
)
def test_a_line_lets_go_on_its_day(years: int, counted_from: str, newest: date, day: date) -> None:
    assert first_day(RetentionLine("x", "X", years, counted_from), newest) == day


def standing(today: date, *holds: LegalHold, storm: StoredStorm = IRMA, kind: str = "messages") -> Standing:
    kept = KeptRecords(storm.activation_id, kind, 3, LANDFALL)
    (line,) = listed([kept], [storm], holds, load_once(), today)
    return line.standing


def test_a_hold_keeps_what_its_time_would_let_go_until_it_is_lifted() -> None:
    late, early = date(2030, 1, 1), date(2018, 1, 1)
    hold = LegalHold("h", "irma", 1, "suit", "Sam", "", 1)
    assert standing(late) is Standing.COULD
    assert standing(early) is Standing.NOT_YET
    assert standing(late, hold) is Standing.HELD
    assert standing(late, LegalHold("h", "irma", 1, "suit", "Sam", "", 1, 2, "Sam", "over")) is Standing.COULD
    assert standing(late, LegalHold("h", "other", 1, "suit", "Sam", "", 1)) is Standing.COULD


def test_a_storm_that_goes_on_lets_nothing_go() -> None:
    assert standing(date(2040, 1, 1), storm=NOW) is Standing.GOES_ON


def test_a_kind_without_a_line_is_asked_for() -> None:
    assert standing(date(2040, 1, 1), kind="x") is Standing.NO_LINE


def test_the_tables_are_dated_and_say_with_whom_to_check() -> None:
    assert "check with the records officer" in load_once().check and load_once().as_of
    assert "check with the city attorney" in statutes().check and statutes().as_of
    for number in statutes().titles:
        assert number_of(number) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("s. 119.071(4)(d)2.a., F.S.", "119.071(4)(d)2.a."),
        ("§119.0725", "119.0725"),
        ("Section 365.171(12)", "365.171(12)"),
    ],
)
def test_a_statute_is_taken_as_people_write_it(typed: str, number: str) -> None:
    assert number_of(typed) == number


@pytest.mark.parametrize("typed", ["", "private", "119", "119.071(5)(j) Maria"])
def test_what_is_no_statute_is_refused(typed: str) -> None:
    with pytest.raises(ActRefused, match="Say the statute by its number"):
        number_of(typed)

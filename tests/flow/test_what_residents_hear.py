"""What residents would have heard in the days around a storm: nothing that contradicts itself or comes too
often, whoever they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatch.exercise import storms
from dispatch.exercise.script import ANONYMOUS, STAFF, Kind, Person, Row, Step, Storm
from dispatch.records import RuleKind
from dispatch.residents.rules import DEFAULTS
from tests.month_of_messages import complaints
from tests.played_month import DAY, HOUR, KeptCity, Month, Report, millis

# Which resident reports what, under which of the city's categories, how many hours after the start.
SAID = (
    ("road", "tree_road_blocked", "A tree blocks the whole road, nobody gets by", 20),
    ("yard", "tree_private", "A tree fell in my back yard", 21),
    ("curb", "vegetative_debris", "Branches and leaves lie at the curb", 22),
    ("spanish", "vegetative_debris", "Hay muchas ramas junto a la acera de mi casa", 22),
    ("line", "power_line_down", "A power line hangs over the sidewalk", 23),
    ("water", "street_flooding", "The street is under water", 23),
    ("wind", "tree_road_blocked", "A tree lies across the street, the road is blocked", 11),
    ("signal", "traffic_signal_out", "The traffic light is dark", 24),
    ("dark", "power_outage", "We have no power since the storm", 25),
    ("sign", "sign_missing", "A stop sign is gone", 26),
    ("twice", "vegetative_debris", "A heap of branches on 3rd St", 27),
    ("twice", "sidewalk", "The sidewalk is broken", 28),
    ("guest", "vegetative_debris", "Leaves and twigs at the curb", 29),
    ("staff", "vegetative_debris", "Caller says branches at the curb", 30),
    ("trapped", "tree_on_structure", "Tree fell on the house, a man is trapped inside", 20),
)


def storm_of(at: int) -> Storm:
    """Each half a kilometer from the next; of every other one the server acknowledges nothing."""
    quiet = storms.STORMS["quiet"](1)
    types = {each.key: each for each in reversed(quiet.types)}
    rows = []
    for number, (who, category, words, hours) in enumerate(SAID):
        made = at + hours * HOUR
        kind = types[category]
        steps = () if number % 2 else (Step(made + 30_000, Kind.ACKNOWLEDGE),)
        rows.append(
            Row(
                request_id=100 + number, created_at=made, summary=kind.title, description=words,
                address="", lat=27.70 + 0.006 * number, lng=-82.65, type_id=kind.type_id,
                reporter=_person(who), steps=steps,
            )
        )  # fmt: skip
    return replace(quiet, rows=tuple(rows))


def _person(who: str) -> Person:
    if who == "guest":
        return ANONYMOUS
    return (
        STAFF[0]
        if who == "staff"
        else Person(3_000_100 + sum(who.encode()), f"Resident {who}", "Registered User")
    )


@pytest.fixture(scope="module")
def month(tmp_path_factory: Any) -> Iterator[Month]:
    """Nine days, with the rules asking after three."""
    folder: Path = tmp_path_factory.mktemp("month")
    at = millis("2017-09-10T10:00", storms.ST_PETERSBURG_ZONE)
    with KeptCity(folder / "city", storm_of(at), at) as city:
        made = Month(folder / "seat", city, at)
        still = replace(DEFAULTS[RuleKind.STILL_NEEDED], days=3)
        made.room.parts.rule_desk.turn_on(RuleKind.STILL_NEEDED, still)
        made.play(at + 2 * DAY, step_ms=2 * HOUR)
        made.play(at + 9 * DAY, step_ms=12 * HOUR)
        yield made
        made.close()


@pytest.fixture(scope="module")
def reports(month: Month) -> list[Report]:
    return month.reports()


def test_nobody_hears_what_contradicts_itself_or_comes_too_often(month: Month, reports: list[Report]) -> None:
    minded = Counter((what, said.what) for what, _, said in complaints(month, reports))
    assert minded == {}


def test_the_days_had_something_of_everything(reports: list[Report]) -> None:
    """Else the first test proves nothing."""
    said = {each.what for report in reports for each in report.heard}
    assert said >= {
        "got_it",
        "better_photo",
        "still_needed",
        "on_the_list",
        "with_owner",
        "passed to EM",
        "done",
    }
    assert {"en", "es"} <= {each.language for report in reports for each in report.heard}


def test_s7_no_time_is_told_and_nothing_asked_while_suspended(month: Month, reports: list[Report]) -> None:
    start, end = month.suspended
    heard = {each.what for report in reports for each in report.heard if start <= each.at < end}
    assert heard <= {"got_it", "passed to EM", "stay_safe", "with_owner"}


def test_every_resident_hears_something_but_callers_and_those_in_the_dark(reports: list[Report]) -> None:
    silent = {report.category for report in reports if not report.heard and not report.is_staff}
    assert silent <= {"power_outage"}

"""What the weekly page says: shares with how many and how sure, nothing that is not kept."""

from __future__ import annotations

from dataclasses import fields
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.forms import weekly
from dispatch.forms.weekly import Weekly
from dispatch.insight.shares import share
from dispatch.records import Heard

ZONE = ZoneInfo("America/New_York")
WEEK = 7 * 86_400_000
MONDAY = 1_505_102_400_000  # 11 Sep 2017 in St. Petersburg
NOW = MONDAY + 3 * 86_400_000


def heard(reports: int = 60, **changes: Any) -> Heard:
    given: dict[str, Any] = {
        "read": share(reports * 5 // 6, reports),
        "answered": share(31, 50) if reports else share(0, 0),
        "along": share(4, 20),
        "done": share(12, 20),
        "silent": share(0, 0),
        "half": 42 * 60_000,
        "nine_in_ten": None,
        "sources": (3, 40, 10, 7),
        "reporters": 9,
        "sites": {},
    }
    return Heard(reports, **{**given, **changes})


def page(
    departments: int = 2, *, is_exercise: bool = False, name: str = "Department", **changes: Any
) -> Weekly:
    weeks = [(MONDAY - back * WEEK, MONDAY - (back - 1) * WEEK) for back in (3, 2, 1, 0)]
    of_all = [heard(0), heard(**changes), heard(30), heard(60)]
    by = {f"{name} {n:02}": [heard(0), heard(0), heard(0), heard(100 - n)] for n in range(departments)}
    return weekly.fill(
        weeks,
        of_all,
        by,
        NOW,
        ZONE,
        city="City of St. Petersburg",
        incident="Hurricane Irma",
        is_exercise=is_exercise,
        is_named_by_server=True,
    )


def row(form: Weekly, name: str) -> tuple[str, ...]:
    return next(each[1:] for each in (*form.measures, *form.told_by) if each[0] == name)


def test_a_share_stands_with_how_many_and_how_sure() -> None:
    assert row(page(), "Answered by a person")[-1] == "62 % (48–74) of 50"
    assert row(page(), "Closed without a word")[-1] == "none to count"
    assert row(page(), "Answered by a person")[0] == "none to count"


def test_a_median_that_cannot_be_told_yet_is_not_told() -> None:
    assert row(page(), "Half answered within")[-1] == "42:00"
    assert row(page(), "9 in 10 within")[-1] == "not yet"
    assert row(page(), "Half answered within")[0] == "none to count"


def test_a_promise_counts_where_one_was_made() -> None:
    assert row(page(), "Promise kept") == ("none to count",) * 4
    assert row(page(kept=share(7, 9)), "Promise kept")[1].startswith("78 % (")


def test_the_weeks_stand_side_by_side_the_one_chosen_last() -> None:
    form = page()
    assert form.weeks[-1] == "from 09/11/2017" and form.week == "09/11/2017 to 09/17/2017"
    assert row(form, "Reports") == ("0", "60", "30", "60")
    assert row(form, "Distinct accounts")[-1] == "9"


def test_more_departments_than_fit_are_counted_in_words() -> None:
    form = page(departments=14)
    assert len(form.departments) == 8 and form.left_out.startswith("6 more")
    assert [each[0] for each in form.departments] == sorted(each[0] for each in form.departments)


def test_s18_an_exercise_is_marked() -> None:
    form = page(is_exercise=True)
    assert form.title.startswith("EXERCISE") and form.incident.startswith("EXERCISE")


def test_s15_the_page_has_no_room_for_words_of_anybody() -> None:
    said = {each.name for each in fields(Weekly)}
    assert not said & {"names", "words", "reporters", "addresses", "texts"}

"""A made-up storm of about a thousand sites in St. Petersburg, counted by the product's own counting."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.snapshot.columns import (
    AREA_COLUMNS,
    HAND_OVER_COLUMNS,
    LEFT_OUT_COLUMNS,
    REPORT_COLUMNS,
    SITE_COLUMNS,
)
from dispatch.snapshot.making import counted
from dispatch.snapshot.records import Cell, Column, Head, Rows, Snapshot
from dispatch.triage.categories import CategoryTable, load_categories

ZONE = ZoneInfo("America/New_York")
FROM_AT, HOUR_MS = 1_505_016_000_000, 3_600_000  # 2017-09-10 00:00 EDT
HEAD = Head(
    city="City of St. Petersburg",
    county="Pinellas County",
    state="Florida",
    storm="Hurricane Irma",
    is_exercise=False,
    from_at=FROM_AT,
    to_at=FROM_AT + 96 * HOUR_MS,
    zone=ZONE.key,
    as_of=FROM_AT + 136 * HOUR_MS,
    filter="Everything entered in the period.",
)
ENTERED = replace(
    HEAD,
    contact="EOC Planning, 727-555-0100, 24 h",
    disaster_number="DR-4337",
    declared_area="Pinellas County",
    incident_period="09/04/2017 to 10/18/2017",
    activation_level="1",
    local_emergency="since 09/07/2017",
)


def snapshot(sites: int = 1_000, *, areas: int = 30, head: Head = ENTERED, **shown: str) -> Snapshot:
    """`shown` are texts for the columns of that name in every row of sites and reports."""
    table = load_categories()
    chance = random.Random(13)
    made = [_site(n, areas, chance, table) for n in range(sites)]
    reports = [each for site in made for each in _reports(site, chance)]
    files = (
        _rows("sites", SITE_COLUMNS, [each | shown for each in made]),
        _rows("reports", REPORT_COLUMNS, [each | shown for each in reports]),
        _rows("hand_overs", HAND_OVER_COLUMNS, [_hand_over(each) for each in made if each["handed_over"]]),
        Rows("left_out", LEFT_OUT_COLUMNS, ()),
        _rows("areas", AREA_COLUMNS, [_area(n, reports) for n in range(areas)]),
    )
    return counted(head, files, table, ZONE)


def _rows(name: str, columns: tuple[Column, ...], found: list[dict[str, Any]]) -> Rows:
    known = {column.name for column in columns}
    values: list[tuple[Cell, ...]] = [tuple(each.get(column.name) for column in columns) for each in found]
    assert all(known & set(each) for each in found)
    return Rows(name, columns, tuple(values))


def _site(n: int, areas: int, chance: random.Random, table: CategoryTable) -> dict[str, Any]:
    category = chance.choice(list(table))
    band = chance.choices(("P1", "P2", "P3", "P4"), (4, 15, 60, 21))[0]
    is_open = chance.random() < 0.35
    is_restricted = chance.random() < 0.05
    entered = FROM_AT + int(min(95.0, max(0.0, chance.gauss(34, 14))) * HOUR_MS)
    return {
        "site": f"{4_000 + n}",
        "band": band,
        "family": category.family,
        "category": category.label,
        "lifeline": category.lifeline,
        "pa_line": chance.choice(("A", "A", "A", "B", "C", "F", "G", "")),
        "also_touches": "",
        "public_owner": chance.choice(("yes", "no", "unknown")),
        "open": "yes" if is_open else "no",
        "state": "triaged" if is_open else "closed",
        "closed_reason": "" if is_open else chance.choice(("fixed_confirmed", "passed_to_owner", "server")),
        "handed_over": "accepted" if band == "P1" else "",
        "outcome_known": "no",
        "wire": "",
        "first_entered_at": entered,
        "latitude": None if is_restricted else round(27.77 + chance.gauss(0, 0.03), 6),
        "longitude": None if is_restricted else round(-82.67 + chance.gauss(0, 0.03), 6),
        "neighborhood": f"Area {chance.randrange(areas):03} Heights",
        "photo": chance.choice(("yes", "no")),
        "bulk": chance.choices(("yes", "no"), (5, 95))[0],
        "restricted": "yes" if is_restricted else "no",
    }


def _area(n: int, reports: list[dict[str, Any]]) -> dict[str, Any]:
    """The first three are quiet: a hundred were expected of each."""
    name = f"Area {n:03} Heights"
    here = [each for each in reports if each["neighborhood"] == name]
    one_by_one = sum(each["bulk"] == "no" for each in here)
    return {
        "neighborhood": name,
        "people": 5_000,
        "reports": len(here),
        "one_by_one": one_by_one,
        "per_1000": round(one_by_one / 5, 1),
        "judged_as": name,
        "expected": 100.0 if n < 3 else float(one_by_one),
        "quiet": "yes" if n < 3 else "no",
        "how_sure": "under by 15 to 60 %" if n < 3 else "as expected",
        "outreach_began_at": FROM_AT + 37 * HOUR_MS if n == 1 else None,
    }


def _reports(site: dict[str, Any], chance: random.Random) -> list[dict[str, Any]]:
    entered = site["first_entered_at"]
    hour = (entered - FROM_AT) // HOUR_MS
    when = f"2017-09-{10 + hour // 24:02}"
    told_by = chance.choice(("resident", "staff", "unknown"))
    again = {"entered_at": entered, "entered_day": when, "entered_hour": f"{when}T{hour % 24:02}-0400"}
    return [
        site | again | {"report": f"{site['site']}-{n}", "told_by": told_by, "late": "no", "status": "open"}
        for n in range(chance.choice((1, 1, 1, 2, 4)))
    ]


def _hand_over(site: dict[str, Any]) -> dict[str, Any]:
    begun = site["first_entered_at"] + HOUR_MS // 6
    return {
        "hand_over": f"EOC-{site['site']}",
        "site": site["site"],
        "band": site["band"],
        "desk": "Public works",
        "state": "accepted",
        "handed_over_at": begun,
        "accepted_at": begun + int(site["site"]) * 100,
        "accepted": "yes",
        "returned_as": "",
        "outcome_known": "no",
    }

"""The storms that can be played, by name."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from dispatch.exercise import irma as irma_storm
from dispatch.exercise import rows
from dispatch.exercise.script import RequestType, Storm
from dispatch.exercise.times import to_millis
from dispatch.exercise.words import Words
from dispatch.resources import resource

ST_PETERSBURG = "City of St. Petersburg"
# One number for every exercise: a console is set up once for it.
ORGANIZATION_ID = 276
ST_PETERSBURG_ZONE = ZoneInfo("America/New_York")
REPEATED_PAGES = 0.1
STORM_ONLY = "storm"
OPENS_AT = to_millis("2017-09-11T10:30:00-04:00")


def quiet(seed: int) -> Storm:
    """No rows at all: reports come only from callers and from the control address. All is offered."""
    return Storm(
        name="quiet",
        organization=ST_PETERSBURG,
        organization_id=ORGANIZATION_ID,
        zone=ST_PETERSBURG_ZONE,
        types=tuple(replace(each, starts_offered=True) for each in st_petersburg_types()),
        starts_at=OPENS_AT,
    )


def st_petersburg_types() -> tuple[RequestType, ...]:
    path = resource("jurisdictions", "st-petersburg", "categories.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            RequestType(
                int(row["service_code"]), row["title"], row["category"], row["when_offered"] != STORM_ONLY
            )
            for row in csv.DictReader(file)
        )


def harvey(seed: int) -> Storm:
    """The flood reports of Houston from 25 August to 1 September 2017, as the city kept them."""
    zone = ZoneInfo("America/Chicago")
    played, types = rows.read(resource("storms", "unverified", "houston-harvey-2017.csv.gz"), seed, zone)
    return Storm(
        name="harvey",
        organization="City of Houston",
        organization_id=ORGANIZATION_ID,
        zone=zone,
        types=types,
        starts_at=to_millis("2017-08-25T00:00:00-05:00"),
        rows=tuple(played),
    )


def irma(seed: int) -> Storm:
    """It opens with the everyday list: what is only for storms, somebody has to switch on."""
    types = st_petersburg_types()
    empty = replace(quiet(seed), name="irma", types=types, repeats=REPEATED_PAGES)
    words = Words(resource("storms", "irma.toml"))
    places = resource("storms", "unverified", "st-petersburg-places.csv")
    return replace(empty, rows=irma_storm.rows(seed, words, places, empty.types, empty.office))


STORMS: dict[str, Callable[[int], Storm]] = {"irma": irma, "harvey": harvey, "quiet": quiet}

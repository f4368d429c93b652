"""What a snapshot is headed by, in words: the same on its first page and over all others."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dispatch.forms.common import date_time, mark_exercise
from dispatch.reports.snapshot_facts import NOT_ENTERED
from dispatch.snapshot.records import NOT_ASSESSED, Head, Snapshot

# A name may be as long as somebody typed; what the page is about stands behind it all the same.
MOST_NAME = 80


def title(snapshot: Snapshot) -> str:
    name = " ".join(snapshot.head.storm.split()) or "Storm without a name"
    short = name if len(name) <= MOST_NAME else f"{name[: MOST_NAME - 1]}…"
    return mark_exercise(f"{short}: what was reported to the city", snapshot.head.is_exercise)


def place(head: Head) -> str:
    return ", ".join(part for part in (head.city, head.county, head.state) if part)


def period(head: Head) -> str:
    zone = ZoneInfo(head.zone)
    return f"{date_time(head.from_at, zone)} to {date_time(head.to_at, zone)}"


def said(snapshot: Snapshot) -> list[str]:
    """What a county officer asks first, a line each. What the city has to enter says so where it is missing;
    what FEMA declares stands there only when it has, apart from our own period."""
    head = snapshot.head
    as_of = "no sync yet" if head.as_of is None else date_time(head.as_of, ZoneInfo(head.zone))
    city_says = (
        ("Activation level", head.activation_level),
        ("local state of emergency", head.local_emergency),
        ("disaster number", head.disaster_number),
    )
    fema_says = (("Declared area", head.declared_area), ("FEMA's incident period", head.incident_period))
    lines = [
        f"{period(head)} · data as of {as_of}",
        " · ".join(f"{name} {words or NOT_ENTERED}" for name, words in city_says),
        f"Contact {head.contact or NOT_ENTERED}",
        " · ".join(f"{name} {words}" for name, words in fema_says if words),
        f"{NOT_ASSESSED} {head.filter}",
    ]
    return [line for line in lines if line]

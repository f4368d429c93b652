"""What stands at the head of a snapshot in every file: its mark, title and the facts a county asks for."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dispatch.forms.common import EXERCISE, date_time
from dispatch.records import Millis
from dispatch.snapshot.records import NOT_ASSESSED, Head, Snapshot

NOT_ENTERED = "not entered"


def title(head: Head) -> str:
    """`EXERCISE · Snapshot · Irma · St. Petersburg` (S18); what is empty is left out."""
    mark = EXERCISE if head.is_exercise else ""
    return " · ".join(part for part in (mark, "Snapshot", head.storm, head.city) if part)


def banner(snapshot: Snapshot) -> str:
    """One line for the top of each sheet or layer, because sheets are printed and layers copied alone."""
    return f"{title(snapshot.head)} · version {snapshot.version} · {NOT_ASSESSED}"


def made_at(head: Head) -> Millis:
    """The one time a file may carry as its own: the data's, so that the same content gives the same bytes."""
    return head.to_at if head.as_of is None else head.as_of


def facts(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    """The header of `domain.md` section 10, times local with their zone."""
    head = snapshot.head
    zone = ZoneInfo(head.zone)
    synced = "never" if head.as_of is None else date_time(head.as_of, zone)
    entered = (
        ("Contact, 24 hours", head.contact),
        ("Disaster number", head.disaster_number),
        ("Declared area", head.declared_area),
        ("FEMA's incident period", head.incident_period),
        ("Activation level", head.activation_level),
        ("Local state of emergency", head.local_emergency),
    )
    return (
        ("City", head.city),
        ("County", head.county),
        ("State", head.state),
        ("Storm", head.storm),
        ("Exercise", "yes" if head.is_exercise else "no"),
        ("Period from", date_time(head.from_at, zone)),
        ("Period to", date_time(head.to_at, zone)),
        ("Time zone", head.zone),
        ("Data as of (last good sync)", synced),
        ("Filter", head.filter or "none"),
        ("Version", snapshot.version),
        *((f"Rows of {rows.name}", str(len(rows))) for rows in snapshot.files),
        *((label, value or NOT_ENTERED) for label, value in entered),
    )

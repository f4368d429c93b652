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
    said = edition(snapshot)
    return f"{title(snapshot.head)} · {said[:1].lower()}{said[1:]} · {NOT_ASSESSED}"


def edition(snapshot: Snapshot) -> str:
    """`Version 2, published 09/15/2017 16:20 EDT · replaces version 1`"""
    said = snapshot.edition
    if said is None:
        return "Working copy, not published"
    replaced = f" · replaces version {said.replaces}" if said.replaces else ""
    at = date_time(said.published_at, ZoneInfo(snapshot.head.zone))
    return f"Version {said.number}, published {at}{replaced}"


def signed(snapshot: Snapshot) -> str:
    """`Version 2 · made by Ana, Planning, reviewed by Ben, Supervisor`; of a working copy that it is one."""
    said = snapshot.edition
    if said is None:
        return edition(snapshot)
    by = "the same person" if said.is_reviewed_by_maker else said.reviewed_by
    return f"Version {said.number} · made by {said.made_by}, reviewed by {by}"


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
        ("Version", edition(snapshot)),
        *_edition_facts(snapshot),
        ("Digest of head and rows", snapshot.version),
        *((f"Rows of {rows.name}", str(len(rows))) for rows in snapshot.files),
        *((label, value or NOT_ENTERED) for label, value in entered),
    )


def _edition_facts(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    said = snapshot.edition
    if said is None:
        return ()
    return (
        ("Made by", said.made_by),
        (
            "Reviewed by",
            f"the same person: {said.made_by}" if said.is_reviewed_by_maker else said.reviewed_by,
        ),
        ("Published by", said.published_by),
        ("Why", said.why or NOT_ENTERED),
    )

"""What a kept snapshot must be like, whose place it takes, and what it says once it has its number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dispatch.errors import SnapshotBroken
from dispatch.forms.common import person
from dispatch.records import KeptVersion
from dispatch.snapshot.asked import Asked, Wanted
from dispatch.snapshot.counting import Counts
from dispatch.snapshot.differences import compared, uncompared
from dispatch.snapshot.frozen import thaw
from dispatch.snapshot.making import filter_words
from dispatch.snapshot.records import Edition, Snapshot


def asked_of(kept: KeptVersion) -> Asked:
    return Asked(kept.from_at, kept.to_at, Wanted(kept.area, kept.only_storm))


def replaced_by(asked: Asked, published: Iterable[KeptVersion]) -> KeptVersion | None:
    """The published one whose place a count takes: of the same start, area and categories, and of those that
    end no later the one that ends last; of several with that end, the newest.

    A county is given the same count from the storm's first hour on, each time to a later end: each takes the
    place of the one before. One that is counted once more to the same end corrects that one. A shift's or an
    area's count stands for itself.
    """
    alike = (
        each
        for each in published
        if (each.from_at, each.area, each.only_storm)
        == (asked.from_at, asked.wanted.area, asked.wanted.only_storm)
        and each.to_at <= asked.to_at
    )
    return max(alike, key=lambda each: (each.to_at, each.number), default=None)


def checked(content: bytes, asked: Asked, storm: str, *, is_exercise: bool) -> Snapshot:
    """What another process has counted, as it was counted. Raises SnapshotBroken where it is not whole, not
    what was asked for, or where a number is not that of its rows."""
    found = thaw(content)
    head = found.head
    if (head.storm, head.is_exercise) != (storm, is_exercise):
        raise SnapshotBroken("This snapshot is of another storm: count this one.")
    if (head.from_at, head.to_at, head.filter) != (asked.from_at, asked.to_at, filter_words(asked.wanted)):
        raise SnapshotBroken("This snapshot is of another period or filter: count again.")
    if found.edition is not None:
        raise SnapshotBroken("This snapshot is published already: count again to correct it.")
    found = uncompared(found)
    counts = {rows.name: Counts(rows) for rows in found.counted}
    if any(
        each.of not in counts or counts[each.of].count(each.where) != each.value for each in found.all_numbers
    ):
        raise SnapshotBroken("A number of this snapshot is not that of its rows: count again.")
    return found


def against(found: Snapshot, replaced: Snapshot | None) -> Snapshot:
    """With what changed since the one whose place it takes."""
    return uncompared(found) if replaced is None else compared(found, replaced)


def published_as(kept: KeptVersion, found: Snapshot, replaced: Snapshot | None) -> Snapshot:
    """As it is frozen for good: head and rows are those that were reviewed, and so is the digest."""
    edition = Edition(
        number=kept.number,
        replaces=kept.replaces,
        made_by=person(kept.made.person, kept.made.position),
        reviewed_by=person(kept.reviewed.person, kept.reviewed.position),
        published_by=person(kept.published.person, kept.published.position),
        published_at=kept.published.at,
        why=kept.why,
        is_reviewed_by_maker=kept.is_reviewed_by_maker,
    )
    return replace(against(found, replaced), edition=edition)

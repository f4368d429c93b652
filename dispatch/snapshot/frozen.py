"""A snapshot as it lies in the store once somebody keeps it: whole, so that it says for ever what it said."""

from __future__ import annotations

import zlib

import msgspec

from dispatch.errors import SnapshotBroken
from dispatch.snapshot.making import version_of
from dispatch.snapshot.records import Snapshot

# The form of what is frozen; one that a later program cannot read is said, not guessed at.
FORM = b"landfall snapshot 1\n"


def freeze(snapshot: Snapshot) -> bytes:
    """The same snapshot always gives the same bytes."""
    return FORM + zlib.compress(msgspec.json.encode(snapshot), 6)


def summary(snapshot: Snapshot) -> bytes:
    """Head, numbers and columns for a screen, without the rows: what `read_summary` reads."""
    return msgspec.json.encode(snapshot.without_rows())


def read_summary(content: bytes) -> Snapshot:
    """With no rows in its files. Raises SnapshotBroken."""
    try:
        return msgspec.json.decode(content, type=Snapshot)
    except msgspec.MsgspecError as error:
        raise SnapshotBroken("This snapshot is damaged: count it again.") from error


def thaw(content: bytes) -> Snapshot:
    """Raises SnapshotBroken where it is not what was frozen."""
    if not content.startswith(FORM):
        raise SnapshotBroken("This snapshot was kept by another version of Landfall: open it there.")
    try:
        found = msgspec.json.decode(zlib.decompress(content[len(FORM) :]), type=Snapshot)
    except (zlib.error, msgspec.MsgspecError) as error:
        raise SnapshotBroken("This snapshot is damaged: take the files that were published.") from error
    if version_of(found) != found.version:
        raise SnapshotBroken(
            "This snapshot was changed after it was made: take the files that were published."
        )
    return found

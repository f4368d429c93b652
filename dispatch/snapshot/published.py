"""A published version as it was frozen, from a store."""

from __future__ import annotations

from dispatch.errors import ActRefused
from dispatch.snapshot.frozen import thaw
from dispatch.snapshot.records import Snapshot
from dispatch.store import snapshot_versions
from dispatch.store.forms import current_activation
from dispatch.store.store import Store


def by_number(store: Store, number: int) -> Snapshot:
    """Of the activation that goes on now, or went on last. Raises ActRefused where it has none of this
    number, SnapshotBroken where it cannot be read."""
    with store.reading() as connection:
        found = snapshot_versions.published(connection, current_activation(connection))
        kept = next((each for each in found if each.number == number), None)
        if kept is None:
            there = f"the last is version {found[0].number}" if found else "none is published yet"
            raise ActRefused(f"There is no version {number} of this storm: {there}.")
        content = snapshot_versions.content(connection, kept.version_id)
    return thaw(content)

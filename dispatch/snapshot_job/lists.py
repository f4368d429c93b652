"""The lists that are never part of a snapshot, each written into a folder: for assessors, for whoever goes to
a restricted site, for whoever adds up what work cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from dispatch.evidence.cases import Cases
from dispatch.evidence.pack import pack
from dispatch.evidence.photos import Limits, Photos
from dispatch.forms.common import file_mark
from dispatch.jurisdiction import Jurisdiction
from dispatch.reports import csv_file, homes_file
from dispatch.snapshot.asked import Asked
from dispatch.snapshot.homes import make_homes
from dispatch.snapshot.pa_costs import PA_COSTS, make_pa_costs
from dispatch.snapshot.records import RESTRICTED
from dispatch.snapshot.restricted import make_restricted
from dispatch.snapshot_job.orders import What
from dispatch.store import snapshot_rows
from dispatch.store.store import Store
from dispatch.triage.categories import CategoryTable
from dispatch.whole_file import make_folder

# How many rows, and the files' names.
Listed = tuple[int, tuple[str, ...]]


def write_list(
    what: What, store: Store, asked: Asked, city: Jurisdiction, table: CategoryTable, folder: Path
) -> Listed:
    """Raises FileNotWritten, and ActRefused where there is nothing to list."""
    return _LISTS[what](store, asked, city, table, folder)


def write_evidence(cases: Cases, folder: Path, data: Path, tell: Callable[[int, int], None]) -> Listed:
    """The photos of a period's sites as one zip; they come over the network, so the store is let go before.
    `tell` hears how many of how many were looked for. Raises FileNotWritten."""
    make_folder(folder)
    photos = Photos(data, limits=Limits())
    try:
        packed = pack(cases, photos, folder / f"{What.EVIDENCE.value}.zip", tell=tell)
    finally:
        photos.close()
    return len(cases.photos), (packed.path.name,)


def _homes(store: Store, asked: Asked, city: Jurisdiction, table: CategoryTable, folder: Path) -> Listed:
    made = make_homes(store, asked, city, table)
    return len(made.rows), tuple(each.name for each in homes_file.write(made, folder))


def _restricted(store: Store, asked: Asked, city: Jurisdiction, table: CategoryTable, folder: Path) -> Listed:
    made = make_restricted(store, asked, city, table)
    name = f"{file_mark(made.head.is_exercise)}{RESTRICTED}.csv"
    make_folder(folder)
    csv_file.write(made.rows, city.zone, folder / name)
    return len(made.rows), (name,)


def _pa_costs(store: Store, _asked: Asked, city: Jurisdiction, table: CategoryTable, folder: Path) -> Listed:
    """Of the whole storm: costs have no time of entry."""
    made = make_pa_costs(store, table)
    with store.reading() as connection:
        activation = snapshot_rows.current_activation(connection)
    name = f"{file_mark(activation is not None and activation.is_exercise)}{PA_COSTS}.csv"
    make_folder(folder)
    csv_file.write(made.rows, city.zone, folder / name)
    return len(made.rows), (name,)


_LISTS: Mapping[What, Callable[[Store, Asked, Jurisdiction, CategoryTable, Path], Listed]] = {
    What.HOMES: _homes,
    What.RESTRICTED: _restricted,
    What.PA_COSTS: _pa_costs,
}

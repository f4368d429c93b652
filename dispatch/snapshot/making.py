"""Makes a snapshot of what a store holds: reads only, in one transaction; the same content makes the same."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo

import orjson

from dispatch.errors import ActRefused
from dispatch.geo.folder import GeoFolder
from dispatch.jurisdiction import Jurisdiction
from dispatch.records import Millis, StormFacts
from dispatch.resources import resource
from dispatch.snapshot import areas, numbers, quiet, tables
from dispatch.snapshot.asked import Asked, Wanted
from dispatch.snapshot.counting import Counts
from dispatch.snapshot.records import NOT_ASSESSED, Head, Number, Rows, Snapshot
from dispatch.snapshot.rows import NO, RowMaker, Stored
from dispatch.store import outreach, snapshot_rows
from dispatch.store.store import Store
from dispatch.triage.categories import CategoryTable

VERSION_SIGNS = 12


def make(store: Store, asked: Asked, city: Jurisdiction, table: CategoryTable) -> Snapshot:
    """Raises ActRefused where the period ends before it begins or the store holds no activation yet."""
    if asked.to_at <= asked.from_at:
        raise ActRefused("The period ends before it begins: turn the two times around.")
    span = asked.from_at, asked.to_at
    with store.reading() as connection:
        activation = snapshot_rows.current_activation(connection)
        stored = Stored(
            snapshot_rows.reports(connection, *span),
            snapshot_rows.sites(connection, *span),
            snapshot_rows.hand_overs(connection, *span),
        )
        as_of = snapshot_rows.as_of(connection)
        entered = snapshot_rows.heads(connection, activation)
        voices = [] if asked.wanted.leaves_out else snapshot_rows.voices(connection, asked.to_at)
        entries = outreach.entries(connection, activation.activation_id) if activation else ()
    if activation is None:
        raise ActRefused("This store holds no activation yet: there is nothing to count.")
    head = head_of(asked, city, activation, as_of, entered)
    made = RowMaker(stored, asked.wanted, table, city.owners, city.zone)
    sites, reports = made.sites(), made.reports()
    layer = areas.Layer.read(GeoFolder(resource("geo"), city.key))
    by_area = areas.rows(
        layer,
        None
        if asked.wanted.leaves_out
        else areas.judged(layer, voices, asked.from_at, activation.started_at),
        areas.begun(entries, asked.to_at),
        Counts(sites),
        Counts(reports),
        only=asked.wanted.area,
    )
    files = sites, reports, made.hand_overs(), made.left_out(), by_area
    return counted(head, files, table, city.zone)


def head_of(
    asked: Asked,
    city: Jurisdiction,
    activation: snapshot_rows.StoredActivation,
    as_of: Millis | None,
    entered: StormFacts,
) -> Head:
    """What everything made of this period of this store is headed by."""
    return Head(
        city=city.name,
        county=city.county,
        state=city.state,
        storm=activation.name,
        is_exercise=activation.is_exercise,
        from_at=asked.from_at,
        to_at=asked.to_at,
        zone=city.zone.key,
        as_of=as_of,
        filter=filter_words(asked.wanted),
        contact=entered.contact,
        disaster_number=entered.disaster_number,
        declared_area=entered.declared_area,
        incident_period=entered.incident_period,
        activation_level=entered.activation_level,
        local_emergency=entered.local_emergency,
    )


def counted(head: Head, files: Sequence[Rows], table: CategoryTable, zone: tzinfo) -> Snapshot:
    """The numbers over these rows: sites, reports, hand-overs, left out, areas."""
    sites, reports, hand_overs, left_out, by_area = files
    of_sites, of_reports, of_hand_overs = Counts(sites), Counts(reports), Counts(hand_overs)
    of_areas = Counts(by_area)
    spreads = numbers.spreads(hand_overs, head.as_of or head.to_at)
    said = numbers.numbers(of_sites, of_reports, of_hand_overs, table, spreads[0])
    found = Snapshot(
        version="",
        head=head,
        now=numbers.now(of_sites, of_hand_overs, table, zone),
        numbers=(*said, *quiet.numbers(of_areas)),
        spreads=spreads,
        tables=(
            *tables.tables(of_sites, of_reports, by_area),
            *quiet.tables(by_area, of_reports, zone),
        ),
        remarks=(*_remarks(of_reports, left_out, said), *quiet.remarks(of_areas)),
        sites=sites,
        reports=reports,
        hand_overs=hand_overs,
        left_out=left_out,
        areas=by_area,
    )
    return replace(found, version=version_of(found))


def version_of(found: Snapshot) -> str:
    """Follows from head and rows alone: whoever counts the same has the same. Who published it, as which
    number, and what differs from another one is not of it."""
    proof = hashlib.sha256(orjson.dumps(found.head))
    for rows in found.counted:
        proof.update(orjson.dumps([rows.name, rows.values]))
    return proof.hexdigest()[:VERSION_SIGNS]


def filter_words(wanted: Wanted) -> str:
    """As the head says it."""
    parts = []
    if wanted.area:
        parts.append(f"sites in {wanted.area}")
    if wanted.only_storm:
        parts.append("the storm's categories")
    return f"Only {', of '.join(parts)}." if parts else "Everything entered in the period."


def _remarks(reports: Counts, left_out: Rows, counted: Sequence[Number]) -> tuple[str, ...]:
    bulk, late = (reports.count(((name, ("yes",)),)) for name in ("bulk", "late"))
    placeless = reports.count((("latitude", (None,)), ("restricted", (NO,))))
    (homes,) = (each.value for each in counted if each.key == "homes")
    said = [NOT_ASSESSED, f"Homes that residents say took water or structural harm: {homes:,}."]
    if len(left_out):
        said.append(f"{_reports(len(left_out))} left out by the filter (left_out.csv).")
    if bulk:
        said.append(f"{_reports(bulk)} entered in bulk, often days after the event; marked in reports.csv.")
    if late:
        said.append(f"{_reports(late)} entered more than a day after it happened; marked in reports.csv.")
    if placeless:
        said.append(f"{_reports(placeless)} without a place on the map: in every number, on no map.")
    return tuple(said)


def _reports(many: int) -> str:
    return f"{many:,} {'report' if many == 1 else 'reports'}"

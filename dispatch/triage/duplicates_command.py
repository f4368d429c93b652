"""The command `duplicates IN.csv OUT.csv`: a table of reports grouped by incident, for a city's trials."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from dispatch.records import Millis, Place
from dispatch.triage.compared import Report
from dispatch.triage.default_points import find_default_points
from dispatch.triage.duplicates import DuplicateIndex
from dispatch.triage.incidents import cluster_of
from dispatch.triage.report_words import kind_of, telling_words
from dispatch.triage.table import TableRefused, TableRow, read_table, write_table

NEEDED = ("id", "opened", "type", "dept", "lat", "lon")
COLUMNS = ("id", "cluster")
SUGGESTED = ("id", "candidate", "rank")


@click.command(name="duplicates")
@click.argument("source", metavar="IN.csv", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT.csv", type=click.Path(path_type=Path))
@click.option(
    "--suggest", type=click.Path(path_type=Path), help="Write up to three candidates a report here."
)
def duplicates(source: Path, target: Path, suggest: Path | None) -> None:
    """Group the reports of IN.csv (id,opened,type,dept,lat,lon and, where there are any, place_id or address,
    channel, account, text) by incident into OUT.csv (id,cluster)."""
    started = time.perf_counter()
    rows = read_table(source, NEEDED)
    click.echo(f"Comparing {len(rows)} reports …", err=True)
    reports = read_reports(rows, source.name)
    oldest_first = sorted(reports, key=lambda report: (report.opened_at, report.report_id))
    index = _index(oldest_first)
    lead_of = cluster_of(index, oldest_first)
    write_table(target, COLUMNS, ((each.report_id, lead_of[each.report_id]) for each in reports))
    if suggest is not None:
        write_table(suggest, SUGGESTED, _suggestions(index, reports))
    seconds = round(time.perf_counter() - started, 3)
    count = len(set(lead_of.values()))
    click.echo(json.dumps({"rows": len(reports), "clusters": count, "seconds": seconds}))


def read_reports(rows: Sequence[TableRow], file_name: str) -> list[Report]:
    """Rows as reports; a row that is none is said with its line."""
    reports, known = [], set()
    for line, row in enumerate(rows, start=2):
        try:
            report = _report(row)
        except ValueError as error:
            raise TableRefused(f"{file_name}, line {line}: {error}.") from error
        if report.report_id in known:
            raise TableRefused(f"{file_name}, line {line}: the id '{report.report_id}' stands there twice.")
        known.add(report.report_id)
        reports.append(report)
    return reports


def _index(reports: Sequence[Report]) -> DuplicateIndex:
    index = DuplicateIndex(
        find_default_points((each.place, each.address, each.kind) for each in reports if each.place)
    )
    for report in reports:
        index.add(report)
    return index


def _suggestions(index: DuplicateIndex, reports: Sequence[Report]) -> Iterator[tuple[str, str, int]]:
    for report in reports:
        for rank, candidate in enumerate(index.candidates(report), start=1):
            yield report.report_id, candidate.report_id, rank


def _report(row: TableRow) -> Report:
    cells = {
        name: (value or "").strip()
        for name, value in row.items()
        if isinstance(name, str) and not isinstance(value, list)
    }
    if not cells["id"]:
        raise ValueError("there is no id")
    address = cells.get("address") or cells.get("place_id", "")
    return Report(
        report_id=cells["id"],
        opened_at=_time(cells["opened"]),
        kind=kind_of(cells["type"]),
        family=cells["dept"],
        place=_place(cells["lat"], cells["lon"]),
        address=address.casefold(),
        words=telling_words(cells.get("text", ""), cells.get("address", "")),
        account=cells.get("account", ""),
        source=f"{cells['channel']} of {cells['dept']}" if cells.get("channel") else "",
    )


def _time(text: str) -> Millis:
    """City time, or with a zone behind it; only differences are looked at."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"opened is '{text}', not a time like 2015-05-01T00:45") from None
    return round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)


def _place(lat: str, lon: str) -> Place | None:
    if not lat and not lon:
        return None
    try:
        place = Place(float(lat), float(lon))
    except ValueError:
        raise ValueError(f"'{lat}', '{lon}' are not degrees like 42.3591, -71.0605") from None
    if not (math.isfinite(place.lat) and abs(place.lat) <= 90 and abs(place.lng) <= 180):
        raise ValueError(f"'{lat}', '{lon}' are not degrees like 42.3591, -71.0605")
    return None if place.lat == 0 == place.lng else place

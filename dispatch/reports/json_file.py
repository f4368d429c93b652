"""The whole snapshot as JSON: head, numbers with how each is counted, tables, and all rows."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from dispatch.forms.common import iso
from dispatch.snapshot.records import NOT_ASSESSED, Cell, Head, Kind, Number, Rows, Snapshot, Table
from dispatch.whole_file import write_whole


def write(snapshot: Snapshot, path: Path) -> None:
    """Raises FileNotWritten."""
    write_whole(path, content(snapshot))


def content(snapshot: Snapshot) -> bytes:
    zone = ZoneInfo(snapshot.head.zone)
    return orjson.dumps(
        {
            "version": snapshot.version,
            "edition": edition(snapshot),
            "note": NOT_ASSESSED,
            "head": head(snapshot.head),
            "now": [number(each) for each in snapshot.now],
            "numbers": [number(each) for each in snapshot.numbers],
            "spreads": [
                {
                    "key": each.key,
                    "label": each.label,
                    "half_within_s": each.half_s,
                    "nine_in_ten_within_s": each.nine_in_ten_s,
                    "n": each.n,
                    "definition": each.says,
                }
                for each in snapshot.spreads
            ],
            "tables": [_table(each) for each in snapshot.tables],
            "remarks": snapshot.remarks,
            "columns": {
                rows.name: [{"name": c.name, "kind": c.kind, "definition": c.says} for c in rows.columns]
                for rows in snapshot.files
            },
            **{rows.name: rows_of(rows, zone) for rows in snapshot.files},
        },
        option=orjson.OPT_APPEND_NEWLINE,
    )


def head(said: Head) -> dict[str, Any]:
    zone = ZoneInfo(said.zone)
    return {
        "city": said.city,
        "county": said.county,
        "state": said.state,
        "storm": said.storm,
        "is_exercise": said.is_exercise,
        "from": iso(said.from_at, zone),
        "to": iso(said.to_at, zone),
        "zone": said.zone,
        "data_as_of": None if said.as_of is None else iso(said.as_of, zone),
        "filter": said.filter,
        "contact": said.contact,
        "disaster_number": said.disaster_number,
        "declared_area": said.declared_area,
        "incident_period": said.incident_period,
        "activation_level": said.activation_level,
        "local_emergency": said.local_emergency,
    }


def edition(snapshot: Snapshot) -> dict[str, Any] | None:
    """None: a working copy that nobody has published."""
    said = snapshot.edition
    if said is None:
        return None
    return {
        "number": said.number,
        "replaces": said.replaces or None,
        "why": said.why,
        "made_by": said.made_by,
        "reviewed_by": said.reviewed_by,
        "reviewed_by_maker": said.is_reviewed_by_maker,
        "published_by": said.published_by,
        "published_at": iso(said.published_at, ZoneInfo(snapshot.head.zone)),
    }


def number(said: Number) -> dict[str, Any]:
    return {
        "key": said.key,
        "label": said.label,
        "value": said.value,
        "rows": said.of,
        "where": dict(said.where),
        "definition": said.says,
        "note": said.note,
    }


def rows_of(rows: Rows, zone: tzinfo) -> list[dict[str, Cell]]:
    """By name; times as ISO 8601."""
    if not len(rows):
        return []
    names = [column.name for column in rows.columns]
    columns = [
        _times(cells, zone) if column.kind is Kind.TIME else cells
        for column, cells in zip(rows.columns, zip(*rows.values, strict=True), strict=True)
    ]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _times(cells: tuple[Cell, ...], zone: tzinfo) -> tuple[Cell, ...]:
    written = {cell: iso(int(cell), zone) for cell in set(cells) if cell is not None}
    return tuple(None if cell is None else written[cell] for cell in cells)


def _table(said: Table) -> dict[str, Any]:
    return {
        "key": said.key,
        "title": said.title,
        "headings": said.headings,
        "definition": said.says,
        "lines": [
            {
                "label": line.label,
                "numbers": [number(each) for each in line.numbers],
                "per_1000": line.per_1000,
                "worst": line.worst,
            }
            for line in said.lines
        ],
    }

"""The sites as GeoJSON (RFC 7946); one without a place, or restricted, is a feature without geometry."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import orjson

from dispatch.reports.json_file import edition, head, rows_of
from dispatch.snapshot.records import NOT_ASSESSED, Snapshot
from dispatch.whole_file import write_whole


def write(snapshot: Snapshot, path: Path) -> None:
    """Raises FileNotWritten."""
    write_whole(path, content(snapshot))


def content(snapshot: Snapshot) -> bytes:
    rows = rows_of(snapshot.sites, ZoneInfo(snapshot.head.zone))
    features = [
        {
            "type": "Feature",
            "id": row["site"],
            "geometry": None
            if row["longitude"] is None
            else {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
            "properties": row,
        }
        for row in rows
    ]
    return orjson.dumps(
        {
            "type": "FeatureCollection",
            "version": snapshot.version,
            "edition": edition(snapshot),
            "note": NOT_ASSESSED,
            "head": head(snapshot.head),
            "features": features,
        },
        option=orjson.OPT_APPEND_NEWLINE,
    )

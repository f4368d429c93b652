"""A snapshot as a GeoPackage for the county's map: sites with a place as points, everything else as tables.

After the OGC GeoPackage Encoding Standard 1.3: tables in clauses 1.1.2, 1.1.3 and 2.1.5, geometry in 2.1.3. A
file of SQLite is built in memory and written in one go, so none is ever half there.
"""

from __future__ import annotations

import math
import sqlite3
import struct
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC
from itertools import repeat
from pathlib import Path

from dispatch.forms.common import iso
from dispatch.reports.snapshot_facts import banner, facts, made_at, title
from dispatch.reports.visible_text import visible
from dispatch.snapshot.records import NOT_ASSESSED, SITES, Cell, Column, Kind, Rows, Snapshot
from dispatch.whole_file import write_whole

WGS84 = 4326
WITHOUT_PLACE = "sites_without_place"

# Rows at a time: enough for words to repeat, few enough to weigh little.
MANY = 4096
_TYPES = {
    Kind.TEXT: "TEXT",
    Kind.YES_NO: "TEXT",  # the words, so that a number's definition finds its rows here too
    Kind.WHOLE: "INTEGER",
    Kind.DEGREES: "DOUBLE",
    Kind.RATE: "DOUBLE",
    Kind.TIME: "DATETIME",
}
# In each row, because layers are merged with those of other storms and rows are looked at alone (S18).
_EXERCISE = Column("exercise", Kind.YES_NO, "Whether nothing of this happened: the data of an exercise.")
_FACTS = (
    Column("name", Kind.TEXT, "What is said."),
    Column("value", Kind.TEXT, "What it is."),
    Column("says", Kind.TEXT, "What it means, and how its rows are found."),
)
_WGS84_WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
    'UNIT["degree",0.0174532925199433],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
_FRAME = """
PRAGMA application_id = 0x47504B47;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,
    organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL,
    description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
    identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL,
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
    geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
    CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
"""
# The standard asks for all three.
_SYSTEMS = (
    ("WGS 84", WGS84, "EPSG", WGS84, _WGS84_WKT, "longitude and latitude in degrees"),
    ("Undefined cartesian", -1, "NONE", -1, "undefined", None),
    ("Undefined geographic", 0, "NONE", 0, "undefined", None),
)


def write(snapshot: Snapshot, path: Path) -> None:
    """Raises FileNotWritten; what stood at `path` before is then untouched."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as package:
        package.executescript(_FRAME)
        package.execute("BEGIN")
        package.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", _SYSTEMS)
        for rows, has_places in _layers(snapshot):
            _add(package, snapshot, rows, has_places=has_places)
        package.execute("COMMIT")
        content = package.serialize()
    write_whole(path, content)


def _layers(snapshot: Snapshot) -> Iterable[tuple[Rows, bool]]:
    columns, position = snapshot.sites.columns, snapshot.sites.position
    at = position["longitude"], position["latitude"]
    placed = tuple(row for row in snapshot.sites.values if _point(row, at))
    others = tuple(row for row in snapshot.sites.values if not _point(row, at))
    yield Rows(SITES, columns, placed), True
    yield Rows(WITHOUT_PLACE, columns, others), False
    yield from ((rows, False) for rows in snapshot.files if rows.name != SITES)
    yield Rows("about", _FACTS, tuple(_about(snapshot))), False
    yield Rows("definitions", _FACTS, tuple(_definitions(snapshot))), False


def _about(snapshot: Snapshot) -> Iterable[tuple[Cell, ...]]:
    yield title(snapshot.head), NOT_ASSESSED, None
    yield from ((name, value, None) for name, value in facts(snapshot))
    for number in (*snapshot.now, *snapshot.numbers):
        yield number.label, str(number.value), f"{number.says} {number.how()}"
    for table in snapshot.tables:
        for line in table.lines:
            for number in line.numbers:
                name = f"{table.title} · {line.label} · {number.label}"
                yield name, str(number.value), f"{number.says} {number.how()}"
            if line.per_1000 is not None:
                yield f"{table.title} · {line.label} · per 1,000", f"{line.per_1000:.1f}", table.says
    yield from (("Remark", remark, None) for remark in snapshot.remarks)


def _definitions(snapshot: Snapshot) -> Iterable[tuple[Cell, ...]]:
    for rows in snapshot.files:
        for column in (*rows.columns, _EXERCISE):
            yield (
                f"{rows.name}.{column.name}",
                "Time in UTC." if column.kind is Kind.TIME else None,
                column.says,
            )


def _add(package: sqlite3.Connection, snapshot: Snapshot, rows: Rows, *, has_places: bool) -> None:
    columns = (*rows.columns, _EXERCISE)
    fields = ['"fid" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL', *(['"geom" POINT'] if has_places else [])]
    fields += [f'"{column.name}" {_TYPES[column.kind]}' for column in columns]
    package.execute(f'CREATE TABLE "{rows.name}" ({", ".join(fields)})')
    at = (rows.position["longitude"], rows.position["latitude"]) if has_places else None
    points = [point for row in rows.values if at and (point := _point(row, at))]
    edges = [edge(axis) for edge in (min, max) for axis in zip(*points, strict=True)] or [None] * 4
    kind, system = ("features", WGS84) if has_places else ("attributes", None)
    named = f"{title(snapshot.head)} · {rows.name}"
    changed = _time(made_at(snapshot.head))
    package.execute(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [rows.name, kind, visible(named), visible(banner(snapshot)), changed, *edges, system],
    )
    if has_places:
        about = (rows.name, "geom", "POINT", WGS84, 0, 0)
        package.execute("INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, ?, ?)", about)
    exercise = "yes" if snapshot.head.is_exercise else "no"
    insert = f'INSERT INTO "{rows.name}" VALUES ({", ".join("?" * len(fields))})'
    for start in range(0, len(rows), MANY):
        some = range(start, min(start + MANY, len(rows)))
        cells = zip(*rows.values[start : some.stop], strict=True)
        kept = [_column(*each) for each in zip(cells, rows.columns, strict=True)]
        geometry = [map(_binary, points[start : some.stop])] if has_places else []
        package.executemany(
            insert, zip(repeat(None, len(some)), *geometry, *kept, repeat(exercise, len(some)), strict=True)
        )


def _column(cells: Sequence[Cell], column: Column) -> list[Cell]:
    """Each value written once: most columns repeat a few words."""
    kept = {cell: _kept(cell, column.kind) for cell in set(cells)}
    return [kept[cell] for cell in cells]


def _kept(cell: Cell, kind: Kind) -> Cell:
    if kind is Kind.TIME and isinstance(cell, int):
        return _time(cell)
    return visible(cell) if isinstance(cell, str) else cell


def _time(at: int) -> str | None:
    """None for a time beyond the calendar."""
    try:
        return f"{iso(at, UTC)[:19]}.{at % 1000:03}Z"
    except OverflowError:
        return None


def _point(row: tuple[Cell, ...], at: tuple[int, int]) -> tuple[float, float] | None:
    """Longitude and latitude in degrees."""
    x, y = row[at[0]], row[at[1]]
    if not isinstance(x, (int, float)) or not isinstance(y, (int, float)):
        return None
    return (float(x), float(y)) if math.fabs(x) <= 180 and math.fabs(y) <= 90 else None


def _binary(point: tuple[float, float]) -> bytes:
    """The header of clause 2.1.3 (little-endian, no envelope), then the point as WKB."""
    return struct.pack("<2sBBi", b"GP", 0, 1, WGS84) + struct.pack("<BIdd", 1, 1, *point)

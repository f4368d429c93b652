"""Reads a stranger's table (CSV, XLSX, GeoPackage) in a process of its own (`main.py --helper table-import`),
within limits: every cell as the words that stand in it. It ends with one line of JSON."""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import sys
import tempfile
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from dispatch.errors import TableRefused
from dispatch.geo.imports import limits

SQLITE = b"SQLite format 3\x00"
WORKBOOK = "xl/workbook.xml"
HEAD = 65_536
NONE_OF = "none of CSV, XLSX or GeoPackage: save it as one of them"


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` as long as `head`; `numbers` is where each stands in the file, counted from 1. `points` are
    latitude and longitude of a feature's middle, None where the file has no shape for it."""

    name: str
    sha256: str
    sheet: str
    head: tuple[str, ...]
    numbers: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    points: tuple[tuple[float, float] | None, ...]


def read(path: Path, scratch: Path, *, sheet: str = "") -> Table:
    """`scratch` is an empty folder. Raises TableRefused with one sentence."""
    try:
        if path.stat().st_size > limits.FILE_BYTES:
            raise TableRefused(f"{path.name} is too large: at most {limits.FILE_BYTES // 1_000_000} MB.")
        content = path.read_bytes()
        if not content.strip():
            raise TableRefused(f"{path.name} is empty.")
        found = _rows(path.name, content, scratch, sheet)
    except MemoryError as error:
        raise TableRefused(f"{path.name} needs too much memory: cut it into parts.") from error
    except OSError as error:
        raise TableRefused(f"{path.name} cannot be read: {error.strerror or error}.") from error
    return _table(path.name, hashlib.sha256(content).hexdigest(), *found)


Found = tuple[str, Sequence[Any], Sequence[Sequence[Any]], Sequence[Any]]


def _rows(name: str, content: bytes, scratch: Path, sheet: str) -> Found:
    if content.startswith(b"PK"):
        return _from_gdal(name, _put(scratch / "table.xlsx", content), sheet)
    if content.startswith(SQLITE):
        return _from_gdal(name, _put(scratch / "table.gpkg", content), sheet)
    if b"\x00" in content:
        raise TableRefused(f"{name} is {NONE_OF}.")
    return _from_csv(name, content)


def _put(path: Path, content: bytes) -> Path:
    """Under a name of ours: a name can lead GDAL elsewhere."""
    path.write_bytes(content)
    return path


def _from_csv(name: str, content: bytes) -> Found:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    comma = max(",;\t|", key=first.count)
    csv.field_size_limit(limits.FILE_BYTES)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=comma))
    except csv.Error as error:
        raise TableRefused(f"{name} cannot be read as a table: {error}.") from error
    return "", rows[0], rows[1:], ()


def _from_gdal(name: str, path: Path, sheet: str) -> Found:
    import pyogrio

    is_book = path.suffix == ".xlsx"
    if is_book:
        _must_be_book(name, path)
        # The first row is the head, and a cell is what stands in it: no column is guessed to be a date.
        pyogrio.set_gdal_config_options({"OGR_XLSX_HEADERS": "FORCE", "OGR_XLSX_FIELD_TYPES": "STRING"})
    try:
        with warnings.catch_warnings():
            # GDAL's own remarks on a file; what is wrong is refused here.
            warnings.simplefilter("ignore")
            sheets = [str(each) for each, _ in pyogrio.list_layers(path)]
            if not sheets:
                raise TableRefused(f"{name} holds no rows.")
            if sheet and sheet not in sheets:
                raise TableRefused(f"{name} has no sheet “{sheet}”, but: {', '.join(sheets)}.")
            chosen = sheet or sheets[0]
            head, columns = _columns(path, chosen)
            points = () if is_book else _points(name, path, chosen)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, RuntimeError) as error:
        raise TableRefused(f"{name} is damaged: save it again and choose it once more.") from error
    return chosen, head, list(zip(*columns, strict=True)), points


def _columns(path: Path, sheet: str) -> tuple[Sequence[Any], Sequence[Any]]:
    import pyogrio

    meta, _, _, columns = pyogrio.raw.read(
        path, layer=sheet, read_geometry=False, max_features=limits.FEATURES + 1, datetime_as_string=True
    )
    return [str(each) for each in meta["fields"]], columns


def _points(name: str, path: Path, sheet: str) -> list[tuple[float, float] | None]:
    import pyogrio
    import shapely

    from dispatch.errors import LayerRefused
    from dispatch.geo.imports.foreign import from_gdal

    kinds = {str(each): kind for each, kind in pyogrio.list_layers(path)}
    if kinds[sheet] is None:
        return []
    try:
        shapes = from_gdal(path, "GeoPackage", name=name, layer=sheet).shapes
    except LayerRefused as error:
        raise TableRefused(str(error)) from error
    middles = [None if shape is None or shape.is_empty else shapely.centroid(shape) for shape in shapes]
    return [None if each is None or each.is_empty else (float(each.y), float(each.x)) for each in middles]


def _must_be_book(name: str, path: Path) -> None:
    from dispatch.errors import LayerRefused
    from dispatch.geo.imports import archive

    try:
        found = archive.entries(path)
    except LayerRefused as error:
        raise TableRefused(
            f"{name} is damaged, locked or too large: save it again without a password."
        ) from error
    if WORKBOOK not in {each.filename for each in found}:
        raise TableRefused(f"{name} is {NONE_OF}.")
    try:
        with zipfile.ZipFile(path) as packed:
            parts = [each for each in found if each.filename.endswith((".xml", ".rels"))]
            is_harmful = any(_defines_words(packed, each) for each in parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise TableRefused(f"{name} is damaged: save it again and choose it once more.") from error
    if is_harmful:
        raise TableRefused(f"{name} defines words of its own, as harmful files do: do not use it.")


def _defines_words(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """A workbook never does. Such words stand before all others, and may name files of this machine."""
    with packed.open(part) as file:
        head = file.read(HEAD).replace(b"\x00", b"")
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head


def _table(
    name: str,
    digest: str,
    sheet: str,
    head: Sequence[Any],
    rows: Sequence[Sequence[Any]],
    points: Sequence[Any],
) -> Table:
    if len(rows) > limits.FEATURES:
        raise TableRefused(f"{name} has more than {limits.FEATURES:,} rows: cut it into parts.")
    names = tuple(_named_once(map(words, list(head)[: limits.FIELDS])))
    wide = len(names)
    cells = [tuple(words(cell) for cell in list(row)[:wide]) for row in rows]
    kept = [(at, row + ("",) * (wide - len(row))) for at, row in enumerate(cells) if any(row)]
    if not names or not kept:
        raise TableRefused(f"{name} holds no rows below its first one, which names the columns.")
    return Table(
        name=name,
        sha256=digest,
        sheet=sheet,
        head=names,
        # The head is row 1.
        numbers=tuple(at + 2 for at, _ in kept),
        rows=tuple(row for _, row in kept),
        points=tuple(points[at] if at < len(points) else None for at, _ in kept),
    )


def _named_once(names: Iterable[str]) -> Iterable[str]:
    """`cost`, `cost (2)`; a column without a name is one all the same: nothing of a row is lost."""
    seen: Counter[str] = Counter()
    for at, name in enumerate(names, 1):
        name = name or f"column {at}"
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"


def words(value: Any) -> str:
    """Whole, as it stands there; nothing for nothing. A database takes no NUL."""
    if value is None or value != value:  # the second: not a number, as tables write an empty cell
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).encode(errors="replace").decode(errors="replace").replace("\x00", "").strip()


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="table-import")
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--sheet", default="")
    options = parser.parse_args(argv)
    limits.keep_within()
    try:
        with tempfile.TemporaryDirectory(prefix="landfall-") as scratch:
            answer: dict[str, object] = asdict(read(options.file, Path(scratch), sheet=options.sheet))
    except TableRefused as error:
        answer = {"refused": str(error)}
    sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""What each row of a survey's file says. A bad row gets one sentence, stops no other and is kept."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import orjson

from dispatch.dollars import cents_of
from dispatch.geo.imports.tables import Table
from dispatch.records import SurveyRow
from dispatch.survey.columns import SurveyWords

MOST_PHOTO_BYTES = 100_000_000
_PA_LINE = re.compile(r"^(?:cat(?:egory)?\.?\s*)?([A-G])(?![A-Za-z])", re.IGNORECASE)


def rows_of(table: Table, words: SurveyWords, beside: Path | None = None) -> list[SurveyRow]:
    """In the order of the file. `beside` is the folder it lies in: photos there are proven by their SHA-256.
    Raises TableRefused where no column says where a row is."""
    places = words.places(table.head)
    return [
        _row(number, dict(zip(table.head, cells, strict=True)), _named(places, cells), point, words, beside)
        for number, cells, point in zip(table.numbers, table.rows, table.points, strict=True)
    ]


def _named(places: Mapping[str, int], cells: tuple[str, ...]) -> dict[str, str]:
    return {field: cells[at] for field, at in places.items()}


def _row(
    number: int,
    original: Mapping[str, str],
    said: Mapping[str, str],
    point: tuple[float, float] | None,
    words: SurveyWords,
    beside: Path | None,
) -> SurveyRow:
    row = SurveyRow(number, orjson.dumps(original).decode())
    try:
        lat, lng = _place(said, point)
        row = replace(
            row,
            address=_address(said),
            lat=lat,
            lng=lng,
            level=_level(said.get("level", ""), words),
            pa_line=_line(said.get("pa_line", "")),
            cost_cents=_cost(said.get("cost", "")),
            cost_by=_one_line(said.get("cost_by", "")),
            cost_source=_one_line(said.get("cost_source", "")),
            photo=_one_line(said.get("photo", "")),
        )
        if not row.address and row.lat is None:
            raise ValueError("It has neither an address nor coordinates: nobody can find it.")
    except ValueError as error:
        return replace(row, is_taken=False, why_not=str(error))
    return replace(row, photo_sha256=_proof(row.photo, beside))


def _address(said: Mapping[str, str]) -> str:
    if whole := _one_line(said.get("address", "")):
        return whole
    street = _one_line(said.get("street", ""))
    return f"{_one_line(said.get('house', ''))} {street}".strip() if street else ""


def _place(said: Mapping[str, str], point: tuple[float, float] | None) -> tuple[float | None, float | None]:
    lat, lng = said.get("lat", ""), said.get("lng", "")
    if not lat and not lng:
        return point or (None, None)
    try:
        found = _degrees(lat), _degrees(lng)
    except ValueError as error:
        raise ValueError(f"“{lat[:20]}, {lng[:20]}” are no coordinates in degrees.") from error
    if not (abs(found[0]) <= 90 and abs(found[1]) <= 180) or found == (0, 0):
        raise ValueError(f"The coordinates {lat[:20]}, {lng[:20]} lie nowhere: give degrees of WGS84.")
    return found


def _degrees(said: str) -> float:
    value = float(said.replace(",", ".") if "." not in said else said)
    if not math.isfinite(value):
        raise ValueError(said)
    return value


def _level(said: str, words: SurveyWords) -> str:
    level = words.level(said)
    if level is None:
        raise ValueError(f"“{said[:40]}” is no level: {', '.join(words.level_names)}.")
    return level


def _line(said: str) -> str:
    if not said:
        return ""
    found = _PA_LINE.match(said.strip())
    if not found:
        raise ValueError(f"“{said[:40]}” is no Public Assistance line: A to G.")
    return found[1].upper()


def _cost(said: str) -> int | None:
    return cents_of(said) if said else None


def _one_line(said: str) -> str:
    return " ".join(said.split())


def _proof(name: str, beside: Path | None) -> str:
    """Of a photo that lies beside the file, under its bare name; empty where none does."""
    if not name or beside is None or Path(name).name != name or "\\" in name:
        return ""
    path = beside / name
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_PHOTO_BYTES:
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""

"""The list of all hand-overs in a folder, as a spreadsheet reads it: one row for each, under its number."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dispatch.escalation import files
from dispatch.forms.common import EXERCISE, file_mark
from dispatch.formulas import harmless

NAME = "hand-overs.csv"
# Heading, and where the JSON twin has it.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("number",),
    "exercise": ("exercise",),
    "band": ("band",),
    "what": ("subject",),
    "effect_needed": ("effect_needed",),
    "need_by_at": ("need_by_at",),
    "desk": ("to", "desk"),
    "esf": ("to", "esf"),
    "address": ("place", "address"),
    "unit": ("place", "unit"),
    "neighborhood": ("place", "neighborhood"),
    "lat": ("place", "lat"),
    "lng": ("place", "lng"),
    "place_quality": ("place", "quality"),
    "people": ("people",),
    "safe_approach": ("safe_approach",),
    "treat_as_live": ("utility", "treat_as_live"),
    "is_911_told": ("emergency_call", "is_told"),
    "reports": ("reports", "count"),
    "created_at": ("created_at",),
    "escalation_id": ("escalation_id",),
}

Row = Sequence[str]


def file_name(is_exercise: bool) -> str:
    return f"{file_mark(is_exercise)}{NAME}"


def put(folder: Path, twin: Mapping[str, Any]) -> None:
    """The row of this hand-over in the place of its older one. Rows that a list in use by somebody could not
    take come in with the next; a file of that name that is no list of ours is kept beside."""
    path = folder / file_name(bool(twin["exercise"]))
    with files.in_sentences(folder):
        rows = dict(_read(path))
        rows |= _left_out(folder, rows, is_exercise=bool(twin["exercise"]))
    row = _row(twin)
    rows[row[-1]] = row
    files.place(folder, path.name, _written(sorted(rows.values(), key=_by_number)))


def _read(path: Path) -> Iterator[tuple[str, Row]]:
    """Rows by escalation id, as they stand there."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig", "replace"), newline="")))
    if not lines or lines[0] != list(COLUMNS):
        mark = hashlib.sha256(content).hexdigest()[:8]
        path.replace(path.with_name(f"{path.stem}_{mark}.csv"))
        return
    yield from ((line[-1], line) for line in lines[1:] if len(line) == len(COLUMNS))


def _left_out(folder: Path, rows: Mapping[str, Row], *, is_exercise: bool) -> dict[str, Row]:
    found = {}
    for path in folder.glob("*.json"):
        if path.stem.rpartition("_")[2] in rows:
            continue
        try:
            twin = json.loads(path.read_bytes())
            row = _row(twin)
        except (ValueError, KeyError, TypeError):
            continue  # somebody else's file
        if bool(twin["exercise"]) is is_exercise:
            found[row[-1]] = row
    return found


def _row(twin: Mapping[str, Any]) -> Row:
    shown = _without_words(twin) if twin["is_restricted"] else twin
    return [_cell(_at(shown, path)) for path in COLUMNS.values()]


def _without_words(twin: Mapping[str, Any]) -> Mapping[str, Any]:
    """S15: a list is passed round; of a restricted site it has no more than is needed to find the hand-over
    itself, which has all."""
    about = f"Restricted, {twin['band_words']}"
    return {**twin, "subject": about, "people": "", "place": {**twin["place"], "unit": ""}}


def _at(twin: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = twin
    for part in path:
        value = value[part]
    if path == ("exercise",):
        return EXERCISE if value else ""
    return value


def _cell(value: object) -> str:
    """In one line; numbers as they are, words that a spreadsheet would calculate with a ' before them."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return str(value)
    return harmless(" ".join("".join(c if c.isprintable() else " " for c in str(value)).split()))


def _by_number(row: Row) -> tuple[int, Row]:
    """EOC-0999 stands before EOC-1000 and EOC-10000."""
    return len(row[0]), row


def _written(rows: Sequence[Row]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([list(COLUMNS), *rows])
    # Spreadsheets take a file without the mark for one of their own code page.
    return text.getvalue().encode("utf-8-sig", "replace")

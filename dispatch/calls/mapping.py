"""Which column of a pasted list holds what: guessed by heading or content; a person decides."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from dispatch.geo.address import parse
from dispatch.residents.private_words import Private, private_words


class Column(StrEnum):
    WORDS = "words"
    CATEGORY = "category"
    ADDRESS = "address"
    LAT = "lat"
    LNG = "lng"
    UNIT = "unit"
    LANDMARK = "landmark"
    NAME = "name"
    PHONE = "phone"
    LANGUAGE = "language"
    HAPPENED = "happened"
    PEOPLE = "people"
    NOTE = "note"
    IGNORED = "ignored"


# By heading in small letters without signs, the likeliest meaning; the longer names are looked for first.
_NAMES: Mapping[Column, tuple[str, ...]] = {
    Column.WORDS: (
        *(
            "description",
            "descripcion",
            "details",
            "what",
            "problem",
            "comments",
            "comment",
            "words",
            "issue",
        ),
        *("notes from caller", "request details", "summary", "report"),
    ),
    Column.CATEGORY: (
        *("category", "service", "service name", "service type", "request type", "type", "problem type"),
        *("categoria",),
    ),
    Column.ADDRESS: (
        *("address", "location", "street", "street address", "where", "intersection", "direccion", "place"),
    ),
    Column.LAT: ("lat", "latitude", "y"),
    Column.LNG: ("lng", "lon", "long", "longitude", "x"),
    Column.UNIT: ("unit", "apt", "apartment", "suite", "lot"),
    Column.LANDMARK: ("landmark", "near", "cross street", "nearest cross street"),
    Column.NAME: ("name", "caller", "caller name", "contact", "reporter", "resident", "nombre", "first name"),
    Column.PHONE: (
        *("phone", "phone number", "call back", "callback", "telephone", "tel", "cell", "mobile", "telefono"),
        *("contact number", "caller phone"),
    ),
    Column.LANGUAGE: ("language", "lang", "idioma"),
    Column.HAPPENED: (
        *(
            "time",
            "date",
            "date time",
            "datetime",
            "happened",
            "happened at",
            "call time",
            "received",
            "fecha",
        ),
        *("created", "time of call", "timestamp", "date received", "reported", "date and time"),
    ),
    Column.PEOPLE: ("people", "persons", "how many people", "number of people"),
    Column.NOTE: ("note", "internal note", "internal", "remarks"),
    Column.IGNORED: ("why it was not taken", "row", "no", "number", "status", "id", "ticket"),
}
_BY_NAME = {name: column for column, names in _NAMES.items() for name in names}
_SAMPLED = 30
# Of the cells that say anything so many must look like it.
_SHARE = 0.6
_COORDINATE = re.compile(r"^[-+−]?\d{1,3}\.\d{2,}$")
_TIME = re.compile(r"^(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}:\d{2})\b")


def is_heading(cells: Sequence[str]) -> bool:
    """Whether a first row names columns: half of its cells by names we know, and none is a report's."""
    said = [cell for cell in map(_plain, cells) if cell]
    known = sum(cell in _BY_NAME for cell in said)
    return bool(said) and known * 2 >= len(said) and not any(_TIME.match(cell.strip()) for cell in cells)


def guess(
    heading: Sequence[str], rows: Sequence[Sequence[str]], *, is_category: Callable[[str], bool]
) -> tuple[Column, ...]:
    """What each column holds, every meaning once; what cannot be told is ignored until somebody says."""
    width = max((len(heading), *map(len, rows)), default=0)
    found = [_BY_NAME.get(_plain(heading[at])) if at < len(heading) else None for at in range(width)]
    taken = {each for each in found if each}
    mapping: list[Column | None] = []
    seen: set[Column] = set()
    for each in found:  # of two columns with one meaning the first has it
        mapping.append(None if each in seen and each is not Column.IGNORED else each)
        seen |= {each} if each else set()
    samples = [[row[at].strip() for row in rows[:_SAMPLED] if at < len(row)] for at in range(width)]
    for meaning, test in _tests(is_category):
        if meaning in taken:
            continue
        best = max(
            (at for at in range(width) if mapping[at] is None),
            key=lambda at: _share(samples[at], test),
            default=None,
        )
        if best is not None and _share(samples[best], test) >= _SHARE:
            mapping[best] = meaning
            taken.add(meaning)
    if Column.WORDS not in taken:
        free = [at for at in range(width) if mapping[at] is None and any(samples[at])]
        if free:
            mapping[max(free, key=lambda at: sum(map(len, samples[at])))] = Column.WORDS
    return tuple(each or Column.IGNORED for each in mapping)


def change(mapping: Sequence[Column], at: int, meaning: Column) -> tuple[Column, ...]:
    """A person says what a column holds: another one that was taken for it is free again."""
    if meaning is not Column.IGNORED:
        mapping = [Column.IGNORED if each is meaning else each for each in mapping]
    return tuple(meaning if place == at else each for place, each in enumerate(mapping))


def _tests(is_category: Callable[[str], bool]) -> tuple[tuple[Column, Callable[[str], bool]], ...]:
    return (
        (Column.LAT, lambda cell: bool(_COORDINATE.match(cell)) and abs(_number(cell)) <= 90),
        (Column.LNG, lambda cell: bool(_COORDINATE.match(cell))),
        (Column.HAPPENED, lambda cell: bool(_TIME.match(cell))),
        (Column.PHONE, lambda cell: len(cell) < 24 and Private.PHONE in private_words(f"call {cell}")),
        (Column.CATEGORY, is_category),
        (Column.ADDRESS, _is_address),
    )


def _is_address(cell: str) -> bool:
    address = parse(cell) if len(cell) < 120 else None
    return address is not None and bool(address.house or len(address.streets) == 2)


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    said = [cell for cell in cells if cell]
    return sum(map(test, said)) / len(said) if said else 0.0


def _number(cell: str) -> float:
    return float(cell.replace("−", "-"))


def _plain(cell: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", cell.casefold()).split())

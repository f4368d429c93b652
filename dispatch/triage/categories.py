"""The category table (`resources/triage/storm_categories.csv`) and each city's own titles mapped to it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from dispatch.errors import SettingsBroken
from dispatch.records import Band, ServiceRequest
from dispatch.resources import resource
from dispatch.triage.phrases import Phrase, Words, clean

OTHER = "storm_other"
FIRST_LOOK_MIN = {Band.P1: 1, Band.P2: 5, Band.P3: 30, Band.P4: 240, Band.INFO: 30}
DAY_MS = 86_400_000
KNOWN_TITLES = 4096


@dataclass(frozen=True, slots=True)
class Category:
    """One row of the table. Days are None where residents are told no date."""

    key: str
    label: str
    family: str
    base_points: float
    marks: frozenset[str]
    is_essential: bool
    keywords: tuple[str, ...]
    default_band: Band
    cap_severity: str
    cap_category: str
    upgrade_to_p1_if: str
    downgrade_if: str
    send_to_911: str
    lead_esf: str
    support_esf: tuple[str, ...]
    usual_owner: str
    lifeline: str
    pa_emergency: tuple[str, ...]
    pa_permanent: tuple[str, ...]
    pa_evidence_to_keep: str
    ia_relevance: str
    ia_note: str
    first_look_min: int
    normal_days: int | None
    storm_days: int | None
    dup_radius_m: float
    dup_window_h: float
    is_restricted: bool

    def first_look_for(self, band: Band) -> int:
        """Minutes to the first human look; a band above or below the category's own brings its own clock."""
        if band is self.default_band:
            return self.first_look_min
        if band < self.default_band:
            return min(self.first_look_min, FIRST_LOOK_MIN[band])
        return FIRST_LOOK_MIN[band]

    def promised_ms(self, *, in_storm: bool = True) -> int | None:
        """What residents are told, in milliseconds; None where no date is given."""
        days = self.storm_days if in_storm else self.normal_days
        return None if days is None else days * DAY_MS


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category that the words suggest, and the keyword that did. It moves no band and no category."""

    category: Category
    keyword: str


class CategoryTable:
    """Every category by key, in the order of the table."""

    def __init__(self, categories: Iterable[Category]) -> None:
        self._by_key: Mapping[str, Category] = {category.key: category for category in categories}
        if OTHER not in self._by_key:
            raise SettingsBroken(f"The category table has no row '{OTHER}', where unknown reports go.")

    def __getitem__(self, key: str) -> Category:
        """An unknown key is "other storm report": nothing is dropped for a word we do not know."""
        return self._by_key.get(key) or self._by_key[OTHER]

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def __iter__(self) -> Iterator[Category]:
        return iter(self._by_key.values())

    def __len__(self) -> int:
        return len(self._by_key)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self._by_key)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the keywords: what residents write about."""
        return frozenset(
            word for each in self for phrase in each.keywords for word in clean(phrase).split()[:-1]
        )

    @cached_property
    def _keywords(self) -> dict[str, list[tuple[Category, str, str]]]:
        index: dict[str, list[tuple[Category, str, str]]] = {}
        for category in self:
            for keyword in category.keywords:
                text = clean(keyword).removesuffix(". ")  # a blank on each side: whole words
                for anchor in Phrase.parse(keyword, {}).anchors:
                    index.setdefault(anchor, []).append((category, keyword, text))
        return index

    def suggest(self, words: Words) -> Suggestion | None:
        """The category of the longest keyword in the text, the graver one where two are as long; of two as
        grave always the same one, whichever word is met first."""
        hits = [
            (-len(keyword), category.default_band, category.key, keyword)
            for word in words.distinct & self._keywords.keys()
            for category, keyword, phrase in self._keywords[word]
            if phrase in words.cleaned
        ]
        if not hits:
            return None
        _, _, key, keyword = min(hits)
        return Suggestion(self[key], keyword)


class CategoryMap:
    """A city's service codes and titles, each with its key in the table."""

    def __init__(self, rows: Iterable[tuple[str, str, str]], table: CategoryTable) -> None:
        self._by_code: dict[str, str] = {}
        # A city has a few hundred titles, and they come a hundred thousand times.
        self._key_of = lru_cache(maxsize=KNOWN_TITLES)(self._look_up)
        # A storm played from a file names categories by our own labels or keys.
        self._by_title = {
            clean(name): category.key for category in table for name in (category.key, category.label)
        }
        self._services: dict[str, tuple[str, str]] = {}
        rows = list(rows)
        self._titles = tuple((code.strip(), title) for code, title, _ in rows)
        for code, title, key in rows:
            if key not in table:
                raise SettingsBroken(
                    f"The city's category list maps '{title}' to '{key}', which the table lacks."
                )
            self._by_code[code.strip()] = key
            # Of two for one thing the city means the later one for storms.
            self._services[key] = (code.strip(), title)
            self._by_title[clean(title)] = key

    def find(self, service_code: str, title: str) -> str | None:
        """The key of a city's category, None if the city's list does not name it."""
        return self._by_code.get(service_code.strip()) or self._key_of(title)

    def services(self) -> Mapping[str, tuple[str, str]]:
        """By key the city's (service_code, title) for it, as far as it has one."""
        return self._services

    def titles(self) -> tuple[tuple[str, str], ...]:
        """(service_code, title) of everything the city has."""
        return self._titles

    def is_title(self, text: str) -> bool:
        """Whether a summary only repeats a category's title: no words of a resident."""
        return self._key_of(text) is not None

    def _look_up(self, title: str) -> str | None:
        return self._by_title.get(clean(title))

    def unknown(self, requests: Iterable[ServiceRequest]) -> Counter[tuple[str, str]]:
        """Categories the list lacks, by (service_code, title), with how many requests came under each."""
        return Counter(
            (each.service_code, each.service_name)
            for each in requests
            if self.find(each.service_code, each.service_name) is None
        )


def load_categories(path: Path | None = None) -> CategoryTable:
    path = path or resource("triage", "storm_categories.csv")
    return CategoryTable(_category(row, path.name) for row in _rows(path))


def load_category_map(jurisdiction: str, table: CategoryTable) -> CategoryMap:
    path = resource("jurisdictions", jurisdiction, "categories.csv")
    return CategoryMap(((row["service_code"], row["title"], row["category"]) for row in _rows(path)), table)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsBroken(f"The category list {path.name} cannot be read: {error}.") from error


def _category(row: Mapping[str, str], file_name: str) -> Category:
    try:
        return Category(
            key=row["key"],
            label=row["label"],
            family=row["family"],
            base_points=float(row["base_points"]),
            marks=frozenset(_cell(row["marks"])),
            is_essential=row["storm_mode"] != "hide",
            keywords=_cell(row["keywords"]),
            default_band=Band[row["default_priority"]],
            cap_severity=row["cap_severity"],
            cap_category=row["cap_category"],
            upgrade_to_p1_if=row["upgrade_to_p1_if"],
            downgrade_if=row["downgrade_if"],
            send_to_911=row["send_to_911"],
            lead_esf=row["lead_esf"],
            support_esf=_cell(row["support_esf"]),
            usual_owner=row["usual_owner"],
            lifeline=row["lifeline"],
            pa_emergency=_cell(row["pa_emergency"]),
            pa_permanent=_cell(row["pa_permanent"]),
            pa_evidence_to_keep=row["pa_evidence_to_keep"],
            ia_relevance=row["ia_relevance"],
            ia_note=row["ia_note"],
            first_look_min=int(row["first_look_min"]),
            normal_days=int(row["normal_days"]) if row["normal_days"] else None,
            storm_days=int(row["storm_days"]) if row["storm_days"] else None,
            dup_radius_m=float(row["dup_radius_m"]),
            dup_window_h=float(row["dup_window_h"]),
            is_restricted=row["privacy"] == "restricted",
        )
    except (KeyError, ValueError) as error:
        raise SettingsBroken(
            f"{file_name}, row '{row.get('key', '?')}': {error} is not as expected."
        ) from error


def _cell(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())

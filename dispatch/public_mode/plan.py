"""What storm mode would do to the public's list: which categories go, which come, why others stay. Pure."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from dispatch.records import Band, OfferedCategory
from dispatch.residents.danger import DANGEROUS_CATEGORIES, DANGEROUS_FAMILIES
from dispatch.resources import resource
from dispatch.store.categories import Counted
from dispatch.triage.categories import OTHER, Category, CategoryTable

# What a city's own list says of a category that the public sees in a storm only.
STORM_ONLY = "storm"
_GRAVE_MARKS = frozenset({"person", "wire", "water_inside", "medical_device", "tree_on_structure"})
_NONE = Counted(0, 0)


class Why(StrEnum):
    """Why a category stays on the public's list."""

    NEEDED = "needed"  # the storm profile wants its reports now
    DANGER = "danger"  # S1: whoever reports this must find it, whatever the profile says
    OTHER = "other"  # where everything else goes
    UNKNOWN = "unknown"  # the city's list does not say what it means
    LEFT = "left"  # a person left it as it is


@dataclass(frozen=True, slots=True)
class Choice:
    """One category of the server, with how many reports it had of late and how many of them were P1 or P2.
    `why` is empty where it goes or comes."""

    category: OfferedCategory
    label: str
    counted: Counted
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """`lose` and `see` change; `keep` is offered and stays so; `off` is not offered and stays so."""

    lose: tuple[Choice, ...] = ()
    see: tuple[Choice, ...] = ()
    keep: tuple[Choice, ...] = ()
    off: tuple[Choice, ...] = ()

    @property
    def changes(self) -> int:
        return len(self.lose) + len(self.see)

    @property
    def grave(self) -> tuple[Choice, ...]:
        """Those that go although reports of P1 or P2 came in under them."""
        return tuple(each for each in self.lose if each.counted.grave)

    @property
    def leaves_nothing(self) -> bool:
        return not (self.see or self.keep)

    def wanted(self) -> dict[str, bool]:
        """By category, all of the list: how storm mode wants it."""
        groups = ((self.lose, False), (self.see, True), (self.keep, True), (self.off, False))
        return {each.category.category_id: wanted for group, wanted in groups for each in group}


def is_danger(category: Category) -> bool:
    """Wires, gas, fire, water, people: a report of it may be somebody's life. `category` is the city's own
    row: a profile that ranks it lower does not make it harmless."""
    return (
        category.default_band <= Band.P2
        or category.family in DANGEROUS_FAMILIES
        or category.family == "medical"
        or category.key in DANGEROUS_CATEGORIES
        or not category.marks.isdisjoint(_GRAVE_MARKS)
        or category.send_to_911 not in ("", "no")
    )


def make_plan(
    live: Iterable[OfferedCategory],
    *,
    find: Callable[[str, str], str | None],
    city: CategoryTable,
    in_force: CategoryTable,
    storm_only: AbstractSet[str],
    counted: Mapping[str, Counted],
    left: frozenset[str] = frozenset(),
) -> Plan:
    """`find` gives our key of a server's category, `left` are those that a person leaves as they are."""
    groups: dict[str, list[Choice]] = {"lose": [], "see": [], "keep": [], "off": []}
    for each in live:
        key = find(each.category_id, each.title)
        group, why = _goes(each, key, city, in_force, storm_only)
        if each.category_id in left and group in ("lose", "see"):
            group, why = ("keep" if each.is_offered else "off"), Why.LEFT
        label = each.title or (city[key].label if key else each.category_id)
        groups[group].append(Choice(each, label, counted.get(each.category_id, _NONE), why))
    return Plan(**{name: tuple(choices) for name, choices in groups.items()})


def _goes(
    each: OfferedCategory,
    key: str | None,
    city: CategoryTable,
    in_force: CategoryTable,
    storm_only: AbstractSet[str],
) -> tuple[str, Why | None]:
    if not each.is_offered:
        comes = each.category_id in storm_only and key is not None
        comes = comes and (in_force[key or OTHER].is_essential or is_danger(city[key or OTHER]))
        return ("see", None) if comes else ("off", None)
    if key is None:
        return "keep", Why.UNKNOWN
    if is_danger(city[key]):
        return "keep", Why.DANGER
    if key == OTHER:
        return "keep", Why.OTHER
    return ("keep", Why.NEEDED) if in_force[key].is_essential else ("lose", None)


def load_storm_only(jurisdiction: str) -> dict[str, str]:
    """The categories that the city offers in a storm only, title by service code; none where its list does
    not say."""
    path = resource("jurisdictions", jurisdiction, "categories.csv")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        return {row["service_code"]: row["title"] for row in rows if row.get("when_offered") == STORM_ONLY}

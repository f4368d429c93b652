"""What an Incident Status Summary asks that a snapshot can say: each a number over its own sites, found again
in sites.csv. Of what it asks beside (people, costs, resources) 311 knows nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dispatch.forms.ics209 import DAMAGE, HAZARDS, PUBLIC
from dispatch.records import Band
from dispatch.snapshot.counting import Counts
from dispatch.snapshot.records import Number, Snapshot
from dispatch.snapshot.rows import YES
from dispatch.triage.categories import CategoryTable

URGENT = (Band.P1.name, Band.P2.name)
MOST_AREAS = 8
_OPEN = ("open", (YES,))


@dataclass(frozen=True, slots=True)
class Status:
    """`hazards` are open sites; `damage` and `public` sites with a report in the period, open or closed, by
    the row of the form, None where no category says it. `areas` have the most open P1 and P2, most first."""

    hazards: tuple[Number, ...]
    damage: Mapping[str, Number | None]
    public: Mapping[str, Number | None]
    areas: tuple[Number, ...]

    @property
    def numbers(self) -> tuple[Number, ...]:
        """All of them, in the order of the form."""
        said = (*self.damage.values(), *self.public.values())
        return (*self.areas, *self.hazards, *(each for each in said if each is not None))


def status(snapshot: Snapshot, table: CategoryTable) -> Status | None:
    """None where the rows name a category that the table does not have: a version frozen before the names
    changed would be counted short."""
    sites = Counts(snapshot.sites)
    if not {str(each) for each in sites.values("category")} <= {each.label for each in table}:
        return None

    def of(key: str, label: str, categories: Iterable[str], *, is_open: bool = False) -> Number:
        labels = tuple(dict.fromkeys(table[each].label for each in categories))
        says = f"{'Open sites' if is_open else 'Sites'} of: {'; '.join(labels)}."
        return sites.number(key, label, says, *((_OPEN,) if is_open else ()), ("category", labels))

    def rows(name: str, of_form: Mapping[str, tuple[str, ...]]) -> dict[str, Number | None]:
        return {row: of(f"{name}.{row}", row, keys) if keys else None for row, keys in of_form.items()}

    return Status(
        hazards=tuple(of(f"hazards.{words}", words, keys, is_open=True) for words, keys in HAZARDS.items()),
        damage=rows("damage", DAMAGE),
        public=rows("public", PUBLIC),
        areas=_areas(sites),
    )


def _areas(sites: Counts) -> tuple[Number, ...]:
    found = (
        sites.number(
            f"urgent.{name}",
            str(name),
            f"Open sites of band P1 or P2 in {name}.",
            _OPEN,
            ("band", URGENT),
            ("neighborhood", (name,)),
        )
        for name in sites.values("neighborhood")
        if name
    )
    return tuple(sorted((n for n in found if n.value), key=lambda n: (-n.value, n.label))[:MOST_AREAS])

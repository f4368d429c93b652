"""Whose server and area it is: a city's own facts from resources/jurisdictions; never an `if city ==`."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dispatch.records.city_facts import CityNumber
from dispatch.resources import resource


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """A desk of emergency management that may be handed a site; `families` are offered it first."""

    name: str
    esf: str
    families: tuple[str, ...]

    @property
    def label(self) -> str:
        return f"{self.name} · {self.esf}" if self.esf else self.name


@dataclass(frozen=True, slots=True)
class Reporting:
    """How residents report to the city, for paper: empty where the city has not entered it."""

    app: str = ""
    phone: str = ""
    web: str = ""


@dataclass(frozen=True, slots=True)
class Owners:
    """Whose work is the city's own though the category table names a utility, and what residents are told to
    turn to for what is not: empty where the city has not entered it."""

    own: tuple[str, ...] = ()
    utility: str = ""
    homeowner: str = ""


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """`municipality` names its outline among those of the map, empty where none is loaded. `box` is west,
    south, east, north in degrees; `codes` maps a service code to (title, category)."""

    key: str
    name: str
    municipality: str
    zone: ZoneInfo
    emergency_number: str
    emergency_ten_digit: str
    box: tuple[float, float, float, float]
    desks: tuple[DeskEntry, ...]
    codes: dict[str, tuple[str, str]]
    state: str = ""
    county: str = ""
    reporting: Reporting = Reporting()
    numbers: tuple[
        CityNumber, ...
    ] = ()  # to give to residents; without digits where nobody has confirmed them
    owners: Owners = Owners()

    @property
    def county_desk(self) -> str:
        """Who is offered where the city has nothing more: the last of the desks."""
        return self.desks[-1].name

    def desk_for(self, family: str) -> DeskEntry:
        """Who is offered first for a family of categories; the first desk when nobody claims it."""
        return next((desk for desk in self.desks if family in desk.families), self.desks[0])


def load_jurisdiction(key: str) -> Jurisdiction:
    """Read a city's folder."""
    folder = resource("jurisdictions", key)
    facts = tomllib.loads((folder / "jurisdiction.toml").read_text("utf-8"))
    with (folder / "categories.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["service_code"]: (row["title"], row["category"]) for row in csv.DictReader(file)}
    return Jurisdiction(
        key=key,
        name=facts["name"],
        municipality=facts["municipality"],
        zone=ZoneInfo(facts["time_zone"]),
        emergency_number=facts["emergency_number"],
        emergency_ten_digit=facts["emergency_ten_digit"],
        box=tuple(facts["box"]),
        desks=tuple(DeskEntry(d["name"], d["esf"], tuple(d["families"])) for d in facts["desks"]),
        codes=codes,
        state=facts.get("state", ""),
        county=facts.get("county", ""),
        reporting=Reporting(**facts.get("reporting", {})),
        numbers=tuple(CityNumber(**each) for each in facts.get("numbers", ())),
        owners=_owners(**facts.get("owners", {})),
    )


def _owners(own: Sequence[str] = (), **contacts: str) -> Owners:
    return Owners(own=tuple(own), **contacts)

"""What a person established about a site; nobody changes it, one adds to it."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.records.rows import Place
from dispatch.records.states import Millis

NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Told911:
    """The 911 step of S3: told (when, whom, incident number) or not reached."""

    is_told: bool
    at: Millis
    spoken_to: str = ""
    incident_number: str = ""

    @property
    def words(self) -> str:
        """As the fact is kept and read: "no. 17-2231, Ana", or "not reached"."""
        told = f"no. {self.incident_number}".strip() if self.is_told else NOT_REACHED
        return f"{told}, {self.spoken_to}" if self.spoken_to else told

    @classmethod
    def of_fact(cls, fact: Fact) -> Told911:
        told, _, spoken_to = fact.value.partition(", ")
        number = told.removeprefix("no.").strip() if told != NOT_REACHED else ""
        return cls(told != NOT_REACHED, fact.at, spoken_to, number)


BY_HAND = "placed"


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """Where a person put a site (S11): the site's own, never the resident's or the server's. `words` is what
    it was found by, empty for a spot on the map; `seen` is the place the reports gave then."""

    place: Place
    words: str
    seen: Place | None
    who: str
    at: Millis

    @property
    def value(self) -> str:
        """As the fact keeps it: "27.74890,-82.67490|27.75100,-82.67000|2214 22nd Ave S"."""
        return f"{_degrees(self.place)}|{_degrees(self.seen)}|{self.words}"

    @classmethod
    def of_fact(cls, fact: Fact) -> OwnPlace | None:
        """None where it was taken away again."""
        if not fact.value:
            return None
        place, seen, words = fact.value.split("|", 2)
        put = _place_of(place)
        return cls(put, words, _place_of(seen), fact.who, fact.at) if put else None


def _degrees(place: Place | None) -> str:
    return f"{place.lat:.6f},{place.lng:.6f}" if place else ""


def _place_of(degrees: str) -> Place | None:
    lat, _, lng = degrees.partition(",")
    return Place(float(lat), float(lng)) if lng else None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a person established about a site: name, words, who, when. Never changed, only added."""

    name: str
    value: str
    who: str
    at: Millis

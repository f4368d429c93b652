"""What the last advisory fills into a notice. One older than six hours fills nothing, and says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.errors import SettingsBroken
from dispatch.feeds.arrival import GALE_KT, Place, bearing, winds_at
from dispatch.feeds.records import Advisory
from dispatch.feeds.weather import Weather
from dispatch.geo.measure import MILE_M
from dispatch.geo.projection import distance_m
from dispatch.notices.drafts import MAIN_LANGUAGE, Blocked, read_languages
from dispatch.records import Millis

HOUR_MS = 3_600_000
OLDEST_MS = 6 * HOUR_MS  # NHC's own round: after it a newer one is out, or something is wrong
FROM_ADVISORY = frozenset({"storm", "category", "advisory", "advisory_time", "distance"})
# These a named person may type as well: the office of the weather service tells them by telephone.
WINDS = frozenset({"winds_from", "winds_to"})
STORM_SLOTS = FROM_ADVISORY | WINDS
HURRICANE_KT = 64
# Saffir-Simpson, the least sustained wind of each category in knots (NHC).
CATEGORIES_KT = (64, 83, 96, 113, 137)
HERE_MILES = 10
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StormSlots:
    """`as_of_at` is the advisory's own time, 0 without one. `why_missing` says of each slot that has no value
    what a person can do; `blocked_why` why none has, and then `values` is empty."""

    values: Mapping[str, str] = field(default_factory=dict)
    as_of_at: Millis = 0
    blocked_why: str = ""
    why_missing: Mapping[str, str] = field(default_factory=dict)

    def blocked(self, typed: Mapping[str, str] | None = None) -> Blocked:
        """What `fill_draft` must leave open. Hours of the wind that a person typed are not the advisory's."""
        if not self.blocked_why:
            return Blocked()
        own = {slot for slot in WINDS if (typed or {}).get(slot, "").strip()}
        return Blocked(STORM_SLOTS - own, self.blocked_why)


def storm_slots(
    weather: Weather | None,
    now: Millis,
    zone: ZoneInfo,
    place: Place,
    city: str,
    language: str = MAIN_LANGUAGE,
) -> StormSlots:
    """`now` by the storm's clock; the nearest storm counts. `place` is the city's latitude and longitude."""
    if weather is None or not weather.advisories:
        why = "No advisory of the hurricane center is here: load one, or take a draft that needs none."
        return StormSlots(blocked_why=why)
    advisory = weather.advisories[0]
    if (age_ms := now - advisory.issued_at) > OLDEST_MS:
        return StormSlots(as_of_at=advisory.issued_at, blocked_why=_too_old(advisory, age_ms))
    words = _spoken(language)
    values = {
        "storm": _storm(advisory, words),
        "category": _category(advisory, words),
        "advisory": advisory.number,
        "advisory_time": say_time(advisory.issued_at, zone, language),
        "distance": _distance(advisory, place, city, words),
    }
    winds, why = _winds(advisory, zone, place, language)
    known = {slot: value for slot, value in {**values, **winds}.items() if value}
    missing = dict.fromkeys(FROM_ADVISORY - known.keys(), "The advisory does not say it.")
    return StormSlots(known, advisory.issued_at, "", missing | dict.fromkeys(WINDS - known.keys(), why))


def say_time(at: Millis, zone: ZoneInfo, language: str = MAIN_LANGUAGE) -> str:
    """2 PM as residents say it, with the day, the date and the zone."""
    words = _spoken(language)
    local = (_EPOCH + timedelta(milliseconds=at)).astimezone(zone)
    said: str = words["time"].format(
        hour12=(local.hour - 1) % 12 + 1,
        minute=f"{local:%M}",
        half=words["halves"][local.hour // 12],
        day=words["days"][local.weekday()],
        date=local.day,
        month=words["months"][local.month - 1],
        zone=f"{local:%Z}",
    )
    return said


def category_of(wind_kt: int) -> int:
    """1 to 5, 0 below hurricane strength."""
    return sum(wind_kt >= least for least in CATEGORIES_KT)


def _too_old(advisory: Advisory, age_ms: int) -> str:
    hours, minutes = divmod(age_ms // 60_000, 60)
    return (
        f"Advisory {advisory.number} on {advisory.name or 'the storm'} is {hours} h {minutes:02} min old, and"
        " a notice takes nothing from one older than 6 h: wait for the next advisory, or load it from a file."
    )


def _storm(advisory: Advisory, words: Mapping[str, Any]) -> str:
    if not advisory.points or not advisory.points[0].wind_kt:
        return advisory.name
    wind_kt = advisory.points[0].wind_kt
    kind = (
        "hurricane" if wind_kt >= HURRICANE_KT else "tropical_storm" if wind_kt >= GALE_KT else "depression"
    )
    said: str = words[kind].format(name=advisory.name)
    return said if advisory.name else ""


def _category(advisory: Advisory, words: Mapping[str, Any]) -> str:
    if not advisory.points or not advisory.points[0].wind_kt:
        return ""
    number = category_of(advisory.points[0].wind_kt)
    said: str = words["category"].format(number=number) if number else words["no_category"]
    return said


def _distance(advisory: Advisory, place: Place, city: str, words: Mapping[str, Any]) -> str:
    """Where the storm is, seen from the city."""
    if not advisory.points:
        return ""
    at = advisory.points[0]
    miles = float(distance_m(at.lng, at.lat, place[1], place[0])) / MILE_M
    if miles < HERE_MILES:
        return str(words["here"].format(city=city))
    sector = round(bearing(place[0], place[1], (at.lat, at.lng)) / 45) % 8
    rounded = round(miles, -1) if miles >= 50 else round(miles)
    return str(
        words["distance"].format(miles=f"{rounded:.0f}", direction=words["compass"][sector], city=city)
    )


def _winds(advisory: Advisory, zone: ZoneInfo, place: Place, language: str) -> tuple[dict[str, str], str]:
    """Only as the advisory itself says how far the wind reaches: what we reckon is no word for the public."""
    found = winds_at(place, advisory)
    if found is None or not found.is_told:
        return {}, (
            "This advisory does not say how far the wind reaches: load NHC's forecast/advisory in words, or"
            " type the hour that the weather service gives."
        )
    if not found.from_at:
        return {}, "The forecast brings no wind of 39 mph to the city: this draft does not fit now."
    ends = say_time(found.until_at, zone, language) if found.until_at else ""
    why = "The wind does not end within the forecast: type until when it is expected."
    return {"winds_from": say_time(found.from_at, zone, language), "winds_to": ends}, why


@lru_cache(maxsize=8)
def _spoken(language: str) -> Mapping[str, Any]:
    files = read_languages()
    if language not in files:
        raise SettingsBroken(f"There is no drafts_{language}.toml.")
    words: Mapping[str, Any] = files[language]["words"]
    return words

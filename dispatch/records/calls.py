"""A call that was taken, and who called: what stays with us."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.records.states import Millis


@dataclass(frozen=True, slots=True)
class Caller:
    """Who called, by our key of the report. `number` counts the activation's calls: "EOC call 37"."""

    request_key: int
    number: int
    name: str = ""
    phone: str = ""
    language: str = ""
    may_call: bool | None = None
    note: str = ""
    who: str = ""
    at: Millis = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a call. `site_id` is where it stands; `joined` and `linked` name the site it was said
    to be about: one site with it, or tied to it as reports about persons are (S10)."""

    request_key: int
    site_id: int
    number: int
    joined: int = 0
    linked: int = 0


@dataclass(frozen=True, slots=True)
class NearSite:
    """An open site that a call may be about, with why, in words. `distance_m` is None where only the address
    is the same; `is_link`: about persons, tied to the call and never merged with it (S10)."""

    site_id: int
    band: int
    what: str
    where: str
    state: str
    first_at: Millis
    reports: int
    why: str
    distance_m: float | None = None
    is_link: bool = False
    is_strong: bool = False  # alike enough that nobody need look

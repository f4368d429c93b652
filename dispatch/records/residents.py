"""What the city says to residents: by which intent, in which language, and what was told of a time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatch.records.states import Millis


class Intent(StrEnum):
    """What a message is for (domain notes, section 4)."""

    GOT_IT = "got_it"
    BETTER_PLACE = "better_place"
    BETTER_PHOTO = "better_photo"
    CALL_911 = "call_911"
    ON_THE_LIST = "on_the_list"
    WITH_OWNER = "with_owner"
    SWEEP = "sweep"
    ON_THE_WAY = "on_the_way"
    DONE = "done"
    CANNOT = "cannot"
    MERGED = "merged"
    DATE_MOVED = "date_moved"
    STAY_SAFE = "stay_safe"
    STILL_NEEDED = "still_needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One intent in one language, for some categories and bands or, where these are empty, for all.

    `text` has slots in braces. `approved_by` is empty where nobody has approved the words yet: such a text
    may be read, and is sent only by a person who has looked at it, never by a rule.

    `variant` names one for some categories or bands, empty for the general one; the same intent and variant
    in another language is its translation. `version` is 0 for a text that came with the program.
    """

    template_id: str
    intent: Intent
    language: str
    text: str
    categories: frozenset[str] = frozenset()
    bands: frozenset[int] = frozenset()
    approved_by: str = ""
    approved_at: Millis = 0
    variant: str = ""
    version: int = 0
    edited_by: str = ""
    edited_at: Millis = 0

    @property
    def is_approved(self) -> bool:
        return bool(self.approved_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who reads a message to a site: one for each of its reports. `language` is guessed from the words: a
    code, "und" for none we know, empty for no words. A guest has no account that anything could be sent to:
    they read it on the city's page alone. `cannot_why` is empty where the report takes a message."""

    request_key: int
    request_id: str
    name: str
    language: str
    is_guest: bool = False
    cannot_why: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A template's text with what is known now; `missing` names the slots nobody can fill: with any of them
    the text is not sent."""

    text: str
    missing: tuple[str, ...] = ()


class NoTime(StrEnum):
    """Why residents are told no time."""

    UTILITY = "utility"
    HOMEOWNER = "homeowner"
    SUSPENDED = "suspended"
    LIFE_SAFETY = "life_safety"
    RESTRICTED = "restricted"
    WIRE = "wire"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """How long a category takes now, in whole days from today; no time at all where `no_time_why` says so.

    `high_days` is None for "longer than two weeks". `normal_days` is what the city says in quiet times, 0
    where it says nothing. `closed` and `open` are what it was counted from; `closed_day` and `closed_week`
    what was closed one by one in the last 24 hours and 7 days. `owner` is whose work it is, with the contact
    that the city has entered for them, where that is why there is no time.
    """

    low_days: int = 0
    high_days: int | None = None
    normal_days: int = 0
    closed: int = 0
    open: int = 0
    closed_day: int = 0
    closed_week: int = 0
    owner: str = ""
    no_time_why: NoTime | str = ""

    @property
    def has_time(self) -> bool:
        return not self.no_time_why

    @property
    def range(self) -> tuple[int, int | None]:
        return self.low_days, self.high_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A range as it was told for one report. `end_at` is when it is over, None for "longer than two weeks";
    `closed_at` is 0 while the report is open."""

    request_key: int
    site_id: int
    category: str
    at: Millis
    low_days: int
    high_days: int | None
    is_correction: bool = False
    reporter: str = ""
    closed_at: Millis = 0

    @property
    def end_at(self) -> Millis | None:
        return None if self.high_days is None else self.at + self.high_days * 24 * 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMoved:
    """One report whose told range holds no more: what was told, what would be told now in which words, and
    why nothing can be told, where that is so."""

    told: Told
    number: str
    now_said: Expectation
    text: str = ""
    no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCounts:
    """Of ranges told: those with an end that held (`kept`) and that did not (`broken`), those not decided
    yet, and those that were "longer than two weeks", where nothing is promised."""

    kept: int = 0
    broken: int = 0
    waiting: int = 0
    longer: int = 0

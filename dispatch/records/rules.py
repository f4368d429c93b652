"""Rules by which residents are written to without a person at each: off until somebody switches one on."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from dispatch.records.states import Millis


class RuleKind(StrEnum):
    """In the order in which they run: a person hears from one of them a day, and what asks comes first."""

    BETTER_PLACE = "better_place"
    BETTER_PHOTO = "better_photo"
    GOT_IT = "got_it"
    STILL_NEEDED = "still_needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSettings:
    """`wait_min`: minutes from a report's entry until it may be written to. `back_h`: hours before the
    switching on from which reports count. `days`: how old a report is before it is asked about, and for how
    many days it is not asked again. No `categories` are all of them."""

    wait_min: int = 5
    back_h: int = 0
    days: int = 7
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as somebody left it; version 0 is one that nobody has touched."""

    kind: RuleKind
    version: int = 0
    is_on: bool = False
    settings: RuleSettings = field(default_factory=RuleSettings)
    person: str = ""
    position: str = ""
    at: Millis = 0


@dataclass(frozen=True, slots=True)
class RuleMessage:
    """What a rule sends, or would send now."""

    request_key: int
    request_id: str
    site_id: int
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a rule would do: the messages, and who is left out by why. `more` messages are not listed."""

    kind: RuleKind
    messages: tuple[RuleMessage, ...] = ()
    left_out: dict[str, tuple[int, ...]] = field(default_factory=dict)  # why -> sites, one for each report
    more: int = 0

    @property
    def sites(self) -> int:
        return len({each.site_id for each in self.messages})


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How a rule has done in this activation: on their way, sent, withdrawn before they left. `answers` are
    of those who were asked whether it is still needed, their sites by what they said."""

    waiting: int = 0
    sent: int = 0
    withdrawn: int = 0
    answers: dict[str, tuple[int, ...]] = field(default_factory=dict)

"""What is to be done at many sites, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatch.bulk.kinds import BulkKind
from dispatch.records import Band, Changes, CloseReason, Intent, Millis, WaitReason

NO_CHANGES = Changes()


@dataclass(frozen=True, slots=True)
class BulkOrder:
    """One act for all. `text` is what residents read (message, close) or the note itself; `note` stays here.
    With an `intent` in its place each report has the city's text of it, by its own site and in its resident's
    language. `until_at` is storm time."""

    kind: BulkKind
    text: str = ""
    note: str = ""
    wait: WaitReason | None = None
    close: CloseReason | None = None
    until_at: Millis = 0
    band: Band | None = None
    intent: Intent | None = None


@dataclass(frozen=True, slots=True)
class SaidTo:
    """One text of an order and who reads it: reports and sites. `text` is the first one's, with its number;
    texts that differ in nothing else count as one."""

    language: str
    text: str
    messages: int
    sites: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What an order does, or would do now.

    `left` are the sites it leaves as they are, each with why. `messages` is how many public messages go out,
    `people` how many different residents read one; `unwritten` how many reports get none, by why.
    """

    site_ids: tuple[int, ...] = ()
    left: Mapping[int, str] = field(default_factory=dict)
    messages: int = 0
    people: int = 0
    unwritten: Mapping[str, int] = field(default_factory=dict)
    changes: Changes = NO_CHANGES
    # With an intent: every text that goes out, the one that most read first.
    texts: tuple[SaidTo, ...] = ()

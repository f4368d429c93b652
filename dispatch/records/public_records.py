"""Requests for public records (Ch. 119 F.S.): what was asked, what was collected, what is kept back and why;
and the legal holds on a storm's records."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatch.records.states import Millis


class RecordKind(StrEnum):
    REPORT = "report"
    CALLER = "caller"
    MESSAGE = "message"
    SITE = "site"
    NOTE = "note"
    HAND_OVER = "hand_over"
    ANSWER = "answer"
    FORM = "form"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class RecordsQuery:
    """Which reports are asked for: all that is said must hold. Entered from `from_at` until before `to_at`;
    every word of `words` somewhere in report or thread; `area` a neighborhood, `category` ours."""

    from_at: Millis | None = None
    to_at: Millis | None = None
    words: str = ""
    area: str = ""
    category: str = ""
    request_numbers: tuple[str, ...] = ()

    @property
    def is_bounded(self) -> bool:
        return bool(self.request_numbers) or (self.from_at is not None and self.to_at is not None)


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """One record as it stood when it was collected: name and words of each field, times in UTC. `about` is
    the number of its report, or of its site. A restricted one is of a site whose words are masked (S15)."""

    record_id: str
    kind: RecordKind
    about: str
    activation_id: str
    is_restricted: bool
    fields: tuple[tuple[str, str], ...]

    def words_of(self, field: str) -> str | None:
        return dict(self.fields).get(field)


@dataclass(frozen=True, slots=True)
class RecordsRequest:
    """`received_at` is when it reached the city, `at` when its records were collected. The requester need not
    give a name."""

    records_id: str
    number: int
    activation_id: str
    requester: str
    received_at: Millis
    query: RecordsQuery
    person: str
    position: str
    at: Millis
    records: int

    @property
    def name(self) -> str:
        return f"PRR-{self.number:04d}"


@dataclass(frozen=True, slots=True)
class Redaction:
    """A passage [start, end) of a field, in characters of its words as collected; the whole record where
    `field` is empty. Withdrawn it holds no more, and stays."""

    redaction_id: str
    records_id: str
    record_id: str
    field: str
    start: int
    end: int
    statute: str
    reason: str
    person: str
    position: str
    at: Millis
    withdrawn_at: Millis | None = None
    withdrawn_by: str = ""
    withdrawn_why: str = ""

    @property
    def is_whole_record(self) -> bool:
        return not self.field

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class LegalHold:
    """Nothing of the storm may be disposed of while one stands."""

    hold_id: str
    activation_id: str
    since_at: Millis
    why: str
    person: str
    position: str
    at: Millis
    lifted_at: Millis | None = None
    lifted_by: str = ""
    lifted_why: str = ""

    @property
    def stands(self) -> bool:
        return self.lifted_at is None


@dataclass(frozen=True, slots=True)
class KeptRecords:
    """How many records of a kind a storm has; `newest_at` is None where there are none."""

    activation_id: str
    kind: str
    count: int
    newest_at: Millis | None


# -- the copy ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Black:
    """Stands where words were taken out, and says under which statutes. The words are not in it."""

    statutes: tuple[str, ...]

    def __str__(self) -> str:
        return f"[REDACTED {'; '.join(f's. {each}' for each in self.statutes)}]"


@dataclass(frozen=True, slots=True)
class CopiedField:
    name: str
    pieces: tuple[str | Black, ...]

    @property
    def text(self) -> str:
        return "".join(map(str, self.pieces))


@dataclass(frozen=True, slots=True)
class CopiedRecord:
    """`withheld` are the statutes under which it is kept back whole; it has no fields then."""

    record_id: str
    kind: RecordKind
    about: str
    fields: tuple[CopiedField, ...]
    withheld: tuple[str, ...] = ()

    @property
    def blacked_out(self) -> int:
        return sum(isinstance(piece, Black) for field in self.fields for piece in field.pieces)

    @property
    def state(self) -> str:
        return "withheld" if self.withheld else "redacted" if self.blacked_out else "whole"


@dataclass(frozen=True, slots=True)
class RecordsCopy:
    """What is drawn on paper for who asked; `facts` head it."""

    name: str
    is_exercise: bool
    facts: tuple[tuple[str, str], ...]
    records: tuple[CopiedRecord, ...]

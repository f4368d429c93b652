"""The storm plan: what is to be sent, switched, staffed and checked, and what has come of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatch.records.states import Millis


class PlanKind(StrEnum):
    SEND = "send"
    SWITCH = "switch"
    STAFF = "staff"
    CHECK = "check"


class PlanState(StrEnum):
    OPEN = "open"
    DUE = "due"
    OVERDUE = "overdue"
    DONE = "done"
    SKIPPED = "skipped"
    EARLIER = "earlier"  # its hour had passed before this activation was opened: not followed here


@dataclass(frozen=True, slots=True)
class PlanItem:
    """`hours` counts from hour 0. `draft` names a draft of a notice, `sheet` the sheet that it opens."""

    key: str
    kind: PlanKind
    hours: int
    owner: str
    title: str
    why: str = ""
    draft: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One act on the plan: `act` is zero, done, skipped, reopened or edited. `at` is the hour 0 that was set,
    or when the item was due as it was done. `note` is why, or what a check found."""

    step_id: str
    act: str
    key: str
    at: Millis
    note: str
    person: str
    position: str
    recorded_at: Millis
    advisory: str = ""
    hours: int = 0
    owner: str = ""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """An item as it stands. `due_at` is 0 while there is no hour 0; `last` is what was done with it."""

    item: PlanItem
    due_at: Millis
    state: PlanState
    last: PlanStep | None = None

    @property
    def is_settled(self) -> bool:
        return self.state in (PlanState.DONE, PlanState.SKIPPED, PlanState.EARLIER)


@dataclass(frozen=True, slots=True)
class ZeroProposal:
    """Hour 0 by an advisory, for a person to take. `until_at` is 0 where the wind outlasts the forecast;
    `is_told` where the advisory says how far the wind reaches. `moves` items would move by `shift_ms`."""

    at: Millis
    until_at: Millis
    advisory: str
    issued_at: Millis
    is_told: bool
    moves: int = 0
    shift_ms: int = 0


@dataclass(frozen=True, slots=True)
class StormPlan:
    """`zero` is what a person has set; `forecast` what the last advisory says, `proposal` the same where it
    would move something, else None. Without a `zero` the lines are due by the proposal, and none of them is
    overdue."""

    zero: PlanStep | None
    proposal: ZeroProposal | None
    lines: tuple[PlanLine, ...]
    why_no_proposal: str = ""
    forecast: ZeroProposal | None = None

    @property
    def zero_at(self) -> Millis:
        return self.zero.at if self.zero else self.proposal.at if self.proposal else 0

    @property
    def overdue(self) -> int:
        return sum(line.state is PlanState.OVERDUE for line in self.lines)

"""Sites as lines of a pack: what, where, who has it, what comes next. Restricted ones without words (S15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

import numpy as np

from dispatch.board import Board, Mask, Rows
from dispatch.escalation.states import state_words
from dispatch.escalation.timers import due
from dispatch.forms import common
from dispatch.masking import LIFE_SAFETY, RESTRICTED
from dispatch.records import (
    SITE_STATES,
    Band,
    Escalation,
    EscalationState,
    Flag,
    Millis,
    PackLine,
    SiteState,
    WaitReason,
)
from dispatch.residents.private_words import covered

WAITING = SITE_STATES.index(SiteState.WAITING)
NO_AREA = "no area known"
# Nobody has them: not answered in time, not answered yet, handed back.
UNANSWERED = (
    EscalationState.SENT,
    EscalationState.RECEIVED,
    EscalationState.EXPIRED,
    EscalationState.RETURNED,
)
_WAITS = {
    WaitReason.OWNER: "the owner",
    WaitReason.UTILITY_FIRST: "the utility first",
    WaitReason.ACCESS: "access",
    WaitReason.MORE_FACTS: "more facts",
    WaitReason.WEATHER: "the weather",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What lines are made of. `numbers` has what people call a site; `handed_over` its open hand-overs."""

    board: Board
    now: Millis
    zone: tzinfo
    numbers: Mapping[int, str]
    handed_over: Mapping[int, Sequence[Escalation]]

    def hour(self, at: Millis) -> str:
        return common.hour(at, self.now, self.zone)

    def name(self, site_id: int) -> str:
        return self.numbers.get(site_id, f"site {site_id}")


def of_sites(words: Words, rows: Rows) -> tuple[PackLine, ...]:
    return tuple(of_site(words, int(row)) for row in rows)


def of_site(words: Words, row: int, *, next_step: str = "", due_at: Millis = 0) -> PackLine:
    """`next_step` in place of what the records say comes next."""
    board, site_id = words.board, int(words.board.site_id[row])
    what, where = place_of(board, row)
    return PackLine(
        key=f"site {site_id}",
        number=words.name(site_id),
        what=what,
        where=where,
        who=_who(words, site_id),
        next=next_step or _next(words, row),
        band=int(board.band[row]),
        site_id=site_id,
        due_at=due_at,
        is_restricted=bool(board.flags[row] & Flag.RESTRICTED),
        is_overdue=bool(due_at and due_at <= words.now),
    )


def place_of(board: Board, row: int) -> tuple[str, str]:
    """(what, where): of a restricted site its kind and its area alone; of others no phones and units."""
    code = int(board.hood[row])
    area = board.hoods[code] if code >= 0 else ""
    if board.flags[row] & Flag.RESTRICTED:
        return LIFE_SAFETY if board.band[row] == Band.P1 else RESTRICTED, area or NO_AREA
    where = " · ".join(dict.fromkeys(filter(None, (board.where[row], area))))
    return covered(" ".join(board.what[row].split())), covered(where) or NO_AREA


def of_escalation(words: Words, item: Escalation, *, next_step: str = "", due_at: Millis = 0) -> PackLine:
    """A hand-over by its number; who has it is its desk."""
    row = words.board.row(item.site_id)
    if row >= 0:
        what, where = place_of(words.board, row)
    else:
        what, where = covered(item.subject), covered(item.address) or item.neighborhood
    is_restricted = item.is_restricted or (row >= 0 and bool(words.board.flags[row] & Flag.RESTRICTED))
    if item.is_restricted and not (row >= 0 and words.board.flags[row] & Flag.RESTRICTED):
        what, where = RESTRICTED, item.neighborhood or NO_AREA
    running = due(item, words.now)
    return PackLine(
        key=item.number,
        number=item.number,
        what=what,
        where=where,
        who=common.desk(item),
        next=next_step or said_of(words, item),
        band=int(item.band),
        site_id=item.site_id,
        due_at=due_at or (running.due_at if running else 0),
        is_restricted=is_restricted,
        is_overdue=bool(running and running.is_overdue) if not due_at else due_at <= words.now,
    )


def said_of(words: Words, item: Escalation) -> str:
    """How a hand-over stands, and the clock that runs on it."""
    said = [f"{state_words(item.state)} since {words.hour(item.state_at)}"]
    if item.return_code and item.state == EscalationState.RETURNED:
        said[0] = f"returned {words.hour(item.state_at)}: {item.return_code.replace('_', ' ')}"
    if (running := due(item, words.now)) is not None and item.state != EscalationState.RETURNED:
        said.append(f"{running.label} {words.hour(running.due_at)}")
    if common.is_911_open(item):
        said.insert(0, "911 NOT TOLD")
    return " · ".join(said)


def by_site(items: Iterable[Escalation]) -> dict[int, list[Escalation]]:
    """The open hand-overs of each site."""
    found: dict[int, list[Escalation]] = {}
    for item in items:
        if item.state.is_open:
            for site_id in item.site_ids:
                found.setdefault(site_id, []).append(item)
    return found


def is_live(board: Board, row: int) -> bool:
    """S13: a wire is live until somebody has said otherwise."""
    return bool(board.flags[row] & Flag.WIRE) and not board.flags[row] & Flag.MADE_SAFE


def waiting_on_utility(board: Board, is_open: Mask) -> Rows:
    """Worst first."""
    waits = np.flatnonzero(is_open & (board.state == WAITING))
    rows = [row for row in waits.tolist() if board.state_reason[row] == WaitReason.UTILITY_FIRST.value]
    return board.order(np.array(rows, np.intp))


def _who(words: Words, site_id: int) -> str:
    """Whose claim it is, and which desks have it."""
    said = []
    if (held := words.board.claims.get(site_id)) is not None:
        said.append(f"{held.person} ({held.seat}) since {words.hour(held.at)}")
    said += [f"{item.number} {common.desk(item)}" for item in words.handed_over.get(site_id, ())]
    return " · ".join(said) or "nobody"


def _next(words: Words, row: int) -> str:
    """Out of the records alone: what is not there is not made up."""
    board, site_id = words.board, int(words.board.site_id[row])
    flags = Flag(int(board.flags[row]))
    said, warned = [], []
    if flags & Flag.NOT_REACHED_911 and not flags & Flag.TOLD_911:
        said.append("911 NOT REACHED: call again")
    if is_live(board, row):
        warned.append(common.TREAT_AS_LIVE)
    said += [said_of(words, item) for item in words.handed_over.get(site_id, ())]
    if board.state[row] == WAITING:
        reason = board.state_reason[row]
        on = _WAITS[WaitReason(reason)] if reason in set(WaitReason) else "nobody said what"
        said.append(f"waits on {on}")
    if not board.acted_at[row]:
        said.append("first look: nobody has acted")
    if board.snoozed_until[row] > words.now:
        said.append(f"snoozed until {words.hour(int(board.snoozed_until[row]))}")
    return " · ".join((*warned, *(dict.fromkeys(said) or ("looked at, no next step recorded",))))

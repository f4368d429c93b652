"""The board as it stood at an earlier time, out of what the store really knows of it. Reads only.

Known: when each report was entered, and what the activity log says: states, own bands, claims, merges, 911,
utility, hand-overs. Not kept anywhere, and therefore shown as now: words, places, scores and bands that
triage gave; snoozes are left out. A report counts from its entry on, whenever it came to this console.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from dispatch.board import CLOSED, Board, Claim, HandOver
from dispatch.errors import ActRefused
from dispatch.escalation.states import Act, after
from dispatch.records import SITE_STATES, Band, Escalation, EscalationState, Flag, Millis, SiteState, SiteView
from dispatch.store import history
from dispatch.store.history import History, Line
from dispatch.store.store import Store

NEW, TRIAGED, WAITING = (SITE_STATES.index(s) for s in (SiteState.NEW, SiteState.TRIAGED, SiteState.WAITING))
_STATE_AFTER = {"wait": WAITING, "close": CLOSED, "closed": CLOSED, "reopened": NEW}
# Marks of a site that come and go with acts and events: only those the log tells of are put back.
_MARKS = Flag.TOLD_911 | Flag.NOT_REACHED_911 | Flag.UTILITY_TOLD | Flag.MADE_SAFE | Flag.OVERRIDDEN
_UNKNOWN = Flag.NEW_FACT | Flag.REOPENED | Flag.SERVER_CLOSED | Flag.MAY_REPEAT | Flag.MERGED
_SETS = {"utility_told": Flag.UTILITY_TOLD, "made_safe": Flag.MADE_SAFE}
_BACK = (EscalationState.RETURNED, EscalationState.EXPIRED)
_DROPS_CLAIM = ("let_go", "close", "merged")


@dataclass(frozen=True, slots=True)
class Track:
    """Values that one column takes at times, in the order of the times; the last one up to a time counts."""

    at: npt.NDArray[np.int64]
    row: npt.NDArray[np.intp]
    value: npt.NDArray[np.int64]

    @classmethod
    def of(cls, events: Iterable[tuple[Millis, int, int]]) -> Track:
        ordered = sorted(events, key=lambda event: event[0])
        columns = np.array(ordered, np.int64).reshape(-1, 3)
        return cls(columns[:, 0], columns[:, 1].astype(np.intp), columns[:, 2])

    def put(self, column: npt.NDArray[Any], when: Millis) -> None:
        """numpy lets the last of equal places count."""
        upto = int(np.searchsorted(self.at, when, side="right"))
        column[self.row[:upto]] = self.value[:upto]


class Past:
    """Made once from the log; `at` then takes some milliseconds for 100,000 sites."""

    def __init__(self, told: History, board: Board) -> None:
        self._told = told
        self._row: Callable[[int], int] = board.row
        reader = _Reader(board.row)
        for line in told.lines:
            if board.row(line.site_id) >= 0:
                reader.read(line)
        closings = [(at, board.row(key), CLOSED) for key, at in told.closed_at.items() if at is not None]
        self._states = Track.of([*_known(closings), *reader.states])
        self._acts = Track.of(reader.acts)
        self._bands = Track.of(reader.bands)
        self._first_bands = reader.first_bands
        self._flags = {flag: Track.of(events) for flag, events in reader.flags.items()}
        self._claims = reader.claims
        self._moves = reader.moves
        # Closed, and nobody knows when: they are never shown.
        self._shut = np.array(
            [board.row(k) for k, at in told.closed_at.items() if at is None and board.row(k) >= 0], np.intp
        )
        self.unknown_closings = len(self._shut)

    def at(self, board: Board, when: Millis) -> Board:
        """A board of its own, with the rows of `board`; sites without a report then are not open on it."""
        made = board.twin()
        at, rows = self._reports(board, when)
        made.put_reports(at, rows)
        made.reports[:] = np.bincount(rows, minlength=made.count)
        is_there = made.reports > 0
        first, last = np.full(made.count, when), np.zeros(made.count, np.int64)
        np.minimum.at(first, rows, at)
        np.maximum.at(last, rows, at)
        made.first_at[:], made.last_at[:] = first, np.where(is_there, last, when)
        made.state[:] = NEW
        self._states.put(made.state, when)
        made.state[self._shut] = CLOSED
        made.acted_at[:] = 0
        self._acts.put(made.acted_at, when)
        for row, band in self._first_bands.items():
            made.band[row] = band
        self._bands.put(made.band, when)
        made.snoozed_until[:] = 0
        self._put_flags(made, is_there, when)
        self._put_marks(made, when)
        made.refresh_waiting(when)
        return made

    # -- inside -------------------------------------------------------------------------------------

    def _reports(self, board: Board, when: Millis) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.intp]]:
        """Entry times up to then, and in which row each report stood then."""
        rows = board.report_row.astype(np.intp)
        # From the newest move back to the first one after that time.
        for moved_at, key, _to, home in reversed(self._moves):
            if moved_at <= when:
                break
            index = board.report_index(key)
            if index >= 0 and self._row(home) >= 0:
                rows[index] = self._row(home)
        keep = board.report_at <= when
        return board.report_at[keep], rows[keep]

    def _put_flags(self, made: Board, is_there: npt.NDArray[np.bool_], when: Millis) -> None:
        made.flags[:] &= np.uint32(0xFFFF_FFFF & ~int(_MARKS | _UNKNOWN))
        for flag, track in self._flags.items():
            is_set = np.zeros(made.count, np.int64)
            track.put(is_set, when)
            made.flags[is_set > 0] |= np.uint32(int(flag))
        made.flags[~is_there] |= np.uint32(int(Flag.MERGED))

    def _put_marks(self, made: Board, when: Millis) -> None:
        """Claims and hand-overs as they stood, and what was back on top for them."""
        made.claims.clear()
        made.asks.clear()
        for at, site_id, claim in self._claims:
            if at > when:
                break
            if claim is None:
                made.claims.pop(site_id, None)
            else:
                made.claims[site_id] = claim
        made.hand_overs.clear()
        made.on_top[:] = False
        for item in self._told.escalations:
            state = _state_then(item, when)
            if state is None or not state.is_open:
                continue
            for site_id in item.site_ids:
                if (row := self._row(site_id)) >= 0:
                    made.hand_overs[site_id] = HandOver(state, item.number, item.desk, item.created_at)
                    made.on_top[row] = state in _BACK


class _Reader:
    """Turns the lines of the log, oldest first, into what each column became and when."""

    def __init__(self, row: Callable[[int], int]) -> None:
        self._row = row
        self._lines: dict[int, Line] = {}
        self.states: list[tuple[Millis, int, int]] = []
        self.acts: list[tuple[Millis, int, int]] = []
        self.bands: list[tuple[Millis, int, int]] = []
        self.first_bands: dict[int, int] = {}
        self.flags: dict[Flag, list[tuple[Millis, int, int]]] = {}
        self.claims: list[tuple[Millis, int, Claim | None]] = []
        # (when, report, where it came, where it came from).
        self.moves: list[tuple[Millis, int, int, int]] = []

    def read(self, line: Line) -> None:
        self._lines[line.number] = line
        if line.act == "undo":
            self._undo(line)
            return
        at, row, before = line.at, self._row(line.site_id), _before(line)
        if (part := line.detail.get("part")) is not None:
            self._read_part(line, row, part)
            return
        if "state" in before:
            self.states.append((at, row, _STATE_AFTER.get(line.act, TRIAGED)))
        elif line.act in ("closed", "reopened"):
            self.states.append((at, row, _STATE_AFTER[line.act]))
        if "acted_at" in before:
            self.acts.append((at, row, at))
        if line.act == "reopened":
            self.acts.append((at, row, 0))
        if "band" in before:
            self._band(at, row, before["band"], _named(line.text))
        self._read_marks(line, row)
        self._read_moves(line)

    def _read_part(self, line: Line, row: int, part: Mapping[str, Any]) -> None:
        """An act at many sites keeps for each what it was and what it became."""
        at, after = line.at, part.get("after", {})
        if "state" in after:
            self.states.append((at, row, after["state"]))
        if "acted_at" in after:
            self.acts.append((at, row, after["acted_at"]))
        if "band" in after:
            self._band(at, row, part["before"]["band"], after["band"])
        if part.get("claim"):
            self.claims.append((at, line.site_id, Claim(line.person, line.seat, at)))
        elif line.act in _DROPS_CLAIM:
            self.claims.append((at, line.site_id, None))

    def _read_marks(self, line: Line, row: int) -> None:
        at = line.at
        if line.act == "911":
            is_told = line.text == "911 told"
            self._flag(at, row, Flag.TOLD_911, is_told)
            self._flag(at, row, Flag.NOT_REACHED_911, not is_told)
        elif flag := _SETS.get(line.act):
            self._flag(at, row, flag, True)
        if line.act in ("claim", "take_over"):
            self.claims.append((at, line.site_id, Claim(line.person, line.seat, at)))
        elif line.act == "give":
            self.claims.append((at, line.site_id, Claim(*_given(line), at)))
        elif line.act in _DROPS_CLAIM:
            self.claims.append((at, line.site_id, None))

    def _read_moves(self, line: Line) -> None:
        moved = line.detail.get("undo", {}).get("moved", {})
        self.moves += [(line.at, int(key), line.site_id, home) for key, home in moved.items()]
        came_from = line.text.removeprefix("split from site ")
        if line.act == "split" and came_from.isdecimal():
            self.moves.append((line.at, line.site_id, line.site_id, int(came_from)))

    def _undo(self, line: Line) -> None:
        """What the undone act had found is so again."""
        undone = self._lines.get(line.detail.get("undoes", 0))
        if undone is None:
            return
        at, row, before = line.at, self._row(undone.site_id), _before(undone)
        if "state" in before:
            self.states.append((at, row, before["state"]))
        if "acted_at" in before:
            self.acts.append((at, row, before["acted_at"]))
        if "band" in before:
            self.bands.append((at, row, before["band"]))
            self._flag(at, row, Flag.OVERRIDDEN, before.get("own_band") is not None)
        kept = undone.detail.get("part") or undone.detail.get("undo", {})
        if kept.get("claim"):
            # One that was given away or taken over since then is another person's.
            held = next(
                (claim for _, site_id, claim in reversed(self.claims) if site_id == undone.site_id), None
            )
            if held and (held.person, held.seat) == (undone.person, undone.seat):
                self.claims.append((at, undone.site_id, None))
        elif kept.get("let_go"):
            self.claims.append((at, undone.site_id, Claim(line.person, line.seat, at)))
        self.moves += [(at, int(key), home, undone.site_id) for key, home in kept.get("moved", {}).items()]

    def _band(self, at: Millis, row: int, before: int, band: int) -> None:
        self.first_bands.setdefault(row, before)
        self.bands.append((at, row, band))
        self._flag(at, row, Flag.OVERRIDDEN, True)

    def _flag(self, at: Millis, row: int, flag: Flag, is_set: bool) -> None:
        self.flags.setdefault(flag, []).append((at, row, int(is_set)))


def _given(line: Line) -> tuple[str, str]:
    """To whom a claim went: person and seat."""
    person, seat = line.detail["after"]["claim"]
    return person, seat


def read(store: Store, board: Board) -> Past:
    """On the store lane: reading the log of a long storm takes a moment."""
    with store.reading() as connection:
        told = history.read(connection)
    return Past(told, board)


def as_of(view: SiteView, board: Board, when: Millis) -> SiteView:
    """A site's record without what came after a time; `board` is the one as it stood then."""
    at = board.row(view.row.site_id)
    state = int(board.state[at])
    row = view.row._replace(
        band=int(board.band[at]),
        first_at=int(board.first_at[at]),
        last_at=int(board.last_at[at]),
        acted_at=int(board.acted_at[at]),
        reports=int(board.reports[at]),
        state=state,
        state_reason=view.row.state_reason if state == view.row.state else "",
        flags=int(board.flags[at]),
        snoozed_until=0,
    )
    handed_over = [(item, _state_then(item, when)) for item in view.escalations]
    return replace(
        view,
        row=row,
        requests=tuple(item for item in view.requests if item.created_at <= when) or view.requests[:1],
        thread=tuple(line for line in view.thread if line.at <= when),
        facts=tuple(fact for fact in view.facts if fact.at <= when),
        log=tuple(line for line in view.log if line.at <= when),
        escalations=tuple(replace(item, state=state) for item, state in handed_over if state is not None),
        suggestions=(),
        deliveries=(),
        # How far they had come then is not told apart from how far they have.
        offers=(),
    )


def _before(line: Line) -> dict[str, Any]:
    part = line.detail.get("part", {})
    found: dict[str, Any] = part.get("before") or line.detail.get("undo", {}).get("site", {})
    return found


def _named(text: str) -> int:
    """The band an act set: "band P3 to P1", "band P2"."""
    return int(Band[text.rsplit(" ", 1)[-1]])


def _known(events: Iterable[tuple[Millis, int, int]]) -> list[tuple[Millis, int, int]]:
    return [event for event in events if event[1] >= 0]


def _state_then(item: Escalation, when: Millis) -> EscalationState | None:
    """The state of a hand-over at a time, by its answers up to then; None before it was made."""
    if item.created_at > when:
        return None
    if item.closed_at is not None and item.closed_at <= when:
        return EscalationState.CLOSED
    state = EscalationState.SENT
    if item.received_at is not None and item.received_at <= when:
        state = EscalationState.RECEIVED
    for answer in item.answers:
        if answer.at > when:
            break
        try:
            state = after(state, Act(answer.kind))
        except (ActRefused, ValueError):
            continue  # what the table does not know moved nothing
    return state

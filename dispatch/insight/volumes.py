"""Is it rising, are we behind: what came in, what is open and how long things take, hour by hour.

A report counts in the hour it was entered. Sites that stand in another one are not counted beside it. What
was entered in bulk is kept apart: a survey that is typed in on one afternoon is no surge of that afternoon.
A site that was closed and is open again counts as open all along.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from dispatch.board import CLOSED
from dispatch.insight.forecast import Forecast
from dispatch.insight.frame import Frame, Times
from dispatch.insight.lasting import Lasting, lasting
from dispatch.records import Band, EscalationState, Flag, Millis

Counts = npt.NDArray[np.int64]

HOUR_MS = 3_600_000
# How fast things come and go is taken from so many hours: one hour says too little at night.
PACE_HOURS = 3
# Few sites make shares that mean nothing.
INFLATED_FROM, MOST_P1, MOST_P1_AND_P2 = 20, 0.10, 0.25
LEAST_HOURS = 24


class Group(StrEnum):
    BAND = "band"
    CATEGORY = "category"
    CHANNEL = "channel"


class Teller(StrEnum):
    """Who a report came from, as far as the server says it."""

    RESIDENT = "resident"
    STAFF = "staff"
    UNKNOWN = "unknown"


class Step(StrEnum):
    """What is waited for; each has its own beginning."""

    FIRST_LOOK_P1 = "first_look_p1"
    FIRST_LOOK = "first_look"
    HANDED_OVER = "handed_over"
    ACCEPTED = "accepted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the store says beside the board. `closed_at` goes with `closed_sites`; 0 is a site that is closed
    and nobody knows since when. Hand-overs have the first report of their site, their beginning, when they
    were accepted and when they ended, 0 for not yet. `told` has (hour since 1970, teller, is bulk, reports).
    """

    read_at: Millis
    closed_sites: Times
    closed_at: Times
    told: tuple[tuple[int, Teller, bool, int], ...]
    hand_overs: npt.NDArray[np.int64]  # (n, 4)
    acts: Mapping[str, int]  # by seat, in the last hour
    suspended: tuple[tuple[Millis, Millis | None, str], ...]
    figures: Mapping[str, Sequence[tuple[Millis, int, str]]]  # as of, value, source


@dataclass(frozen=True, slots=True)
class Pace:
    """Sites an hour, over the last hours."""

    opened: float
    closed: float

    def clears_in_hours(self, open_sites: int) -> float | None:
        """Only while closings outrun arrivals (the words we may use)."""
        gain = self.closed - self.opened
        return open_sites / gain if gain > 0 and open_sites else None


@dataclass(frozen=True, slots=True)
class P1Now:
    """Open P1: how many, how many of those are claimed, handed over, or neither; the oldest one's report."""

    open: int
    claimed: int
    handed_over: int
    untouched: int
    oldest_at: Millis


@dataclass(frozen=True, slots=True)
class OpenOf:
    """Open sites of one family of categories; `worst` is the highest band that nobody has acted on."""

    family: str
    sites: int
    escalated: int
    worst: Band | None


@dataclass(frozen=True, slots=True)
class SeatLoad:
    """What a seat has claimed, the oldest of those claims, and its acts in the last hour."""

    seat: str
    claimed: int
    oldest_at: Millis
    acts: int


@dataclass(frozen=True, slots=True)
class NobodyYet:
    """Open sites that nobody has acted on, and their worst one's band and first report."""

    sites: int
    band: Band | None
    oldest_at: Millis


@dataclass(frozen=True, slots=True, kw_only=True)
class Volumes:
    """Side by side for each hour from `start_at`: reports by series, those entered in bulk, sites closed, and
    sites open at the end of the hour. `reports` and `by_teller` are of these hours."""

    at: Millis
    start_at: Millis
    group: Group
    series: Mapping[str, Counts]
    bulk: Counts
    closed: Counts
    backlog: Counts
    reports: int
    by_teller: Mapping[Teller, int]
    open_sites: int
    unknown_closings: int
    pace: Pace
    last_hour: int
    hour_before: int
    p1: P1Now
    open_of: tuple[OpenOf, ...]
    takes: Mapping[Step, Lasting]
    takes_family: tuple[str, Lasting] | None
    seats: tuple[SeatLoad, ...]
    handed_over: int
    nobody: NobodyYet
    inflated: tuple[float, float] | None
    forecast: Forecast | None
    suspended: tuple[tuple[Millis, Millis | None, str], ...]
    figures: Mapping[str, Sequence[tuple[Millis, int, str]]]

    @property
    def hours(self) -> int:
        return len(self.bulk)

    @property
    def totals(self) -> Counts:
        return sum(self.series.values(), self.bulk)


def first_hour(seen: Frame, hours: int | None) -> tuple[Millis, int]:
    """Where the shown hours begin, the present one being the last; None is everything there is."""
    end = seen.at // HOUR_MS + 1
    if hours is None:
        known = seen.report_at[seen.report_at > 0]
        hours = int(end - known.min() // HOUR_MS) if known.size else LEAST_HOURS
        hours = max(hours, LEAST_HOURS)
    return (end - hours) * HOUR_MS, hours


def count(
    seen: Frame,
    told: Told,
    *,
    families: npt.NDArray[np.int64],
    names: tuple[str, ...],
    group: Group,
    hours: int | None,
    since: Millis,
    forecast: Forecast | None,
) -> Volumes:
    """`families` has the number in `names` of each category of the frame. Nothing waited for us before
    `since`, when the room opened."""
    start_at, hours = first_hour(seen, hours)
    hour = (seen.report_at - start_at) // HOUR_MS
    shown = (hour >= 0) & (hour < hours) & (seen.report_at <= seen.at)
    is_bulk = seen.has(Flag.BULK)[seen.report_row]
    family = families[seen.category] if names else np.zeros(len(seen.site_id), np.int64)
    if group is Group.CHANNEL:
        series = _by_teller(told, start_at, hours)
    else:
        keys = [band.name for band in Band] if group is Group.BAND else list(names)
        code = seen.band.astype(np.int64) - 1 if group is Group.BAND else family
        plain = shown & ~is_bulk
        series = _by_code(hour[plain], code[seen.report_row[plain]], keys, hours)
    closed_at = _closed_at(seen, told)
    opened, closed, backlog = _backlog(seen, closed_at, start_at, hours)
    is_open, age = seen.is_open(), seen.at - seen.report_at
    tellers = dict.fromkeys(Teller, 0)
    for at, teller, _, many in told.told:
        if at * HOUR_MS >= start_at:
            tellers[teller] += many
    biggest = _biggest(family[is_open], names)
    return Volumes(
        at=seen.at,
        start_at=start_at,
        group=group,
        series=series,
        bulk=np.bincount(hour[shown & is_bulk], minlength=hours),
        closed=closed,
        backlog=backlog,
        reports=int(shown.sum()),
        by_teller=tellers,
        open_sites=int(is_open.sum()),
        unknown_closings=int(((seen.state == CLOSED) & seen.is_site() & (closed_at == 0)).sum()),
        pace=Pace(*(_pace(each, seen.at) for each in (opened, closed_at[closed_at > 0]))),
        last_hour=int(((age >= 0) & (age < HOUR_MS) & ~is_bulk).sum()),
        hour_before=int(((age >= HOUR_MS) & (age < 2 * HOUR_MS) & ~is_bulk).sum()),
        p1=_p1(seen, is_open),
        open_of=_open_of(seen, is_open, family, names),
        takes=_takes(seen, told, closed_at, since),
        takes_family=_takes_family(seen, closed_at, since, family, biggest, names),
        seats=_seats(seen, told, is_open),
        handed_over=int((is_open & np.isin(seen.site_id, list(seen.hand_overs))).sum()),
        nobody=_nobody(seen, is_open),
        inflated=_inflated(seen, is_open),
        forecast=forecast,
        suspended=told.suspended,
        figures=told.figures,
    )


def whole_hours(seen: Frame, most: int) -> tuple[Millis, Counts]:
    """Reports of each whole hour up to now but those entered in bulk, at most so many hours: what is forecast
    from, and where its first hour begins."""
    end = seen.at // HOUR_MS
    known = seen.report_at[(seen.report_at > 0) & (seen.report_at < end * HOUR_MS)]
    first = max(int(known.min() // HOUR_MS) if known.size else int(end), int(end) - most)
    hour = seen.report_at // HOUR_MS - first
    keep = (hour >= 0) & (hour < end - first) & ~seen.has(Flag.BULK)[seen.report_row]
    return first * HOUR_MS, np.bincount(hour[keep], minlength=int(end - first))


# -- by hour ----------------------------------------------------------------------------------------------


def _by_code(hour: Counts, code: Counts, keys: list[str], hours: int) -> dict[str, Counts]:
    cells = np.bincount(hour * len(keys) + code, minlength=hours * len(keys)) if keys else np.empty(0)
    return {key: cells.reshape(hours, len(keys))[:, n].astype(np.int64) for n, key in enumerate(keys)}


def _by_teller(told: Told, start_at: Millis, hours: int) -> dict[str, Counts]:
    series = {teller.value: np.zeros(hours, np.int64) for teller in Teller}
    for at, teller, is_bulk, many in told.told:
        place = at - start_at // HOUR_MS
        if 0 <= place < hours and not is_bulk:
            series[teller][place] += many
    return series


def _closed_at(seen: Frame, told: Told) -> Times:
    """By row: when it was closed; 0 for what is open, or closed since an unknown time. What was closed since
    the store was read was closed just now."""
    found = np.full(len(seen.site_id), seen.at, np.int64)
    order = np.argsort(seen.site_id)
    place = np.searchsorted(seen.site_id, told.closed_sites, sorter=order)
    place = np.minimum(place, max(len(order) - 1, 0))
    if len(order):
        rows = order[place]
        same = seen.site_id[rows] == told.closed_sites
        found[rows[same]] = told.closed_at[same]
    found[(seen.state != CLOSED) | ~seen.is_site()] = 0
    return found


def _backlog(seen: Frame, closed_at: Times, start_at: Millis, hours: int) -> tuple[Times, Counts, Counts]:
    """When each site was opened, sites closed in each hour, and open at its end (the last: now)."""
    known = seen.is_site() & ((seen.state != CLOSED) | (closed_at > 0))
    opened = seen.first_at[known]
    ends = closed_at[known & (closed_at > 0)]
    came = _per_hour(opened, start_at, hours)
    went = _per_hour(ends, start_at, hours)
    before = int((opened < start_at).sum() - (ends < start_at).sum())
    return opened, went, before + np.cumsum(came - went)


def _per_hour(at: Times, start_at: Millis, hours: int) -> Counts:
    hour = (at - start_at) // HOUR_MS
    return np.bincount(hour[(hour >= 0) & (hour < hours)], minlength=hours)


def _pace(at: Times, now: Millis) -> float:
    return float(((at > now - PACE_HOURS * HOUR_MS) & (at <= now)).sum()) / PACE_HOURS


# -- now --------------------------------------------------------------------------------------------------


def _held(seen: Frame) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """By row: whether it is claimed, and whether it is handed over and not back."""
    back = (EscalationState.RETURNED, EscalationState.EXPIRED)
    over = [key for key, each in seen.hand_overs.items() if each.state not in back]
    return np.isin(seen.site_id, list(seen.claims)), np.isin(seen.site_id, over)


def _p1(seen: Frame, is_open: npt.NDArray[np.bool_]) -> P1Now:
    p1 = is_open & (seen.band == Band.P1)
    claimed, over = _held(seen)
    return P1Now(
        open=int(p1.sum()),
        claimed=int((p1 & claimed).sum()),
        handed_over=int((p1 & over & ~claimed).sum()),
        untouched=int((p1 & (seen.acted_at == 0)).sum()),
        oldest_at=int(seen.first_at[p1].min()) if p1.any() else 0,
    )


def _open_of(
    seen: Frame, is_open: npt.NDArray[np.bool_], family: Counts, names: tuple[str, ...]
) -> tuple[OpenOf, ...]:
    """The largest first."""
    _, over = _held(seen)
    found = []
    for number, name in enumerate(names):
        rows = is_open & (family == number)
        waiting = seen.band[rows & (seen.acted_at == 0)]
        worst = Band(int(waiting.min())) if waiting.size else None
        found.append(OpenOf(name, int(rows.sum()), int((rows & over).sum()), worst))
    return tuple(sorted((each for each in found if each.sites), key=lambda each: -each.sites))


def _seats(seen: Frame, told: Told, is_open: npt.NDArray[np.bool_]) -> tuple[SeatLoad, ...]:
    """By the seat's name: nobody is ranked."""
    held: dict[str, list[Millis]] = {}
    open_ids = set(seen.site_id[is_open].tolist()) if seen.claims else set()
    for site_id, claim in seen.claims.items():
        if site_id in open_ids:
            held.setdefault(claim.seat, []).append(claim.at)
    return tuple(
        SeatLoad(seat, len(held.get(seat, ())), min(held.get(seat, (0,))), told.acts.get(seat, 0))
        for seat in sorted({*held, *told.acts})
    )


def _nobody(seen: Frame, is_open: npt.NDArray[np.bool_]) -> NobodyYet:
    rows = is_open & (seen.acted_at == 0)
    if not rows.any():
        return NobodyYet(0, None, 0)
    band = seen.band[rows].min()
    return NobodyYet(int(rows.sum()), Band(int(band)), int(seen.first_at[rows & (seen.band == band)].min()))


def _inflated(seen: Frame, is_open: npt.NDArray[np.bool_]) -> tuple[float, float] | None:
    """The shares of P1 and of P1 and P2, where either is more than a room can take for urgent."""
    bands = seen.band[is_open]
    if len(bands) < INFLATED_FROM:
        return None
    p1, both = float((bands == Band.P1).mean()), float((bands <= Band.P2).mean())
    return (p1, both) if p1 > MOST_P1 or both > MOST_P1_AND_P2 else None


# -- how long ---------------------------------------------------------------------------------------------


def _takes(seen: Frame, told: Told, closed_at: Times, since: Millis) -> dict[Step, Lasting]:
    is_site = seen.is_site()
    p1 = seen.band == Band.P1
    first_at, created, accepted, ended = told.hand_overs.T
    went = np.where(accepted > 0, accepted, np.where(ended > 0, ended, seen.at))
    until_yes = _spans(created, went, since)
    return {
        Step.FIRST_LOOK_P1: _first_look(seen, closed_at, since, is_site & p1),
        Step.FIRST_LOOK: _first_look(seen, closed_at, since, is_site),
        # Most sites need no hand-over: of those that were handed over.
        Step.HANDED_OVER: lasting(_spans(first_at, created, since), np.empty(0, np.int64)),
        Step.ACCEPTED: lasting(until_yes[accepted > 0], until_yes[accepted == 0]),
        Step.CLOSED: _to_close(seen, closed_at, since, is_site),
    }


def _takes_family(
    seen: Frame, closed_at: Times, since: Millis, family: Counts, number: int, names: tuple[str, ...]
) -> tuple[str, Lasting] | None:
    if number < 0:
        return None
    return names[number], _to_close(seen, closed_at, since, seen.is_site() & (family == number))


def _first_look(seen: Frame, closed_at: Times, since: Millis, rows: npt.NDArray[np.bool_]) -> Lasting:
    """Looked at is an act of anybody (S4). Who left without one waited until it was closed."""
    left = np.where(seen.state == CLOSED, closed_at, seen.at)
    # Closed long before the room opened, or nobody knows when: they never waited for this room.
    rows = rows & ((seen.acted_at > 0) | (left > since))
    until = np.where(seen.acted_at > 0, seen.acted_at, left)
    spans, looked = _spans(seen.first_at[rows], until[rows], since), seen.acted_at[rows] > 0
    return lasting(spans[looked], spans[~looked])


def _to_close(seen: Frame, closed_at: Times, since: Millis, rows: npt.NDArray[np.bool_]) -> Lasting:
    is_closed = seen.state == CLOSED
    rows = rows & (~is_closed | (closed_at > 0))
    until = np.where(is_closed, closed_at, seen.at)[rows]
    # How long it really took, also before the room opened: that is what a resident waited.
    spans = np.maximum(until - seen.first_at[rows], 0)
    return lasting(spans[is_closed[rows]], spans[~is_closed[rows]])


def _spans(start: Times, end: Times, since: Millis) -> Times:
    spans: Times = np.maximum(end - np.maximum(start, since), 0)
    return spans


def _biggest(open_family: Counts, names: tuple[str, ...]) -> int:
    """The number of the family with the most open sites, -1 where there is none."""
    if not names or not open_family.size:
        return -1
    return int(np.bincount(open_family, minlength=len(names)).argmax())

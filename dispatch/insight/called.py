"""The alarms of a room, counted from when each began and when somebody acted: rate, floods, kinds, first act.

An alarm belongs to the room: every seat hears it, and it counts once. Times are the storm's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import merge

import numpy as np
import numpy.typing as npt

from dispatch.alarms import FLOOD_OVER, FLOOD_UNTIL, WINDOW_MS, Kind
from dispatch.insight.lasting import Lasting, lasting
from dispatch.records import Millis

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Called:
    """One alarm. `acted_at` is 0 while nobody has acted; `ended_at` is 0 while it calls: it may end without
    an act, where the site was closed on the 311 server."""

    kind: Kind
    site_id: int
    began_at: Millis
    acted_at: Millis = 0
    ended_at: Millis = 0


@dataclass(frozen=True, slots=True)
class Source:
    """The alarms of one kind, the sites they were about, and those of them that call still."""

    count: int
    first_act: Lasting
    site_ids: frozenset[int]
    calling: frozenset[int]


@dataclass(frozen=True, slots=True)
class AlarmCounts:
    """Over `from_at` to `to_at`. `per_operator` is the mean in ten minutes for each seat at which somebody
    acted in them, for one where nobody did."""

    from_at: Millis
    to_at: Millis
    count: int
    per_window: float
    per_operator: float
    flood_ms: int
    is_flood: bool
    first_act: Lasting
    of_kind: Mapping[Kind, Source]


def alarm_counts(
    alarms: Iterable[Called], operators: Mapping[int, int], from_at: Millis, to_at: Millis
) -> AlarmCounts:
    """Those that began then; `operators` has the seats that acted in each ten minutes since 1970. A flood
    that had begun before goes on into the time."""
    known = [each for each in alarms if each.began_at < to_at]
    those = [each for each in known if each.began_at >= from_at]
    ends, is_flood = floods((each.began_at for each in known), to_at)
    windows = max(1.0, (to_at - from_at) / WINDOW_MS)
    seats = _operator_windows(operators, from_at, to_at)
    kinds = sorted({each.kind for each in those}, key=list(Kind).index)
    return AlarmCounts(
        from_at=from_at,
        to_at=to_at,
        count=len(those),
        per_window=len(those) / windows,
        per_operator=len(those) / max(seats, 1.0),
        flood_ms=sum(max(0, end - max(start, from_at)) for start, end in ends),
        is_flood=is_flood,
        first_act=_first_act(those, to_at),
        of_kind={kind: _source([each for each in those if each.kind is kind], to_at) for kind in kinds},
    )


def floods(began: Iterable[Millis], now: Millis) -> tuple[list[tuple[Millis, Millis]], bool]:
    """From more than ten alarms within ten minutes until fewer than five; and whether one goes on."""
    at = sorted(began)
    found: list[tuple[Millis, Millis]] = []
    count, since = 0, 0
    # Whoever leaves the window at a moment is gone before the next comes in it.
    for moment, step in merge(((each + WINDOW_MS, -1) for each in at), ((each, 1) for each in at)):
        if moment > now:
            break
        count += step
        if not since and count > FLOOD_OVER:
            since = moment
        elif since and count < FLOOD_UNTIL:
            found.append((since, moment))
            since = 0
    if since:
        found.append((since, now))
    return found, bool(since)


def _operator_windows(operators: Mapping[int, int], from_at: Millis, to_at: Millis) -> float:
    """Seats times windows of ten minutes; of one that is only partly in the time that part."""
    total = 0.0
    for window in range(from_at // WINDOW_MS, -(-to_at // WINDOW_MS)):
        start = window * WINDOW_MS
        part = min(to_at, start + WINDOW_MS) - max(from_at, start)
        total += max(1, operators.get(window, 0)) * part / WINDOW_MS
    return total


def _source(those: list[Called], now: Millis) -> Source:
    return Source(
        count=len(those),
        first_act=_first_act(those, now),
        site_ids=frozenset(each.site_id for each in those),
        calling=frozenset(each.site_id for each in those if not each.ended_at or each.ended_at > now),
    )


def _first_act(those: list[Called], now: Millis) -> Lasting:
    """Who waits counts for as long as they have waited; what ended without an act as long as it called."""
    done = [each.acted_at - each.began_at for each in those if 0 < each.acted_at <= now]
    waiting = [(each.ended_at or now) - each.began_at for each in those if not 0 < each.acted_at <= now]
    return lasting(np.array(done, np.int64), np.array(waiting, np.int64))

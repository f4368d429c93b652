"""Reads what the board does not hold and counts the volumes, on the caller's thread: not on the store lane,
where clicks wait. What the store says is read anew only when it may have changed enough to be seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np
import numpy.typing as npt

from dispatch.insight.forecast import DAY, Forecast, forecast
from dispatch.insight.frame import Frame
from dispatch.insight.volumes import HOUR_MS, Group, Teller, Told, Volumes, count, whole_hours
from dispatch.records import Actor, Millis
from dispatch.store import course
from dispatch.store.store import Store

# Of a storm that goes on for weeks the last ones say what comes.
MOST_FORECAST_HOURS = 14 * DAY
# Of what the city reported before those weeks, past storms among it, so many make its hours of the day known.
LEAST_BEFORE = 300
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants to see; `hours` None is everything since the first report."""

    group: Group = Group.BAND
    hours: int | None = 72


class VolumeReader:
    def __init__(self, *, store: Store, actor: Callable[[], Actor], zone: tzinfo) -> None:
        self._store = store
        self._actor = actor
        self._zone = zone
        self._told: Told | None = None
        self._forgotten = 0  # how often: what was read before the last time is not kept
        self._forecast: tuple[tuple[Millis, bytes], Forecast | None] | None = None

    def forget(self) -> None:
        """What the store says is read anew the next time."""
        self._told = None
        self._forgotten += 1

    def volumes(self, seen: Frame, asked: Asked, *, families: Mapping[str, str], since: Millis) -> Volumes:
        """`families` has the family of each category of the frame; waiting counts from `since` on, when the
        room opened."""
        forgotten, told = self._forgotten, self._told
        if told is None:
            told = self._read(seen.at)
            if forgotten == self._forgotten:
                self._told = told
        names = tuple(sorted({families[key] for key in seen.categories}))
        numbers = np.array([names.index(families[key]) for key in seen.categories] or [0], np.int64)
        return count(
            seen,
            told,
            families=numbers,
            names=names,
            group=asked.group,
            hours=asked.hours,
            since=since,
            forecast=self._ahead(seen, told),
        )

    def _read(self, now: Millis) -> Told:
        activation_id = self._actor().activation_id
        with self._store.reading() as connection:
            closed = np.array(course.closings(connection), np.int64).reshape(-1, 2)
            handed_over = np.array(course.hand_overs(connection), np.int64).reshape(-1, 4)
            return Told(
                read_at=now,
                closed_sites=closed[:, 0],
                closed_at=closed[:, 1],
                told=tuple((at, Teller(by), bulk, many) for at, by, bulk, many in course.told(connection)),
                hand_overs=handed_over,
                acts=course.acts_by_seat(connection, activation_id, now - HOUR_MS),
                suspended=course.suspended(connection, activation_id),
                figures=course.figures(connection, activation_id),
            )

    def _ahead(self, seen: Frame, told: Told) -> Forecast | None:
        """Once an hour: only whole hours say anything of the next ones."""
        start_at, counts = whole_hours(seen, MOST_FORECAST_HOURS)
        known = (start_at, counts.tobytes())
        if self._forecast is None or self._forecast[0] != known:
            shares = self._hours_of_day(told, start_at)
            self._forecast = known, forecast(counts, self._hour(start_at), shares)
        return self._forecast[1]

    def _hours_of_day(self, told: Told, before: Millis) -> npt.NDArray[np.float64]:
        """How this city's reports went over the hours of a day before that; even where there are few."""
        found = np.zeros(DAY)
        for at, _, is_bulk, many in told.told:
            if at * HOUR_MS < before and not is_bulk:
                found[self._hour(at * HOUR_MS)] += many
        return found / found.mean() if found.sum() >= LEAST_BEFORE else np.ones(DAY)

    def _hour(self, at: Millis) -> int:
        return (_EPOCH + timedelta(milliseconds=at)).astimezone(self._zone).hour

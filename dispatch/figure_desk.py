"""Figures from outside that a storm is read by: customers without power, the wind. Typed in by people with
their time and source; they stand in the activity log and nowhere else, and a newer word on the same time
takes the place of the older one."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from dispatch.errors import ActRefused
from dispatch.records import Actor, Changes, Millis
from dispatch.store.store import Store

MINUTE_MS = 60_000
# A figure of a time that is still to come is a forecast, and somebody's slip of the pen.
MOST_AHEAD_MS = 5 * MINUTE_MS


class Figure(StrEnum):
    POWER_OUT = "customers_without_power"
    WIND = "wind_mph"


MOST = {Figure.POWER_OUT: 50_000_000, Figure.WIND: 250}
LOG_WORDS = {
    Figure.POWER_OUT: "customers without power: {value}",
    Figure.WIND: "sustained wind: {value} mph",
}


class FigureDesk:
    def __init__(self, *, store: Store, actor: Callable[[], Actor]) -> None:
        self._store = store
        self._actor = actor

    def note(self, figure: Figure, value: int, at: Millis, source: str) -> Changes:
        """What somebody outside says of one time; shown with its source beside the volumes."""
        source = " ".join(source.split())
        if not source:
            raise ActRefused("Say where the figure comes from: a number without a source is a rumor.")
        if not 0 <= value <= MOST[figure]:
            raise ActRefused(f"This figure may be from 0 to {MOST[figure]:,}.")
        with self._store.transaction(self._actor()) as tx:
            if at > tx.now + MOST_AHEAD_MS:
                raise ActRefused("This time is still to come. Say when the figure was taken.")
            tx.others.add("figure")
            tx.log(
                "figure",
                LOG_WORDS[figure].format(value=f"{value:,}"),
                subject=figure.value,
                detail={"value": value, "at": at, "source": source},
            )
        return tx.changes

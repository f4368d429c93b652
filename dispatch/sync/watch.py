"""What a seat looks after by itself, whoever does the syncing and whether or not anybody does."""

from __future__ import annotations

import asyncio
import logging
import time

from dispatch.em_desk import EmDesk
from dispatch.errors import LandfallError
from dispatch.profile_desk import ProfileDesk
from dispatch.store import sites
from dispatch.store.store import Store
from dispatch.sync.take import DEFAULT_PIN_REPORTS
from dispatch.triage.judge import Judge
from dispatch.workers import Workers

log = logging.getLogger(__name__)

LOOK_S = 2.0
LEARN_S = 300.0


class Watch:
    """Hand-overs that nobody accepted come back on time (S6), storm mode goes on and off at its times, and
    the judge of this seat knows the default pins that the syncing found (S11). Doing it in two places at once
    is free: the second finds nothing."""

    def __init__(
        self,
        *,
        store: Store,
        workers: Workers,
        em_desk: EmDesk,
        profile_desk: ProfileDesk,
        judge: Judge,
    ) -> None:
        self._store = store
        self._workers = workers
        self._em_desk = em_desk
        self._profile_desk = profile_desk
        self._judge = judge
        self._has_failed = False

    async def go_on(self) -> None:
        """For as long as the program runs."""
        learn_at = 0.0
        while True:
            try:
                await self._workers.store(self._em_desk.expire_overdue)
                await self._workers.store(self._profile_desk.keep_times)
                if time.monotonic() >= learn_at:
                    learn_at = time.monotonic() + LEARN_S
                    await self._workers.store(self.learn)
                self._has_failed = False
            except LandfallError as error:
                if not self._has_failed:
                    log.warning("%s", error)
                self._has_failed = True
            await asyncio.sleep(LOOK_S)

    def learn(self) -> None:
        """The points where a geocoder puts what it does not know; the syncing writes the doubts."""
        with self._store.reading() as connection:
            crowded = sites.crowded_points(connection, at_least=DEFAULT_PIN_REPORTS)
            self._judge.places.learn(place for place, _ in crowded)

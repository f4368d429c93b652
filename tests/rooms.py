"""One seat of the room, whole and without a window: the real parts against the real city."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatch import assembly
from dispatch.clock import Clock, WallClock
from dispatch.desk import HOLD_BACK_MS
from dispatch.records import Escalation, EscalationDraft, SiteView
from dispatch.settings import Settings
from dispatch.store import log, sites
from tests.city import TOKEN, City

# For stories whose point is the server, or a file of SQLite's: the fixture `room` is otherwise of both kinds.
ON_SQLITE = pytest.mark.parametrize("room", ["sqlite"], indirect=True)


class TenSecondsAgo(WallClock):
    def now(self) -> int:
        return super().now() - HOLD_BACK_MS


class Room:
    """`desk` and `em_desk` act as the operator does; `sync()` is one round of all that goes on behind."""

    def __init__(
        self,
        folder: Path,
        city: City,
        clock: Clock,
        run: Callable[..., Any],
        *,
        store_url: str = "",
        seat: str = "",
        person: str = "A. Operator",
        is_masked: bool = False,
        kind: str = "seeclickfix",
        organization: str = "",
        calls_per_minute: int = 0,
        channels: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.city = city
        # Where another seat finds the same store.
        self.url = store_url or f"sqlite:///{folder / 'seat.db'}"
        self._run = run
        self.parts = assembly.build(
            folder=folder,
            settings=Settings(person=person, seat=seat or "Seat 1", channels=channels or {}),
            clock=clock,
            storm=assembly.Storm("Hurricane Test", is_exercise=True),
            store_url=store_url,
            # The ten seconds in which a message can be taken back have always just passed.
            wall_clock=TenSecondsAgo(),
            is_masked=is_masked,
        )
        self.desk, self.em_desk, self.store = self.parts.desk, self.parts.em_desk, self.parts.store
        self.work, self.pull = assembly.build_sync(
            self.parts,
            url=city.georeport_url if kind == "georeport" else city.url,
            token=TOKEN,
            kind=kind,
            organization=organization,
            calls_per_minute=calls_per_minute,
            poll_s=0.05,
        )

    def sync(self) -> None:
        self._run(self.work.once())

    def site(self, request_id: str) -> int:
        """The site a request of the server stands in."""
        with self.store.reading() as connection:
            ids = [row.site_id for row in sites.board_rows(connection)]
            for site_id, members in sites.members(connection, ids).items():
                if any(request.request_id == str(request_id) for _, request, _ in members):
                    return site_id
        raise AssertionError(f"request {request_id} is not on the board")

    def view(self, request_id: str) -> SiteView:
        return self.parts.detail.view(self.site(request_id))

    def escalate(self, request_id: str, **changes: Any) -> Escalation:
        """The sheet as it comes filled in, with what the operator mends."""
        draft: EscalationDraft = self.desk.draft(self.site(request_id))
        return self.desk.escalate(replace(draft, **changes))

    def log_acts(self) -> list[str]:
        with self.store.reading() as connection:
            assert log.verify(connection).is_intact
            return [line.act for site_id in self._all() for line in log.of_site(connection, site_id)]

    def files(self) -> list[str]:
        """What stands in the folder channel beside the list of all."""
        names = (path.name for path in self.parts.folder.glob("hand-overs/*"))
        return sorted(name for name in names if name != "EXERCISE_hand-overs.csv")

    def close(self) -> None:
        self.parts.close()

    def _all(self) -> list[int]:
        with self.store.reading() as connection:
            return sorted(row.site_id for row in sites.board_rows(connection))

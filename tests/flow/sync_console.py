"""A console that only syncs, to be killed: `python -m tests.flow.sync_console FOLDER CITY_URL`. It says the
number of its syncing process once that is in step."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from dispatch import assembly
from dispatch.records import SyncStatus
from tests.city import TOKEN
from tests.conftest import StillClock
from tests.flow.seat_process import Address
from tests.rooms import Room


async def live(folder: Path, url: str) -> None:
    room = Room(folder, Address(url), StillClock(), asyncio.run)

    def tell(status: SyncStatus) -> None:
        if status.state == "in_step":
            print(sync.process_id, flush=True)  # noqa: T201

    sync = assembly.sync_apart(
        room.parts,
        url=url,
        token=TOKEN,
        calls_per_minute=0,
        poll_s=60,
        tell=tell,
        nudge_readers=lambda: None,
    )
    sync.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(live(Path(sys.argv[1]), sys.argv[2]))

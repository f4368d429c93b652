"""A seat in a process of its own that acts while its database is away, and dies by SIGKILL at a named point.

`python -m tests.flow.kept_seat_process FOLDER CITY_URL REQUEST_ID POINT STORE_URL`. The points wrap the
product's real functions from the outside; the product knows nothing of them. Between seat and database
stands a proxy, by which the database goes and comes back.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from dispatch import journal
from dispatch.errors import ActKept
from dispatch.journal import Journal
from dispatch.records import Band
from dispatch.store.transaction import Transaction
from tests.conftest import StillClock
from tests.flow.seat_process import Address, die, kill_after, kill_before
from tests.proxy import Proxy
from tests.rooms import Room

NOTES = ("the first", "the second", "the third")


def _takes_out(_journal: Journal, line: dict[str, Any]) -> bool:
    return "out" in line


def _keeps_the_third(_journal: Journal, line: dict[str, Any]) -> bool:
    return bool(line.get("keep", {}).get("words", {}).get("text") == NOTES[2])


def _die_in_the_third_line() -> None:
    write = os.write

    def half(handle: int, content: bytes) -> int:
        if NOTES[2].encode() not in content:
            return write(handle, content)
        write(handle, content[: len(content) // 2])
        os.fsync(handle)
        die()
        raise AssertionError

    journal.os.write = half  # type: ignore[attr-defined]


def _in_the_replay(tx: Transaction, *_: Any) -> bool:
    return bool(tx.sites)


# The first three while acts are kept, the others while they are done.
KEEPING: dict[str, Callable[[], None]] = {
    "before the third is on the disk": lambda: kill_before(Journal, "_write", _keeps_the_third),
    "in the middle of its line": _die_in_the_third_line,
    "after it is on the disk": lambda: kill_after(Journal, "_write", _keeps_the_third),
}
DOING: dict[str, Callable[[], None]] = {
    "in the transaction": lambda: kill_after(Transaction, "finish", _in_the_replay),
    "between commit and journal": lambda: kill_before(Journal, "_write", _takes_out),
    "after the first is taken out": lambda: kill_after(Journal, "_write", _takes_out),
}


def main(folder: Path, url: str, request_id: str, point: str, store_url: str) -> None:
    loop = asyncio.new_event_loop()
    proxy = Proxy(f"{make_url(store_url).query['host']}/.s.PGSQL.5432")
    far = make_url(store_url).set(host="127.0.0.1", port=proxy.port, query={"sslmode": "disable"})
    room = Room(
        folder, Address(url), StillClock(), loop.run_until_complete, store_url=far.render_as_string(False)
    )
    room.sync()
    site_id, acts = room.site(request_id), room.parts.acts
    proxy.go_down()
    KEEPING.get(point, lambda: None)()
    for work, args in (
        (room.desk.set_band, (site_id, Band.P1)),
        *((room.desk.internal_note, (site_id, text)) for text in NOTES),
    ):
        with contextlib.suppress(ActKept):
            acts.do(work, args, {})
            sys.exit("it was done, not kept")
    proxy.come_up()
    room.store.outage.end()
    DOING[point]()
    acts.replay()
    sys.exit("nothing killed it")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])

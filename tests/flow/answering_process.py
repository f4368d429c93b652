"""A seat in a process of its own that carries one answer to all reporters of a site, and dies by SIGKILL when
the server has taken the twelfth message.

`python -m tests.flow.answering_process FOLDER CITY_URL CONTROL_URL POINT [STORE_URL]`. The points wrap the
product's real functions from the outside; the product knows nothing of them.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import requests

from dispatch.servers.seeclickfix import SeeClickFix
from dispatch.sync.push import Push
from tests.conftest import StillClock
from tests.flow.seat_process import Address, die, kill_before
from tests.rooms import Room

TAKEN = 12


def main(folder: Path, url: str, control_url: str, point: str, store_url: str = "") -> None:
    loop = asyncio.new_event_loop()

    def run(work: Coroutine[Any, Any, Any]) -> Any:
        return loop.run_until_complete(work)

    room = Room(folder, Address(url), StillClock(), run, store_url=store_url)
    POINTS[point](control_url)
    room.sync()
    sys.exit("nothing killed it")


def _answer_lost(control_url: str) -> None:
    """The server does it and the line breaks before it says so; then the plug is pulled."""
    post, count = SeeClickFix.post, 0

    def wrapped(self: SeeClickFix, *args: Any) -> Any:
        nonlocal count
        count += 1
        if count < TAKEN:
            return post(self, *args)
        fault = {"next": ["lose-answer-after-doing-it"]}
        requests.post(f"{control_url}/faults", json=fault, timeout=30).raise_for_status()
        try:
            return post(self, *args)
        finally:
            die()

    SeeClickFix.post = wrapped  # type: ignore[method-assign]


def _before_it_is_noted(_control_url: str) -> None:
    """The server has answered, and our store does not know it yet."""
    kill_before(Push, "_write", _nth_sent(TAKEN))


def _after_it_is_noted(_control_url: str) -> None:
    """Twelve are done and known to be; the next one has been begun."""
    kill_before(SeeClickFix, "post", _nth(TAKEN + 1))


def _nth(number: int) -> Callable[..., bool]:
    count = 0

    def is_it(*_: object) -> bool:
        nonlocal count
        count += 1
        return count == number

    return is_it


def _nth_sent(number: int) -> Callable[..., bool]:
    is_nth = _nth(number)
    return lambda _push, _item, values, _told: values.get("state") == "sent" and is_nth()


POINTS: dict[str, Callable[[str], None]] = {
    "its answer lost": _answer_lost,
    "before it is noted": _before_it_is_noted,
    "before the thirteenth": _after_it_is_noted,
}

if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])

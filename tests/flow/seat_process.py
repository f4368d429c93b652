"""A seat in a process of its own that acts and dies by SIGKILL at a named point of it.

`python -m tests.flow.seat_process FOLDER CITY_URL REQUEST_ID POINT [STORE_URL]`. The points wrap the
product's real functions from the outside; the product knows nothing of them. A variable WEBHOOK of its
settings as JSON adds that channel to the hand-over.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dispatch.desk import Desk
from dispatch.em_desk import EmDesk
from dispatch.escalation import files
from dispatch.escalation.folder import FolderChannel
from dispatch.escalation.webhook_answers import WebhookAnswers
from dispatch.servers.seeclickfix import SeeClickFix
from dispatch.store.transaction import Transaction
from dispatch.sync.deliver import Deliver
from dispatch.sync.push import Push
from tests.conftest import StillClock
from tests.rooms import Room

WORDS = "A crew knows of this. This is not 911."


@dataclass(frozen=True, slots=True)
class Address:
    """All that a seat needs of the city."""

    url: str


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_before(owner: Any, name: str, is_it: Callable[..., bool] = lambda *_: True) -> None:
    work = getattr(owner, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if is_it(*args):
            die()
        return work(*args, **kwargs)

    setattr(owner, name, wrapped)


def kill_after(owner: Any, name: str, is_it: Callable[..., bool] = lambda *_: True) -> None:
    work = getattr(owner, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        outcome = work(*args, **kwargs)
        if is_it(*args):
            die()
        return outcome

    setattr(owner, name, wrapped)


def _escalates(tx: Transaction, *_: Any) -> bool:
    return bool(tx.escalations)


def _is_pdf(_folder: Path, name: str, _content: bytes) -> bool:
    return name.endswith(".pdf")


def _notes(state: str) -> Callable[..., bool]:
    return lambda _push, _item, values, _told: values.get("state") == state


def _gives_receipt(_deliver: Deliver, delivery: Any, _receipt: Any) -> bool:
    return bool(delivery.channel == "folder")


POINTS: dict[str, Callable[[], None]] = {
    "before the transaction": lambda: kill_before(Desk, "escalate"),
    "in the transaction": lambda: kill_after(Transaction, "finish", _escalates),
    "after the transaction": lambda: kill_after(Desk, "escalate"),
    "before the delivery": lambda: kill_before(FolderChannel, "hand_over"),
    "between its two files": lambda: kill_after(files, "place", _is_pdf),
    "in the middle of a file": lambda: kill_after(files, "_write_through"),
    "after the delivery": lambda: kill_after(FolderChannel, "hand_over"),
    "after its receipt": lambda: kill_after(Deliver, "_sent", _gives_receipt),
    "after its answer is lost": lambda: kill_before(Deliver, "_failed"),
    "before the answer is kept": lambda: kill_before(EmDesk, "_take"),
    "after the answer is kept": lambda: kill_before(WebhookAnswers, "confirm", lambda _road, keys, _: keys),
    "after it is confirmed": lambda: kill_after(WebhookAnswers, "confirm", lambda _road, keys, _: keys),
    "before the note": lambda: kill_before(Push, "_write", _notes("sending")),
    "after the note": lambda: kill_after(Push, "_write", _notes("sending")),
    "before the server has it": lambda: kill_before(SeeClickFix, "post"),
    "after the server has it": lambda: kill_after(SeeClickFix, "post"),
    "after it is stored as sent": lambda: kill_after(Push, "_write", _notes("sent")),
}


def main(folder: Path, url: str, request_id: str, point: str, store_url: str = "") -> None:
    loop = asyncio.new_event_loop()

    def run(work: Coroutine[Any, Any, Any]) -> Any:
        return loop.run_until_complete(work)

    webhook = json.loads(os.environ.get("WEBHOOK", "{}"))
    room = Room(folder, Address(url), StillClock(), run, store_url=store_url, channels={"webhook": webhook})
    room.sync()
    room.desk.message(room.site(request_id), WORDS)
    POINTS[point]()
    channels = ("desk", "folder", "webhook") if webhook else ("desk", "folder")
    room.escalate(request_id, tell_residents=True, channels=channels)
    room.sync()
    sys.exit("nothing killed it")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])

"""`pages-apart`: a backlog's pages for a syncing process (`sync/pages_apart.py` is its end of it)."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, BinaryIO

import click
import orjson

from dispatch.errors import LandfallError
from dispatch.garbage import collect_seldom
from dispatch.http import HttpDoor
from dispatch.jurisdiction import load_jurisdiction
from dispatch.processor import LEAST, stand_behind
from dispatch.records import Millis, Page
from dispatch.servers import SERVERS, Newest, Where
from dispatch.sync.bounds import older
from dispatch.sync.packed import pack
from dispatch.sync.pages_apart import LENGTH_BYTES, Errand

NICE = 10


@click.command("pages-apart", hidden=True)
def pages_apart() -> None:
    """Fetch pages for a syncing: leave comes on standard input, pages go out on standard output."""
    # What is new never waits for a backlog.
    stand_behind(NICE, LEAST)
    errand = Errand(**orjson.loads(sys.stdin.buffer.readline()))
    city = load_jurisdiction(errand.city)
    server = SERVERS[errand.kind](
        HttpDoor(contact=errand.contact),
        errand.url,
        errand.organization,
        errand.token,
        Where(city.zone, city.box),
    )
    collect_seldom()
    said: SimpleQueue[dict[str, Any]] = SimpleQueue()
    threading.Thread(target=_listen, args=(said,), daemon=True).start()
    _answer(server.page, said, sys.stdout.buffer)


def _listen(said: SimpleQueue[dict[str, Any]]) -> None:
    for line in sys.stdin.buffer:
        said.put(orjson.loads(line))
    # Who sent us has gone, however: a call under way is of no use to anybody.
    os._exit(0)


def _answer(fetch: Callable[[Newest, int], Page], said: SimpleQueue[dict[str, Any]], out: BinaryIO) -> None:
    """One call at most for each line that comes in, and one answer to it."""
    _write(out, b"")
    walk, since_at = 0, None
    place: tuple[Millis, int] | None = None
    while True:
        words = said.get()
        if words:
            walk, since_at = words["walk"], words["since_at"]
            place = (words["before_at"], words["number"])
        if place is None:
            _write(out, pack((walk, 0, 0), None))
            continue
        at, answer = (walk, *place), _asked(fetch, Newest(place[0], since_at), place[1])
        place = older(place, answer) if isinstance(answer, Page) else None
        _write(out, pack(at, answer))


def _asked(fetch: Callable[[Newest, int], Page], asked: Newest, number: int) -> Page | LandfallError:
    try:
        return fetch(asked, number)
    except LandfallError as error:
        return error


def _write(out: BinaryIO, packed: bytes) -> None:
    out.write(len(packed).to_bytes(LENGTH_BYTES, "big") + packed)
    out.flush()

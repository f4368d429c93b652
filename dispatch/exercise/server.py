"""The process that listens: one port for the API, the control address and the pictures."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from dispatch.exercise import api, control, feeds, georeport, pictures
from dispatch.exercise.faults import Faults
from dispatch.exercise.gate import Gate, Line
from dispatch.exercise.limiter import Limiter
from dispatch.exercise.listing import Listing
from dispatch.exercise.office import Office
from dispatch.exercise.quirks import Quirks
from dispatch.exercise.unrest import Unrest
from dispatch.exercise.vendor_bends import Vendor

HOST = "127.0.0.1"
KEEP_ALIVE_S = 75
LAST_WORDS_S = 1
TICKS_A_SECOND = 10


def build(office: Office, *, token: str, faults: Faults, quirks: Quirks, calls_a_minute: int) -> Starlette:
    face = api.Api(office, Listing(office.ledger), token=token, faults=faults)
    other_face = georeport.GeoReport(office, token=token, quirks=quirks)
    # One address, one limit: whichever face is called.
    limiter = Limiter(calls_a_minute)
    unrest = Unrest(office)
    if quirks.has("Q64"):
        unrest.reopen()
    before = partial(Gate, limiter=limiter, faults=faults, quirks=quirks, unrest=unrest)
    gate = before(Vendor(face.app(), quirks))
    other_gate = before(other_face.app(), words=other_face.refuse)
    desk = control.Control(office, faults, quirks, unrest).app()
    return Starlette(
        routes=[
            Mount(api.MOUNT, gate),
            Mount(georeport.MOUNT, other_gate),
            Mount(control.MOUNT, desk),
            Mount(feeds.MOUNT, feeds.Feeds(office).app()),
            *pictures.ROUTES,
        ]
    )


def bind(port: int) -> socket.socket:
    """Bound before anything is said, so that the port that is said is ours. OSError when it is taken."""
    # Named, since asyncio asks for the protocol before it lets answers leave at once: else each waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    return listener


def end_with_input() -> None:
    """End when standard input does: a console that was killed leaves no server behind."""

    def wait() -> None:
        # Past Python's own buffer: its lock, held here, would end an interpreter that stops with a crash.
        while os.read(sys.stdin.fileno(), 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="until-eof", daemon=True).start()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, office: Office, on_listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._office = office
        self._on_listening = on_listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_listening()

    async def on_tick(self, counter: int) -> bool:
        if counter % TICKS_A_SECOND == 0:
            self._office.go_on()
            self._office.keep_clock()
        return await super().on_tick(counter)


def serve(app: Starlette, listener: socket.socket, office: Office, on_listening: Callable[[], None]) -> None:
    """Runs until SIGTERM or Ctrl+C."""
    config = uvicorn.Config(
        app,
        http=Line,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=LAST_WORDS_S,
    )
    # uvicorn raises the signal again when it has closed; to end by it is what we were asked for.
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: None)
    _Server(config, office, on_listening).run(sockets=[listener])
    office.keep_clock()

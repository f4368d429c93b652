"""Two real consoles over one PostgreSQL, each with its own person."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch import assembly
from tests.rooms import Room
from tests.ui.real import RealConsole

Sit = Callable[..., "Seat"]


class Seat(RealConsole):
    """A console that follows the store and hears the others, as the program's own work does it."""

    def __init__(self, room: Room, wait_until: Any) -> None:
        super().__init__(room, wait_until)
        loop = asyncio.get_event_loop_policy().get_event_loop()
        self.said: list[str] = []
        self.window.toast.say = self._note  # type: ignore[method-assign]
        self._following = loop.create_task(self.bridge.follow())
        self._ear = assembly.listen(
            room.parts,
            feed=lambda: loop.call_soon_threadsafe(self.bridge.nudge),
            presence=lambda: loop.call_soon_threadsafe(self.console.presence.look),
        )
        assert self._ear is not None
        self._ear.start()
        self.console.presence.begin()

    def _note(self, sentence: str, **_look: bool) -> None:
        self.said.append(sentence)

    def go(self, site_id: int) -> None:
        self.selection.go(site_id)
        self.wait(lambda: self.console.detail.view and self.console.detail.view.row.site_id == site_id)

    def row(self, site_id: int) -> Any:
        return self.queue.model.writer.words(self.bridge.board.row(site_id))

    def head(self) -> str:
        return str(self.console.detail.page.head.others.said())

    def act(self, work: Any, *args: Any, **words: Any) -> None:
        done = self.bridge.act(work, *args, **words)
        self.wait(done.done)
        assert done.exception() is None

    def front(self) -> None:
        self.window.activateWindow()
        self.wait(self.window.isActiveWindow)

    def close(self) -> None:
        run = asyncio.get_event_loop_policy().get_event_loop().run_until_complete
        run(self.console.leave())
        self._ear.stop()
        self._following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            run(self._following)  # raises what ended it before
        super().close()


@pytest.fixture
def sit(
    qtbot: Any,
    loop: Any,
    tmp_path: Path,
    city: Any,
    clock: Any,
    run: Any,
    wait_until: Any,
    postgres_url: str,
) -> Iterator[Sit]:
    asyncio.set_event_loop(loop)
    made: list[Seat] = []

    def one(person: str) -> Seat:
        number = len(made) + 1
        room = Room(
            tmp_path / f"{number}",
            city,
            clock,
            run,
            store_url=postgres_url,
            seat=f"Seat {number}",
            person=person,
        )
        room.sync()
        made.append(Seat(room, wait_until))
        return made[-1]

    yield one
    for seat in reversed(made):
        seat.close()
        seat.room.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def pair(sit: Sit, city: Any) -> tuple[Seat, Seat, int]:
    """C. Diaz and B. Ruiz, and a site that both see."""
    request_id = city.add_report("Oak blocks both lanes", address="5th Ave N & 9th St N")
    city.add_report("Sign down")
    one = sit("C. Diaz")
    two = sit("B. Ruiz")
    return one, two, one.room.site(request_id)

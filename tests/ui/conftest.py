"""What tests of screens share: a console in an exposed window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from tests.rooms import Room
from tests.ui.console import Console
from tests.ui.real import RealConsole
from tests.ui.together import pair, sit  # noqa: F401  fixtures


@pytest.fixture
def console(qtbot, loop) -> Iterator[Callable[..., Console]]:
    """`console(site(1), …)` is the window with these sites; acts and reads run on the test's loop."""
    made: list[Console] = []
    asyncio.set_event_loop(loop)

    def make(*rows, size=(1600, 1000), **given) -> Console:
        one = Console(rows, **given)
        made.append(one)
        qtbot.addWidget(one.window)
        one.window.resize(*size)
        with qtbot.waitExposed(one.window):
            one.window.show()
        one.window.activateWindow()
        qtbot.waitUntil(lambda: one.window.isActiveWindow())
        one.queue.list.setFocus()
        return one

    yield make
    for one in made:
        one.window.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def real_over(qtbot, loop, tmp_path, city, clock, run, wait_until) -> Iterator[Callable[[], RealConsole]]:
    """`real_over()` is the console as the program puts it up, over what the city holds by then."""
    asyncio.set_event_loop(loop)
    made: list[RealConsole] = []

    def make() -> RealConsole:
        room = Room(tmp_path / "seat", city, clock, run)
        room.sync()
        made.append(RealConsole(room, wait_until))
        return made[-1]

    yield make
    for one in made:
        one.close()
        one.room.close()
    asyncio.set_event_loop(None)

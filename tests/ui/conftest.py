"""What tests of screens share: a console in an exposed window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from tests.ui.console import Console


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

"""A window that is closed while an act is on its way: the act is done, and nobody is told who is gone."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent

from ui.theme import Theme
from ui.widgets.sheet import Sheet


class SlowSheet(Sheet):
    NAME = "slow"

    def __init__(self, act: asyncio.Task[Any]) -> None:
        super().__init__(theme=Theme("light"))
        self._act = act
        self.say_act("Do it")

    def problem(self) -> tuple[str, str] | None:
        return None

    def act(self) -> asyncio.Task[Any]:
        return self._act


def test_an_act_that_ends_after_its_sheet_is_gone_raises_nothing(qtbot, loop, run) -> None:
    asyncio.set_event_loop(loop)
    gate, done = asyncio.Event(), []

    async def act() -> None:
        await gate.wait()
        done.append(True)

    task = loop.create_task(act())
    sheet = SlowSheet(task)
    sheet.confirm()
    sheet.deleteLater()
    QCoreApplication.sendPostedEvents(sheet, QEvent.Type.DeferredDelete)

    gate.set()
    run(asyncio.wait_for(asyncio.shield(task), 5))
    run(asyncio.sleep(0))
    asyncio.set_event_loop(None)

    assert done == [True]

"""Taking a weather file that somebody dropped or chose: read off the window's thread, logged as an act."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from dispatch.errors import LandfallError
from dispatch.feeds.desk import Taken


def _tr(text: str) -> str:
    return QCoreApplication.translate("weather", text)


async def take_weather_file(bridge: Any, path: Path) -> Taken | None:
    """What was taken; None when the file is no weather. Raises LandfallError with one sentence."""
    parts = bridge.parts
    bridge.may_act(parts.feeds.log_taken)
    taken = await parts.workers.network(parts.feeds.take_file, path)
    if taken is None:
        return None
    await bridge.act(parts.feeds.log_taken, taken)
    parts.feed_timer.look()
    return taken


def taken_words(taken: Taken) -> str:
    advisory = taken.advisory
    if advisory is None:
        return _tr("Taken: {} weather alerts; those in force are on the map.").format(taken.alerts)
    said = {"name": advisory.name or advisory.storm_id.upper(), "number": advisory.number}
    if taken.is_older:
        return _tr("Kept: {name} advisory {number}; a newer one is shown already.").format(**said)
    return _tr("Taken: {name} advisory {number}.").format(**said)


async def take_and_say(bridge: Any, path: Path) -> bool:
    """Take it and say what it was, or why not; False when it is no weather at all."""
    try:
        taken = await take_weather_file(bridge, path)
    except LandfallError as error:
        bridge.said.emit(str(error), True)
        return True
    if taken is not None:
        bridge.said.emit(taken_words(taken), False)
    return taken is not None

"""Work behind the window that never ends in silence: a fault is said, logged, and the work begun again."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QCoreApplication

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0


async def keep_going(
    work: Callable[[], Coroutine[Any, Any, None]],
    what: str,
    say: Callable[[str, bool], None],
    *,
    first_pause_s: float = FIRST_PAUSE_S,
) -> None:
    """Do `work` to its own end. A fault nobody foresaw is said once, `what` naming the work, however often it
    comes again; after a minute without one it would be said anew."""
    pause_s, is_told = first_pause_s, False
    while True:
        began_at = time.monotonic()
        try:
            await work()
            return
        except Exception:
            # An edge: a console that follows the room no more must not look like a quiet night.
            log.exception("%s: begun again after a fault", what)
        if time.monotonic() - began_at > LONGEST_PAUSE_S:
            pause_s, is_told = first_pause_s, False
        if not is_told:
            said = QCoreApplication.translate(
                "background", "{} met a fault and begins again. The program's log says which."
            )
            say(said.format(what), True)
            is_told = True
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

"""Which of our processes has the processor first: the window, then the syncing, then what may wait."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

# A session's share among sessions, as Linux counts it: ordinary, behind the window's, the least there is.
ORDINARY, BEHIND, LEAST = 0, 5, 19


def stand_behind(nice: int, share: int) -> None:
    """This process, as long as it lives. Linux divides the processor between sessions before it looks at the
    order inside one: a process that leads a session of its own stands behind by that session's `share`.
    Windows is told at the start (`sync/apart.py`)."""
    if hasattr(os, "nice"):
        os.nice(nice)
    if sys.platform == "linux" and os.getsid(0) == os.getpid():
        with suppress(BlockingIOError):  # shares were changed a moment ago: what was set then stands
            share_of_session(os.getpid(), share)


def share_of_session(process_id: int, share: int) -> None:
    """Raises BlockingIOError where it must be tried again: without rights of an administrator the system
    changes shares ten times a second at most."""
    try:
        Path(f"/proc/{process_id}/autogroup").write_text(str(share))
    except BlockingIOError:
        raise
    except OSError:
        return  # it has ended, or this system has no such shares

"""Work that may wait: a process of ours that has only what nobody else wants of the processor."""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def run_in_spare_time(process_id: int, *, is_spare: bool) -> None:
    """Put a process there, or give it back its ordinary share. Only Linux can take this back without rights
    of an administrator; elsewhere the process keeps the low priority that it was started with."""
    if sys.platform == "linux":
        policy = os.SCHED_IDLE if is_spare else os.SCHED_OTHER
        with suppress(OSError):  # it has ended, or the system does not let us
            os.sched_setscheduler(process_id, policy, os.sched_param(0))

"""Work that may wait: a process of ours that has only what nobody else wants of the processor."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from PySide6.QtCore import QProcess

from dispatch.processor import LEAST, ORDINARY, share_of_session


def in_a_session_of_its_own(process: QProcess) -> None:
    """Before its start. Linux gives each session its share of the processor, whatever the order inside: in
    ours, a process in spare time would take our whole share from the syncing while we are idle."""
    if sys.platform == "linux":
        parameters = process.unixProcessParameters()
        parameters.flags = QProcess.UnixProcessFlag.CreateNewSession
        process.setUnixProcessParameters(parameters)


def run_in_spare_time(process_id: int, *, is_spare: bool) -> bool:
    """Put a process there, or give it back its ordinary share; False where that must be tried again, as the
    system changes shares ten times a second at most. Only Linux can take this back without rights of an
    administrator; elsewhere the process keeps the low priority that it was started with."""
    if sys.platform != "linux":
        return True
    policy = os.SCHED_IDLE if is_spare else os.SCHED_OTHER
    with suppress(OSError):  # it has ended, or the system does not let us
        os.sched_setscheduler(process_id, policy, os.sched_param(0))
        if os.getsid(process_id) != os.getsid(0):
            try:
                share_of_session(process_id, LEAST if is_spare else ORDINARY)
            except BlockingIOError:
                return False
    return True

"""How much a stranger's file may be, and the process that reads it may take."""

from __future__ import annotations

import sys

FILE_BYTES = 100_000_000
UNPACKED_BYTES = 400_000_000
PACKED_FILES = 2_000
FEATURES = 20_000
CORNERS = 1_000_000
FIELDS = 200
TEXT_CHARS = 300
SECONDS = 60
MEMORY_BYTES = 3 << 30


def keep_within() -> None:
    """For a process that does nothing else: from here on no more memory and processor time than this."""
    if sys.platform == "win32":
        return
    import resource

    for what, wanted in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, SECONDS)):
        _, hard = resource.getrlimit(what)
        most = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(what, (most, hard))

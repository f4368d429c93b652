"""The exercise's server in a process of its own, from one that has read the program already: a test waits for
the server, not for Python. `python -m dispatch.exercise` itself is started in tests/dispatch/exercise."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from io import TextIOBase
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

FAST, ANYWHERE = "forkserver", "spawn"
_WAY = FAST if FAST in multiprocessing.get_all_start_methods() else ANYWHERE
_context = multiprocessing.get_context(_WAY)
if _WAY == FAST:
    _context.set_forkserver_preload(["tests.city_process", "dispatch.exercise.command", "uvicorn"])


class _Told(TextIOBase):
    """Standard output, sent on as it is written."""

    def __init__(self, listener: Connection) -> None:
        self._listener = listener

    def write(self, words: str) -> int:
        if not isinstance(words, str):
            raise TypeError("words, no bytes")
        self._listener.send(words)
        return len(words)


def begin(arguments: Sequence[str]) -> tuple[BaseProcess, Connection]:
    """The process, and what it says on standard output, as it comes."""
    heard, told = _context.Pipe(duplex=False)
    process = _context.Process(target=_serve, args=(list(arguments), told), daemon=True)
    process.start()
    told.close()
    return process, heard


def _serve(arguments: list[str], told: Connection) -> None:
    from dispatch.exercise import __main__ as program

    sys.argv = ["python -m dispatch.exercise", *arguments]
    with redirect_stdout(_Told(told)):
        sys.exit(program.main())

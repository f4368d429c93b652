"""A whole seat in a process of its own, which can be killed in the middle of anything it does.

`Nursery` is a process that has everything imported and forks a seat in a few milliseconds; `FarSeat` is the
hold a test has on one. `die_at(n)` ends the seat by SIGKILL at the n-th moment from then on at which a crash
could matter: around each commit, each call of the server and each file of a hand-over. Counted moments make
a run repeatable that a clock would not.
"""

from __future__ import annotations

import array
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.city import ROOT, City

PATIENCE_S = 60.0


class SeatDied(Exception):
    """It was killed; str() names the moment."""


class Refused(Exception):
    """The seat refused an act, or a round of it met a failure: str() is the sentence."""


class Nursery:
    """Forks seats. Ends with the process that started it, however that ends."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-W", "error", "-m", "tests.flow.far_seat", str(theirs.fileno())]
            self._process = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()])

    def seat(self, folder: Path, city: City, kind: str, now: int) -> FarSeat:
        ours, theirs = Pipe()
        with theirs:
            socket.send_fds(self._line, [b"!"], [theirs.fileno()])
        return FarSeat(ours, (str(folder), city.url, city.georeport_url, kind, now))

    def close(self) -> None:
        self._line.close()
        assert self._process.wait(PATIENCE_S) == 0


class FarSeat:
    """`seat.do("message", ...)` calls a method of `Seat` over there."""

    def __init__(self, line: Connection, opening: tuple[Any, ...]) -> None:
        self._line = line
        self._line.send(opening)
        self.process_id = int(self._answer())

    def do(self, what: str, *args: Any) -> Any:
        """Raises SeatDied, Refused, and AssertionError with the traceback for what should not happen."""
        try:
            self._line.send((what, args))
        except BrokenPipeError:
            raise SeatDied("between two acts") from None
        return self._answer()

    def begin(self, what: str, *args: Any) -> None:
        """As `do`, without waiting for an answer: `heard` gives what it tells meanwhile."""
        self._line.send((what, args))

    def heard(self, within_s: float) -> tuple[str, Any] | None:
        """The next thing it tells, None when it tells nothing so long. EOFError when it is dead."""
        try:
            return self._line.recv() if self._line.poll(within_s) else None
        except ConnectionResetError:
            raise EOFError from None

    def kill(self) -> Iterator[tuple[str, Any]]:
        """By SIGKILL, now; gives what it had told before."""
        os.kill(self.process_id, signal.SIGKILL)
        with self._line:
            while True:
                try:
                    said = self.heard(PATIENCE_S)
                except EOFError:
                    return
                assert said, "it does not die"
                yield said

    def _answer(self) -> Any:
        if not self._line.poll(PATIENCE_S):
            raise AssertionError("the seat does not answer")
        try:
            how, value = self._line.recv()
        except (EOFError, ConnectionResetError):
            raise SeatDied("from outside") from None
        if how == "dies":
            self._wait_for_the_end()
            raise SeatDied(value)
        if how == "refused":
            raise Refused(value)
        if how == "broke":
            raise AssertionError(value)
        return value

    def _wait_for_the_end(self) -> None:
        assert self._line.poll(PATIENCE_S)
        try:
            self._line.recv()
        except (EOFError, ConnectionResetError):
            self._line.close()

    def leave(self) -> list[str]:
        """An orderly end; the warnings it heard of itself."""
        try:
            return list(self.do("close"))
        finally:
            self._line.close()


def _nurse(line: socket.socket) -> None:
    """Fork a seat for each line that is handed over; until the line itself ends."""
    from tests.flow import seat_over_there

    seat_over_there.make_ready()
    # Nobody waits for a seat that ended.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        word, handles, _, _ = socket.recv_fds(line, 1, array.array("i").itemsize)
        if not word:
            return
        if os.fork() == 0:
            line.close()
            seat_over_there.live(Connection(handles[0]))
            os._exit(0)
        os.close(handles[0])


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as line:
        _nurse(line)

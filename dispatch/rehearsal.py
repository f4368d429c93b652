"""The exercise as the console sees it: its server process, its clock, its control address."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from dispatch.clock import Reading, StormClock
from dispatch.errors import LandfallError
from dispatch.http import HttpDoor
from dispatch.locks import make_folder

STOP_S = 5.0


@dataclass(frozen=True, slots=True)
class Addresses:
    url: str
    control_url: str
    feeds_url: str


class Rehearsal:
    """A storm played by a real 311 server in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], addresses: Addresses, door: HttpDoor) -> None:
        self._process = process
        self._door = door
        self.addresses = addresses
        self.clock = StormClock(read_clock(door, addresses.control_url))
        # Told when the clock was set from here: whoever reads it in another process looks again.
        self.on_steered: Callable[[], None] = lambda: None

    @classmethod
    def start(cls, storm: str, *, door: HttpDoor, folder: Path, arguments: Sequence[str] = ()) -> Rehearsal:
        """Start the server and wait until it listens. Raises LandfallError with what it said when it does
        not come up."""
        make_folder(folder)
        command = [*interpreter(), "exercise", storm, "--until-eof", "--data", str(folder), *arguments]
        # Our end of its input closes with us, however we end; it then ends as well.
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)
        assert process.stdout is not None and process.stderr is not None
        line = process.stdout.readline()
        if not line:
            said = process.communicate()[1].decode(errors="replace").strip().splitlines()
            raise LandfallError(said[-1] if said else f"The exercise '{storm}' did not start.")
        # What it says from now on goes nowhere: a full pipe would hold it up.
        process.stderr.close()
        answer = orjson.loads(line)
        return cls(process, Addresses(answer["url"], answer["control_url"], answer["feeds_url"]), door)

    def steer(self, **wanted: Any) -> Reading:
        """Set the storm's clock: `speed`, `paused`."""
        reading = _reading(self.control("clock", wanted))
        self.clock.set(reading)
        self.on_steered()
        return reading

    def look(self) -> Reading:
        """Read the storm's clock again, so that ours does not drift from it."""
        reading = read_clock(self._door, self.addresses.control_url)
        self.clock.set(reading)
        return reading

    def control(self, path: str, body: Any = None) -> Any:
        """Ask the control address: a new report, faults, the truth."""
        url = f"{self.addresses.control_url}/{path}"
        if body is None:
            return self._door.get_json(url)[1]
        return self._door.post_json(url, body)[1]

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()


def read_clock(door: HttpDoor, control_url: str) -> Reading:
    """What the exercise's clock says; raises the door's errors when nobody answers."""
    return _reading(door.get_json(f"{control_url}/clock")[1])


def _reading(answer: Any) -> Reading:
    now = datetime.fromisoformat(answer["now"])
    return Reading(int(now.timestamp() * 1000), float(answer["speed"]), bool(answer["paused"]))


def interpreter() -> list[str]:
    """The command line of this program without its screen; a frozen build is its own interpreter."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--helper", "dispatch"]
    return [sys.executable, "-m", "dispatch"]

"""Has a stranger's table read by a process of its own and waits for it: on the network lane."""

from __future__ import annotations

import subprocess
from pathlib import Path

import msgspec

from dispatch.errors import TableRefused
from dispatch.geo.imports import limits
from dispatch.geo.imports.apart import GRACE_S
from dispatch.geo.imports.tables import Table
from dispatch.helper_command import helper_command


class _Refused(msgspec.Struct):
    refused: str


def read_table(path: Path, *, sheet: str = "", seconds: float = limits.SECONDS) -> Table:
    """TableRefused says in one sentence why not."""
    if not path.is_file():
        raise TableRefused(f"There is no file {path.name or path}.")
    try:
        done = subprocess.run(
            [*helper_command("table-import"), "--file", str(path), "--sheet", sheet],
            capture_output=True,
            timeout=seconds + GRACE_S,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise TableRefused(
            f"{path.name} was given up after {seconds:.0f} seconds: it is too large or damaged."
        ) from error
    except OSError as error:
        raise TableRefused("The process that reads tables could not be started: try again.") from error
    try:
        if done.stdout.startswith(b'{"refused"'):
            raise TableRefused(msgspec.json.decode(done.stdout, type=_Refused).refused)
        return msgspec.json.decode(done.stdout, type=Table)
    except msgspec.MsgspecError as error:
        # Ended by the system (memory, time) or by a fault in a reader: the console goes on.
        raise TableRefused(
            f"{path.name} could not be read: it is damaged, or needs too much. Save it again as CSV."
        ) from error

"""A backup or restore dies by SIGKILL in the middle: no half file or database, and the next one goes."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from dispatch.store.store import Store
from tests.backup_files import Say, everything
from tests.city import ROOT

PATIENCE_S = 60
# The last step of each, at which all but the end of it is done.
DYING = """
import os, signal, sys
from dispatch.__main__ import main
from dispatch.store.backup import carry, manifest

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

carry.check = manifest.write = die
main(sys.argv[1:])
"""


def die_in(*words: object) -> None:
    command = [sys.executable, "-c", DYING, *map(str, words)]
    died = subprocess.run(command, cwd=ROOT, timeout=PATIENCE_S, check=False, capture_output=True, text=True)
    assert died.returncode == -signal.SIGKILL, died.stderr


def test_a_backup_that_was_killed_leaves_the_one_before(
    seat_url: str, backup: Path, tmp_path: Path, say: Say
) -> None:
    before = backup.read_bytes()

    die_in("backup", "--store", seat_url, "--to", backup)

    assert backup.read_bytes() == before
    code, told, said = say("backup", "--store", seat_url, "--to", backup)
    assert code == 0 and told["checked"], said
    assert not list(tmp_path.glob(".*.part"))


def test_a_restore_that_was_killed_leaves_nothing_and_goes_the_next_time(
    backup: Path, target_url: str, seat_url: str, say: Say, opened: Callable[[str], Store]
) -> None:
    die_in("restore", backup, "--store", target_url)

    left = everything(opened(target_url))
    assert len(left.pop("feed")) == 1 and not any(left.values())
    code, _, said = say("restore", backup, "--store", target_url)
    assert code == 0, said
    assert everything(opened(target_url)) == everything(opened(seat_url))

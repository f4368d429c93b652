"""The syncing as a service: it waits for its turn, takes over, and ends in order when it is told to."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dispatch import assembly
from dispatch.commands.sync import sync
from tests.city import ROOT, TOKEN, City
from tests.in_step import stored
from tests.rooms import Room

PATIENCE_S = 60.0
UNIT = ROOT / "packaging" / "landfall-sync.service"


def test_it_waits_for_its_turn_takes_over_and_ends_when_it_is_told(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], postgres_url: str
) -> None:
    room = Room(tmp_path / "seat", city, clock, run, store_url=postgres_url)
    lock = assembly.sync_lock(room.parts)
    lock.take()
    city.add_report("Oak is down")
    words = [sys.executable, "-m", "dispatch", "sync", "--service", "--url", city.url]
    words += ["--store", postgres_url, "--budget", "0", "--token-env", "LANDFALL_TOKEN"]
    with subprocess.Popen(
        words,
        cwd=ROOT,
        env={**os.environ, "LANDFALL_TOKEN": TOKEN, "XDG_DATA_HOME": str(tmp_path / "home")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as service:
        assert service.stderr is not None and service.stdout is not None
        assert "already syncing" in service.stderr.readline()
        assert not stored(room)

        lock.let_go()
        began = time.monotonic()
        while not stored(room):
            assert time.monotonic() - began < PATIENCE_S and service.poll() is None
            time.sleep(0.05)
        service.send_signal(signal.SIGTERM)
        answer, _ = service.communicate(timeout=PATIENCE_S)

        assert service.returncode == 0
        assert json.loads(answer)["requests"] == 1
    room.close()


def test_the_unit_calls_what_the_program_knows() -> None:
    (command,) = re.findall(r"^ExecStart=(.*)$", UNIT.read_text("utf-8"), re.MULTILINE)
    words = shlex.split(command)
    known = {name for option in sync.params for name in option.opts}
    assert words[1:4] == ["-m", "dispatch", "sync"]
    assert {word for word in words if word.startswith("--")} <= known
    said = set(re.findall(r"\$\{(\w+)\}", command))
    assert said == {"SERVER_URL", "STORE_URL", "BUDGET"}

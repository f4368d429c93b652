"""Headless syncing services, as systemd would run them: started, heard, stopped in their tracks, killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from tests.city import ROOT, TOKEN, City

PATIENCE_S = 40.0
LOOK_S = 0.02


class Service:
    """`python -m dispatch sync` until it is told to end; what it says stands in `said`."""

    def __init__(self, name: str, folder: Path, city: City, store_url: str, *words: str) -> None:
        self.name = name
        self._path = folder / f"{name}.log"
        folder.mkdir(parents=True, exist_ok=True)
        home = folder / name
        self._log = self._path.open("wb")
        command = [sys.executable, "-m", "dispatch", "sync", "--service", "--url", city.url]
        self.process = subprocess.Popen(
            [*command, "--store", store_url, "--token-env", "SERVICE_TOKEN", "--budget", "0", *words],
            cwd=ROOT,
            env={
                **os.environ,
                "SERVICE_TOKEN": TOKEN,
                "XDG_DATA_HOME": str(home),
                "XDG_CONFIG_HOME": str(home),
                "PYTHONPATH": str(ROOT),
            },
            stdout=self._log,
            stderr=self._log,
        )

    @property
    def said(self) -> str:
        return self._path.read_text("utf-8", "replace")

    def wait_for(self, words: str, *, after: int = 0) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while words not in self.said[after:]:
            assert self.process.poll() is None, f"{self.name} ended: {self.said}"
            assert time.monotonic() < deadline, f"{self.name} never said {words!r}: {self.said}"
            time.sleep(LOOK_S)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop_in_its_tracks(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def end(self) -> int:
        """As systemd does it; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.kill()
        self._log.close()
        return int(self.process.returncode)

    def has_ended(self) -> bool:
        return self.process.poll() is not None


def holder(url: str) -> str:
    """Under which name somebody syncs; empty where nobody does."""
    with psycopg.connect(url.replace("+psycopg", "")) as line:
        row = line.execute("SELECT holder FROM syncing").fetchone()
    return str(row[0]) if row else ""


def seconds_until_another(url: str, before: str) -> float:
    """How long it takes until somebody else has taken over."""
    began = time.monotonic()
    while holder(url) in ("", before):
        assert time.monotonic() < began + PATIENCE_S, "nobody took over"
        time.sleep(LOOK_S)
    return time.monotonic() - began

"""The console as a person starts it: a process of its own, a window, a tour, an orderly end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 60
TOUR_S = 180


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "main.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_tour_tells_a_whole_story_and_shows_every_screen(tmp_path: Path) -> None:
    console = start("--exercise", "irma", "--data", str(tmp_path / "seat"), "--tour", str(tmp_path / "tour"))
    said, complaints = console.communicate(timeout=TOUR_S)

    assert console.returncode == 0, complaints
    answer = json.loads(said.splitlines()[-1])
    assert [step["step"] for step in answer["story"] if not step["ok"]] == []
    assert len(answer["story"]) == 7
    assert answer["reports"] >= 742 and answer["sites"] >= 1
    assert answer["store"].startswith("sqlite:///")
    for stop in answer["stops"]:
        picture = QImage(str(tmp_path / "tour" / stop["file"]))
        assert not picture.isNull(), stop
    shown = {(stop["name"], stop["theme"]) for stop in answer["stops"]}
    assert {(screen, theme) for screen in ("queue", "em-desk") for theme in ("light", "dim")} <= shown


def test_told_to_end_it_puts_everything_away(tmp_path: Path) -> None:
    console = start("--exercise", "quiet", "--data", str(tmp_path / "seat"))
    assert console.stderr is not None
    said = ""
    while "the console is open" not in said:
        line = console.stderr.readline()
        assert line, f"it ended too early: {said}"
        said += line

    console.send_signal(signal.SIGTERM)
    _, complaints = console.communicate(timeout=PATIENCE_S)

    assert console.returncode == 0, complaints
    assert "Traceback" not in complaints

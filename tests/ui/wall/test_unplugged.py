"""Screens that come and go: the wall is not lost, comes back, and never covers the console."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dispatch.settings import load
from tests.ui.real import RealConsole
from tests.ui.wall.test_screens import TV, screen
from ui.wall.screens import seen

HOME = Path(__file__).resolve().parents[3]
TWO = [
    {"name": "DP-1", "x": 0, "y": 0, "width": 1600, "height": 1000},
    {"name": "HDMI-1", "x": 1600, "y": 0, "width": 1920, "height": 1080},
]


@pytest.fixture
def real(real_over: Any, city: Any) -> RealConsole:
    city.add_report("Oak across both lanes", address="5th Ave N & 9th St N")
    console: RealConsole = real_over()
    yield console
    console.console.wall.leave()


def desk(real: RealConsole) -> Any:
    return seen(real.window.windowHandle().screen())


@pytest.mark.qt_log_ignore("does not support lower")
def test_it_waits_in_a_window_while_its_screen_is_away_and_goes_back_to_it(real):
    wall, here = real.console.wall, desk(real)
    wall.open()
    wall.settle([here, TV])
    assert wall.window.isFullScreen()
    real.wait(lambda: load(real.room.parts.folder).wall_screen == TV.key)

    wall.settle([here])
    assert wall.is_open and not wall.window.isFullScreen()
    assert "it waits in a window" in real.window.toast.said()

    wall.settle([here, screen("DP-9", "Some other", "X1")])
    assert not wall.window.isFullScreen(), "that may be what another operator works at"

    wall.settle([here, TV])
    assert wall.window.isFullScreen()


def test_a_wall_whose_screens_are_all_gone_is_still_there(real):
    wall, here = real.console.wall, desk(real)
    wall.open()
    wall.settle([here, TV])

    wall.settle([])
    wall.settle([here, TV])

    assert wall.is_open and wall.window.isFullScreen()


def test_it_stays_in_a_window_where_somebody_wanted_it_there(real):
    wall, here = real.console.wall, desk(real)
    wall.open()
    wall.settle([here, TV])

    wall.window.full_wanted.emit()
    assert not wall.window.isFullScreen()
    wall.settle([here, TV])

    assert not wall.window.isFullScreen()


def test_it_does_not_cover_the_console_when_it_is_asked_to(real):
    wall = real.console.wall
    wall.open()

    wall.window.full_wanted.emit()

    assert not wall.window.isFullScreen()
    assert "does not cover the console" in real.window.toast.said()


def on_two_screens(folder: Path) -> dict[str, Any]:
    config = folder / "screens.json"
    dpi = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    config.write_text(json.dumps({"screens": [{**each, **dpi} for each in TWO]}))
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.wall.two_screens", str(folder / "seat")],
        cwd=HOME,
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={config}"},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_on_a_machine_with_two_screens_it_fills_the_second_one_and_remembers_it(tmp_path):
    first = on_two_screens(tmp_path)

    assert first["remembered"] is False and first["blank"] is False
    assert first["opened"] == ["HDMI-1", True, "DP-1"]
    assert first["unplugged"] == ["DP-1", False, "DP-1", True]
    assert first["plugged in again"] == ["HDMI-1", True, "DP-1"]
    assert first["console moved there"][1:] == [False, "HDMI-1"]
    assert first["console moved back"] == ["HDMI-1", True, "DP-1"]
    # 96 dots an inch, 1,920 of them: 508 mm wide, as large as the letters fit there.
    assert first["letters"] == 61

    again = on_two_screens(tmp_path)
    assert again["remembered"] == ["HDMI-1", True, "DP-1"]
    assert again["blank"] is True, "a visit is not over because the program was started anew (S15)"

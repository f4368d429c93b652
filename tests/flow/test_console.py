"""The console as a person starts it: a process of its own, a window, a tour, an orderly end."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from PySide6.QtGui import QImage
from sqlalchemy import create_engine, text

from dispatch.store.listener import NAME
from tests.city import City

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 60
TOUR_S = 180


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "main.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
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
    assert len(answer["story"]) == 8
    assert answer["reports"] >= 742 and answer["sites"] >= 1
    assert answer["store"].startswith("sqlite:///")
    for stop in answer["stops"]:
        picture = QImage(str(tmp_path / "tour" / stop["file"]))
        assert not picture.isNull(), stop
    shown = {(stop["name"], stop["theme"]) for stop in answer["stops"]}
    assert {
        (screen, theme) for screen in ("queue", "em-desk", "wall-rows") for theme in ("light", "dim")
    } <= shown


def wait_until_open(console: subprocess.Popen[str]) -> None:
    assert console.stderr is not None
    said = ""
    while "the console is open" not in said:
        line = console.stderr.readline()
        assert line, f"it ended too early: {said}"
        said += line


def test_told_to_end_it_puts_everything_away(tmp_path: Path) -> None:
    console = start("--exercise", "quiet", "--data", str(tmp_path / "seat"))
    wait_until_open(console)

    console.send_signal(signal.SIGTERM)
    _, complaints = console.communicate(timeout=PATIENCE_S)

    assert console.returncode == 0, complaints
    assert "Traceback" not in complaints


def test_a_live_console_reads_the_citys_server(tmp_path: Path, city: City) -> None:
    seat = tmp_path / "seat"
    seat.mkdir()
    (seat / "settings.toml").write_text(f'[server]\nurl = "{city.url}"\npoll_s = 1\n')
    request_id = city.add_report("Oak across the road")

    console = start("--data", str(seat), "--token-env", "CITY_TOKEN", CITY_TOKEN=city.token)
    wait_until_open(console)
    came = _wait_for_request(seat / "seat.db", request_id)
    console.send_signal(signal.SIGTERM)
    _, complaints = console.communicate(timeout=PATIENCE_S)

    assert came and console.returncode == 0, complaints


def _wait_for_request(database: Path, request_id: str) -> bool:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with closing(sqlite3.connect(database)) as connection:
            found = connection.execute("SELECT 1 FROM request WHERE remote_id = ?", [request_id]).fetchone()
        if found:
            return True
        time.sleep(0.1)
    return False


def test_a_console_in_a_shared_room_listens_and_leaves_no_line_behind(
    tmp_path: Path, city: City, postgres_url: str
) -> None:
    seat = tmp_path / "seat"
    seat.mkdir()
    (seat / "settings.toml").write_text(
        f'[server]\nurl = "{city.url}"\npoll_s = 1\n[store]\nurl = "{postgres_url}"\n'
    )
    console = start("--data", str(seat), "--token-env", "CITY_TOKEN", CITY_TOKEN=city.token)
    wait_until_open(console)
    listens = _lines(postgres_url, wanted=1)
    console.send_signal(signal.SIGTERM)
    _, complaints = console.communicate(timeout=PATIENCE_S)

    assert listens == 1 and console.returncode == 0, complaints
    assert "Traceback" not in complaints
    assert _lines(postgres_url, wanted=0) == 0


def _lines(url: str, *, wanted: int) -> int:
    """How many listeners the server has, once they are as many as wanted."""
    engine = create_engine(url)
    asked = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND application_name = :name"
    )
    end, found = time.monotonic() + PATIENCE_S, -1
    while found != wanted and time.monotonic() < end:
        time.sleep(0.05)
        with engine.connect() as connection:
            found = connection.execute(asked, {"name": NAME}).scalar_one()
    engine.dispose()
    return found

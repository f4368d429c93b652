"""An act goes before the next page, whichever process writes the pages; it waits for nobody who has gone."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dispatch.store import right_of_way
from dispatch.store.right_of_way import RightOfWay
from tests.city import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its file locks cannot be shared")

# Another process in the middle of an act, until it is killed.
ACTING = """
import sys, time
from pathlib import Path
from dispatch.store.right_of_way import RightOfWay
with RightOfWay(Path(sys.argv[1])).act():
    print("acting", flush=True)
    time.sleep(600)
"""


def waits(way: RightOfWay) -> threading.Thread:
    """A page that wants to be written."""
    page = threading.Thread(target=way.wait_for_acts)
    page.start()
    return page


def test_a_page_waits_while_another_process_acts_and_goes_when_that_one_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(right_of_way, "MOST_S", 600.0)
    way = RightOfWay(tmp_path / "seat.db-acts")
    command = [sys.executable, "-c", ACTING, str(tmp_path / "seat.db-acts")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as seat:
        assert seat.stdout is not None and seat.stdout.readline() == "acting\n"
        page = waits(way)
        page.join(0.2)
        assert page.is_alive()

        seat.kill()
        page.join(30)

    assert not page.is_alive()
    way.close()


def test_of_two_acts_at_once_the_page_waits_for_the_last(tmp_path: Path) -> None:
    mirror, seat = (RightOfWay(tmp_path / "seat.db-acts") for _ in range(2))
    with seat.act():
        with seat.act():
            assert not mirror._is_free()
        assert not mirror._is_free()
        assert not seat._is_free(), "nor does a page of the same process go before it"

    assert mirror._is_free() and seat._is_free()
    mirror.close()
    seat.close()


def test_it_waits_for_nobody_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(right_of_way, "MOST_S", 0.05)
    mirror, seat = (RightOfWay(tmp_path / "seat.db-acts") for _ in range(2))

    with seat.act():
        began = time.monotonic()
        mirror.wait_for_acts()
        assert time.monotonic() - began >= 0.05

    mirror.close()
    seat.close()


def test_looking_never_keeps_an_act_waiting_that_comes_meanwhile(tmp_path: Path) -> None:
    mirror, seat = (RightOfWay(tmp_path / "seat.db-acts") for _ in range(2))
    is_over = threading.Event()

    def look() -> None:
        while not is_over.is_set():
            mirror.wait_for_acts()

    page = threading.Thread(target=look)
    page.start()
    for _ in range(200):
        with seat.act():
            pass
    is_over.set()
    page.join()

    assert mirror._is_free()
    mirror.close()
    seat.close()


def test_where_no_file_can_stand_nobody_waits(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for way in (RightOfWay(None), RightOfWay(tmp_path / "file" / "seat.db-acts")):
        way.wait_for_acts()
        with way.act():
            assert not way._is_free()
        assert way._is_free()
        way.close()

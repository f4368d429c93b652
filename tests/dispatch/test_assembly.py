"""What the parts need around them: a folder for each exercise, an end with the one who began it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dispatch import assembly
from dispatch.errors import LandfallError, ServerUnreachable
from tests.city import ROOT


def test_a_new_exercise_keeps_the_last_one_beside_it(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("")
    for run in ("first", "second"):
        assembly.begin_anew(tmp_path)
        (tmp_path / "seat.db").write_text(run)
        (tmp_path / "hand-overs").mkdir()

    assembly.begin_anew(tmp_path)

    assert not (tmp_path / "seat.db").exists()
    assert (tmp_path / "previous" / "seat.db").read_text() == "second"
    assert (tmp_path / "settings.toml").exists()


def test_the_exercise_ends_with_the_console_that_began_it(tmp_path: Path) -> None:
    rehearsal = assembly.open_exercise("quiet", speed=1, folder=tmp_path, calls_per_minute=20)

    # What the system does to the pipe of a killed process.
    rehearsal._process.stdin.close()
    rehearsal._process.wait(10)

    with pytest.raises(ServerUnreachable):
        rehearsal.look()
    rehearsal.stop()


def test_an_unknown_storm_says_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(LandfallError, match="irma"):
        assembly.open_exercise("katrina", speed=1, folder=tmp_path, calls_per_minute=20)


def test_what_reads_map_files_of_others_is_not_read_by_a_console_at_its_start() -> None:
    """GDAL and the like belong to the processes that open such files."""
    looked = "import sys, dispatch.assembly, ui.app; print({'pyogrio', 'pmtiles'} & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-c", looked], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert done.stdout.strip() == "set()"

"""The folder channel: twin, form and list whole or not there, also on a bad disk and after a kill."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatch.errors import ChannelFailed
from dispatch.escalation import files
from dispatch.escalation.channels import CHANNELS, ChannelSettings
from dispatch.records import Escalation
from tests.conftest import StillClock
from tests.dispatch.forms.made import hand_over
from tests.dispatch.reports.read_pdf import pages_of

FOLDER = CHANNELS["folder"]
STEM = "EXERCISE_EOC-0041_3f0c9a52-7d1e-4b1b-9a50-3f6a5b1c2d3e"
LIST = "EXERCISE_hand-overs.csv"
ALL_THREE = [f"{STEM}.json", f"{STEM}.pdf", LIST]


@pytest.fixture
def settings(tmp_path: Path, zone: ZoneInfo, clock: StillClock) -> ChannelSettings:
    return ChannelSettings(
        is_exercise=True,
        zone=zone,
        clock=clock,
        data_dir=tmp_path / "data",
        values={"exercise_folder": str(tmp_path / "relay")},
    )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_makes_the_folder_and_leaves_three_files_that_say_the_same(
    settings: ChannelSettings, tmp_path: Path
) -> None:
    receipt = FOLDER.hand_over(hand_over(), settings)

    assert names(tmp_path / "relay") == ALL_THREE
    assert json.loads((tmp_path / "relay" / f"{STEM}.json").read_bytes())["number"] == "EOC-0041"
    assert "EOC-0041" in pages_of((tmp_path / "relay" / f"{STEM}.pdf").read_bytes())[0]
    assert receipt.proof.startswith(f"{STEM}.json, SHA-256 ")


def test_a_repeat_does_not_even_touch_the_files_so_no_watcher_takes_them_twice(
    settings: ChannelSettings, tmp_path: Path
) -> None:
    FOLDER.hand_over(hand_over(), settings)
    long_ago = 1_000_000_000
    for path in (tmp_path / "relay").iterdir():
        os.utime(path, (long_ago, long_ago))

    FOLDER.hand_over(hand_over(), settings)

    assert {path.stat().st_mtime for path in (tmp_path / "relay").iterdir()} == {long_ago}


def test_a_changed_hand_over_takes_the_place_of_the_old_one(
    settings: ChannelSettings, tmp_path: Path
) -> None:
    FOLDER.hand_over(hand_over(), settings)

    FOLDER.hand_over(hand_over(details="It stopped sparking."), settings)

    assert len(names(tmp_path / "relay")) == 3
    assert "stopped sparking" in (tmp_path / "relay" / f"{STEM}.json").read_text()


def test_without_a_folder_of_its_own_an_exercise_stays_in_its_data_folder(settings: ChannelSettings) -> None:
    FOLDER.hand_over(hand_over(), replace(settings, values={}))

    assert len(names(settings.data_dir / "hand-overs")) == 3


@pytest.mark.parametrize("inside", ["", "drill"])
def test_s18_an_exercise_folder_inside_the_live_one_is_refused(
    inside: str, settings: ChannelSettings, tmp_path: Path
) -> None:
    live = tmp_path / "live"
    both = {"folder": str(live), "exercise_folder": str(live / inside)}

    with pytest.raises(ChannelFailed, match="where live hand-overs go"):
        FOLDER.hand_over(hand_over(), replace(settings, values=both))
    assert not live.exists()


@pytest.mark.parametrize("number", ["EOC/0041", "../../EOC", "EOC 0041:*?", ""])
def test_a_strange_number_cannot_leave_the_folder(
    number: str, settings: ChannelSettings, tmp_path: Path
) -> None:
    FOLDER.hand_over(hand_over(number=number), settings)

    assert len(names(tmp_path / "relay")) == 3
    assert all(name.startswith("EXERCISE_") for name in names(tmp_path / "relay"))


def test_a_path_that_is_a_file_is_said_in_a_sentence(settings: ChannelSettings, tmp_path: Path) -> None:
    (tmp_path / "relay").write_text("a file")

    with pytest.raises(ChannelFailed, match=r"relay is a file, not a folder: choose another one"):
        FOLDER.hand_over(hand_over(), settings)

    deeper = replace(settings, values={"exercise_folder": str(tmp_path / "relay" / "deeper")})
    with pytest.raises(ChannelFailed, match="is a file, not a folder"):
        FOLDER.hand_over(hand_over(), deeper)


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "The disk of .* is full: make room, then it is tried again."),
        (errno.EDQUOT, "is full"),
        (errno.EROFS, "may not be written: let this account write there"),
        (errno.EACCES, "may not be written"),
        (errno.EIO, "cannot be written: Input/output error."),
    ],
)
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_fails_leaves_no_half_file_and_the_next_try_mends_it(
    number: int,
    says: str,
    call: str,
    settings: ChannelSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as disk:
        disk.setattr(os, call, fails)
        with pytest.raises(ChannelFailed, match=says):
            FOLDER.hand_over(hand_over(), settings)
    assert names(tmp_path / "relay") == []

    FOLDER.hand_over(hand_over(), settings)
    assert names(tmp_path / "relay") == ALL_THREE


def test_a_network_share_that_cannot_sync_its_folder_is_good_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def fsync(handle: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{handle}"):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)

    assert files.place(tmp_path, "a.json", b"{}").read_bytes() == b"{}"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs an account that rights can stop")
def test_a_folder_without_the_right_to_write_is_said_in_a_sentence(
    settings: ChannelSettings, tmp_path: Path
) -> None:
    (tmp_path / "relay").mkdir(mode=0o500)

    with pytest.raises(ChannelFailed, match="may not be written"):
        FOLDER.hand_over(hand_over(), settings)


KILL_AT = """
import os, signal, sys
from pathlib import Path
from zoneinfo import ZoneInfo
from dispatch.clock import WallClock
from dispatch.escalation.channels import CHANNELS, ChannelSettings
from tests.dispatch.forms.made import hand_over

left = int(sys.argv[2])

def dies_at(call):
    real = getattr(os, call)
    def counted(*args):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args)
    setattr(os, call, counted)

dies_at("fsync")
dies_at("replace")
settings = ChannelSettings(
    is_exercise=True, zone=ZoneInfo("America/New_York"), clock=WallClock(), data_dir=Path(sys.argv[1]),
    values={"exercise_folder": sys.argv[1] + "/relay"},
)
CHANNELS["folder"].hand_over(hand_over(), settings)
"""


@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
@pytest.mark.parametrize("step", range(1, 10))
def test_killed_at_any_step_it_leaves_whole_files_and_the_next_try_all_three(
    step: int, settings: ChannelSettings, tmp_path: Path
) -> None:
    killed = subprocess.run([sys.executable, "-c", KILL_AT, str(tmp_path), str(step)], timeout=60)
    assert killed.returncode == -9
    for path in (tmp_path / "relay").glob("EXERCISE_*"):
        assert_is_whole(path)

    FOLDER.hand_over(hand_over(), settings)

    assert names(tmp_path / "relay") == ALL_THREE
    for path in (tmp_path / "relay").iterdir():
        assert_is_whole(path)


def test_the_steps_it_is_killed_at_are_all_there_are(tmp_path: Path) -> None:
    survived = subprocess.run([sys.executable, "-c", KILL_AT, str(tmp_path), "10"], timeout=60)

    assert survived.returncode == 0


def assert_is_whole(path: Path) -> None:
    content = path.read_bytes()
    if path.suffix == ".json":
        assert json.loads(content)["version"] == 1
    elif path.suffix == ".csv":
        assert content.endswith(b"3f0c9a52-7d1e-4b1b-9a50-3f6a5b1c2d3e\r\n")
    else:
        assert pages_of(content)


def test_one_name_for_ever_whatever_the_state(zone: ZoneInfo) -> None:
    made: list[Escalation] = [hand_over(), hand_over(state="closed", details="other")]

    assert {files.stem(escalation) for escalation in made} == {STEM}
    assert files.stem(hand_over(is_exercise=False)) == STEM.removeprefix("EXERCISE_")

"""The process that counts beside the console: what it is told, what it says, what it leaves when stopped."""

from __future__ import annotations

import fcntl
import json
import os
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest

from dispatch.reports.geopackage_rows import rows_behind
from dispatch.snapshot.frozen import read_summary, thaw
from dispatch.snapshot_job.orders import (
    CONTENT,
    PAGES,
    ROWS,
    SUMMARY,
    Answer,
    Done,
    Orders,
    Refused,
    Step,
    heard,
)
from tests.city import ROOT, City
from tests.flow.test_command_line import dispatch

FROM_AT, TO_AT = 1_503_637_200_000, 1_504_328_400_000  # 25 Aug to 2 Sep 2017 in Houston
# At least as long as what it says of a step.
LINE_BYTES = 64
LOOK = (CONTENT, SUMMARY, PAGES, ROWS)


def begun(orders: Orders) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    words = [sys.executable, "main.py", "--helper", "snapshot"]
    process = subprocess.Popen(words, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe)
    assert process.stdin is not None
    process.stdin.write(orders.line())
    process.stdin.flush()
    return process


@contextmanager
def held_up(orders: Orders, *, lines: int) -> Iterator[subprocess.Popen[bytes]]:
    """The process as it stands after so many lines: its output is full, and it waits there for a reader."""
    reads, writes = os.pipe()
    room = fcntl.fcntl(writes, fcntl.F_SETPIPE_SZ, 4096)
    os.write(writes, b"\n" * (room - lines * LINE_BYTES))
    words = [sys.executable, "main.py", "--helper", "snapshot"]
    pipe = subprocess.PIPE
    with (
        open(reads, "rb") as heard_late,
        subprocess.Popen(words, cwd=ROOT, stdin=pipe, stdout=writes, stderr=pipe) as process,
    ):
        os.close(writes)
        assert process.stdin is not None
        process.stdin.write(orders.line())
        process.stdin.flush()
        until = time.monotonic() + 60
        while waiting_bytes(reads) < room - LINE_BYTES and time.monotonic() < until:
            time.sleep(0.01)
        yield process
        heard_late.read()  # what it could not say goes nowhere, and it ends


def waiting_bytes(pipe: int) -> int:
    return int(struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0])


def answers(orders: Orders) -> list[Answer]:
    with begun(orders) as process:
        assert process.stdout is not None and process.stderr is not None
        lines = process.stdout.readlines()
        said = process.stderr.read().decode()
        assert process.wait(60) == 0, said
    found = [heard(line) for line in lines]
    assert None not in found and "Traceback" not in said
    return [each for each in found if each is not None]


@pytest.fixture(scope="module")
def houston(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with Harvey in it, as a URL."""
    folder = tmp_path_factory.mktemp("houston")
    store = f"sqlite:///{folder / 'seat.db'}"
    with City(folder / "city", "harvey", options=["--at", "2017-08-31T12:00:00-05:00"]) as city:
        dispatch("sync", "--url", city.url, "--store", store, "--once", "--budget", "0")
    return store


def test_a_look_has_the_pages_the_numbers_and_the_rows_behind_each(houston: str, tmp_path: Path) -> None:
    orders = Orders(
        folder=str(tmp_path / "look"), city="houston", store_url=houston, from_at=FROM_AT, to_at=TO_AT
    )
    *steps, done = answers(orders)

    assert steps == [Step(0, 0, "counting"), *(Step(at, 4, name) for at, name in enumerate(LOOK, 1))]
    made = thaw((tmp_path / "look" / CONTENT).read_bytes())
    assert done == Done(made.version, len(made.reports), len(made.sites), LOOK) and done.reports > 1_000
    shown = read_summary((tmp_path / "look" / SUMMARY).read_bytes())
    assert shown == made.without_rows() and not shown.sites.values and shown.all_numbers == made.all_numbers
    files = {rows.name: rows for rows in made.files}
    for number in made.all_numbers:
        behind = rows_behind(
            tmp_path / "look" / ROWS, number, [files[number.of].columns[0].name], most=100_000
        )
        counted = [row[:1] for row in files[number.of].matching(number.where)]
        assert sorted(behind) == sorted(counted) and len(behind) == number.value, number


def test_what_was_frozen_is_written_the_same_whatever_the_store_says_by_now(
    houston: str, tmp_path: Path
) -> None:
    look = Orders(
        folder=str(tmp_path / "look"), city="houston", store_url=houston, from_at=FROM_AT, to_at=TO_AT
    )
    answers(look)
    content = str(tmp_path / "look" / CONTENT)
    for name in ("one", "two"):
        said = answers(
            Orders(folder=str(tmp_path / name), city="houston", content=content, formats=("pdf", "csv"))
        )
        assert isinstance(said[-1], Done)
        assert [each.doing for each in said[1:-1] if isinstance(each, Step)] == list(said[-1].files)
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two")
    )
    assert one == two and one["snapshot.pdf"] == (tmp_path / "look" / PAGES).read_bytes()


def test_a_period_the_wrong_way_round_is_refused_in_a_sentence(houston: str, tmp_path: Path) -> None:
    orders = Orders(
        folder=str(tmp_path / "look"), city="houston", store_url=houston, from_at=TO_AT, to_at=FROM_AT
    )
    assert answers(orders)[-1] == Refused("The period ends before it begins: turn the two times around.")
    assert not (tmp_path / "look").exists()


def test_it_ends_with_its_input_and_leaves_no_half_file(houston: str, tmp_path: Path) -> None:
    formats = ("pdf", "xlsx", "csv", "geopackage", "json")
    orders = Orders(
        folder=str(tmp_path / "out"),
        city="houston",
        store_url=houston,
        from_at=FROM_AT,
        to_at=TO_AT,
        formats=formats,
    )
    with held_up(orders, lines=3) as process:
        assert process.stdin is not None and process.stderr is not None
        process.stdin.close()
    assert process.returncode == 1

    left = [path.name for path in (tmp_path / "out").iterdir()]
    assert len(left) < len(formats) and "manifest.json" not in left
    assert not [name for name in left if name.endswith(".part")]


def test_a_county_pack_is_one_file_the_same_twice(houston: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        orders = Orders(
            folder=str(tmp_path / name),
            city="houston",
            store_url=houston,
            from_at=FROM_AT,
            to_at=TO_AT,
            pack="county.zip",
        )
        *steps, done = answers(orders)
        assert isinstance(done, Done) and done.files == ("county.zip",)
        assert isinstance(steps[-1], Step) and steps[-1].at == steps[-1].of == len(steps) - 1
    one, two = ((tmp_path / name / "county.zip").read_bytes() for name in ("one", "two"))
    assert one == two
    with ZipFile(tmp_path / "one" / "county.zip") as found:
        manifest = json.loads(found.read("manifest.json"))
    assert (manifest["version"], manifest["rows"]["reports"]) == (done.version, done.reports)


def test_a_pack_that_ends_with_its_input_leaves_nothing(
    houston: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = tmp_path / "apart"
    apart.mkdir()
    monkeypatch.setenv("TMPDIR", str(apart))
    orders = Orders(
        folder=str(tmp_path / "out"),
        city="houston",
        store_url=houston,
        from_at=FROM_AT,
        to_at=TO_AT,
        pack="county.zip",
    )
    with held_up(orders, lines=4) as process:
        assert process.stdin is not None
        process.stdin.close()
    assert process.returncode == 1
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

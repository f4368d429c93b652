"""`python -m dispatch snapshot` as a county, a script or a nightly job calls it."""

from __future__ import annotations

import csv
import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest

from dispatch.clock import WallClock
from dispatch.store.store import open_store
from tests.city import ROOT, City
from tests.flow.test_command_line import dispatch

SPAN = ("--from", "2017-08-25T00:00:00-05:00", "--to", "2017-09-02T00:00:00-05:00")


def test_a_synced_store_is_counted_and_counted_again_the_same(tmp_path: Path, store_url: str) -> None:
    with City(tmp_path / "city", "harvey", options=["--at", "2017-08-31T12:00:00-05:00"]) as city:
        _, synced, said = dispatch("sync", "--url", city.url, "--store", store_url, "--once", "--budget", "0")
        assert synced["complete"], said
        truth = city.truth()["requests"]
    answers = []
    for name in ("one", "two"):
        code, answer, said = dispatch(
            "snapshot", "--store", store_url, *SPAN, "--out", str(tmp_path / name), "--city", "houston"
        )
        assert code == 0, said
        answers.append(answer)
    assert answers[0] == answers[1] and answers[0]["reports"] == len(truth) == answers[0]["sites"] > 1000
    for each in answers[0]["files"]:
        one, two = ((tmp_path / name / each["name"]).read_bytes() for name in ("one", "two"))
        assert one == two and len(one) == each["bytes"]
    assert {path.name for path in (tmp_path / "one").iterdir()} == {e["name"] for e in answers[0]["files"]}
    every_number_again(tmp_path / "one")


def every_number_again(folder: Path) -> None:
    """By SQL over the CSV files alone, as whoever receives them may."""
    said = json.loads((folder / "snapshot.json").read_bytes())
    numbers = [*said["now"], *said["numbers"]]
    numbers += [each for table in said["tables"] for line in table["lines"] for each in line["numbers"]]
    with closing(sqlite3.connect(":memory:")) as connection:
        for path in folder.glob("*.csv"):
            with path.open(encoding="utf-8-sig", newline="") as file:
                names, *rows = csv.reader(file)
            connection.execute(f"CREATE TABLE {path.stem} ({', '.join(names)})")
            holes = ", ".join("?" * len(names))
            connection.executemany(f"INSERT INTO {path.stem} VALUES ({holes})", rows)
        assert len(numbers) > 100
        for each in numbers:
            where = " AND ".join(
                f"{name} IN ({', '.join('?' * len(values))})" for name, values in each["where"].items()
            )
            values = [str(value) for values in each["where"].values() for value in values]
            query = f"SELECT count(*) FROM {each['rows']} WHERE {where or 'true'}"
            assert connection.execute(query, values).fetchone() == (each["value"],), each


def test_a_county_pack_says_the_totals_of_the_snapshot(tmp_path: Path, store_url: str) -> None:
    with City(tmp_path / "city", "harvey", options=["--at", "2017-08-31T12:00:00-05:00"]) as city:
        dispatch("sync", "--url", city.url, "--store", store_url, "--once", "--budget", "0")
    asked = ("--store", store_url, *SPAN, "--city", "houston")
    _, counted, _ = dispatch("snapshot", *asked, "--out", str(tmp_path / "out"))
    code, packed, said = dispatch("county-pack", *asked, "--out", str(tmp_path / "county.zip"))
    assert code == 0, said
    for name in ("version", "number", "reports", "sites"):
        assert packed[name] == counted[name]
    with ZipFile(packed["zip"]) as found:
        for each in counted["files"]:
            assert found.read(each["name"]) == (tmp_path / "out" / each["name"]).read_bytes()


@pytest.mark.parametrize(
    ("more", "code", "sentence"),
    [
        (("--formats", "csv,doc"), 2, "'doc' is no format"),
        (("--profile", "blizzard"), 2, "storm"),
        (("--from", "yesterday"), 2, "is not a time"),
        (("--to", "2017-08-20T00:00:00-05:00"), 1, "ends before it begins"),
        (("--store", "sqlite:////nowhere/at-all.db"), 1, "no database"),
        ((), 1, "no activation"),
    ],
)
def test_what_cannot_be_counted_ends_in_a_sentence(
    tmp_path: Path, more: tuple[str, ...], code: int, sentence: str
) -> None:
    store = f"sqlite:///{tmp_path / 'seat.db'}"
    open_store(store, clock=WallClock()).close()
    arguments = {"--from": SPAN[1], "--to": SPAN[3], "--out": str(tmp_path / "out"), "--store": store}
    arguments |= dict(zip(more[::2], more[1::2], strict=True))
    found, _, said = dispatch("snapshot", *(word for pair in arguments.items() for word in pair))

    assert (found, sentence in said, "Traceback" in said) == (code, True, False), said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_stopped_in_the_middle_it_leaves_whole_files_and_no_manifest(
    tmp_path: Path, how: signal.Signals
) -> None:
    store, out = f"sqlite:///{tmp_path / 'seat.db'}", tmp_path / "out"
    with City(tmp_path / "city", "harvey", options=["--at", "2017-08-31T12:00:00-05:00"]) as city:
        dispatch("sync", "--url", city.url, "--store", store, "--once", "--budget", "0")
    out.mkdir()
    (out / "manifest.json").write_text("of files that go now")
    words = [sys.executable, "-m", "dispatch", "snapshot", "--store", store, *SPAN, "--out", str(out)]
    running = subprocess.Popen(
        words,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background job ignores Ctrl+C, and so would all that it starts; a terminal's does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    until = time.monotonic() + 60
    while not (out / "snapshot.pdf").exists() and time.monotonic() < until:
        time.sleep(0.002)
    running.send_signal(how)
    _, said = running.communicate(timeout=60)

    assert (running.returncode, said.strip()) == (1, "Stopped.")
    left = [path.name for path in out.iterdir()]
    assert "snapshot.pdf" in left and "manifest.json" not in left
    assert [name for name in left if name.startswith(".")] == []

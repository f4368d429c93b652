"""The one zip for the county, opened as somebody opens it who has nothing of ours."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from dispatch.reports.county_pack import step_count, write_pack
from dispatch.reports.county_readme import NO_CONTACT, NOT_MEANT, SAYS
from dispatch.snapshot.records import NOT_ASSESSED, Snapshot
from dispatch.whole_zip import is_safe
from tests.dispatch.snapshot.example_pages import ENTERED, HEAD, snapshot
from tests.dispatch.snapshot.hostile_texts import ALL

EXERCISE = replace(ENTERED, is_exercise=True)
MADE = snapshot(120, head=EXERCISE)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, _ = write_pack(MADE, tmp_path_factory.mktemp("pack") / "county.zip")
    return path


def readme_of(path: Path, mark: str = "EXERCISE_") -> str:
    with ZipFile(path) as found:
        return found.read(f"{mark}README.txt").decode("utf-8-sig")


def in_order(words: str, parts: Iterable[str]) -> bool:
    at = [words.find(part) for part in parts]
    return -1 not in at and at == sorted(at)


def small(**head: str) -> Snapshot:
    return snapshot(10, head=replace(HEAD, **head))


def test_two_runs_give_the_same_bytes(pack: Path, tmp_path: Path) -> None:
    again, _ = write_pack(MADE, tmp_path / "again.zip")
    assert again.read_bytes() == pack.read_bytes()


def test_it_has_every_format_and_each_name_says_exercise(pack: Path) -> None:
    with ZipFile(pack) as found:
        names = found.namelist()
        assert found.testzip() is None
    assert pack.name == "EXERCISE_county.zip" and all(name.startswith("EXERCISE_") for name in names)
    assert names[:4] == [
        f"EXERCISE_{n}" for n in ("README.txt", "snapshot.pdf", "ics209.pdf", "snapshot.xlsx")
    ]
    assert names[-2:] == ["EXERCISE_manifest.json", "EXERCISE_SHA256SUMS.txt"]
    for kind in ("csv", "gpkg", "geojson", "json"):
        assert any(name.endswith(f".{kind}") for name in names)


def test_the_totals_are_the_same_in_every_file(pack: Path) -> None:
    with ZipFile(pack) as found:
        said = json.loads(found.read("EXERCISE_snapshot.json"))
        manifest = json.loads(found.read("EXERCISE_manifest.json"))
        rows = {
            name: list(csv.DictReader(io.StringIO(found.read(f"EXERCISE_{name}.csv").decode("utf-8-sig"))))
            for name in ("sites", "reports", "hand_overs", "areas")
        }
    totals = {each["key"]: each["value"] for each in said["numbers"]}
    assert (totals["reports"], totals["sites"]) == (len(rows["reports"]), len(rows["sites"]))
    assert manifest["rows"]["sites"] == len(rows["sites"]) == 120
    words = readme_of(pack)
    for number in (*MADE.now, *MADE.numbers):
        assert f"{number.value:,} {number.label}" in " ".join(words.split())


def test_every_checksum_is_right_and_every_file_has_one(pack: Path) -> None:
    with ZipFile(pack) as found:
        sums = dict(
            line.split("  ")[::-1] for line in found.read("EXERCISE_SHA256SUMS.txt").decode().splitlines()
        )
        names = set(found.namelist())
        assert set(sums) == names - {"EXERCISE_SHA256SUMS.txt"}
        assert all(hashlib.sha256(found.read(name)).hexdigest() == sums[name] for name in sums)


@pytest.mark.skipif(
    not (shutil.which("unzip") and shutil.which("sha256sum")), reason="unzip or sha256sum is not there"
)
def test_unzip_and_sha256sum_agree(pack: Path, tmp_path: Path) -> None:
    subprocess.run(["unzip", "-q", str(pack), "-d", str(tmp_path)], check=True)
    done = subprocess.run(
        ["sha256sum", "-c", "EXERCISE_SHA256SUMS.txt"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0 and done.stdout.count(": OK") == len(list(tmp_path.iterdir())) - 1


def test_the_page_says_first_what_it_is_then_what_to_open_then_what_it_means(pack: Path) -> None:
    words = readme_of(pack)
    assert words.startswith("EXERCISE: THIS IS NOT A REAL EVENT.")
    assert in_order(
        words,
        (
            *("Hurricane Irma", NOT_ASSESSED, "IN THE ORDER TO OPEN IT", "1. EXERCISE_snapshot.pdf"),
            *("OPEN THIS FIRST", "2. EXERCISE_ics209.pdf", "EXERCISE_sites.csv", "EXERCISE_manifest.json"),
            *("WHAT THE NUMBERS MEAN", "WHAT THEY DO NOT MEAN", "WHOM TO CALL", "EOC Planning, 727-555-0100"),
            *("HOW TO CHECK", "certutil -hashfile EXERCISE_snapshot.pdf SHA256", "sha256sum -c"),
        ),
    )
    flat = " ".join(words.split())
    assert all(each in flat for each in NOT_MEANT) and "sites.csv: open = yes, band = P1" in flat
    assert max(map(len, words.splitlines())) <= 80


def test_every_file_in_it_is_told_of(pack: Path) -> None:
    words = readme_of(pack)
    with ZipFile(pack) as found:
        names = [name.removeprefix("EXERCISE_") for name in found.namelist()]
    assert set(names) - {"README.txt"} <= set(SAYS) and "changes.csv" not in words
    assert all(f". EXERCISE_{name}" in words for name in names if name != "README.txt")


def test_without_a_contact_it_says_whom_to_ask_and_a_real_storm_is_no_exercise(tmp_path: Path) -> None:
    path, _ = write_pack(small(), tmp_path / "county.zip")
    words = readme_of(path, "")
    assert path.name == "county.zip" and NO_CONTACT in words and "EXERCISE" not in words


@pytest.mark.parametrize("bad", [*ALL[:6], "../../up", "a\r\nWHOM TO CALL\r\n900-555-0199", "C:\\x"])
def test_no_text_from_outside_names_a_file_or_makes_a_line_of_its_own(tmp_path: Path, bad: str) -> None:
    path, files = write_pack(small(storm=bad, city=bad, contact=bad), tmp_path / "county.zip")
    assert all(is_safe(each.name) for each in files)
    assert readme_of(path, "").count("\r\nWHOM TO CALL\r\n") == 1


@pytest.mark.parametrize(
    ("asked", "made"), [("irma", "irma.zip"), ("irma.2017", "irma.2017.zip"), ("i.ZIP", "i.ZIP")]
)
def test_a_name_without_its_ending_gets_it(tmp_path: Path, asked: str, made: str) -> None:
    assert write_pack(small(), tmp_path / asked)[0].name == made


def test_each_file_is_told_before_it_is_written(tmp_path: Path) -> None:
    told: list[str] = []
    write_pack(small(), tmp_path / "county.zip", tell=told.append)
    assert told[-2:] == ["manifest.json", "county.zip"] and len(told) == step_count(small())


def test_stopped_on_the_way_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apart = tmp_path / "apart"
    apart.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(apart))

    def stop(name: str) -> None:
        if name == "county.zip":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_pack(small(), tmp_path / "out" / "county.zip", tell=stop)
    assert list(apart.iterdir()) == [] and not (tmp_path / "out").exists()

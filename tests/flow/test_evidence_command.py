"""`python -m dispatch evidence`: the photos of a storm from the city's 311 server and from a survey, opened
as whoever proves something by them years later does."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from dispatch.evidence.cases import UNJOINED
from dispatch.evidence.words import LIMITS
from tests.city import City
from tests.dispatch.evidence.photo_server import jpeg
from tests.flow.test_command_line import dispatch
from tests.rooms import Room

SPAN = ("--from", "2017-09-01T00:00:00-04:00", "--to", "2027-10-01T00:00:00-04:00")
WORDS = "Call Jane Doe at 727-555-0188, water in house"
CREW = (
    "address,pa line,photo\n"
    "500 5th Ave N,A,wall.jpg\n500 5th Ave N,A,../city/seat.db\n500 5th Ave N,A,gone.jpg\n"
    "9 Nowhere Ave,A,wall.jpg\n"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def storm(tmp_path: Path, city: City, clock, run, request) -> Room:
    """A home with water in it and a tree on a road, each with a photo, and a road without one."""
    url = "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    add = city.add_report
    add(WORDS, address="77 Secret St N", category="5706", has_photo=True, lat=27.78, lng=-82.66)
    add(
        "Tree on the road, call 727-555-0188", address="500 5th Ave N", has_photo=True, lat=27.775, lng=-82.64
    )
    add("Road washed out", address="800 9th Ave N", lat=27.79, lng=-82.65)
    room = Room(tmp_path / "seat", city, clock, run, store_url=url)
    room.sync()
    (tmp_path / "seat" / "wall.jpg").write_bytes(jpeg(taken="2017:09:12 09:30:00"))
    (tmp_path / "seat" / "crew.csv").write_text(CREW)
    room.close()
    code, _, said = dispatch(
        *("import", "survey", str(tmp_path / "seat" / "crew.csv"), "--store", room.url),
        *("--kind", "crew", "--data", str(tmp_path / "seat")),
    )
    assert code == 0, said
    return room


def packed(room: Room, tmp_path: Path, name: str = "photos.zip", *more: str) -> dict[str, Any]:
    code, answer, said = dispatch(
        *("evidence", "--store", room.url, *SPAN, "--out", str(tmp_path / name)),
        *("--data", str(tmp_path / "seat"), *more),
    )
    assert code == 0, said
    return answer


def rows(zipped: ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(zipped.read(f"EXERCISE_{name}.csv").decode("utf-8-sig"))))


def test_every_photo_has_a_row_and_those_in_here_their_bytes(storm: Room, tmp_path: Path) -> None:
    answer = packed(storm, tmp_path)
    with ZipFile(answer["zip"]) as found:
        assert found.testzip() is None
        index, sites = rows(found, "index"), rows(found, "sites")
        had = [row for row in index if row["had"] == "yes"]
        for row in had:
            content = found.read(row["file"])
            assert (hashlib.sha256(content).hexdigest(), str(len(content))) == (row["sha256"], row["bytes"])
        names = found.namelist()
    assert Path(answer["zip"]).name == "EXERCISE_photos.zip"
    assert names[:3] == ["EXERCISE_README.txt", "EXERCISE_index.csv", "EXERCISE_sites.csv"]
    assert all(part.startswith("EXERCISE_") for name in names for part in name.split("/")[:1])
    assert {row["file"] for row in had} < set(names)
    # Whoever has only the zip counts the same.
    assert (answer["photos"], answer["had"]) == (len(index), len(had)) == (5, 2)
    assert answer["not_had"] == sum(row["had"] == "no" for row in index)
    assert answer["sites"] == sum(row["restricted"] == "no" for row in sites) == 1
    assert answer["restricted"] == sum(row["restricted"] == "yes" for row in sites) == 1
    assert all(row["why_not"] for row in index if row["had"] == "no")


def test_a_surveys_photo_stands_with_its_proof_and_its_time_or_with_why_not(
    storm: Room, tmp_path: Path
) -> None:
    with ZipFile(packed(storm, tmp_path)["zip"]) as found:
        surveyed = [row for row in rows(found, "index") if row["source"] == "survey"]
    wall, outside, gone, unjoined = surveyed
    assert (wall["had"], wall["as_surveyed"], wall["taken_at"]) == ("yes", "yes", "2017-09-12T09:30:00")
    assert outside["why_not"] == "It does not lie in the data folder."
    assert "No file of this name" in gone["why_not"]
    assert (unjoined["site"], unjoined["why_not"]) == ("", UNJOINED)


def test_a_file_that_was_changed_since_the_import_says_so(storm: Room, tmp_path: Path) -> None:
    (tmp_path / "seat" / "wall.jpg").write_bytes(jpeg(taken="2017:09:13 09:30:00"))
    with ZipFile(packed(storm, tmp_path)["zip"]) as found:
        (wall,) = (row for row in rows(found, "index") if row["file"].endswith("survey-1.jpg"))
        page = found.read(f"{wall['file'].rpartition('/')[0]}/EXERCISE_site.txt").decode("utf-8-sig")
    assert wall["as_surveyed"] == "no" and "Not the file of the survey's import" in page


def test_restricted_sites_are_counted_and_neither_placed_nor_shown(storm: Room, tmp_path: Path) -> None:
    with ZipFile(packed(storm, tmp_path)["zip"]) as found:
        everything = b"".join(found.read(name) for name in found.namelist())
        (hidden,) = (row for row in rows(found, "sites") if row["restricted"] == "yes")
        folders = {name.split("/")[0] for name in found.namelist() if "/" in name}
    kept = {"site", "restricted", "band", "category", "neighborhood"}
    assert {name for name, value in hidden.items() if value} <= kept and hidden["band"] == "P2"
    assert len(folders) == 1 and not any(hidden["site"] in folder for folder in folders)
    for words in (b"Secret", b"Jane", b"727-555-0188"):
        assert words not in everything


def test_a_site_says_when_where_and_what_became_of_it(storm: Room, tmp_path: Path) -> None:
    with ZipFile(packed(storm, tmp_path)["zip"]) as found:
        (road,) = (row for row in rows(found, "sites") if row["address"])
        page = found.read(f"EXERCISE_{road['folder']}/EXERCISE_site.txt").decode("utf-8-sig")
        readme = " ".join(found.read("EXERCISE_README.txt").decode("utf-8-sig").split())
    assert road["photos"] == "4" and road["storm_id"] and road["storm_id"] in page
    for words in (
        "address: 500 5th Ave N",
        "first entered at:",
        "state: ",
        "SHA-256 ",
        "EXIF time 2017-09-12",
    ):
        assert words in page
    assert all(words in readme for words in LIMITS) and readme.startswith(
        "EXERCISE: THIS IS NOT A REAL EVENT"
    )
    assert "photos in here (index.csv: had = yes)" in readme and "certutil -hashfile" in readme


def test_two_runs_give_the_same_bytes(storm: Room, tmp_path: Path) -> None:
    one, two = (packed(storm, tmp_path, name)["zip"] for name in ("one.zip", "two.zip"))
    assert Path(one).read_bytes() == Path(two).read_bytes()


def test_with_the_server_gone_every_photo_still_has_its_row(storm: Room, tmp_path: Path, city: City) -> None:
    city.stop()
    answer = packed(storm, tmp_path)
    with ZipFile(answer["zip"]) as found:
        index = rows(found, "index")
    assert (answer["photos"], answer["had"]) == (5, 1)
    sent = [row["why_not"] for row in index if row["source"] == "report"]
    assert len(sent) == 1 and "takes no connections" in sent[0]


def test_a_period_without_photos_is_a_package_that_says_so(storm: Room, tmp_path: Path) -> None:
    at = datetime(2017, 1, 1).astimezone().isoformat()
    code, answer, said = dispatch(
        *("evidence", "--store", storm.url, "--from", at, "--to", "2017-01-02T00:00:00-05:00"),
        *("--out", str(tmp_path / "none.zip"), "--data", str(tmp_path / "seat")),
    )
    assert (code, answer["had"], answer["sites"]) == (0, 0, 0), said
    with ZipFile(answer["zip"]) as found:
        assert json.dumps(found.namelist()).count("/") == 0


@pytest.mark.parametrize(
    ("more", "code", "sentence"),
    [
        (("--to", "2010-01-01T00:00:00-05:00"), 1, "ends before it begins"),
        (("--most-photos", "0"), 2, "0"),
        (("--store", "sqlite:////nowhere/at-all.db"), 1, "no database"),
    ],
)
def test_what_cannot_be_packed_ends_in_a_sentence(
    storm: Room, tmp_path: Path, more: tuple[str, ...], code: int, sentence: str
) -> None:
    words = ("evidence", "--store", storm.url, *SPAN, "--out", str(tmp_path / "no.zip"), *more)
    found, _, said = dispatch(*words)
    assert (found, sentence in said, "Traceback" in said) == (code, True, False), said
    assert not (tmp_path / "no.zip").exists() and not (tmp_path / "EXERCISE_no.zip").exists()

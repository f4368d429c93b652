"""Storms from a file: rows end as the file says, keep what can be kept, and close in their own time."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests

from dispatch.exercise import rows
from dispatch.exercise.script import DAY_MS, Kind
from dispatch.exercise.storms import harvey
from dispatch.exercise.times import EASTERN, to_millis, wire_time
from tests.city import City

HEAD = [*rows.COLUMNS, "votes", "comments", "extra"]


def write(path: Path, *records: dict[str, str]) -> Path:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEAD, restval="")
        writer.writeheader()
        writer.writerows({"status": "Open", "category": "Flooding", **record} for record in records)
    return path


def truth(city):
    return {each["source_id"]: each for each in city.truth()["requests"]}


def test_ids_stay_where_they_are_whole_numbers(tmp_path):
    at = "2017-08-26T10:00:00-05:00"
    names = ["7", "0", "12-34", "7", "007", "99999999999999999999", "101002444787", ""]
    file = write(tmp_path / "rows.csv", *({"source_id": name, "created_at": at} for name in names))

    read, _ = rows.read(file, 1, EASTERN)

    ids = {row.request_id: row.source_id for row in read}
    assert len(ids) == len(names)
    assert {7: "7", 0: "0", 101002444787: "101002444787"}.items() <= ids.items()
    assert {ids[n] for n in ids if n not in (7, 0, 101002444787)} == {
        "12-34", "7", "007", "99999999999999999999", None,
    }  # fmt: skip


def test_rows_end_in_the_state_and_at_the_time_the_file_gives(tmp_path):
    extra = json.dumps({"acknowledged_at": "2017-08-26T11:00:00-05:00"})
    reopened = json.dumps({"reopened_at": "2017-08-28T09:00:00-05:00"})
    start = {"created_at": "2017-08-26T10:00:00-05:00"}
    closed = {"closed_at": "2017-08-27T10:00:00-05:00", "updated_at": "2017-08-27T10:00:00-05:00"}
    last = {"updated_at": "2017-08-29T10:00:00-05:00"}
    file = write(
        tmp_path / "rows.csv.gz",
        {"source_id": "a", "status": "Open", **start, "updated_at": start["created_at"]},
        {"source_id": "b", "status": "Acknowledged", **start, **last, "extra": extra},
        {"source_id": "c", "status": "Closed", **start, **closed, "extra": extra},
        {"source_id": "d", "status": "archived", **start, **closed},
        {"source_id": "e", "status": "Open", **start, **closed, **last, "extra": reopened},
        {"source_id": "f", "status": "Referred", **start},
        {"source_id": "g", "status": "Closed", **start},
    )

    with City(tmp_path / "city", options=["--rows", str(file)]) as city:
        found = truth(city)
        now = city.clock()["now"]

    states = {name: each["status"] for name, each in found.items()}
    assert list(states.values()) == [
        "Open", "Acknowledged", "Closed", "Archived", "Open", "Open", "Closed",
    ]  # fmt: skip
    assert found["f"]["raw_status"] == "Referred"
    assert "raw_status" not in found["a"]
    assert found["a"]["updated_at"] == "2017-08-26T11:00:00-04:00"
    assert found["b"]["updated_at"] == found["e"]["updated_at"] == "2017-08-29T11:00:00-04:00"
    assert found["c"]["updated_at"] == found["d"]["updated_at"] == "2017-08-27T11:00:00-04:00"
    assert now.startswith("2017-08-29T11:00:00")


def test_rows_close_in_storm_time(tmp_path):
    file = write(
        tmp_path / "rows.csv",
        {
            "source_id": "1",
            "status": "Closed",
            "created_at": "2017-08-26T10:00:00-04:00",
            "closed_at": "2017-08-26T12:00:00-04:00",
        },
        {"source_id": "2", "created_at": "2017-08-26T11:00:00-04:00"},
    )
    options = ["--rows", str(file), "--at", "2017-08-26T09:59:00-04:00"]

    with City(tmp_path / "city", options=options) as city:
        seen = []
        for forward_s in (0, 120, 3600, 3600):
            city.clock(forward_s=forward_s)
            seen.append([each["status"] for each in city.truth()["requests"]])

    assert seen[0] == []
    assert seen[1][0] in ("Open", "Acknowledged")
    assert len(seen[2]) == 2
    assert seen[3][0] == "Closed"


def test_from_and_to_leave_rows_out_and_all_at_once_brings_all(tmp_path):
    days = [f"2017-08-{day}T10:00:00-04:00" for day in (25, 26, 27, 28)]
    file = write(tmp_path / "rows.csv", *({"source_id": day[8:10], "created_at": day} for day in days))
    options = ["--rows", str(file), "--from", days[1], "--to", days[3], "--at", days[1], "--all-at-once"]

    with City(tmp_path / "city", options=options) as city:
        found = truth(city)
        now = city.clock()["now"]

    assert list(found) == ["26", "27"]
    assert now.startswith("2017-08-26T10:00:00")


def test_harvey_is_the_week_in_houston():
    storm = harvey(1)

    assert len(storm.rows) == 1288
    assert len({row.request_id for row in storm.rows}) == 1288
    assert {each.title for each in storm.types} == {"Flooding", "Pothole"}
    first, last = storm.rows[0].created_at, storm.rows[-1].created_at
    assert storm.starts_at == to_millis("2017-08-25T00:00:00-05:00") < first
    assert last < to_millis("2017-09-01T00:00:00-05:00")
    assert sum(row.lat is None for row in storm.rows) == 22


def test_harvey_speaks_eastern_time_and_ends_with_every_row(tmp_path):
    storm = harvey(1)
    with City(tmp_path / "city", "harvey") as city, requests.Session() as session:
        session.trust_env = False
        assert city.truth()["requests"] == []
        start = datetime.fromisoformat(city.clock()["now"])
        city.clock(forward_s=timedelta(days=7).total_seconds())
        query = {"sort_direction": "ASC", "per_page": 1, "status": "open,acknowledged,closed,archived"}
        answer = session.get(f"{city.url}/issues", params=query, timeout=10).json()
        requests_ = city.truth()["requests"]

    assert start.isoformat() == "2017-08-25T01:00:00-04:00"
    assert answer["issues"][0]["created_at"] == "2017-08-25T08:50:17-04:00"
    assert answer["issues"][0]["request_type"]["title"] == "Pothole"
    assert len(requests_) == answer["metadata"]["pagination"]["entries"] == 1288
    end = storm.starts_at + 7 * DAY_MS
    closings = [
        step for row in storm.rows for step in row.steps if step.kind is Kind.CLOSE and step.at <= end
    ]
    assert sum(each["status"] == "Closed" for each in requests_) == len(closings) > 400


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a,b\n1,2\n", "has no column source_id"),
        (",".join(HEAD).encode() + b"\n1,,,,Open,x,x\n", "Line 2 .* created_at is missing"),
        (",".join(HEAD).encode() + b"\n1,noon,,,Open,x,x\n", "Line 2 .* not a time"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_played_says_where_and_why(tmp_path, content, sentence):
    file = tmp_path / "rows.csv"
    file.write_bytes(content)

    with pytest.raises(rows.BadRows, match=sentence):
        rows.read(file, 1, EASTERN)


def test_times_are_eastern_in_summer_and_winter():
    assert wire_time(to_millis("2017-09-11T14:30:00Z")) == "2017-09-11T10:30:00-04:00"
    assert wire_time(to_millis("2017-12-24T16:16:34+00:00")) == "2017-12-24T11:16:34-05:00"

"""`duplicates IN.csv OUT.csv`: what a script relies on, and how well it does on a city's own duplicates."""

from __future__ import annotations

import csv
import gzip
import json
import runpy
from pathlib import Path

import pytest
from click.testing import CliRunner

from dispatch.triage.duplicates_command import duplicates

SHARED = Path(__file__).resolve().parents[4] / "shared"
BOSTON = SHARED / "data" / "duplicates" / "boston311.csv.gz"
HEAD = "id,opened,type,dept,lat,lon\n"


@pytest.fixture
def call(tmp_path):
    def run(table: str | bytes | None, *more: str, target: str = "out.csv"):
        source = tmp_path / "in.csv"
        if table is not None:
            source.write_bytes(table if isinstance(table, bytes) else table.encode())
        answer = CliRunner().invoke(duplicates, [str(source), str(tmp_path / target), *more])
        return answer, read(tmp_path / target)

    return run


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines())) if path.is_file() else []


def test_every_row_gets_its_cluster_in_order(call):
    answer, rows = call(
        HEAD + "9,2015-05-01T10:00,Sign Repair,BTDT,42.3500,-71.0600\n"
        "7,2015-05-01T09:00,Sign Repair,BTDT,42.3500,-71.0600\n"
        "5,2015-05-01T09:00,Sign Repair,BTDT,42.3900,-71.0600\n"
        "3,2015-05-01T09:00,Sign Repair,BTDT,,\n"
    )
    assert answer.exit_code == 0
    said = json.loads(answer.stdout.splitlines()[-1])
    assert (said["rows"], said["clusters"], said["seconds"] >= 0) == (4, 3, True)
    assert [(row["id"], row["cluster"]) for row in rows] == [("9", "7"), ("7", "7"), ("5", "5"), ("3", "3")]


def test_candidates_go_to_a_file_of_their_own_likest_first(call, tmp_path):
    answer, _ = call(
        HEAD + "1,2015-05-01T10:00,Sign Repair,BTDT,42.3500,-71.0600\n"
        "2,2015-05-01T12:00,Sign Repair,BTDT,42.3503,-71.0600\n"
        "3,2015-05-01T11:00,Missing Sign,BTDT,42.3500,-71.0600\n"
        "4,2015-05-01T11:00,Sign Repair,PARK,42.3500,-71.0600\n",
        "--suggest",
        str(tmp_path / "suggest.csv"),
    )
    assert answer.exit_code == 0
    assert [tuple(row.values()) for row in read(tmp_path / "suggest.csv")] == [
        ("1", "2", "1"),
        ("1", "3", "2"),
        ("2", "1", "1"),
        ("2", "3", "2"),
        ("3", "1", "1"),
        ("3", "2", "2"),
    ]


def test_a_city_may_bring_addresses_words_and_accounts(call):
    _, rows = call(
        "id,opened,type,dept,lat,lon,address,channel,account,text\n"
        "1,2015-05-01T10:00:00+00:00,Sign,BTDT,,,1 Main St,app,42,stop sign down\n"
        "2,2015-05-01T12:00:00+02:00,Sign,BTDT,0,0,1 MAIN ST,app,43,\n"
    )
    assert [row["cluster"] for row in rows] == ["1", "1"]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (None, "cannot be read: No such file or directory. Name an existing CSV file."),
        (
            "id,opened\n1,2015-05-01\n",
            "has no column 'type': the first line must name id, opened, type, dept,",
        ),
        (b"\xff\xfe\n", "is not a CSV table in UTF-8"),
        (HEAD + "1,yesterday,Sign,BTDT,,\n", "in.csv, line 2: opened is 'yesterday', not a time like 2015-"),
        (
            HEAD + "1,2015-05-01,Sign,BTDT,north,\n",
            "line 2: 'north', '' are not degrees like 42.3591, -71.0605.",
        ),
        (HEAD + "1,2015-05-01,Sign,BTDT,nan,nan\n", "line 2: 'nan', 'nan' are not degrees"),
        (HEAD + "1,2015-05-01,Sign,BTDT,142,-71\n", "line 2: '142', '-71' are not degrees"),
        (HEAD + ",2015-05-01,Sign,BTDT,,\n", "line 2: there is no id."),
        (HEAD + "1,2015-05-01,Sign,BTDT,,\n" * 2, "line 3: the id '1' stands there twice."),
        (HEAD + "1\n", "line 2: opened is '', not a time"),
    ],
)
def test_a_wrong_table_ends_in_one_sentence_and_2(call, table, sentence):
    answer, rows = call(table)
    assert answer.exit_code == 2
    assert sentence in answer.stderr.splitlines()[-1]
    assert (answer.stdout, rows) == ("", [])


@pytest.mark.parametrize("lost", ["target", "suggest"])
def test_a_result_that_cannot_be_written_ends_in_one_sentence_and_1(call, tmp_path, lost):
    missing = str(tmp_path / "missing" / "out.csv")
    more = ["--suggest", missing] if lost == "suggest" else []
    answer, _ = call(HEAD, *more, target="missing/out.csv" if lost == "target" else "out.csv")
    assert answer.exit_code == 1
    assert "cannot be written: No such file or directory." in answer.stderr.splitlines()[-1]


def test_an_empty_table_has_no_clusters(call):
    answer, rows = call(HEAD)
    assert json.loads(answer.stdout.splitlines()[-1])["clusters"] == 0
    assert rows == []


@pytest.mark.skipif(not BOSTON.is_file(), reason="Boston's labelled duplicates are not at hand")
def test_boston_knew_the_same_duplicates(call, tmp_path):
    with gzip.open(BOSTON, "rt", encoding="utf-8", newline="") as lines:
        labelled = list(csv.DictReader(lines))
    columns = [name for name in labelled[0] if name not in ("parent_id", "dup_flag")]
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, columns, extrasaction="ignore")
        table.writeheader()
        table.writerows(labelled)

    answer, clusters = call(None, "--suggest", str(tmp_path / "suggest.csv"))

    assert answer.exit_code == 0
    measure = runpy.run_path(str(SHARED / "tools" / "evaluate.py"))["dup_metrics"]
    pred = {row["id"]: row["cluster"] for row in clusters}
    found = measure(labelled, pred, read(tmp_path / "suggest.csv"))
    assert found["bcubed_p"] >= 0.97
    assert found["bcubed_f1"] >= 0.84
    assert found["unlabelled_merged"] <= 0.25
    assert found["hit_3"] >= 0.83

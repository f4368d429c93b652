"""`triage IN.csv OUT.csv`: what a script relies on."""

from __future__ import annotations

import csv
import json

import pytest
from click.testing import CliRunner

from dispatch.triage.command import triage


@pytest.fixture
def call(tmp_path):
    def run(table: str | bytes | None, *options: str, target: str = "out.csv"):
        source = tmp_path / "in.csv"
        if table is not None:
            source.write_bytes(table if isinstance(table, bytes) else table.encode())
        answer = CliRunner().invoke(triage, [str(source), str(tmp_path / target), *options])
        out = tmp_path / target
        rows = list(csv.DictReader(out.read_text("utf-8").splitlines())) if out.is_file() else []
        return answer, rows

    return run


def test_every_row_is_scored_in_order(call):
    answer, rows = call(
        "id,when,text,category,language\n7,now,we are trapped,Storm: Other,\n"
        '3,now,"tree in yard",Tree Trimmed/Removal,en\n5,now,,,\n9,now,besoin eau,,fr\n'
    )
    assert answer.exit_code == 0
    assert json.loads(answer.stdout.splitlines()[-1])["rows"] == 4
    assert [(row["id"], row["level"], row["band"]) for row in rows] == [
        ("7", "3", "P1"),
        ("3", "0", "P4"),
        ("5", "1", "P3"),
        ("9", "1", "P3"),
    ]
    assert float(rows[0]["score"]) >= 30.0
    assert rows[0]["reasons"].startswith(
        "Other storm report +10; Says 'we are trapped', person trapped: raised to P1 +20"
    )
    assert "Language not assessed" in rows[3]["reasons"]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (None, "cannot be read: No such file or directory. Name an existing CSV file."),
        ("number,text\n1,hello\n", "has no column 'id'"),
        ("", "has no column 'id'"),
        (b"id,text\n1,\xff\xfe\n", "is not a CSV table in UTF-8"),
    ],
)
def test_a_wrong_table_ends_in_one_sentence_and_2(call, table, sentence):
    answer, _ = call(table)
    assert answer.exit_code == 2
    assert sentence in answer.stderr.splitlines()[-1]
    assert answer.stdout == ""


def test_a_result_that_cannot_be_written_ends_in_one_sentence_and_1(call):
    answer, _ = call("id,text\n1,hello\n", target="missing/out.csv")
    assert answer.exit_code == 1
    assert "cannot be written: No such file or directory." in answer.stderr.splitlines()[-1]


def test_a_short_row_counts_as_no_words(call):
    _, rows = call("id,text,category\n1\n")
    assert [(row["id"], row["band"]) for row in rows] == [("1", "P3")]


def test_other_weights_can_be_tried(call, tmp_path):
    danger = {"none_up_to": 0, "all_from": 2, "weights": {"wet": 1, "dog": 2}}
    weights = {"language": "en", "danger": danger, "need": {**danger, "weights": {}}}
    file = tmp_path / "weights.json"
    file.write_text(json.dumps(weights), "utf-8")
    _, rows = call("id,text\n1,it is wet\n2,the dog is here\n3,it is dry\n", "--text-model", str(file))
    assert [row["score"] for row in rows] == ["15", "30", "10"]
    assert rows[0]["reasons"] == "Other storm report +10; Words like 'wet' in urgent messages +5"


def test_weights_that_cannot_be_read_end_in_one_sentence_and_1(call, tmp_path):
    answer, _ = call("id,text\n1,hello\n", "--text-model", str(tmp_path / "none.json"))
    assert answer.exit_code == 1
    assert "The text model none.json cannot be read" in answer.stderr.splitlines()[-1]

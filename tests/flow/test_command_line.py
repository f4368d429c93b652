"""The commands as scripts call them: exit codes, one line of JSON, the store equal to the server's truth."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import create_engine, text

from tests.city import City
from tests.dispatch.reports.read_pdf import pages_of

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 120


def dispatch(*arguments: str) -> tuple[int, dict[str, Any], str]:
    done = subprocess.run(
        [sys.executable, "-m", "dispatch", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    last = done.stdout.strip().splitlines()
    return done.returncode, json.loads(last[-1]) if last else {}, done.stderr


@pytest.mark.parametrize("storm", ["irma", "harvey"])
def test_sync_once_leaves_exactly_what_the_server_holds(tmp_path: Path, store_url: str, storm: str) -> None:
    at = ["--at", "2017-08-30T12:00:00-05:00"] if storm == "harvey" else []
    with City(tmp_path / "city", storm, options=at) as city:
        code, answer, said = dispatch(
            "sync", "--url", city.url, "--store", store_url, "--once", "--budget", "0"
        )
        truth = city.truth()["requests"]

    assert code == 0, said
    assert answer["complete"] and answer["requests"] == answer["sites"] == len(truth)
    assert answer["quarantined"] == 0 and answer["pending"] == 0
    engine = create_engine(store_url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT remote_id, status FROM request")).all()
    engine.dispose()
    stored = {row.remote_id: row.status for row in rows}
    assert stored == {str(each["id"]): each["status"].lower() for each in truth}
    # The first page, the pages behind it, the pages of the last two minutes: not many more.
    # Beside the pages: who we are, what the server can do, and what it offers the public.
    assert answer["calls"] <= len(truth) // 100 + 5


def test_sync_again_asks_little_and_changes_nothing(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'seat.db'}"
    with City(tmp_path / "city", "irma") as city:
        _, first, _ = dispatch("sync", "--url", city.url, "--store", store, "--once", "--budget", "0")
        code, again, said = dispatch("sync", "--url", city.url, "--store", store, "--once", "--budget", "0")

    assert code == 0, said
    assert again["requests"] == first["requests"] and again["calls"] <= 2


def test_sync_through_a_stumbling_server_is_complete_all_the_same(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'seat.db'}"
    with City(tmp_path / "city", "irma") as city:
        city.fail_next(503, "reset", 429, 503)
        code, answer, said = dispatch("sync", "--url", city.url, "--store", store, "--once", "--budget", "0")
        truth = city.truth()["requests"]

    assert code == 0, said
    assert answer["complete"] and answer["requests"] == len(truth)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["sync", "--url", "http://127.0.0.1:1/api/v2", "--store", "sqlite://"], "--once"),
        (
            ["sync", "--url", "http://127.0.0.1:1/api/v2", "--store", "sqlite://", "--once", "--for", "3"],
            "--once",
        ),
        (["sync", "--store", "sqlite://", "--once"], "--url"),
        (["exercise", "katrina"], "irma"),
        (["log", "verify"], "--file"),
        (["log", "export", "--store", "sqlite:///x.db", "--out", "log.pdf"], ".jsonl"),
        (["nothing"], "nothing"),
    ],
)
def test_wrong_arguments_end_with_2_and_one_sentence(arguments: list[str], sentence: str) -> None:
    code, _, said = dispatch(*arguments)

    assert code == 2
    assert sentence in said and "Traceback" not in said


def test_the_log_is_verified_from_outside(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'seat.db'}"
    with City(tmp_path / "city") as city:
        city.add_report("Oak down")
        dispatch("sync", "--url", city.url, "--store", store, "--once", "--budget", "0")
    code, whole, _ = dispatch("log", "verify", "--store", store)
    engine = create_engine(store)
    with engine.begin() as connection:
        connection.execute(text("UPDATE activity_log SET text = 'something else' WHERE number = 1"))
    engine.dispose()

    broken_code, broken, _ = dispatch("log", "verify", "--store", store, "--head", whole["head"])

    assert (code, whole["intact"]) == (0, True) and whole["entries"] >= 1
    assert (broken_code, broken["intact"], broken["first_broken"]) == (1, False, 1)


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_the_log_leaves_as_a_file_that_is_verified_by_itself(tmp_path: Path, ending: str) -> None:
    store, out = f"sqlite:///{tmp_path / 'seat.db'}", str(tmp_path / f"log.{ending}")
    with City(tmp_path / "city") as city:
        city.add_report("Oak down")
        dispatch("sync", "--url", city.url, "--store", store, "--once", "--budget", "0")

    code, written, said = dispatch("log", "export", "--store", store, "--out", out)
    fine, proof, _ = dispatch("log", "verify", "--file", out, "--head", written["head"])
    Path(out).write_bytes(Path(out).read_bytes().replace(b"opened", b"closed", 1))
    broken, forged, _ = dispatch("log", "verify", "--file", out)

    assert code == 0, said
    assert (fine, proof["intact"], proof["entries"]) == (0, True, written["entries"])
    assert (broken, forged["intact"], forged["first_broken"]) == (1, False, 1)


PERIOD = ("--from", "2017-09-11T07:00:00-04:00", "--to", "2017-09-11T19:00:00-04:00")


def test_an_activity_log_is_a_pdf_that_names_the_logs_head(tmp_path: Path) -> None:
    store, out = f"sqlite:///{tmp_path / 'seat.db'}", tmp_path / "forms"
    with City(tmp_path / "city") as city:
        city.add_report("Oak down")
        dispatch("sync", "--url", city.url, "--store", store, "--once", "--budget", "0")
    _, whole, _ = dispatch("log", "verify", "--store", store)

    code, made, said = dispatch(
        "form", "ics214", "--store", store, *PERIOD, "--position", "Operator", "--out", str(out)
    )

    assert code == 0, said
    assert (made["entries"], made["entry"], made["head"]) == (0, whole["entries"], whole["head"])
    assert "Operator did nothing notable" in said
    [written] = made["files"]
    content = (out / written["name"]).read_bytes()
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (written["sha256"], written["bytes"])
    assert whole["head"] in pages_of(content)[0]
    code, _, said = dispatch("form", "ics214", "--store", store, *PERIOD, "--position", "Operator")
    assert code == 2 and "--out" in said


def test_a_briefing_and_a_status_summary_are_made_from_outside(tmp_path: Path) -> None:
    store, out = f"sqlite:///{tmp_path / 'seat.db'}", tmp_path / "forms"
    picture = tmp_path / "map.png"
    Image.new("RGB", (60, 40), (90, 120, 90)).save(picture)
    with City(tmp_path / "city") as city:
        city.add_report("Oak down")
        dispatch("sync", "--url", city.url, "--store", store, "--once", "--budget", "0")
    asked = ("--store", store, *PERIOD, "--out", str(out))

    code, briefing, said = dispatch("form", "ics201", *asked, "--map", str(picture))
    again, status, _ = dispatch("form", "ics209", *asked, "--person", "Ana Ortiz")
    wrong, _, why = dispatch("form", "ics201", *asked, "--map", str(tmp_path / "seat.db"))

    assert (code, again) == (0, 0), said
    assert len(pages_of((out / briefing["files"][0]["name"]).read_bytes())) == 4
    assert "Ana Ortiz" in pages_of((out / status["files"][0]["name"]).read_bytes())[0]
    assert wrong == 2 and "give a PNG or JPEG" in why


def test_the_doctor_says_what_is_wrong(tmp_path: Path) -> None:
    well, fine, _ = dispatch("doctor", "--data", str(tmp_path))
    (tmp_path / "settings.toml").write_text("server = [broken")

    ill, found, _ = dispatch("doctor", "--data", str(tmp_path))

    assert well == 0 and all(check["ok"] for check in fine["checks"])
    assert ill == 1
    assert next(check["name"] for check in found["checks"] if not check["ok"]) == "settings"

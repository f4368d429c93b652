"""`python -m dispatch records`, `hold` and `retention`: a records request from the query to the two packs."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from dispatch.__main__ import main
from dispatch.clock import WallClock
from dispatch.commands.seat_parts import records_desk
from dispatch.errors import ActRefused
from dispatch.records import Actor, RecordsQuery
from dispatch.records_request.desk import RecordsDesk
from dispatch.records_request.holds import HoldDesk
from dispatch.store import legal_holds, log
from dispatch.store.store import open_store
from tests.city import City
from tests.dispatch.reports.read_pdf import pages_of
from tests.flow.test_command_line import dispatch
from tests.rooms import Room

SAID = "Oak on the roof, call José at 727-555-0142"
NOTE = "José rang again from 727-555-0142"
WHY = ("--statute", "s. 119.071(5)(j), F.S.", "--reason", "telephone number")


@pytest.fixture(params=["sqlite", "postgresql"])
def room(tmp_path: Path, city: City, clock: Any, run: Any, request: Any) -> Any:
    url = "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    made = Room(tmp_path / "seat", city, clock, run, store_url=url)
    made.number = city.add_report(SAID, address="1200 Elm St N, St. Petersburg")  # type: ignore[attr-defined]
    city.add_report("Pothole", address="5th Ave N & 9th St N")
    made.sync()
    made.desk.note(made.site(made.number), NOTE)  # type: ignore[attr-defined]
    made.escalate(made.number)  # type: ignore[attr-defined]
    yield made
    made.close()


@pytest.fixture
def say(room: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """As a script does, without a process of its own each time."""

    def run(*words: str, code: int = 0, person: str = "Sam Supervisor") -> tuple[dict[str, Any], str]:
        seat = ("--store", room.url, "--data", str(tmp_path / "seat"), "--person", person)
        done = main([*words, *seat])
        told = capsys.readouterr()
        assert done == code, told.err
        return json.loads(told.out.splitlines()[-1]) if told.out else {}, told.err

    return run


def everything(room: Any) -> dict[str, list[Any]]:
    """The originals, as they stand in the tables."""
    with room.store.reading() as connection:
        return {
            table: connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2")).all()
            for table in ("request", "message", "fact", "site", "escalation", "membership")
        }


def members(path: str) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_request_goes_from_the_query_to_two_packs(room: Any, say: Any, tmp_path: Path) -> None:
    before = everything(room)
    made, _ = say("records", "new", "--report", str(room.number), "--requester", "The Daily")
    assert made["name"] == "PRR-0001"
    record = f"report:{room.number}"
    out = ("--out", str(tmp_path / "packs"))
    _, error = say("records", "pack", "--request", "1", *out, code=1)
    assert "stand open: read them" in error
    assert not (tmp_path / "packs").exists()

    # One person's act each: the phone in the report, then wherever else it is told to stand still.
    say(
        *("records", "redact", "--request", "1", "--record", record, "--field", "description"),
        *("--passage", "727-555-0142", *WHY),
    )
    shown, _ = say("records", "show", "--request", "1")
    assert shown["open"] > 0 and [each["record"] for each in shown["redactions"]] == [record]
    opened = records_desk(room.parts).open(1)
    for finding in opened.findings:
        if finding.record_id and finding.kind in ("redacted elsewhere", "phone"):
            span = (finding.start, finding.end)
            mine = [each for each in records_desk(room.parts).open(1).findings if each == finding]
            if mine:
                records_desk(room.parts).redact(
                    1, finding.record_id, finding.field, span, "119.071(5)(j)", "telephone number"
                )
    opened = records_desk(room.parts).open(1)
    hand_over = next(each.record_id for each in opened.records if each.kind == "hand_over")
    say(
        *("records", "withhold", "--request", "1", "--record", hand_over),
        *("--statute", "119.071(2)(d)", "--reason", "how crews are sent"),
    )

    packed, _ = say("records", "pack", "--request", "1", *out, "--all-read")
    again, _ = say("records", "pack", "--request", "1", "--out", str(tmp_path / "again"), "--all-read")
    requester, originals = (Path(each["path"]) for each in packed["files"])
    assert [each["sha256"] for each in packed["files"]] == [each["sha256"] for each in again["files"]]
    assert requester.parent.name == "for_requester" and originals.parent.name == "city_attorney_only"
    assert packed["files"][0]["sha256"] == hashlib.sha256(requester.read_bytes()).hexdigest()
    assert os.name == "nt" or originals.stat().st_mode & 0o077 == 0

    files = members(str(requester))
    assert all(b"727-555-0142" not in content for content in files.values())
    read = " ".join(pages_of(files["copies.pdf"]))
    assert "727-555-0142" not in read and "s. 119.071(5)(j)" in read and "Oak on the roof" in read
    told = list(csv.DictReader(io.StringIO(files["withheld.csv"].decode("utf-8-sig"), newline="")))
    assert {each["by"] for each in told} == {"A. Operator", "Sam Supervisor"}
    assert (hand_over, "the whole record") in {(each["record_id"], each["field"]) for each in told}
    assert SAID in members(str(originals))["originals.json"].decode()

    # The originals are what they were, and the log names no words.
    assert everything(room) == before
    with room.store.reading() as connection:
        assert log.verify(connection).is_intact
        rows = connection.execute(
            text("SELECT act, text, detail FROM activity_log WHERE act LIKE 'records%'")
        ).all()
    assert {row.act for row in rows} == {
        *("records_requested", "records_redacted", "records_withheld", "records_packed")
    }
    assert not any(word in f"{row.text}{row.detail}" for row in rows for word in ("727", "José", "telephone"))


def test_what_was_collected_stays_whatever_the_server_says_later(room: Any, say: Any, city: City) -> None:
    say("records", "new", "--report", str(room.number))
    record = f"report:{room.number}"
    first = records_desk(room.parts).open(1).records
    room.desk.note(room.site(room.number), "a later note")

    assert records_desk(room.parts).open(1).records == first
    made, _ = say("records", "new", "--report", str(room.number))
    assert made["request"] == 2 and made["records"] > len(first)
    _, error = say(
        *("records", "redact", "--request", "1", "--record", record, "--field", "nothing", *WHY), code=1
    )
    assert "has no field nothing" in error


def test_a_reason_that_tells_what_it_takes_out_is_refused(room: Any, say: Any) -> None:
    say("records", "new", "--report", str(room.number))
    mark = ("records", "redact", "--request", "1", "--record", f"report:{room.number}")
    _, error = say(
        *mark,
        *("--field", "description", "--passage", "727-555-0142", "--statute", "119.0725"),
        *("--reason", "the number 727-555-0142"),
        code=1,
    )
    assert "The reason repeats the words" in error
    _, error = say(*mark, "--field", "description", "--statute", "secret", "--reason", "x", code=1)
    assert "Say the statute by its number" in error


def test_a_withdrawn_redaction_gives_the_words_back_and_stays_in_the_attorneys_file(
    room: Any, say: Any, tmp_path: Path
) -> None:
    say("records", "new", "--report", str(room.number))
    mark = ("records", "redact", "--request", "1", "--record", f"report:{room.number}")
    made, _ = say(*mark, "--field", "description", "--passage", "727-555-0142", *WHY)
    (done,) = made["redactions"]
    say("records", "withdraw", "--request", "1", done["id"], "--why", "it is the city's own number")
    _, error = say("records", "withdraw", "--request", "1", done["id"], "--why", "again", code=1)
    assert "No such redaction stands" in error

    packed, _ = say("records", "pack", "--request", "1", "--out", str(tmp_path / "packs"), "--all-read")
    requester, originals = (members(each["path"]) for each in packed["files"])
    assert b"727-555-0142" in requester["copies.csv"]
    assert "the city's own number" not in "".join(c.decode("utf-8", "replace") for c in requester.values())
    (kept,) = json.loads(originals["redactions.json"])
    assert kept["withdrawn_why"] == "it is the city's own number"


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        (("--from", "2017-01-01T00:00:00Z", "--to", "2037-01-01T00:00:00Z"), 2),
        (("--from", "2017-01-01T00:00:00Z", "--to", "2037-01-01T00:00:00Z", "--words", "ROOF josé"), 1),
        (("--from", "2017-01-01T00:00:00Z", "--to", "2017-01-02T00:00:00Z"), 0),
    ],
)
def test_the_query_finds_by_time_and_by_words(
    room: Any, say: Any, query: tuple[str, ...], finds: int
) -> None:
    answer, error = say("records", "new", *query, code=0 if finds else 1)
    if not finds:
        assert "No report is like that" in error
        return
    kinds = [each.kind.value for each in records_desk(room.parts).open(answer["request"]).records]
    assert kinds.count("report") == finds
    assert {"site", "log"} <= set(kinds)


def test_an_exercise_marks_its_packs_also_for_reports_of_no_site(room: Any, say: Any, tmp_path: Path) -> None:
    with room.store.loading() as connection:
        connection.execute(text("DELETE FROM membership"))
    say("records", "new", "--report", str(room.number))
    packed, _ = say("records", "pack", "--request", "1", "--out", str(tmp_path / "packs"), "--all-read")
    for each in packed["files"]:
        assert Path(each["path"]).name.startswith("EXERCISE_")


def test_nobody_keeps_records_back_without_a_name(room: Any) -> None:
    nobody = Actor(room.parts.actor.activation_id, " ", "", "Seat 1")
    desk = RecordsDesk(store=room.store, actor=lambda: nobody)
    with pytest.raises(ActRefused, match="Say who you are"):
        desk.collect(RecordsQuery(request_numbers=(room.number,)), received_at=1)
    with pytest.raises(ActRefused, match="Say who you are"):
        HoldDesk(store=room.store, actor=lambda: nobody).place("Hurricane Test", "x", since_at=1)


def test_a_request_without_bounds_is_refused(room: Any, say: Any) -> None:
    _, error = say("records", "new", "--words", "roof", code=1)
    assert "Say a period" in error


def test_a_held_storm_says_so_everywhere_and_nothing_is_deleted(room: Any, say: Any, tmp_path: Path) -> None:
    before = everything(room)
    made, _ = say("hold", "place", "--storm", "Hurricane Test", "--why", "a suit, the city attorney asks")
    code, answer, error = dispatch("retention", "--store", room.url, "--on", "2090-01-01")
    assert code == 0, error
    assert answer["deleted"] == 0 and {each["standing"] for each in answer["records"]} == {"held"}
    assert {"service_requests", "activity_log", "hand_overs"} <= {each["kind"] for each in answer["records"]}
    say("records", "new", "--report", str(room.number))
    packed, _ = say("records", "pack", "--request", "1", "--out", str(tmp_path / "packs"), "--all-read")
    readme = members(packed["files"][0]["path"])["README.txt"].decode()
    assert "Hurricane Test: UNDER LEGAL HOLD since" in readme and "suit" not in readme
    if room.url.startswith("sqlite"):
        _, checks, _ = dispatch("doctor", "--data", str(tmp_path / "seat"))
        (told,) = [each for each in checks["checks"] if each["name"] == "legal holds"]
        assert told["ok"] and "Under legal hold: Hurricane Test" in told["say"]

    say("hold", "lift", made["hold_id"], "--why", "the suit is over")
    _, error = say("hold", "lift", made["hold_id"], "--why", "again", code=1)
    assert "No such legal hold stands" in error
    code, answer, error = dispatch("retention", "--store", room.url, "--on", "2090-01-01")
    assert {each["standing"] for each in answer["records"]} == {"the storm goes on"}
    listed, _ = say("hold", "list")
    assert [each["lifted_why"] for each in listed["holds"]] == ["the suit is over"]
    assert everything(room) == before


def test_kinds_of_records_are_counted_as_the_tables_have_them(room: Any) -> None:
    store = open_store(room.url, clock=WallClock())
    with store.reading() as connection:
        counted = {each.kind: each.count for each in legal_holds.kept(connection)}
        truth = {
            kind: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()
            for kind, table in (("service_requests", "request"), ("site_facts", "fact"), ("sites", "site"))
        }
    store.close()
    assert {kind: counted[kind] for kind in truth} == truth


def test_an_unknown_storm_is_told_where_to_look(room: Any, say: Any) -> None:
    _, error = say("hold", "place", "--storm", "Nobody", "--why", "x", code=1)
    assert "`retention` lists those there are" in error

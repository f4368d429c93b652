"""Hostile rows from a 311 server, hostile answers and hostile words on paper: what each of them comes to."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from sqlalchemy import select

from dispatch.escalation import files
from dispatch.escalation.channel import ChannelSettings
from dispatch.escalation.mail import received
from dispatch.forms import ics213
from dispatch.records import EscalationState, Incoming, ServiceRequest
from dispatch.reports import pdf
from dispatch.store import escalations, sites
from dispatch.store.schema import quarantine
from tests.conftest import StillClock
from tests.dispatch.forms.made import SENT_AT, hand_over
from tests.dispatch.reports.read_pdf import pages_of
from tests.dispatch.servers.playing import Call, Playing, Say
from tests.hostile import Outcomes
from tests.rooms import Room
from tests.ui.real import RealConsole
from ui.widgets.words import Words

GOOD = {
    "id": 1,
    "status": "Open",
    "summary": "Tree",
    "description": "A tree lies across the road",
    "rating": 1,
    "lat": 27.7676,
    "lng": -82.6403,
    "address": "1 Main St",
    "created_at": "2017-09-11T10:00:00-04:00",
    "updated_at": "2017-09-11T10:00:00-04:00",
    "request_type": {"id": 5, "title": "Tree"},
    "media": {},
    "reporter": {"id": 7, "name": "R"},
}
IMG = "<img src='file:///etc/passwd' onerror=alert(1)>"
TURNED = "\u202egnp.exe\u2066 Ave N"
Check = Callable[[ServiceRequest], bool]


@dataclass(frozen=True)
class Row:
    """What of a good row is changed, and what must be true of what it becomes; none: it stands apart."""

    change: dict[str, Any]
    is_right: Check | None
    outcome: str


def put(**change: Any) -> dict[str, Any]:
    return change


ROWS: dict[str, Row] = {
    "text: a NUL": Row(put(description="a\x00b"), lambda r: r.description == "a�b", "marked"),
    "text: a NUL in the address": Row(
        put(address="1 Main\x00 St"), lambda r: "\x00" not in r.address, "marked"
    ),
    "text: a NUL in the reporter's name": Row(
        put(reporter={"id": 1, "name": "R\x00"}), lambda r: r.reporter.name == "R�", "marked"
    ),
    "text: half of a pair": Row(
        put(description="a\ud83d b"), lambda r: r.description.endswith(" b"), "marked"
    ),
    "text: terminal signs": Row(
        put(summary="\x1b]0;owned\x07\x1b[2J"), lambda r: "\x1b" not in r.summary, "marked"
    ),
    "text: a title of several lines": Row(
        put(summary="Tree\n2026-01-01 WARNING forged"), lambda r: "\n" not in r.summary, "one line"
    ),
    "text: turned from right to left": Row(
        put(description=TURNED, address=TURNED), lambda r: r.address == "gnp.exe Ave N", "turned back"
    ),
    "text: tags and a script": Row(
        put(description=IMG + "<script>x</script>"),
        lambda r: r.description.startswith("<img"),
        "kept as words",
    ),
    "text: SQL": Row(
        put(description="'); DROP TABLE request; --"),
        lambda r: r.description.startswith("')"),
        "kept as words",
    ),
    "text: format signs": Row(
        put(description="%s%n{0}{x!r}${x}"), lambda r: "{x!r}" in r.description, "kept"
    ),
    "text: two million letters": Row(
        put(description="x" * 2_000_000 + " people trapped"),
        lambda r: len(r.description) <= 10_000 and r.description.endswith("people trapped"),
        "beginning and end kept, judged and shown",
    ),
    "text: ten thousand letters": Row(
        put(description="y" * 10_000), lambda r: len(r.description) == 10_000, "kept whole"
    ),
    "text: ten thousand accents on one letter": Row(
        put(description="a" + "\u0301" * 9_999), lambda r: len(r.description) == 10_000, "kept, shown"
    ),
    "text: ten thousand line ends": Row(
        put(description="a" + "\n" * 9_998 + "b"), lambda r: r.description[-1] == "b", "kept, shown"
    ),
    "text: nothing but signs of no width": Row(
        put(description="\u200b\u200d\ufeff" * 3_000), lambda r: len(r.description) > 0, "kept, shown"
    ),
    "text: an object nested as a description": Row(
        put(description={"a": {"b": ["c", {"d": "e"}]}}), lambda r: r.description == "c, e", "its words"
    ),
    "text: lists nested nine deep": Row(
        put(description=[[[[[[[[["x"]]]]]]]]]), lambda r: r.description == "", "no words"
    ),
    "id: four thousand digits": Row(put(id="7" * 4_000), None, "apart: it would not be whole"),
    "id: an object": Row(put(id={}), None, "apart: no id"),
    "id: path signs": Row(
        put(id="../../etc/passwd"), lambda r: r.request_id == "../../etc/passwd", "a name only"
    ),
    "number: 1e300 followers": Row(put(rating=1e300), lambda r: r.followers == 1_000_000_000, "bounded"),
    "number: 2**70 followers": Row(put(rating=2**70), lambda r: r.followers == 1_000_000_000, "bounded"),
    "number: followers below zero": Row(put(rating=-5), lambda r: r.followers == 1, "one"),
    "number: 1e400 as a place": Row(put(lat="1e400", lng="nan"), lambda r: r.place is None, "no place"),
    "number: a place beyond the pole": Row(put(lat=91.0, lng=10.0), lambda r: r.place is None, "no place"),
    "time: the year 9999, entered": Row(
        put(created_at="9999-12-31T23:59:59-12:00"), None, "apart: no such time"
    ),
    "time: the year 9999, changed": Row(
        put(updated_at="9999-12-31T23:59:59-12:00"), lambda r: r.updated_at == r.created_at, "as entered"
    ),
    "time: before the year 1": Row(put(created_at=-(10**18)), None, "apart: no time of entry"),
    "time: 1e308 seconds": Row(put(created_at=1e308), None, "apart: no time of entry"),
    "link: a photo in a file": Row(
        put(media={"image_full": "file:///etc/passwd"}), lambda r: r.photo_url == "", "no photo"
    ),
    "link: a photo that is a script": Row(
        put(media={"image_full": "javascript:alert(1)"}), lambda r: r.photo_url == "", "no photo"
    ),
    "link: a photo on a share of the network": Row(
        put(media={"image_full": "\\\\evil.example\\x.png"}), lambda r: r.photo_url == "", "no photo"
    ),
    "link: a photo's address of 100,000 letters": Row(
        put(media={"image_full": "https://evil.example/" + "a" * 100_000}),
        lambda r: r.photo_url == "",
        "no photo",
    ),
    "link: a photo with tags in its address": Row(
        put(media={"image_full": f"https://evil.example/{IMG.replace(' ', '+')}"}),
        lambda r: r.photo_url.startswith("https://evil.example/<img"),
        "a button that asks; hover text shows it as words",
    ),
    "shape: media is a list": Row(put(media=["x"]), lambda r: r.photo_url == "", "no photo"),
    "shape: a status that is an object": Row(put(status={"a": "Open"}), lambda r: r.is_open, "open"),
    "shape: a category that is a list": Row(
        put(request_type=["x"]), lambda r: r.service_name == "Tree", "its title"
    ),
    "shape: a category with tags and line ends": Row(
        put(request_type={"id": "a\nb", "title": f"{IMG}\nTREE"}),
        lambda r: "\n" not in r.service_name + r.service_code,
        "one line, kept as words",
    ),
}


@pytest.fixture
def server() -> Iterator[Playing]:
    playing = Playing()
    yield playing
    playing.close()


def serve(server: Playing) -> dict[str, dict[str, Any]]:
    """All rows in one answer, each at a place of its own; by name."""
    rows = {
        name: {**GOOD, "id": 1000 + n, "lat": 27.70 + n * 0.004, **row.change}
        for n, (name, row) in enumerate(ROWS.items())
    }
    pages = {"entries": len(rows) + 1, "page": 1, "next_page": None}
    body = json.dumps({"issues": [*rows.values(), GOOD], "metadata": {"pagination": pages}}).encode()

    def says(call: Call) -> Say:
        return Say(body) if call.path.endswith("/issues") else Say({}, status=404)

    server.says = says
    return rows


def stored_requests(room: Room) -> dict[str, ServiceRequest]:
    with room.store.reading() as connection:
        ids = [row.site_id for row in sites.board_rows(connection)]
        found = sites.members(connection, ids)
    return {each.request_id: each for members in found.values() for _, each, _ in members}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_hostile_row_holds_up_the_others_and_each_comes_to_what_it_should(
    kind: str,
    server: Playing,
    tmp_path: Path,
    clock: StillClock,
    run: Callable[..., Any],
    request: pytest.FixtureRequest,
    say_table: Callable[[str, list[str]], None],
) -> None:
    rows, met = serve(server), Outcomes()
    store_url = request.getfixturevalue("postgres_url") if kind == "postgresql" else ""
    city = SimpleNamespace(url=server.url, georeport_url=server.address)
    room = Room(tmp_path / "seat", city, clock, run, store_url=store_url)  # type: ignore[arg-type]

    room.sync()

    kept = stored_requests(room)
    with room.store.reading() as connection:
        apart = len(connection.execute(select(quarantine.c.digest)).all())
    assert "1" in kept, "the good row behind the hostile ones"
    for name, row in ROWS.items():
        found = kept.get(str(rows[name]["id"]))
        assert (found is None) == (row.is_right is None), name
        assert row.is_right is None or found is None or row.is_right(found), (name, found)
        met.came(name, row.outcome)
    assert apart == sum(row.is_right is None for row in ROWS.values())
    assert room.log_acts() is not None  # the chain is intact
    room.close()
    say_table(f"Hostile rows, {kind}", met.lines)


def hints_of(widget: QWidget) -> list[str]:
    return [each.toolTip() for each in widget.findChildren(QWidget) if each.toolTip()]


def test_the_window_shows_hostile_words_as_they_stand(
    qtbot: Any,
    loop: Any,
    server: Playing,
    tmp_path: Path,
    clock: StillClock,
    run: Callable[..., Any],
    wait_until: Callable[..., None],
    say_table: Callable[[str, list[str]], None],
) -> None:
    asyncio.set_event_loop(loop)
    rows, met = serve(server), Outcomes()
    city = SimpleNamespace(url=server.url, georeport_url=server.address)
    room = Room(tmp_path / "seat", city, clock, run)  # type: ignore[arg-type]
    room.sync()
    console = RealConsole(room, wait_until)
    thread, kept = console.queue.detail.page.thread, stored_requests(room)
    try:
        for name in ROWS:
            if not name.startswith(("text", "link", "shape")):
                continue
            # A label breaks long runs with signs of no width of its own.
            words = kept[str(rows[name]["id"])].description.replace("\u200b", "").strip()[:40]
            console.selection.go(room.site(str(rows[name]["id"])))
            console.wait(lambda words=words: any(words in each.said() for each in thread.findChildren(Words)))
            console.window.grab()
        _look_at_links(console, room, rows, met)
        _look_at_labels(console, met)
    finally:
        console.close()
        room.close()
        asyncio.set_event_loop(None)
    say_table("Hostile words in the window", met.lines)


def _look_at_links(console: RealConsole, room: Room, rows: dict[str, Any], met: Outcomes) -> None:
    said: list[str] = []
    console.bridge.said.connect(lambda sentence, _alarm: said.append(sentence))
    detail = console.queue.detail
    for name, address in {
        "click: javascript": "javascript:alert(1)",
        "click: a file": "file:///etc/passwd",
        "click: a share": "\\\\evil.example\\x",
        "click: no host": "https:///x",
        "click: an address with tags and blanks": f"https://evil.example/{IMG}",
    }.items():
        assert detail.ask_to_open(address) is None and "not opened" in said[-1]
        met.came(name, said[-1])
    box = detail.ask_to_open("https://city.example@evil.example/%3Cimg%20src=x%3E")
    assert box is not None and "<" not in box.text() + box.informativeText()
    assert box.text().count("evil.example") == 1 and "city.example" not in box.informativeText()
    assert box.informativeText().startswith("https://evil.example/%3Cimg")
    met.came("click: an address with tags and a false host", f"asks first, shows {box.informativeText()}")
    box.reject()
    site_id = room.site(str(rows["link: a photo with tags in its address"]["id"]))
    console.selection.go(site_id)
    console.wait(lambda: _photo_button(console) is not None)
    button = _photo_button(console)
    assert button is not None and "<img" not in button.toolTip() and "&lt;img" in button.toolTip()
    met.came("hover: the address of a photo, with tags", "shown as words, nothing fetched")


def _photo_button(console: RealConsole) -> QPushButton | None:
    buttons = console.queue.detail.page.thread.findChildren(QPushButton)
    return next((each for each in buttons if "photo" in each.text()), None)


def _look_at_labels(console: RealConsole, met: Outcomes) -> None:
    shown = [label for label in console.window.findChildren(QLabel) if "<img" in label.text()]
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in shown)
    for top in QApplication.topLevelWidgets():
        assert not any("<img" in hint for hint in hints_of(top))
        assert "<img" not in top.windowTitle()
    met.came("tags in every label and hover text in sight", "plain text alone")


# -- answers ----------------------------------------------------------------------------------------------

LIVE = ChannelSettings(
    is_exercise=False,
    zone=ZoneInfo("America/New_York"),
    clock=StillClock(SENT_AT),
    data_dir=Path("unused"),
    values={"mail_from_allowed": "@pinellas.example", "mail_to": "m.diaz@pinellas.example"},
)


def letter(body: str, subject: str = "Re: [EOC-0041 abcdefgh12345]", sender: str = "") -> bytes:
    made = EmailMessage()
    made["From"] = sender or "m.diaz@pinellas.example"
    made["To"], made["Subject"], made["Message-ID"] = "eoc@city.example", subject, "<1@x.example>"
    made.set_content(body, cte="8bit")
    return made.as_bytes()


def test_hostile_answers_are_read_by_a_person_and_do_nothing(
    tmp_path: Path,
    postgres_url: str,
    clock: StillClock,
    run: Callable[..., Any],
    city: Any,
    say_table: Callable[[str, list[str]], None],
) -> None:
    """Through the folder and the mail's reader into a database that takes no NUL."""
    met = Outcomes()
    room = Room(tmp_path / "seat", city, clock, run, store_url=postgres_url)
    item = room.escalate(room_request(room, city))
    folder = room.parts.folder / "hand-overs" / "answers"
    folder.mkdir(parents=True, exist_ok=True)
    head = {"schema": "landfall/answer", "version": 1, "exercise": True, "escalation_id": item.escalation_id}
    answers: dict[str, bytes] = {
        "answer: no token": orjson.dumps({**head, "answer": "accept"}),
        "answer: a guessed token": orjson.dumps({**head, "answer": "accept", "token": "guessed"}),
        "answer: NULs and terminal signs": orjson.dumps(
            {**head, "answer": "accept", "text": "a\x00\x1b[2J", "by": {"name": "\x00"}}
        ),
        "answer: nested 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
        "answer: 1 MB": orjson.dumps({**head, "text": "x" * 1_000_000}),
        "answer: no JSON, with a NUL": b"\x00\xff\xfeACCEPT",
        "answer: a time in the year 9999": orjson.dumps(
            {**head, "answer": "resource", "eta_at": "9999-12-31T23:59:59-12:00"}
        ),
    }
    for n, content in enumerate(answers.values()):
        path = folder / f"{n}.json"
        path.write_bytes(content)
        os.utime(path, (time.time() - 60,) * 2)
    room.sync()
    waiting = room.em_desk.to_read()
    assert len(waiting) == len(answers)
    for name in answers:
        met.came(name, "waits for a person, does nothing")
    mails = {
        "mail: a NUL in its words": letter("ACCEPT\x00 \x1b[2J"),
        "mail: tags in its words": letter(f"{IMG} ACCEPT"),
        "mail: a thousand addresses for a sender": letter(
            "ACCEPT", sender=", ".join(["a@x.example"] * 1_000)
        ),
        "mail: no mail at all": b"\x00\xff" * 5_000,
        "mail: parts within parts, 200 deep": b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(200)
        ),
        "mail: a stranger who knows the number": letter("ACCEPT", sender="eve@evil.example"),
    }
    for name, content in mails.items():
        found = received.read(content, LIVE)
        assert not isinstance(found, Incoming) or not found.act or found.token == "abcdefgh12345", name
        if isinstance(found, Incoming):
            said = repr((found.text, found.by_name, found.why_unclear))
            assert "\\x00" not in said and "\\x1b" not in said, name
            room.em_desk.take([found])
        met.came(name, "passed over" if not isinstance(found, Incoming) else "kept for a person")
    with room.store.reading() as connection:
        now = escalations.get(connection, item.escalation_id)
    assert now is not None and now.state is EscalationState.SENT and not now.answers, (
        "nothing was done on them"
    )
    assert len(room.em_desk.to_read()) > len(answers) and room.log_acts()
    room.close()
    say_table("Hostile answers to hand-overs", met.lines)


def room_request(room: Room, city: Any) -> str:
    request_id = city.add_report("Oak across both lanes", address="5th Ave N & 9th St N")
    room.sync()
    return str(request_id)


def test_hostile_words_on_paper_and_in_names_of_files(say_table: Callable[[str, list[str]], None]) -> None:
    met = Outcomes()
    words = {
        "paper: tags": IMG,
        "paper: reportlab's own tags": "<para><font size=400>&bogus;<a href='file:///etc/passwd'>x</a></para>",
        "paper: control and turning signs": "a\x00\x1b[2J\u202eb",
        "paper: ten thousand letters without a blank": "x" * 10_000,
        "paper: signs no font has": "\U0001f9ff\ue000\U000e0041",
    }
    for name, said in words.items():
        content = pdf.ics213(ics213.fill(hand_over(summary=said, people=said), LIVE.zone))
        pages = pages_of(content)
        assert content.startswith(b"%PDF") and 1 <= len(pages) <= 40, name
        assert b"/etc/passwd" not in content and b"/URI" not in content and b"/JavaScript" not in content
        met.came(name, f"printed as words, {len(pages)} page(s)")
    names = {
        "file name: a path upwards": "../../etc/cron.d/x",
        "file name: a name of Windows' own": "CON",
        "file name: signs that turn and end": "a\u202egpj.exe\x00\n",
        "file name: a share": "\\\\evil.example\\x:y|z*?",
        "file name: dots and blanks at the end": "x. . .",
    }
    for name, said in names.items():
        stem = files.stem(hand_over(number="EOC-0041", escalation_id=said, is_exercise=False))
        assert stem.startswith("EOC-0041_") and not set(stem) - set(files_may_hold()), stem
        met.came(name, stem)
    say_table("Hostile words on paper and in names", met.lines)


def files_may_hold() -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

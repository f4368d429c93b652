"""One answer to everybody who reported a site: once each, through a crash in the middle."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from dispatch.bulk.kinds import BulkKind
from dispatch.bulk.order import BulkOrder
from dispatch.bulk.plan import ELSEWHERE
from tests.city import ROOT, TOKEN, City
from tests.flow.answering_process import POINTS, TAKEN
from tests.rooms import Room

REPORTERS = 37
WORDS = "A crew has your street on its list. This is not 911: if anyone is in danger, call 911 now."
PATIENCE_S = 60.0


def reported(city: City, *reporters: str) -> list[str]:
    """One after the other, a minute apart."""
    ids = []
    for number, who in enumerate(reporters):
        ids.append(city.add_report(f"Oak across 5th Ave N, no. {number}", reporter=who))
        city.clock(forward_s=60)
    return ids


def merged(room: Room, request_ids: list[str]) -> int:
    room.sync()
    lead, *others = [room.site(each) for each in request_ids]
    room.desk.merge(lead, others)
    return lead


def vote(city: City, request_id: str) -> None:
    """Somebody else follows the report from here on."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    requests.post(f"{city.url}/issues/{request_id}/vote", headers=headers, timeout=30).raise_for_status()


def on_the_server(city: City) -> dict[str, int]:
    """How many messages of these words each request has."""
    return {
        str(each["id"]): [line["text"] for line in each["messages"]].count(WORDS)
        for each in city.truth()["requests"]
    }


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_killed_after_the_twelfth_message_37_reporters_have_one_each(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], point: str, store: str,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    url = str(request.getfixturevalue("postgres_url")) if store == "postgresql" else ""
    folder = tmp_path / "seat"
    room = Room(folder, city, clock, run, store_url=url)
    ids = reported(city, *(f"resident {n}" for n in range(REPORTERS)))
    room.desk.message(merged(room, ids), WORDS)
    room.close()

    words = [str(folder), city.url, city.control_url, point, *([url] if url else [])]
    seat = subprocess.run(
        [sys.executable, "-m", "tests.flow.answering_process", *words],
        cwd=ROOT,
        timeout=PATIENCE_S,
        capture_output=True,
        text=True,
    )
    assert seat.returncode == -signal.SIGKILL, seat.stderr
    assert sum(on_the_server(city).values()) == TAKEN, "killed in the middle"

    again = Room(folder, city, clock, run, store_url=url)
    again.sync()
    again.sync()
    again.close()

    assert on_the_server(city) == dict.fromkeys(ids, 1)


def test_a_person_who_reported_the_site_twice_reads_the_answer_once(room: Room, city: City) -> None:
    older, other, newer = reported(city, "resident 1", "resident 2", "resident 1")
    site_id = merged(room, [older, other, newer])

    said = room.parts.bulk.preview([site_id], BulkOrder(BulkKind.MESSAGE, text=WORDS))
    room.desk.message(site_id, WORDS)
    room.sync()

    assert on_the_server(city) == {older: 0, other: 1, newer: 1}
    assert (said.messages, said.people, dict(said.unwritten)) == (2, 2, {ELSEWHERE: 1})


def test_of_two_reports_of_a_person_the_one_still_open_has_the_answer(room: Room, city: City) -> None:
    older, newer = reported(city, "resident 1", "resident 1")
    site_id = merged(room, [older, newer])
    city.elsewhere(newer, "close")
    room.sync()

    room.desk.message(site_id, WORDS)
    room.sync()

    assert on_the_server(city) == {older: 1, newer: 0}


def test_who_may_be_several_people_reads_it_at_each_report(room: Room, city: City) -> None:
    ids = reported(city, "anonymous", "anonymous", "staff", "staff")
    site_id = merged(room, ids)

    room.desk.message(site_id, WORDS)
    room.sync()

    assert on_the_server(city) == dict.fromkeys(ids, 1)


def test_a_second_report_that_others_follow_has_the_answer_for_them(room: Room, city: City) -> None:
    older, newer = reported(city, "resident 1", "resident 1")
    vote(city, older)
    site_id = merged(room, [older, newer])

    room.desk.message(site_id, WORDS)
    room.sync()

    assert on_the_server(city) == {older: 1, newer: 1}


def test_a_hand_over_that_is_accepted_is_told_to_a_person_once(room: Room, city: City) -> None:
    older, newer = reported(city, "resident 1", "resident 1")
    merged(room, [older, newer])
    handed = room.escalate(older, tell_residents=True)
    room.sync()

    room.em_desk.accept(handed.escalation_id, "crew 4", by_name="B. Manager")
    room.sync()

    told = [sum("passed to emergency" in text for text in city.messages(each)) for each in (older, newer)]
    assert sum(told) == 1

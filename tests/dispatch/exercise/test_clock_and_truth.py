"""Storm time, what happens in it, what a client ought to have, and a server that comes back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import requests

from dispatch.exercise.office import OUTAGE_MS, reopened_clock
from tests.city import City


def test_the_clock_stands_runs_and_goes_forward_only(city):
    assert city.clock() == {"now": "2017-09-11T10:30:00.000-04:00", "speed": 0, "paused": False}
    assert city.clock(forward_s=90, speed=2, paused=True) == {
        "now": "2017-09-11T10:31:30.000-04:00",
        "speed": 2,
        "paused": True,
    }
    with pytest.raises(AssertionError, match="only goes forward"):
        city.clock(forward_s=-10)
    with pytest.raises(AssertionError, match="from 0 to 86400"):
        city.clock(speed=1e12)


def test_a_fresh_report_is_touched_and_acknowledged_by_rule(city, call):
    number = city.add_report()
    fresh = call.get(f"/issues/{number}")
    city.clock(forward_s=61)

    later = call.get(f"/issues/{number}")

    assert (fresh["status"], fresh["updated_at"]) == ("Open", fresh["created_at"])
    assert later["status"] == "Acknowledged"
    waited = datetime.fromisoformat(later["acknowledged_at"]) - datetime.fromisoformat(fresh["created_at"])
    assert timedelta(seconds=2) <= waited <= timedelta(seconds=60)
    assert later["updated_at"] >= later["acknowledged_at"]
    assert city.messages(number) == []


def test_seven_quiet_days_archive_what_is_closed(city, call):
    quiet, talked_about = city.add_report(), city.add_report()
    for number in (quiet, talked_about):
        call.post(f"/issues/{number}/close", comment="Cleared")
    city.clock(forward_s=5 * 86400)
    city.elsewhere(talked_about, "comment", "It fell again")
    city.clock(forward_s=3 * 86400)

    assert (city.status(quiet), city.status(talked_about)) == ("Archived", "Closed")
    assert call.get(f"/issues/{quiet}")["updated_at"] == "2017-09-18T10:30:00-04:00"
    city.clock(forward_s=5 * 86400)
    assert city.status(talked_about) == "Archived"


def test_the_truth_is_what_has_come_by_now(tmp_path):
    with City(tmp_path / "city", "irma") as city:
        before = city.truth()
        city.clock(forward_s=3600)
        after = city.truth()

    assert before["now"].startswith("2017-09-11T10:30:00")
    assert 650 < len(before["requests"]) < 800
    assert len(after["requests"]) - len(before["requests"]) > 130
    assert all(each["updated_at"] <= before["now"] for each in before["requests"])
    assert {"Open", "Acknowledged", "Closed"} <= {each["status"] for each in before["requests"]}


def test_a_killed_server_comes_back_with_all_it_accepted(city, call):
    number = city.add_report("Oak")
    call.post(f"/issues/{number}/comments", comment="Seen")
    city.clock(forward_s=30)
    truth, url = city.truth(), city.url

    city.restart()

    assert city.url == url
    assert city.truth() == truth
    assert call.get(f"/issues/{number}/comments")["comments"][0]["comment"] == "Seen"
    assert int(city.add_report()) == int(number) + 1


def test_a_storm_that_was_cut_short_goes_on_as_if_it_had_not_been(tmp_path):
    with City(tmp_path / "one", "irma") as cut, City(tmp_path / "other", "irma") as whole:
        cut.clock(forward_s=3600)
        cut.restart()
        cut.clock(forward_s=23 * 3600)
        whole.clock(forward_s=24 * 3600)

        assert cut.truth() == whole.truth()


def test_a_storm_goes_on_in_an_outage_and_waits_when_put_away():
    kept = {"now": 1_000_000, "speed": 4.0, "paused": False, "wall": 50_000}

    assert 1_040_000 <= reopened_clock(kept, wall=lambda: 60_000).now() < 1_041_000
    assert reopened_clock({**kept, "paused": True}, wall=lambda: 60_000).now() == 1_000_000
    assert 1_000_000 <= reopened_clock(kept, wall=lambda: 50_001 + OUTAGE_MS).now() < 1_001_000


def test_irma_repeats_an_id_now_and_then_and_loses_none(tmp_path):
    with City(tmp_path / "city", "irma") as city, requests.Session() as session:
        session.trust_env = False
        ids, page = [], 1
        while page:
            query = {"page": page, "per_page": 20, "status": "open,acknowledged,closed,archived"}
            answer = session.get(f"{city.url}/issues", params=query, timeout=10).json()
            ids += [issue["id"] for issue in answer["issues"]]
            page = answer["metadata"]["pagination"]["next_page"]
        truth = {each["id"] for each in city.truth()["requests"]}

    assert set(ids) == truth
    assert 0 < len(ids) - len(truth) < 15

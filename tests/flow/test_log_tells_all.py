"""What the activity log keeps of a decision: before and after, by whom, and nobody's words."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from dispatch.records import Band, CloseReason, Place, ReturnCode, Told911, WaitReason
from dispatch.store import log
from tests.rooms import Room

WORDS = "My neighbor Mrs. Ortega of 727-555-0142"


@pytest.fixture
def site(room: Room, city: Any) -> int:
    request_id = city.add_report(f"Oak across 5th Ave N. {WORDS}")
    room.sync()
    return room.site(request_id)


def newest(room: Room, act: str) -> dict[str, Any]:
    """The detail of the newest line of this act; the whole chain stands."""
    with room.store.reading() as connection:
        assert log.verify(connection).is_intact
        lines = [row for row in log.every_row(connection) if row["act"] == act]
    found: dict[str, Any] = orjson.loads(lines[-1]["detail"])
    return found


def changed(room: Room, act: str) -> tuple[Any, Any]:
    detail = newest(room, act)
    return detail["before"], detail["after"]


def test_a_band_is_kept_before_and_after_without_its_reason(room: Room, site: int) -> None:
    room.desk.set_band(site, Band.P1, WORDS)
    before, after = changed(room, "band")

    assert before["band"] > Band.P1 and after["band"] == Band.P1
    assert (before["own_band"], after["own_band"], after["own_band_who"]) == (None, 1, "A. Operator")
    assert WORDS not in str(newest(room, "band"))


def test_waiting_and_closing_keep_the_state_they_left(room: Room, site: int) -> None:
    room.desk.wait(site, WaitReason.OWNER, WORDS)
    waiting = changed(room, "wait")
    room.desk.close(site, CloseReason.NO_LONGER_NEEDED, note=WORDS)
    closed = changed(room, "close")

    assert (waiting[0]["state"], waiting[1]["state_reason"]) == (0, "owner")
    assert (closed[0]["state"], closed[0]["state_reason"]) == (2, "owner")
    assert (closed[1]["state"], closed[1]["state_reason"]) == (3, "no_longer_needed")
    assert WORDS not in str(newest(room, "close"))


def test_facts_are_named_by_their_ids_so_that_words_stay_out(room: Room, site: int) -> None:
    room.desk.confirm_place(site, "street", WORDS)
    first = changed(room, "place")
    room.desk.confirm_place(site, "exact", "2214 22nd Ave S")
    second = changed(room, "place")
    room.desk.tell_911(site, Told911(True, room.parts.clock.now(), WORDS, "17-1"))
    told = changed(room, "911")
    room.desk.note(site, WORDS)

    assert first[0]["fact"] is None
    assert second[0]["fact"] == first[1]["fact"] != second[1]["fact"]
    assert told[0]["fact"] is None and told[1]["fact"]
    assert newest(room, "note")["after"]["fact"]
    with room.store.reading() as connection:
        assert WORDS not in str(list(log.every_row(connection)))


def test_a_place_by_hand_is_named_by_its_fact_and_undone_by_it(room: Room, site: int) -> None:
    room.desk.place_by_hand(site, Place(27.75, -82.66), "2214 22nd Ave S")
    room.desk.place_by_hand(site, Place(27.76, -82.67))
    before, after = changed(room, "place_by_hand")
    with room.store.reading() as connection:
        assert "27.7" not in str(list(log.every_row(connection)))

    room.desk.undo()

    assert before["fact"] and after["fact"] and before != after
    own = room.parts.detail.view(site).own_place
    assert own is not None and (own.place, own.words) == (Place(27.75, -82.66), "2214 22nd Ave S")


def test_a_hand_over_keeps_each_state_it_came_from(room: Room, city: Any) -> None:
    request_id = city.add_report("Oak across 5th Ave N")
    room.sync()
    item = room.escalate(request_id, desk="Traffic", esf="ESF 1")
    sent = changed(room, "escalate")
    room.em_desk.accept(item.escalation_id, WORDS)
    accepted = changed(room, "accept")
    room.em_desk.pass_on(item.escalation_id, "Public works", esf="ESF 3")
    passed = changed(room, "pass_on")
    room.em_desk.give_back(item.escalation_id, ReturnCode.OUTSIDE_AREA, WORDS)
    returned = changed(room, "return")

    assert sent[0]["escalation"]["state"] is None and sent[1]["escalation"]["state"] == "sent"
    assert accepted[0]["state"] in ("sent", "received") and accepted[1]["state"] == "accepted"
    assert passed == ({"desk": "Traffic", "esf": "ESF 1"}, {"desk": "Public works", "esf": "ESF 3"})
    assert returned[1] == {"state": "returned", "return_code": "outside_area"}
    with room.store.reading() as connection:
        assert WORDS not in str(list(log.every_row(connection)))


def test_the_rooms_switches_are_kept_before_and_after(room: Room) -> None:
    now = room.parts.clock.now()
    room.desk.set_storm_mode(False)
    room.desk.suspend("police", now, "Wind 45 mph", now + 60)
    first = changed(room, "suspend")
    room.desk.suspend("police", now, "Wind 50 mph", now + 90)
    again = changed(room, "suspend")
    room.desk.resume_service("police")
    room.parts.profile_desk.plan(None, now + 5000)

    assert changed(room, "resume_service") == (again[1], None)
    assert first[0] is None and again == (first[1], {"since_at": now, "review_at": now + 90})
    assert changed(room, "storm_mode") == ({"from": None, "until": None}, {"from": None, "until": now + 5000})


def test_merging_and_splitting_say_where_a_report_stood(room: Room, city: Any) -> None:
    a, b = city.add_report("Oak across 5th Ave N"), city.add_report("Tree blocks 5th Ave N")
    room.sync()
    lead, other = room.site(a), room.site(b)

    room.desk.merge(lead, [other])
    room.desk.split(lead, b)

    assert changed(room, "merged") == ({"site": other}, {"site": lead})
    assert changed(room, "split") == ({"site": lead}, {"site": other})

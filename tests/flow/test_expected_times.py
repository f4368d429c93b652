"""Expected times over a real store: what is told by category and site, kept, taken back, corrected."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text, update

from dispatch.errors import ActRefused, NotAllowed
from dispatch.expected_desk import HOUR_MS, ExpectedDesk
from dispatch.insight.expected import DAY_MS
from dispatch.records import CloseReason, Expectation, Flag, NoTime, Role
from dispatch.residents.told import NOT_911
from dispatch.store import expected, log, schema, sites
from tests.city import City
from tests.rooms import ON_SQLITE, Room

TREE = "tree_road_blocked"
STREETS = tuple(f"{number}th Ave N & {number}th St N" for number in range(30, 37))
SOON = Expectation(low_days=1, high_days=3, normal_days=3, open=4, closed_day=2, closed_week=9)


@pytest.fixture
def desk(room: Room) -> ExpectedDesk:
    return room.parts.expected_desk


@pytest.fixture
def trees(room: Room, city: City) -> list[int]:
    """Three sites of one category, far from each other, of three residents."""
    ids = [
        city.add_report(f"A tree blocks the road at {at}, nobody is hurt", address=at) for at in STREETS[:3]
    ]
    room.sync()
    found = [room.site(each) for each in ids]
    alter(room, found, category=TREE, band=2, flags=0, own_flags=0)
    return found


def alter(room: Room, site_ids: list[int], **values: Any) -> None:
    with room.store.transaction(room.parts.actor) as tx:
        these = schema.site.c.site_id.in_(site_ids)
        tx.connection.execute(update(schema.site).where(these).values(**values))
        tx.sites.update(site_ids)


def tell(room: Room, site_ids: list[int], said: Expectation = SOON) -> list[str]:
    """As a message does in whose text the range stands: the report has the number of its site."""
    sent: list[str] = []
    with room.store.transaction(room.parts.actor) as tx:
        for site_id in site_ids:
            row = sites.row(tx.connection, site_id)
            assert row is not None
            ids = room.desk.say(tx, row, "It may take up to 3 days. This is not 911.")
            expected.record_told(tx, [site_id] * len(ids), said, ids)
            tx.log("message", "message to the reporter", site_id=site_id, detail={"undo": {"sent": ids}})
            sent += ids
    return sent


def told(room: Room) -> list[Any]:
    with room.store.reading() as connection:
        return expected.tellings(connection, room.parts.actor.activation_id)


# -- what may be told -------------------------------------------------------------------------------------


def test_every_category_has_a_time_or_a_reason_why_not(desk: ExpectedDesk, trees: list[int]) -> None:
    said = desk.expectations()

    # Hardly anything was closed yet: the city's own days for quiet times and for storms.
    assert said[TREE].range == (3, 7)
    assert said[TREE].open >= 3
    assert said["power_outage"].no_time_why == NoTime.UTILITY
    assert said["street_light_out"].no_time_why == NoTime.UTILITY
    assert said["tree_private"].no_time_why == NoTime.HOMEOWNER
    assert said["fire"].no_time_why == NoTime.LIFE_SAFETY
    # The city's own water works.
    assert said["water_main_break"].has_time


def test_it_is_counted_anew_each_hour(room: Room, desk: ExpectedDesk, trees: list[int], clock: Any) -> None:
    before = desk.expectations()[TREE].open
    room.desk.close(trees[0], CloseReason.FIXED_CONFIRMED)

    assert desk.expectations()[TREE].open == before
    clock.advance(hours=1)
    assert desk.expectations()[TREE].open == before - 1


def test_s7_no_time_is_told_while_response_is_suspended(
    room: Room, desk: ExpectedDesk, trees: list[int], clock: Any
) -> None:
    tell(room, trees)
    clock.advance(hours=24 * 9)
    assert desk.expectations()[TREE].has_time
    assert desk.due_corrections()

    room.desk.suspend("public works", clock.now(), "wind", clock.now() + HOUR_MS)

    assert {each.has_time for each in desk.expectations().values()} == {False}
    assert desk.for_site(trees[0]).no_time_why == NoTime.SUSPENDED
    assert desk.due_corrections() == ()
    with pytest.raises(ActRefused):
        desk.correct(trees)


def test_s8_no_time_is_told_where_a_life_may_be_in_danger(
    room: Room, desk: ExpectedDesk, trees: list[int], clock: Any
) -> None:
    tell(room, trees)
    clock.advance(hours=24 * 9)
    alter(room, trees[:1], band=1)
    alter(room, trees[1:2], own_flags=int(Flag.RESTRICTED))

    assert desk.for_site(trees[0]).no_time_why == NoTime.LIFE_SAFETY
    assert desk.for_site(trees[1]).no_time_why == NoTime.RESTRICTED
    assert desk.for_site(trees[2]).has_time
    assert [each.told.site_id for each in desk.due_corrections()] == trees[2:]


def test_s13_no_time_is_told_before_the_wire_is_safe(
    room: Room, desk: ExpectedDesk, trees: list[int]
) -> None:
    alter(room, trees, own_flags=int(Flag.WIRE))
    assert desk.for_site(trees[0]).no_time_why == NoTime.WIRE

    alter(room, trees, own_flags=int(Flag.WIRE | Flag.MADE_SAFE))
    assert desk.for_site(trees[0]).has_time


def test_the_counts_are_those_of_the_database(room: Room, desk: ExpectedDesk, city: City, clock: Any) -> None:
    ids = [city.add_report(f"Pothole in the road, {at}", address=at) for at in STREETS]
    room.sync()
    these = [room.site(each) for each in ids]
    alter(room, these, category="pothole", flags=0, own_flags=0)
    for site_id in these[:2]:
        room.desk.close(site_id, CloseReason.FIXED_CONFIRMED, confirmed_by="crew 4")
    room.desk.close(these[2], CloseReason.SPAM)
    clock.advance(hours=24 * 2)
    room.desk.close(these[3], CloseReason.FIXED_CONFIRMED, confirmed_by="crew 4")
    clock.advance(1)

    said = desk.expectations()

    with room.store.reading() as connection:
        rows = connection.execute(
            text(
                "SELECT category, count(CASE WHEN state <> 3 THEN 1 END),"
                " count(CASE WHEN state = 3 AND closed_at > :day THEN 1 END),"
                " count(CASE WHEN state = 3 AND closed_at > :week THEN 1 END) FROM site"
                " WHERE state_reason <> 'spam' AND (flags | own_flags) & 1024 = 0 GROUP BY category"
            ),
            {"day": clock.now() - DAY_MS, "week": clock.now() - 7 * DAY_MS},
        ).all()
    assert ("pothole", 3, 1, 3) in [tuple(row) for row in rows]
    for category, is_open, day, week in rows:
        found = said[category]
        assert (found.open, found.closed_day, found.closed_week) == (is_open, day, week)


# -- what was told ----------------------------------------------------------------------------------------


def test_what_was_told_is_kept_with_its_reason_by_whom_and_by_which_message(
    room: Room, trees: list[int], clock: Any
) -> None:
    (sent,) = tell(room, trees[:1])

    (found,) = told(room)
    assert (found.site_id, found.category, found.at) == (trees[0], TREE, clock.now())
    assert (found.low_days, found.high_days, found.end_at) == (1, 3, clock.now() + 3 * DAY_MS)
    with room.store.reading() as connection:
        row = connection.execute(select(schema.told)).one()
    assert (row.outbox_id, row.person, row.normal_days, row.open) == (sent, "A. Operator", 3, 4)


def test_taking_back_the_message_takes_back_the_telling(room: Room, trees: list[int]) -> None:
    sent = tell(room, trees)

    room.desk.take_back(sent[:1])

    assert {each.site_id for each in told(room)} == set(trees[1:])


def test_where_there_is_no_time_nothing_was_told(room: Room, trees: list[int]) -> None:
    tell(room, trees, Expectation(no_time_why=NoTime.UTILITY))

    assert told(room) == []


def test_of_ranges_told_it_is_counted_how_many_held(
    room: Room, desk: ExpectedDesk, trees: list[int], clock: Any
) -> None:
    tell(room, trees)
    clock.advance(hours=24 * 2)
    room.desk.close(trees[0], CloseReason.FIXED_CONFIRMED, confirmed_by="crew 4")
    assert (desk.times().told.kept, desk.times().told.broken, desk.times().told.waiting) == (1, 0, 2)

    clock.advance(hours=24 * 2)
    room.desk.close(trees[1], CloseReason.FIXED_CONFIRMED, confirmed_by="crew 4")

    found = next(each for each in desk.times().categories if each.category == TREE).told
    assert (found.kept, found.broken, found.waiting) == (1, 2, 0)


def test_the_statistics_say_how_many_promises_were_kept(
    room: Room, desk: ExpectedDesk, trees: list[int], clock: Any
) -> None:
    tell(room, trees[:2])
    clock.advance(hours=24)
    room.desk.close(trees[0], CloseReason.FIXED_CONFIRMED, confirmed_by="crew 4")
    clock.advance(hours=24 * 3)

    found = room.parts.statistics_desk.trust(clock.now()).heard.of_all[-1]

    assert (found.kept.count, found.kept.of) == (1, 2)
    assert found.sites["kept"] == {trees[1]}


def test_what_falls_due_stands_in_the_pack_of_the_next_shift(
    room: Room, trees: list[int], clock: Any
) -> None:
    tell(room, trees[:1])
    start = clock.now()

    with room.store.reading() as connection:
        activation_id = room.parts.actor.activation_id
        due = expected.due(connection, activation_id, start + 2 * DAY_MS, start + 3 * DAY_MS)
        later = expected.due(connection, activation_id, start + 3 * DAY_MS, start + 9 * DAY_MS)

    assert (due, later) == ({trees[0]: start + 3 * DAY_MS}, {})


# -- corrections ------------------------------------------------------------------------------------------


def test_a_moved_date_is_told_once_a_day_with_the_new_range(
    room: Room, desk: ExpectedDesk, city: City, trees: list[int], clock: Any
) -> None:
    tell(room, trees)
    room.sync()
    assert desk.due_corrections() == ()
    clock.advance(hours=24 * 3)

    due = desk.due_corrections()
    assert {each.told.site_id for each in due} == set(trees)
    assert not any(each.no for each in due)
    desk.correct([each.told.request_key for each in due])
    room.sync()

    for site_id, each in zip(sorted(trees), sorted(due, key=lambda one: one.told.site_id), strict=True):
        with room.store.reading() as connection:
            ((_, request, _),) = sites.members(connection, [site_id])[site_id]
        (said,) = [line for line in city.messages(request.request_id) if "time we told you" in line]
        assert said == each.text
        assert said.startswith("EXERCISE. ")
        assert NOT_911 in said
        assert "3 days" in said
    assert desk.due_corrections() == ()
    assert [each.is_correction for each in told(room)].count(True) == 3


def test_a_reporter_of_several_reports_hears_once_a_day(
    room: Room, desk: ExpectedDesk, trees: list[int], clock: Any
) -> None:
    with room.store.transaction(room.parts.actor) as tx:
        these = schema.request.c.request_key.in_(trees)
        tx.connection.execute(update(schema.request).where(these).values(reporter_id="77"))
        tx.sites.update(trees)
    tell(room, trees)
    clock.advance(hours=24 * 4)

    (first,) = desk.due_corrections()
    desk.correct(trees)

    assert desk.due_corrections() == ()
    clock.advance(hours=24)
    (second,) = desk.due_corrections()
    assert second.told.request_key != first.told.request_key


def test_corrections_can_be_taken_back_within_ten_seconds(
    room: Room, desk: ExpectedDesk, city: City, trees: list[int], clock: Any
) -> None:
    tell(room, trees)
    room.sync()
    clock.advance(hours=24 * 4)
    due = desk.due_corrections()
    desk.correct(trees)

    words, _ = room.desk.undo()
    room.sync()

    assert words == "Undone: new time told to 3 reporters."
    assert not any("time we told you" in line for each in due for line in city.messages(each.number))
    assert len(desk.due_corrections()) == 3
    with room.store.reading() as connection:
        assert log.verify(connection).is_intact


def test_a_rule_does_not_send_words_that_nobody_has_approved(
    room: Room, desk: ExpectedDesk, trees: list[int], clock: Any
) -> None:
    tell(room, trees)
    clock.advance(hours=24 * 4)

    with pytest.raises(ActRefused, match="approved"):
        desk.correct(trees, by_rule="dates")


@ON_SQLITE
def test_an_operator_does_not_correct_what_residents_were_told(
    room: Room, desk: ExpectedDesk, trees: list[int], clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(room, trees)
    clock.advance(hours=24 * 4)
    operator = replace(room.parts.actor, role=Role.OPERATOR)
    monkeypatch.setattr(desk, "_actor", lambda: operator)

    with pytest.raises(NotAllowed, match="Only a supervisor may correct the times"):
        desk.correct(trees)


def test_no_residents_words_or_names_stand_in_the_log(
    room: Room, desk: ExpectedDesk, trees: list[int], clock: Any
) -> None:
    tell(room, trees)
    clock.advance(hours=24 * 4)
    desk.correct(trees)

    with room.store.reading() as connection:
        lines = [row for row in log.every_row(connection) if row["act"] == "date_moved"]
    assert len(lines) == 4
    assert not any(re.search("tree|Ave|sorry", str(line)) for line in lines)

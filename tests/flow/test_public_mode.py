"""Storm mode for the public, on the exercise's own server: seen, applied, ticked by hand, and put back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.errors import ActRefused, LandfallError
from dispatch.public_mode.desk import PublicModeDesk
from dispatch.public_mode.plan import Why
from dispatch.records import Band, SwitchState
from dispatch.store.schema import activity_log
from tests.city import City
from tests.rooms import ON_SQLITE, Room

EVERYDAY_LOST = {"5621", "5622", "5623", "5625"}
STORM = {str(code) for code in range(5701, 5721)}


@pytest.fixture
def opened(room: Room, city: City) -> Room:
    """The everyday list stands on the server, and was read."""
    for code in STORM:
        city.category(code, active=False)
    look(room)
    return room


def look(room: Room) -> None:
    room._run(room.work._categories.step())


def desk(room: Room) -> PublicModeDesk:
    return room.parts.public_mode_desk


def codes(choices: Any) -> set[str]:
    return {each.category.category_id for each in choices}


def by_code(room: Room) -> dict[str, Any]:
    return {each.category_id: each for each in desk(room).state().rows}


def lines(room: Room, act: str) -> list[str]:
    with room.store.reading() as connection:
        found = select(activity_log.c.text).where(activity_log.c.act == act).order_by(activity_log.c.number)
        return list(connection.execute(found).scalars())


def test_the_preview_says_what_the_public_loses_and_sees_with_the_last_reports(
    opened: Room, city: City
) -> None:
    city.add_report("Small hole", category="5623")
    city.add_report("Wire down and sparking in this hole", category="5623")
    opened.sync()

    now = desk(opened).now()

    assert codes(now.plan.lose) == EVERYDAY_LOST and codes(now.plan.see) == STORM
    assert now.can_switch
    [holes] = [each for each in now.plan.lose if each.category.category_id == "5623"]
    assert tuple(holes.counted) == (2, 1)
    assert codes(now.plan.grave) == {"5623"}, "and a warning where one of them was P1 or P2"
    assert city.offered() & STORM == set(), "looking changes nothing"


def test_on_changes_the_servers_list_and_restore_puts_back_what_was_there(opened: Room, city: City) -> None:
    before = city.offered()
    room = opened

    desk(room).apply()
    assert len(desk(room).state().under_way) == 24
    room.sync()

    assert city.offered() == (before - EVERYDAY_LOST) | STORM
    assert not desk(room).state().under_way and not desk(room).state().differing

    desk(room).restore()
    room.sync()

    assert city.offered() == before
    assert not desk(room).state().is_on and not desk(room).state().is_restoring
    assert lines(room, "public_mode_on") == ["the public's list in storm mode: 4 off, 20 on"]
    assert lines(room, "public_mode_off") == ["the public's list back to what it was: 24 to switch"]
    assert lines(room, "category_switched") == ["the 311 server's list for the public: 24 switched"] * 2


def test_s1_switching_off_a_public_category_hides_no_report(opened: Room, city: City) -> None:
    wire = city.add_report("Wire down and sparking in this hole", category="5623")
    calm = city.add_report("Small hole", category="5623")
    opened.sync()
    before = [opened.view(each).row for each in (wire, calm)]

    desk(opened).apply()
    opened.sync()

    assert "5623" not in city.offered()
    after = [opened.view(each).row for each in (wire, calm)]
    assert [(each.band, each.flags, each.state) for each in after] == [
        (each.band, each.flags, each.state) for each in before
    ]
    assert after[0].band == Band.P1


def test_s1_a_category_of_danger_is_never_taken_from_the_public(opened: Room) -> None:
    """Whatever the profile says: here it wants no category at all."""
    from dataclasses import replace

    rows = [(city, replace(city, is_essential=False)) for city, _ in opened.parts.profile_desk.now().rows]
    opened.parts.profile_desk.apply(rows)

    plan = desk(opened).now().plan

    kept = {each.category.category_id: each.why for each in plan.keep}
    # Water, sewer, storm water, traffic signals; and what nobody has a category for.
    assert {each: kept[each] for each in ("5630", "5633", "5626", "5628", "5636")} == {
        "5630": Why.DANGER,
        "5633": Why.DANGER,
        "5626": Why.DANGER,
        "5628": Why.DANGER,
        "5636": Why.OTHER,
    }
    dangerous = {"5702", "5703", "5704", "5705", "5706", "5711", "5712", "5720"}
    assert dangerous <= codes(plan.see), "and those that are for storms come all the same"


def test_what_a_person_leaves_stays_and_what_stood_before_is_kept_when_applied_again(
    opened: Room, city: City
) -> None:
    desk(opened).apply(left=["5622"])
    opened.sync()
    assert "5622" in city.offered() and "5623" not in city.offered()
    assert [each.category_id for each in desk(opened).state().left] == ["5622"]
    assert "5622" not in codes(desk(opened).now().plan.lose), "and it stays left until somebody takes it in"

    desk(opened).apply()
    opened.sync()
    assert "5622" not in city.offered()

    desk(opened).restore()
    opened.sync()
    assert {*EVERYDAY_LOST} <= city.offered() and not city.offered() & STORM


def test_a_crash_in_the_middle_is_made_good_without_a_second_call_for_what_is_done(
    opened: Room, city: City, run: Callable[..., Any]
) -> None:
    """The answer of the ninth call is lost after it was done, and the seat ends there."""
    desk(opened).apply()
    server = opened.work._line.server
    real, calls = server.offer, []

    def offer(category_id: str, is_offered: bool) -> None:
        calls.append(category_id)
        if len(calls) == 9:
            city.fail_next("lose-answer-after-doing-it")
        real(category_id, is_offered)

    server.offer = offer  # type: ignore[method-assign]
    with pytest.raises(LandfallError):
        look(opened)
    states = [each.state for each in desk(opened).state().rows]
    assert states.count(SwitchState.SENDING) == 1 and states.count(SwitchState.DONE) == 8
    lost = calls[8]

    due_now(opened)
    look(opened)

    assert calls.count(lost) == 1, "the live list said that it had arrived"
    assert len(calls) == 24 and len(set(calls)) == 24
    assert city.offered() & STORM == STORM and not city.offered() & EVERYDAY_LOST


def due_now(room: Room) -> None:
    from dispatch.store.schema import category_switch

    with room.store.transaction(room.parts.actor) as tx:
        tx.connection.execute(category_switch.update().values(due_at=0))
        tx.others.add("public_mode")


def test_what_the_server_refuses_is_told_and_can_be_tried_again(opened: Room, city: City) -> None:
    city.category("5622", is_locked=True)
    desk(opened).apply()
    opened.sync()

    [refused] = desk(opened).state().refused
    assert refused.category_id == "5622" and "another department" in refused.error
    assert not city.offered() & (EVERYDAY_LOST - {"5622"}), "the others went"

    city.category("5622", is_locked=False)
    desk(opened).ask_again()
    opened.sync()
    assert not desk(opened).state().refused and "5622" not in city.offered()


def test_an_outage_leaves_it_on_its_way_and_it_goes_on_by_itself(opened: Room, city: City) -> None:
    desk(opened).apply()
    city.fail_next(503)
    with pytest.raises(LandfallError):
        look(opened)
    assert len(desk(opened).state().under_way) == 24

    opened.sync()

    assert not desk(opened).state().under_way


def test_what_somebody_else_changes_is_shown_and_never_written_over(opened: Room, city: City) -> None:
    desk(opened).apply()
    opened.sync()
    city.category("5623", active=True)  # ours, on again
    city.category("5624", active=False)  # not ours
    desk(opened).ask_again()
    opened.sync()
    assert {each.category_id for each in desk(opened).state().differing} == {"5623", "5624"}
    assert "5623" in city.offered(), "shown, and left alone"

    restoring = desk(opened).now().restoring
    assert [each.category_id for each in restoring.conflicts] == ["5624"]
    assert [each.category_id for each in restoring.back_already] == ["5623"]
    desk(opened).restore()
    opened.sync()

    assert "5624" not in city.offered()
    assert [each.category_id for each in desk(opened).state().left_otherwise] == ["5624"]
    assert "1 left as somebody else has them" in lines(opened, "public_mode_off")[0]


def test_a_conflict_goes_back_too_where_a_person_says_so(opened: Room, city: City) -> None:
    before = city.offered()
    desk(opened).apply()
    opened.sync()
    city.category("5624", active=False)
    desk(opened).ask_again()
    opened.sync()

    desk(opened).restore(also=["5624"])
    opened.sync()

    assert city.offered() == before


def test_a_change_of_mind_before_it_was_sent_wins(opened: Room, city: City) -> None:
    before = city.offered()
    desk(opened).apply()
    desk(opened).restore()
    opened.sync()

    assert city.offered() == before and not desk(opened).state().is_restoring


def test_it_goes_on_and_off_at_its_times_only_where_a_person_chose_so(
    opened: Room, city: City, clock: Any
) -> None:
    before = city.offered()
    profile, now = opened.parts.profile_desk, clock.now()
    opened.desk.set_storm_mode(False)
    profile.plan(now + 3_600_000, None)
    clock.advance(hours=1)
    opened.sync()
    assert profile.now().storm_mode and city.offered() == before

    profile.plan(None, clock.now() + 3_600_000)
    desk(opened).apply()
    desk(opened).follow_times(True)
    opened.sync()
    assert city.offered() != before
    clock.advance(hours=1)
    opened.sync()
    opened.sync()

    assert not profile.now().storm_mode and city.offered() == before


def test_a_list_nobody_has_read_is_not_switched(room: Room) -> None:
    with pytest.raises(ActRefused, match="has not been read yet"):
        desk(room).apply()
    assert desk(room).now().plan.changes == 0


def test_two_seats_see_one_list_and_the_second_restores(
    opened: Room, city: City, clock: Any, run: Callable[..., Any], tmp_path: Path
) -> None:
    before = city.offered()
    other = Room(tmp_path / "other", city, clock, run, store_url=opened.url, seat="Seat 2")
    desk(opened).apply()
    opened.sync()

    assert desk(other).state().rows == desk(opened).state().rows
    desk(other).restore()
    opened.sync()

    assert city.offered() == before
    other.close()


# -- where the server cannot ------------------------------------------------------------------------------


@pytest.fixture
def by_hand(tmp_path: Path, city: City, clock: Any, run: Callable[..., Any]) -> Iterator[Room]:
    """A GeoReport server: its list can be read, and nothing on it can be switched."""
    for code in STORM:
        city.category(code, active=False)
    seat = Room(tmp_path / "seat", city, clock, run, kind="georeport")
    look(seat)
    yield seat
    seat.close()


def test_a_server_that_cannot_switch_gets_a_checklist_that_the_live_list_checks(
    by_hand: Room, city: City
) -> None:
    room = by_hand
    assert not desk(room).now().can_switch
    desk(room).apply()
    room.sync()
    assert {each.category_id for each in desk(room).state().to_tick} == EVERYDAY_LOST | STORM

    for code in sorted(EVERYDAY_LOST):
        desk(room).tick(code, True)
    city.category("5622", active=False)  # of four that are ticked one was really done
    room.sync()

    still = {each.category_id for each in desk(room).state().differing}
    assert still == EVERYDAY_LOST - {"5622"}
    assert by_code(room)["5623"].ticked_by == "A. Operator"
    for code in still:
        city.category(code, active=False)
    desk(room).ask_again()
    room.sync()
    assert not desk(room).state().differing
    assert len(lines(room, "category_ticked")) == 4


def test_what_was_done_without_a_tick_shows_on_the_live_list(by_hand: Room, city: City) -> None:
    desk(by_hand).apply()
    city.category("5622", active=False)
    city.category("5704", active=True)
    desk(by_hand).ask_again()
    by_hand.sync()

    found = by_code(by_hand)
    assert (found["5622"].state, found["5704"].state) == (SwitchState.DONE, SwitchState.DONE)


def test_a_tick_can_be_taken_away(by_hand: Room) -> None:
    desk(by_hand).apply()
    desk(by_hand).tick("5622", True)
    with pytest.raises(ActRefused, match="ticked already"):
        desk(by_hand).tick("5622", True)
    desk(by_hand).tick("5622", False)

    assert by_code(by_hand)["5622"].state is SwitchState.BY_HAND
    with pytest.raises(ActRefused, match="not on the checklist"):
        desk(by_hand).tick("5636", True)


@ON_SQLITE
def test_a_list_that_cannot_be_read_says_so_and_keeps_what_it_said(room: Room, city: City) -> None:
    look(room)
    seen = desk(room).state().seen_at
    city.fail_next("nonsense")
    desk(room).ask_again()
    look(room)

    state = desk(room).state()
    assert state.look_error and state.seen_at == seen

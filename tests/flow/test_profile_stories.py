"""A storm's own profile: seen before it is applied, applied to all that is stored, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatch.errors import ActRefused
from dispatch.records import Band, Flag
from dispatch.store import profiles, sites
from tests.city import City
from tests.rooms import Room

HOUR_MS = 3_600_000


def rows_with(room: Room, **changes: dict[str, Any]) -> list[tuple[Any, Any]]:
    """The profile as the screen holds it: (as the city has it, as it shall be)."""
    return [
        (city, replace(now, **changes.get(city.key, {}))) for city, now in room.parts.profile_desk.now().rows
    ]


def effect(room: Room, **changes: dict[str, Any]) -> Any:
    from dispatch.profile_desk import changes_of

    return room.parts.profile_desk.effect(changes_of(rows_with(room, **changes)))


def bands(room: Room, *request_ids: str) -> list[int]:
    return [room.view(request_id).row.band for request_id in request_ids]


def is_aside(room: Room, request_id: str) -> bool:
    return bool(room.view(request_id).row.flags & Flag.SET_ASIDE)


def test_s1_the_preview_names_the_p1_and_p2_that_a_profile_would_have_hidden(room: Room, city: City) -> None:
    calm = city.add_report("Street light is dark", category="street_light_out")
    wire = city.add_report("Lamp pole fell, wire sparking on the walk", category="street_light_out")
    room.sync()

    seen = effect(room, street_light_out={"is_essential": False})

    assert (seen.goes_aside, seen.comes_back) == (1, 0)
    assert seen.kept == ((Band.P1, room.site(wire)),)
    assert not is_aside(room, calm), "looking changes nothing"


def test_s1_what_storm_mode_would_hide_is_named_before_it_is_switched_on(room: Room, city: City) -> None:
    city.add_report("Small hole", category="pothole")
    wire = city.add_report("Wire down and sparking in this hole", category="pothole")
    room.sync()

    assert room.parts.profile_desk.would_hide() == [room.site(wire)]


def test_a_profile_is_applied_to_what_is_stored_and_to_what_comes(room: Room, city: City) -> None:
    before = city.add_report("Street light is dark", category="street_light_out")
    wire = city.add_report("Lamp pole fell, wire sparking on the walk", category="street_light_out")
    room.sync()

    room.parts.profile_desk.apply(rows_with(room, street_light_out={"is_essential": False}))
    after = city.add_report("Lamp out", category="street_light_out")
    room.sync()

    assert is_aside(room, before) and is_aside(room, after)
    assert not is_aside(room, wire) and bands(room, wire) == [Band.P1]


def test_a_category_ranked_otherwise_moves_its_sites_and_undo_moves_them_back(room: Room, city: City) -> None:
    request_id = city.add_report("Fence is down", category="tree_private")
    room.sync()
    assert bands(room, request_id) == [Band.P4]
    seen = effect(room, tree_private={"default_band": Band.P2, "base_points": 20.0})
    assert seen.moves == {(Band.P4, Band.P2): 1}

    room.parts.profile_desk.apply(
        rows_with(room, tree_private={"default_band": Band.P2, "base_points": 20.0})
    )
    room.sync()
    view = room.view(request_id)
    assert view.row.band == Band.P2
    assert next(reason.points for reason in view.reasons if reason.part == "category") == 20.0

    room.parts.profile_desk.undo()
    room.sync()
    assert bands(room, request_id) == [Band.P4]
    assert [line.act for line in _log(room)].count("profile") == 2


def test_an_operators_own_band_stays_whatever_the_profile_says(room: Room, city: City) -> None:
    request_id = city.add_report("Fence is down", category="tree_private")
    room.sync()
    room.desk.set_band(room.site(request_id), Band.P3)

    room.parts.profile_desk.apply(rows_with(room, tree_private={"default_band": Band.P2}))
    room.sync()

    assert bands(room, request_id) == [Band.P3]
    assert room.view(request_id).assessed_band == Band.P2, "and the detail says what the rules say"


def test_what_a_resident_wrote_later_counts_when_everything_is_scored_anew(room: Room, city: City) -> None:
    request_id = city.add_report("Lamp is out", category="street_light_out")
    room.sync()
    city.clock(forward_s=600)
    city.elsewhere(request_id, "comment", "The pole is sparking now")
    room.sync()
    assert bands(room, request_id) == [Band.P1]

    room.parts.profile_desk.apply(rows_with(room, street_light_out={"is_essential": False}))
    room.sync()

    assert bands(room, request_id) == [Band.P1] and not is_aside(room, request_id)


def test_scoring_anew_goes_on_where_a_restart_left_it(room: Room, city: City, monkeypatch: Any) -> None:
    from dispatch.sync import rescore

    monkeypatch.setattr(rescore, "STEP", 3)
    ids = [city.add_report(f"Fence {n} is down", category="tree_private") for n in range(8)]
    room.sync()
    room.parts.profile_desk.apply(rows_with(room, tree_private={"default_band": Band.P2}))
    work = rescore.Rescore(store=room.store, in_force=room.parts.in_force, actor=room.parts.actor)

    assert work.step()[1], "three of eight, the newest first"
    assert sorted(bands(room, *ids)) == [Band.P2] * 3 + [Band.P4] * 5
    again = rescore.Rescore(store=room.store, in_force=room.parts.in_force, actor=room.parts.actor)
    while again.step()[1]:
        pass

    assert bands(room, *ids) == [Band.P2] * 8
    assert again.step() == (type(again.step()[0])(), False), "and then there is nothing to do"


def test_other_lists_than_before_score_everything_anew(room: Room, city: City) -> None:
    request_id = city.add_report("Fence is down", category="tree_private")
    room.sync()
    site_id = room.site(request_id)
    with room.store.transaction(room.parts.actor) as tx:
        sites.change(tx, site_id, band=int(Band.P1), assessed_band=int(Band.P1))
        profiles.note_rescoring(tx, profiles.Rescoring("0:by lists of last year"))

    room.sync()

    assert bands(room, request_id) == [Band.P4]


def test_storm_mode_goes_on_and_off_at_its_times(room: Room, city: City, clock: Any) -> None:
    desk, now = room.parts.profile_desk, clock.now()
    room.desk.set_storm_mode(False)
    desk.plan(now + HOUR_MS, now + 3 * HOUR_MS)
    room.sync()
    assert not desk.now().storm_mode

    clock.advance(hours=1)
    room.sync()
    assert desk.now().storm_mode and desk.now().from_at is None

    clock.advance(hours=2)
    room.sync()
    assert not desk.now().storm_mode and desk.now().until_at is None
    assert [line.text for line in _log(room)][-2:] == [
        "storm mode on, at its time",
        "storm mode off, at its time",
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "nothing was changed"),
        ({"base_points": 41.0}, "Points are from 0 to 40"),
        ({"first_look_min": 0}, "The first look is within 1 to 1440 minutes"),
        ({"storm_days": 61}, "Residents are told 1 to 60 days"),
    ],
)
def test_a_profile_that_cannot_be_is_refused_in_a_sentence(
    room: Room, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ActRefused, match=sentence):
        room.parts.profile_desk.apply(rows_with(room, pothole=changes))

    assert room.parts.profile_desk.now().version == 0
    with pytest.raises(ActRefused, match="no change to undo"):
        room.parts.profile_desk.undo()


def test_a_second_seat_works_by_the_profile_of_the_first(
    room: Room, city: City, clock: Any, run: Callable[..., Any], tmp_path: Path
) -> None:
    request_id = city.add_report("Fence is down", category="tree_private")
    other = Room(tmp_path / "seat", city, clock, run, store_url=room.url, seat="Seat 2")
    room.parts.profile_desk.apply(rows_with(room, tree_private={"default_band": Band.P2}))

    other.sync()

    assert bands(other, request_id) == [Band.P2]
    other.close()


def _log(room: Room) -> list[Any]:
    from sqlalchemy import select

    from dispatch.store.schema import activity_log

    with room.store.reading() as connection:
        return list(connection.execute(select(activity_log).order_by(activity_log.c.number)))

"""Area sweeps: what one covers and leaves to a person, how it goes on, what it closes and how to undo it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from dispatch.act_words import from_words, to_words
from dispatch.bulk.plan import IS_RESTRICTED
from dispatch.errors import ActRefused
from dispatch.records import (
    Band,
    CloseReason,
    Flag,
    LeftOut,
    Place,
    Sweep,
    SweepArea,
    SweepDraft,
    SweepState,
)
from dispatch.residents.told import NOT_911
from dispatch.store import log, many, schema
from dispatch.sweeps.covered import in_rings
from dispatch.sweeps.words import when_words
from tests.city import HERE, City
from tests.conftest import LANDFALL
from tests.rooms import Room

HOUR = 3_600_000
LAT, LNG = HERE
AROUND = (
    (LNG - 0.01, LAT - 0.01),
    (LNG + 0.01, LAT - 0.01),
    (LNG + 0.01, LAT + 0.01),
    (LNG - 0.01, LAT + 0.01),
    (LNG - 0.01, LAT - 0.01),
)
DRAWN = SweepDraft(
    area=SweepArea("6th St S, as drawn", rings=(AROUND,)),
    families=("trees",),
    crew="Crew 4",
    from_at=LANDFALL + HOUR,
    until_at=LANDFALL + 9 * HOUR,
    who="L. Ortiz",
    note="Mrs. Ortega of 727-555-0142 lets them in",
)


@pytest.fixture
def seats(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], store_url: str
) -> Iterator[tuple[Room, Room]]:
    one = Room(tmp_path / "one", city, clock, run, store_url=store_url, seat="Seat 1")
    two = Room(tmp_path / "two", city, clock, run, store_url=store_url, seat="Seat 2", person="B. Second")
    yield one, two
    one.close()
    two.close()


@pytest.fixture
def desk(seats: tuple[Room, Room]) -> Any:
    return seats[0].parts.sweep_desk


def reported(room: Room, city: City, words: str, *, north: float = 0.0, **given: Any) -> int:
    given = {"category": "vegetative_debris", **given}
    request_id = city.add_report(words, lat=LAT + north, lng=LNG, **given)
    room.sync()
    return room.site(request_id)


def branches(room: Room, city: City, count: int = 3) -> list[int]:
    """So many sites about branches inside the drawn area, each a good way from the next."""
    return [
        reported(room, city, f"Branches at the curb, house {n}", north=0.003 * n - 0.004)
        for n in range(count)
    ]


def planned(desk: Any, said: SweepDraft = DRAWN) -> Sweep:
    desk.plan(said)
    return next(each for each in reversed(desk.entries()) if each.said == said)


def swept(desk: Any, said: SweepDraft = DRAWN) -> Sweep:
    """One whose crew has gone through."""
    made = planned(desk, said)
    desk.start(made.sweep_id, 1)
    desk.done(made.sweep_id, 2)
    return desk.entries()[-1]


def band(room: Room, site_id: int) -> int:
    with room.store.reading() as connection:
        return int(many.rows(connection, [site_id])[site_id].band)


def marked(room: Room, site_id: int, flag: Flag) -> None:
    """As the reading of a report would have marked it."""
    with room.store.transaction(room.parts.actor) as tx:
        tx.connection.execute(
            update(schema.site)
            .where(schema.site.c.site_id == site_id)
            .values(own_flags=schema.site.c.own_flags.bitwise_or(int(flag)))
        )


def lines(room: Room) -> list[tuple[str, str]]:
    with room.store.reading() as connection:
        assert log.verify(connection).is_intact
        rows = list(log.every_row(connection))
    for words in (DRAWN.crew, DRAWN.who, DRAWN.note, "727-555"):
        assert words not in str(rows), "a person's words stay out of the log"
    return [(row["act"], row["text"]) for row in rows if "SW-" in row["text"]]


def test_a_sweep_is_whole_at_every_seat(seats: tuple[Room, Room]) -> None:
    one, two = seats

    changes = one.parts.sweep_desk.plan(DRAWN)

    assert changes.others == {"sweep"}
    [found] = two.parts.sweep_desk.entries()
    assert found.said == DRAWN
    assert (found.number, found.version, found.state) == (1, 1, SweepState.PLANNED)
    assert (found.person, found.at) == ("A. Operator", LANDFALL)
    assert lines(one) == [("sweep_planned", "SW-1 planned: 6th St S, as drawn")]


def test_it_goes_on_by_versions_and_each_is_in_the_log(seats: tuple[Room, Room], desk: Any) -> None:
    made = planned(desk)
    desk.change(made.sweep_id, 1, replace(DRAWN, crew="Crew 9"))
    desk.start(made.sweep_id, 2)
    desk.done(made.sweep_id, 3)

    [now] = desk.entries()
    assert (now.state, now.version, now.said.crew) == (SweepState.DONE, 4, "Crew 9")
    assert [act for act, _ in lines(seats[0])] == [
        "sweep_planned",
        "sweep_changed",
        "sweep_started",
        "sweep_done",
    ]


def test_what_another_seat_has_changed_since_is_theirs(seats: tuple[Room, Room], desk: Any) -> None:
    made = planned(desk)
    seats[1].parts.sweep_desk.start(made.sweep_id, 1)

    for act in (desk.start, desk.done, desk.cancel):
        with pytest.raises(ActRefused, match="Somebody has changed this sweep"):
            act(made.sweep_id, 1)

    assert [each.version for each in desk.entries()] == [2]


@pytest.mark.parametrize("act", ["sweep_planned", "sweep_changed", "sweep_started", "sweep_cancelled"])
def test_undo_takes_each_act_back(seats: tuple[Room, Room], desk: Any, act: str) -> None:
    made = planned(desk)
    before = desk.entries()[0]
    if act == "sweep_changed":
        desk.change(made.sweep_id, 1, replace(DRAWN, crew="Crew 9"))
    elif act == "sweep_started":
        desk.start(made.sweep_id, 1)
    elif act == "sweep_cancelled":
        desk.cancel(made.sweep_id, 1)

    said, changes = seats[0].desk.undo()

    assert said.startswith("Undone: SW-1 ") and changes.others == {"sweep"}
    [now] = desk.entries()
    if act == "sweep_planned":
        assert now.state is SweepState.CANCELLED
    else:
        assert (now.state, now.said) == (before.state, before.said)


def test_undo_leaves_what_another_has_done_with_it_since(seats: tuple[Room, Room], desk: Any) -> None:
    made = planned(desk)
    seats[1].parts.sweep_desk.start(made.sweep_id, 1)

    with pytest.raises(ActRefused, match="Somebody has changed this sweep"):
        seats[0].desk.undo()

    assert desk.entries()[0].state is SweepState.RUNNING


def test_it_covers_the_open_sites_of_its_categories_in_what_was_drawn(
    seats: tuple[Room, Room], city: City, desk: Any
) -> None:
    room = seats[0]
    inside = branches(room, city)
    reported(room, city, "Branches at the curb, far up north", north=0.05)
    reported(room, city, "Street light is out", north=0.005, category="street_light_out")
    closed = reported(room, city, "Branches at the curb, the last house", north=0.008)
    room.desk.close(closed, CloseReason.NO_LONGER_NEEDED)

    found = desk.coverage(planned(desk).sweep_id)

    assert sorted(found.sites) == sorted(inside)
    assert (found.left, found.quiet, found.told) == ({}, frozenset(), frozenset())


def test_it_covers_a_neighborhood_by_its_name(seats: tuple[Room, Room], city: City, desk: Any) -> None:
    room = seats[0]
    site_id = branches(room, city, 1)[0]
    with room.store.reading() as connection:
        hood = many.rows(connection, [site_id])[site_id].neighborhood
    assert hood

    there = desk.would_cover(replace(DRAWN, area=SweepArea(hood, (hood,))))
    elsewhere = desk.would_cover(replace(DRAWN, area=SweepArea("Elsewhere", ("Elsewhere",))))

    assert (there.sites, elsewhere.sites) == ((site_id,), ())


def test_a_ring_inside_another_one_is_a_hole() -> None:
    hole = tuple((LNG + (lng - LNG) / 4, LAT + (lat - LAT) / 4) for lng, lat in AROUND)

    found = in_rings((AROUND, hole), [LNG, LNG + 0.005, LNG + 0.02], [LAT, LAT, LAT])

    assert found.tolist() == [False, True, False]


def test_an_owners_tree_is_covered_only_where_it_is_named(
    seats: tuple[Room, Room], city: City, desk: Any
) -> None:
    """Its resident hears that it is for its owner, and not that a crew comes for it."""
    site_id = reported(seats[0], city, "A tree lies across our fence", category="tree_private")

    assert desk.would_cover(DRAWN).sites == ()
    assert desk.would_cover(replace(DRAWN, categories=("tree_private",))).sites == (site_id,)


def test_s13_a_wire_until_made_safe_is_not_covered_by_a_sweep(
    seats: tuple[Room, Room], city: City, desk: Any
) -> None:
    room = seats[0]
    site_id = reported(room, city, "Tree limb down in the yard, a power line is under it")
    sweep = planned(desk)
    with room.store.reading() as connection:
        assert many.rows(connection, [site_id])[site_id].flags & Flag.WIRE
    # Whatever band somebody gives it, and whatever category it stands in.
    room.desk.set_band(site_id, Band.P3, "the crew has seen it")

    assert desk.would_cover(replace(DRAWN, families=("trees", "wires"))).left == {site_id: LeftOut.WIRE}
    assert site_id not in desk.of_sites()
    desk.start(sweep.sweep_id, 1)
    desk.done(sweep.sweep_id, 2)
    with pytest.raises(ActRefused, match="covers no site"):
        desk.close(sweep.sweep_id, (site_id,))

    room.desk.made_safe(site_id, "Duke Energy, J. Cole")
    assert desk.would_cover(replace(DRAWN, families=("trees", "wires"))).sites == (site_id,)


def test_s5_a_p1_or_p2_is_never_covered_and_never_closed_by_a_sweep(
    seats: tuple[Room, Room], city: City, desk: Any
) -> None:
    room = seats[0]
    ids = branches(room, city)
    sweep = swept(desk)
    seen = desk.coverage(sweep.sweep_id).sites
    room.desk.set_band(ids[0], Band.P1)
    room.desk.set_band(ids[1], Band.P2)

    done = desk.close(sweep.sweep_id, seen)

    assert done.site_ids == (ids[2],)
    assert desk.coverage(sweep.sweep_id).left == {
        ids[0]: LeftOut.LIFE_SAFETY,
        ids[1]: LeftOut.LIFE_SAFETY,
    }
    with room.store.reading() as connection:
        states = {site_id: row.state_reason for site_id, row in many.rows(connection, ids).items()}
    assert states == {ids[0]: "", ids[1]: "", ids[2]: "area_sweep"}


@pytest.mark.parametrize(
    ("flag", "why"),
    [
        (Flag.PERSON, LeftOut.PERSON),
        (Flag.NEW_FACT, LeftOut.NEW_FACT),
        (Flag.NOT_ASSESSED, LeftOut.NOT_ASSESSED),
    ],
)
def test_s1_s10_what_a_person_has_to_read_first_is_left_to_a_person(
    seats: tuple[Room, Room], city: City, desk: Any, flag: Flag, why: LeftOut
) -> None:
    [site_id] = branches(seats[0], city, 1)
    marked(seats[0], site_id, flag)

    assert desk.would_cover(DRAWN).left == {site_id: why}


def test_what_emergency_management_has_is_left_to_it(seats: tuple[Room, Room], city: City, desk: Any) -> None:
    room = seats[0]
    [site_id] = branches(room, city, 1)
    room.desk.escalate(replace(room.desk.draft(site_id), desk="Public works"))

    found = desk.would_cover(DRAWN)

    assert (found.sites, found.left) == ((), {site_id: LeftOut.HANDED_OVER})


def test_the_restricted_are_covered_and_hear_nothing(seats: tuple[Room, Room], city: City, desk: Any) -> None:
    [site_id] = branches(seats[0], city, 1)
    marked(seats[0], site_id, Flag.RESTRICTED)

    found = desk.would_cover(DRAWN)

    assert (found.sites, found.quiet) == ((site_id,), frozenset({site_id}))


def test_what_it_closes_has_the_reason_and_one_undo_opens_all_of_it(
    seats: tuple[Room, Room], city: City, desk: Any
) -> None:
    room = seats[0]
    ids = branches(room, city)
    sweep = planned(desk)
    with pytest.raises(ActRefused, match="SW-1 is planned: say that it is done first"):
        desk.close(sweep.sweep_id, tuple(ids))
    desk.start(sweep.sweep_id, 1)
    desk.done(sweep.sweep_id, 2)
    said = desk.preview_close(sweep.sweep_id)

    done = desk.close(sweep.sweep_id, said.site_ids)

    assert sorted(done.site_ids) == sorted(ids)
    with room.store.reading() as connection:
        found = many.rows(connection, ids).values()
    assert {row.state_reason for row in found} == {CloseReason.AREA_SWEEP.value}
    assert {row.state_note for row in found} == {"Swept by SW-1"}
    assert desk.coverage(sweep.sweep_id).sites == ()
    room.desk.undo()
    assert sorted(desk.coverage(sweep.sweep_id).sites) == sorted(ids)


def test_only_what_was_previewed_is_closed(seats: tuple[Room, Room], city: City, desk: Any) -> None:
    room = seats[0]
    ids = branches(room, city, 2)
    sweep = swept(desk)
    seen = desk.preview_close(sweep.sweep_id).site_ids
    late = reported(room, city, "Branches at the curb, after the crew had gone", north=0.009)

    desk.close(sweep.sweep_id, seen)

    assert desk.coverage(sweep.sweep_id).sites == (late,)
    assert sorted(seen) == sorted(ids)


def test_a_new_report_inside_a_running_sweep_is_known(
    seats: tuple[Room, Room], city: City, desk: Any
) -> None:
    room = seats[0]
    sweep = planned(desk)
    here, there = Place(LAT, LNG), Place(LAT + 0.05, LNG)
    now = LANDFALL + 2 * HOUR
    assert desk.running_at(here, "vegetative_debris", now) is None, "its crew has not started"
    desk.start(sweep.sweep_id, 1)

    found = desk.running_at(here, "vegetative_debris", now)

    assert found is not None and found.label == "SW-1"
    assert desk.running_at(there, "vegetative_debris", now) is None
    assert desk.running_at(here, "street_flooding", now) is None
    assert desk.running_at(None, "vegetative_debris", now) is None
    assert desk.running_at(here, "vegetative_debris", DRAWN.until_at) is None, "it is over"
    [site_id] = branches(room, city, 1)
    assert desk.sweep_for(site_id) == found
    assert desk.sweep_for(site_id + 1) is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"area": SweepArea("", (), ())}, "Choose a neighborhood"),
        ({"area": SweepArea("x", rings=(AROUND[:2],))}, "fewer than three corners"),
        ({"area": SweepArea("x", rings=(AROUND * 500,))}, "draw it more simply"),
        ({"families": (), "categories": ()}, "Choose what the crew clears"),
        ({"families": ("medical",)}, "Choose what the crew clears"),
        ({"categories": ("welfare_check",)}, "each of these is looked at by itself"),
        ({"until_at": LANDFALL}, "ends after it begins"),
        ({"from_at": LANDFALL - 9 * HOUR, "until_at": LANDFALL - HOUR}, "over already"),
        ({"until_at": LANDFALL + 400 * HOUR}, "14 days at most"),
        ({"note": "x" * 501}, "at most 500 signs"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    desk: Any, seats: tuple[Room, Room], change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ActRefused, match=sentence):
        desk.plan(replace(DRAWN, **change))

    assert desk.entries() == () and lines(seats[0]) == []


def test_s8_s18_its_notice_promises_no_hour_and_says_that_this_is_not_911(desk: Any) -> None:
    words = desk.notice_words(planned(desk))

    assert words.text.startswith("EXERCISE. City crews plan to go through 6th St S, as drawn on Mon 11 Sep")
    assert NOT_911 in words.text and "Keep off wires" in words.text
    assert "Crew 4" not in words.text and re.search(r"\d\d:\d\d", words.text) is None
    assert words.area == DRAWN.area


def test_days_are_said_as_the_city_has_them(zone: Any) -> None:
    assert when_words(DRAWN, zone) == "on Mon 11 Sep"
    late = replace(DRAWN, until_at=LANDFALL + 26 * HOUR)
    assert when_words(late, zone) == "from Mon 11 Sep to Tue 12 Sep"


def test_a_plan_can_be_kept_while_the_database_is_away(desk: Any) -> None:
    words = to_words(desk.plan, (DRAWN,), {})

    assert from_words(desk.plan, words) == {"said": DRAWN}


def test_s5_s8_s18_residents_are_told_once_each_in_their_language(
    seats: tuple[Room, Room], city: City, desk: Any
) -> None:
    room = seats[0]
    english = reported(room, city, "Branches at the curb")
    spanish = reported(room, city, "Por favor recojan las ramas que hay junto a mi casa", north=0.003)
    quiet = reported(room, city, "Branches at the curb, the third house", north=0.006)
    marked(room, quiet, Flag.RESTRICTED)
    sweep = planned(desk)
    said = desk.preview_tell(sweep.sweep_id)
    assert {each.language for each in said.texts} == {"en", "es"}
    assert said.left == {quiet: IS_RESTRICTED}

    done = desk.tell(sweep.sweep_id, said.site_ids)
    room.sync()
    room.sync()

    assert (sorted(done.site_ids), done.messages) == (sorted([english, spanish]), 2)
    texts = {each.language: each.text for each in said.texts}
    for site_id, language in ((english, "en"), (spanish, "es")):
        [request] = room.parts.detail.view(site_id).requests
        [heard] = city.messages(request.request_id)
        assert heard == texts[language] and heard.startswith("EXERCISE.") and "911" in heard
    assert desk.coverage(sweep.sweep_id).told == {english, spanish}
    with pytest.raises(ActRefused, match="Nobody is told"):
        desk.tell(sweep.sweep_id, said.site_ids)


def test_one_undo_takes_back_what_was_told_unsent(seats: tuple[Room, Room], city: City, desk: Any) -> None:
    room = seats[0]
    ids = branches(room, city, 2)
    sweep = planned(desk)
    before = {s: (r.state, r.acted_at) for s, r in _rows(room, ids).items()}
    desk.tell(sweep.sweep_id, tuple(ids))
    assert all(row.acted_at for row in _rows(room, ids).values())

    room.desk.undo()
    room.sync()

    assert {s: (r.state, r.acted_at) for s, r in _rows(room, ids).items()} == before
    assert desk.coverage(sweep.sweep_id).told == frozenset()
    for site_id in ids:
        [request] = room.parts.detail.view(site_id).requests
        assert city.messages(request.request_id) == []
    assert sorted(desk.preview_tell(sweep.sweep_id).site_ids) == sorted(ids)


def test_a_report_that_joins_later_is_told_too(
    seats: tuple[Room, Room], city: City, desk: Any, clock: Any
) -> None:
    room = seats[0]
    [site_id] = branches(room, city, 1)
    sweep = planned(desk)
    desk.tell(sweep.sweep_id, (site_id,))
    clock.advance(minutes=5)
    city.clock(forward_s=300)
    late = reported(room, city, "Same branches, from the house across", north=0.0065)
    room.desk.merge(site_id, [late])

    found = desk.coverage(sweep.sweep_id)

    assert found.sites == (site_id,)
    assert found.told == frozenset(), "one of its two has not heard yet"


def _rows(room: Room, ids: list[int]) -> Any:
    with room.store.reading() as connection:
        return many.rows(connection, ids)

"""Acts while the room's database is away: kept on the disk, done once and in order, or told why not."""

from __future__ import annotations

import inspect
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from sqlalchemy import select

from dispatch.act_words import from_words, to_words
from dispatch.acting import Acting, acting
from dispatch.acts import AT_ONCE, Acts
from dispatch.assembly import Parts
from dispatch.errors import ActKept, AlreadyDone, StoreUnreachable
from dispatch.journal import FILE, Journal
from dispatch.records import (
    Band,
    Call,
    Changes,
    CloseReason,
    Place,
    Role,
    StormFacts,
    Told911,
    WaitReason,
)
from dispatch.snapshot.asked import Asked
from dispatch.snapshot.frozen import freeze
from dispatch.snapshot.making import make
from dispatch.store import log, schema
from dispatch.triage.categories import load_categories
from tests.city import City
from tests.conftest import LANDFALL
from tests.postgres import LEFT_OUT, PostgresServer, find_programs
from tests.rooms import Room

WITH_ARGUMENTS = {
    "set_band": ((7, Band.P1), {"reason": "water rises"}),
    "wait": ((7, WaitReason.ACCESS), {"note": "gate locked"}),
    "close": ((7, CloseReason.FIXED_CONFIRMED), {"note": "¿sí?", "confirmed_by": "A"}),
    "merge": ((7, [8, 9]), {}),
    "link": ((7, (8, 9)), {}),
    "tell_911": ((7, Told911(True, 5, "Ana", "17-1")), {}),
    "place_by_hand": ((7, Place(27.75, -82.64), "2214 22nd Ave S"), {}),
    "message": ((7, "We have it. This is not 911. 💧"), {}),
    "snooze": ((7, 123_456), {}),
}


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    programs = find_programs()
    if programs is None:
        pytest.skip(LEFT_OUT)
    made = PostgresServer(programs)
    try:
        made.create()
        made.start()
        yield made
    finally:
        made.remove()


@pytest.fixture
def rooms(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], server: PostgresServer
) -> Iterator[tuple[Room, Room]]:
    url = server.new_database()
    made = tuple(Room(tmp_path / name, city, clock, run, store_url=url, seat=name) for name in ("one", "two"))
    yield made[0], made[1]
    for room in made:
        room.close()


def test_what_was_done_while_the_database_was_away_is_done_once_in_order_when_it_is_back(
    rooms: tuple[Room, Room], server: PostgresServer, city: City, clock: Any
) -> None:
    one, two = rooms
    ids = [city.add_report(f"Oak {n} is down", address=f"{n}th Ave N") for n in (5, 6, 7)]
    one.sync()
    first, second, third = (one.site(each) for each in ids)
    said: list[tuple[str, bool]] = []
    acts = one.parts.acts
    acts.tell = lambda words, alarm: said.append((words, alarm))

    server.stop(how=signal.SIGQUIT)
    then = clock.now()
    for count, (work, args) in enumerate(
        (
            (one.desk.claim, (first,)),
            (one.desk.set_band, (first, Band.P2)),
            (one.desk.note, (first, "seen by the crew")),
            (one.desk.claim, (second,)),
            (one.desk.wait, (third, WaitReason.ACCESS)),
        ),
        1,
    ):
        with pytest.raises(ActKept, match=rf"Kept here: .*\. {count} kept\."):
            acts.do(work, args, {})
    with pytest.raises(ActKept, match="already"):
        acts.do(one.desk.wait, (third, WaitReason.ACCESS), {})
    assert acts.replay() == 0, "it is still away"
    words, _ = acts.do(one.desk.undo, (), {})
    assert words == f"Undone before it was done: wait at site {third}."
    server.start()
    one.store.outage.end()  # the second has passed after which it is asked again
    two.desk.claim(second)  # somebody else was first
    clock.advance(60_000) if hasattr(clock, "advance") else None

    assert acts.replay() == 4
    assert acts.replay() == 0

    with one.store.reading() as connection:
        lines = connection.execute(select(schema.activity_log).order_by(schema.activity_log.c.number)).all()
        assert log.verify(connection).is_intact
    ours = [(line.act, line.site_id, line.at) for line in lines if line.seat == "one" and line.site_id]
    assert [act for act, site, _ in ours if site == first] == ["claim", "band", "note"]
    assert {at for _, site, at in ours if site == first} == {then}
    [refused] = acts.journal.refused()
    assert (refused.act, refused.words) == ("claim", {"site_id": second})
    assert "two" in refused.refused
    assert said[-1][0].startswith(f"Not done: claim at site {second}") or "is back" in said[-1][0]
    acts.put_away(refused.act_id)
    assert not acts.journal.refused() and not (one.parts.folder / FILE).read_bytes()


def test_an_act_whose_answer_was_lost_is_done_once(rooms: tuple[Room, Room], city: City) -> None:
    one, _ = rooms
    request_id = city.add_report("Oak is down")
    one.sync()
    site_id = one.site(request_id)
    with acting(Acting("the-same")):
        one.desk.note(site_id, "once")
    with pytest.raises(AlreadyDone), acting(Acting("the-same")):
        one.desk.note(site_id, "once")
    assert [fact.value for fact in one.view(request_id).facts].count("once") == 1


def test_kept_acts_outlast_a_power_cut_and_a_torn_last_line(
    rooms: tuple[Room, Room], server: PostgresServer, city: City, expect_warning: Callable[[str], None]
) -> None:
    expect_warning("cut off")
    one, two = rooms
    request_id = city.add_report("Oak is down")
    one.sync()
    site_id = one.site(request_id)
    server.stop(how=signal.SIGQUIT)
    with pytest.raises(ActKept):
        one.parts.acts.do(one.desk.note, (site_id, "kept through the night"), {})
    path = one.parts.folder / FILE
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(path.read_bytes() + b'{"keep": {"act_id": "half')

    again = Acts(
        store=one.store, folder=one.parts.folder, desks={"desk": one.desk}, actor=one.parts.seat_desk.actor
    )
    assert [act.act for act in again.journal.waiting()] == ["note"]
    server.start()
    one.store.outage.end()
    assert again.replay() == 1
    assert [fact.value for fact in two.view(request_id).facts] == ["kept through the night"]


def test_one_whose_person_may_not_do_it_is_told_and_what_finds_or_undoes_does_not_wait(
    rooms: tuple[Room, Room], server: PostgresServer
) -> None:
    one, _ = rooms
    server.stop(how=signal.SIGQUIT)
    with pytest.raises(StoreUnreachable):
        one.parts.acts.do(one.desk.undo, (), {})
    assert not one.parts.acts.journal.waiting()
    server.start()


@pytest.mark.parametrize("name", WITH_ARGUMENTS)
def test_arguments_come_back_from_words_as_they_were(rooms_desk: Any, name: str) -> None:
    method = getattr(rooms_desk, name)
    args, kwargs = WITH_ARGUMENTS[name]
    back = from_words(method, to_words(method, args, kwargs))
    bound = inspect.signature(method).bind(*args, **kwargs).arguments
    for key, value in bound.items():
        assert (list(back[key]) if isinstance(value, list | tuple) else back[key]) == (
            list(value) if isinstance(value, list | tuple) else value
        )
        assert type(back[key]) is type(value) or isinstance(value, tuple)


@pytest.fixture(scope="module")
def rooms_desk() -> Any:
    from dispatch.desk import Desk

    return Desk.__new__(Desk)  # only its acts' signatures are looked at


def test_every_act_that_gives_back_changes_can_wait_or_is_named_as_one_that_cannot(rooms_desk: Any) -> None:
    """By the kinds of its arguments, whatever they hold."""
    from dispatch.act_words import _made

    for name, method in inspect.getmembers(rooms_desk, inspect.ismethod):
        if name.startswith("_") or get_type_hints(method).get("return") is not Changes or name in AT_ONCE:
            continue
        for kind in (k for n, k in get_type_hints(method).items() if n != "return"):
            with pytest.raises((TypeError, ValueError, KeyError, AttributeError)):
                _made(kind, object())  # a kind that is checked, not one that lets everything through


def test_the_actors_role_comes_back(tmp_path: Path) -> None:
    from dispatch.journal import KeptAct
    from dispatch.records import Actor

    journal = Journal(tmp_path)
    act = KeptAct("1", 5, Actor("a", "Ana", "Operator", "Seat 1", Role.OPERATOR), "desk", "claim", {"x": 1})
    journal.keep(act)
    journal.refuse("1", "because")
    [back] = Journal(tmp_path).refused()
    assert back.actor == act.actor and back.refused == "because"


def test_calls_taken_while_the_database_was_away_are_entered_once_each_with_who_called(
    rooms: tuple[Room, Room], server: PostgresServer, city: City
) -> None:
    one, two = rooms
    request_id = city.add_report("Oak is down", address="5th Ave N & 9th St N")
    one.sync()
    about, acts, take = one.site(request_id), one.parts.acts, one.parts.call_desk.take_call
    call = Call("Oak on the road", address="2214 22nd Ave S", caller="Maria Ortega", call_back="727-555-0142")

    server.stop(how=signal.SIGQUIT)
    for args in ((call,), (replace(call, text="The same oak"), about), (replace(call, text="Wire down"),)):
        with pytest.raises(ActKept, match="Kept here"):
            acts.do(take, args, {})
    with pytest.raises(StoreUnreachable):
        acts.do(one.parts.call_desk.paste_calls, ([call],), {})
    server.start()
    one.store.outage.end()

    assert acts.replay() == 3
    assert acts.replay() == 0
    with two.store.reading() as connection:
        called = connection.execute(select(schema.caller).order_by(schema.caller.c.number)).all()
        entered = connection.execute(select(schema.outbox.c.kind)).scalars().all()
    assert [(row.number, row.phone) for row in called] == [(n, "727-555-0142") for n in (1, 2, 3)]
    assert entered == ["new_request"] * 3
    assert two.parts.detail.view(about).row.reports == 2


def test_what_heads_a_snapshot_waits_for_the_database_and_its_versions_do_not(
    rooms: tuple[Room, Room], server: PostgresServer
) -> None:
    one, two = rooms
    desk, acts = one.parts.snapshot_desk, one.parts.acts
    asked = Asked(LANDFALL - 1, LANDFALL + 1)
    content = freeze(make(one.store, asked, one.parts.jurisdiction, load_categories()))
    acts.do(desk.keep, (content, asked, "first"), {})
    [kept] = desk.versions()
    acts.do(desk.review, (kept.version_id,), {})

    server.stop(how=signal.SIGQUIT)
    with pytest.raises(ActKept, match="Kept here"):
        acts.do(desk.say_facts, (StormFacts(contact="EOC Planning"),), {})
    acts.take_back_kept()
    for work, args in (
        (desk.publish, (kept.version_id,)),
        (desk.keep, (content, asked)),
        # No file leaves the room before its line of the log is written.
        (desk.exported, (kept.digest, ("csv",))),
        (desk.listed, ("homes_listed", asked)),
    ):
        with pytest.raises(StoreUnreachable, match="does not answer"):
            acts.do(work, args, {})
    with pytest.raises(ActKept):
        acts.do(desk.say_facts, (StormFacts(contact="EOC Planning"),), {})
    server.start()
    one.store.outage.end()

    assert acts.replay() == 1
    assert two.parts.snapshot_desk.facts().contact == "EOC Planning"
    acts.do(desk.publish, (kept.version_id,), {})
    assert [each.number for each in two.parts.snapshot_desk.versions()] == [1]


def desks() -> Iterator[type]:
    for kind in get_type_hints(Parts).values():
        if inspect.isclass(kind) and kind.__name__.endswith("Desk"):
            yield kind


@pytest.mark.parametrize("desk", list(desks()), ids=lambda desk: str(desk.__name__))
def test_the_arguments_of_every_act_are_of_kinds_that_are_known_when_it_is_done(desk: type) -> None:
    """A kind imported for the type checker alone would fail when the act is put into words, on a room's
    database only."""
    acts = [
        method
        for name, method in inspect.getmembers(desk, inspect.isfunction)
        if not name.startswith("_") and "Changes" in str(method.__annotations__.get("return"))
    ]
    for each in acts:
        assert get_type_hints(each)["return"] is not None, each

"""A room whose people have roles, on a real PostgreSQL: each seat signs in as a login of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dispatch.assembly import Storm, build, sync_apart
from dispatch.clock import WallClock
from dispatch.errors import NotAllowed
from dispatch.records import Band, Call, CloseReason, EscalationState, Flag, Role, SyncStatus
from dispatch.settings import Settings
from dispatch.store import rights, schema, sites
from dispatch.store.store import open_store
from tests.city import TOKEN, City
from tests.rooms import Room, TenSecondsAgo

PEOPLE = {
    "ana": ("Ana Diaz", Role.OPERATOR),
    "sam": ("Sam Supervisor", Role.SUPERVISOR),
    "emma": ("Emma Manager", Role.MANAGER),
    "wall": ("Wall", Role.VIEWER),
    "adam": ("Adam Admin", Role.ADMINISTRATOR),
    "syncer": ("Syncing", Role.SYNC),
}


@dataclass
class Seats:
    open: Callable[[str], Room]
    url_of: Callable[[str], str]


@pytest.fixture
def seats(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], postgres_url: str
) -> Iterator[Seats]:
    owner = open_store(postgres_url, clock=WallClock())
    with owner.owning() as connection:
        rights.install(connection)
        for login, (name, role) in PEOPLE.items():
            rights.add_login(connection, login, "", role)
            connection.execute(schema.person.insert().values(login=login, name=name, role=role.value, at=1))
    owner.close()
    made: dict[str, Room] = {}

    def url_of(login: str) -> str:
        return postgres_url.replace("postgres@/", f"{login}@/")

    def open_one(login: str) -> Room:
        if login not in made:
            made[login] = Room(
                tmp_path / login, city, clock, run, store_url=url_of(login), seat=f"Seat {login}"
            )
        return made[login]

    yield Seats(open_one, url_of)
    for room in made.values():
        room.close()


def seat(seats: Seats, login: str, folder: Path, clock: Any) -> Any:
    """One that does not sync."""
    return build(
        folder=folder,
        settings=Settings(seat=f"Seat {login}"),
        clock=clock,
        storm=Storm("Hurricane Test", is_exercise=True),
        store_url=seats.url_of(login),
        wall_clock=TenSecondsAgo(),
    )


def test_each_does_what_is_theirs_and_the_syncing_serves_them_all(
    seats: Seats, city: City, tmp_path: Path, clock: Any
) -> None:
    syncer = seats.open("syncer")
    request_id = city.add_report("Mother on oxygen, no power, 727-555-0142", address="5th Ave N & 9th St N")
    syncer.sync()
    site_id = syncer.site(request_id)
    ana, sam, emma = (seat(seats, login, tmp_path / f"s-{login}", clock) for login in ("ana", "sam", "emma"))
    assert (ana.actor.person, ana.actor.role) == ("Ana Diaz", Role.OPERATOR)

    ana.desk.claim(site_id)
    ana.desk.set_band(site_id, Band.P1)
    ana.desk.message(site_id, "We have your report. This is not 911.")
    ana.desk.note(site_id, "spoke with the neighbor")
    handed = ana.desk.escalate(ana.desk.draft(site_id))
    called_about, _ = ana.desk.take_call(Call(text="A tree on a car", address="5th Ave N & 9th St N"))
    with pytest.raises(NotAllowed, match="Only a supervisor or the emergency manager may suspend"):
        ana.desk.suspend("fire", clock.now(), "wind", clock.now() + 1)
    with pytest.raises(NotAllowed, match="Only a supervisor may switch storm mode"):
        ana.desk.set_storm_mode(False)
    with pytest.raises(NotAllowed, match="Only an operator or a supervisor may close a site"):
        emma.desk.close(called_about, CloseReason.NOT_OURS, note="of the county")
    with pytest.raises(NotAllowed, match="ask a supervisor"):  # said by the database, which is asked first
        emma.desk.message(site_id, "Help is coming.")
    emma.desk.note(site_id, "the shelter has room")
    emma.desk.suspend("fire", clock.now(), "wind over 40 mph", clock.now() + 60_000)
    sam.desk.set_storm_mode(False)
    emma.em_desk.accept(handed.escalation_id, "crew 4", by_name="Emma Manager", by_position="Fire")
    syncer.sync()
    syncer.sync()

    view = ana.detail.view(site_id)
    assert view.escalations[0].state is EscalationState.ACCEPTED
    assert city.messages(request_id).count("We have your report. This is not 911.") == 1
    emma.em_desk.close(handed.escalation_id, "taken to the shelter", confirmed_by="Emma Manager")
    sam.desk.close(site_id, CloseReason.FIXED_CONFIRMED, note="safe", confirmed_by="Sam")
    ana.desk.reopen(site_id)
    assert {"claim", "band", "message", "note", "escalate", "close", "reopen"} <= set(syncer.log_acts())
    for each in (ana, sam, emma):
        each.close()


def test_a_seat_whose_login_may_not_sync_follows_the_one_that_does(
    seats: Seats,
    city: City,
    tmp_path: Path,
    clock: Any,
    run: Callable[..., Any],
    wait_until: Callable[..., None],
) -> None:
    syncer = seats.open("syncer")
    ana = seat(seats, "ana", tmp_path / "s-ana", clock)
    heard: list[SyncStatus] = []
    apart = sync_apart(
        ana, url=city.url, token=TOKEN, calls_per_minute=0, poll_s=0.2, tell=heard.append, nudge_readers=list
    )

    async def start() -> None:
        apart.start()

    run(start())
    wait_until(lambda: [status.state for status in heard][-1:] == ["elsewhere"])
    city.add_report("Oak blocks 5th Ave N")
    syncer.sync()
    ana.load()

    assert len(ana.board.what) == 1
    assert {status.state for status in heard} <= {"starting", "elsewhere"}
    run(apart.stop())
    ana.close()


def test_a_viewer_and_an_administrator_see_the_board_without_its_words_and_do_nothing(
    seats: Seats, city: City, tmp_path: Path, clock: Any
) -> None:
    """S15."""
    syncer = seats.open("syncer")
    request_id = city.add_report("Mother on oxygen, no power, 727-555-0142", address="5th Ave N & 9th St N")
    syncer.sync()
    site_id = syncer.site(request_id)
    other_id = city.add_report("Maria's oak is down, 727-555-0100", address="5th Ave N & 10th St N")
    syncer.sync()
    ana = seat(seats, "ana", tmp_path / "s-ana", clock)
    ana.desk.escalate(ana.desk.draft(site_id))
    ana.close()
    with syncer.store.transaction(syncer.parts.actor) as tx:
        sites.set_flags(tx, site_id, add=Flag.RESTRICTED)
    for login in ("wall", "adam"):
        parts = seat(seats, login, tmp_path / f"s-{login}", clock)
        parts.load()
        row = parts.board.row(site_id)
        assert parts.board.hand_overs[site_id].number == "EOC-0001"
        assert "oxygen" not in parts.board.what[row] and "5th" not in parts.board.where[row]
        assert parts.board.what[parts.board.row(syncer.site(other_id))] and "Maria" not in str(
            list(parts.board.what)
        )
        view = parts.detail.view(site_id)
        assert "oxygen" not in str(view) and "727" not in str(view)
        with pytest.raises(NotAllowed):
            parts.desk.claim(site_id)
        with pytest.raises(NotAllowed):
            parts.desk.set_storm_mode(False) if login == "wall" else parts.desk.note(site_id, "x")
        parts.close()
    assert "claim" not in syncer.log_acts()


def test_a_claim_is_asked_for_and_given_and_who_looks_is_told_by_those_who_may(
    seats: Seats, city: City, tmp_path: Path, clock: Any
) -> None:
    syncer = seats.open("syncer")
    request_id = city.add_report("Oak blocks 5th Ave N")
    syncer.sync()
    site_id = syncer.site(request_id)
    ana, sam, wall = (seat(seats, login, tmp_path / f"s-{login}", clock) for login in ("ana", "sam", "wall"))

    ana.desk.claim(site_id)
    sam.claim_desk.ask_for(site_id)
    with pytest.raises(NotAllowed):
        wall.claim_desk.keep(site_id)
    ana.claim_desk.give(site_id)
    ana.claim_desk.ask_for(site_id)
    clock.advance(61)
    ana.claim_desk.take_over(site_id)
    ana.presence.stay(site_id, True, clock.now())
    wall.presence.stay(site_id, False, clock.now())

    sam.load()
    assert sam.board.claims[site_id].person == "Ana Diaz" and not sam.board.asks
    assert [who.person for who in sam.presence.others()] == ["Ana Diaz"]
    assert syncer.log_acts()[-5:] == ["claim", "ask_for", "give", "ask_for", "take_over"]
    for each in (ana, sam, wall):
        each.close()


def test_everybody_who_works_on_sites_may_count_and_many_seats_are_told_apart(
    seats: Seats, city: City, tmp_path: Path, clock: Any
) -> None:
    syncer = seats.open("syncer")
    request_id = city.add_report("Oak across the road", address="5th Ave N & 9th St N")
    syncer.sync()
    ana, sam, emma = (seat(seats, login, tmp_path / f"s-{login}", clock) for login in ("ana", "sam", "emma"))
    ana.desk.claim(syncer.site(request_id))
    ana.presence.stay(syncer.site(request_id), False, clock.now())

    for each in (ana, sam, emma):
        room = each.statistics_desk.room()
        assert each.statistics_desk.trust(clock.now()).heard.of_all[-1].reports == 1
        found = {(s.seat, s.is_here, s.acts) for s in room.seats}
        assert ("Seat ana", True, 1) in found and (each.actor.seat, True) in {s[:2] for s in found}
        assert room.database.kind == "PostgreSQL" and room.database.size > 0
    for each in (ana, sam, emma):
        each.close()

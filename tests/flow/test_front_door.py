"""Before the queue somebody signs in, where people have been set up: at a seat's own database and at a shared
one, whose server looks at the password itself."""

from __future__ import annotations

import getpass
import json
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from dispatch import assembly
from dispatch.clock import WallClock
from dispatch.errors import ActRefused, NotAllowed, StoreUnusable
from dispatch.front_door import FrontDoor, Sitting
from dispatch.people import People
from dispatch.records import Actor, Person, Role
from dispatch.settings import Settings
from dispatch.store import log, people, rights
from dispatch.store.store import Store, open_store
from tests.flow.test_console import PATIENCE_S, start, wait_until_open
from tests.postgres import PostgresServer, running

ADMIN = Actor("irma", "Ada Admin", "Setup", "Seat 1", Role.ADMINISTRATOR)
PASSWORD = "correct horse 7"
WRONG = "do not belong together"


def seat(folder: Path, *, by_machine: str = "") -> Settings:
    """A seat's folder whose database has people."""
    folder.mkdir(exist_ok=True)
    store = open_store(f"sqlite:///{folder / 'seat.db'}", clock=WallClock())
    kept = People(store=store, actor=lambda: ADMIN)
    kept.add("ada", "Ada Admin", Role.ADMINISTRATOR, PASSWORD)
    kept.add("kim", "Kim Ortiz", Role.OPERATOR, PASSWORD)
    if by_machine:
        kept.add(by_machine, "Desk Account", Role.OPERATOR, "")
    store.close()
    return Settings()


def test_where_nobody_is_set_up_nobody_is_asked(tmp_path: Path) -> None:
    assert FrontDoor(folder=tmp_path, settings=Settings()).knock() is False
    open_store(f"sqlite:///{tmp_path / 'seat.db'}", clock=WallClock()).close()
    assert FrontDoor(folder=tmp_path, settings=Settings()).knock() is False


def test_where_people_are_set_up_one_of_them_signs_in(tmp_path: Path) -> None:
    door = FrontDoor(folder=tmp_path, settings=seat(tmp_path), account=lambda: "nobody")
    assert door.knock() is True
    assert door.sign_in("Kim", PASSWORD) == Person("kim", "Kim Ortiz", Role.OPERATOR)
    with pytest.raises(ActRefused, match=WRONG):
        door.sign_in("kim", "wrong horse 7")


def test_wrong_tries_wait_at_the_front_door_too(tmp_path: Path) -> None:
    door = FrontDoor(folder=tmp_path, settings=seat(tmp_path))
    for _ in range(3):
        with pytest.raises(ActRefused, match=WRONG):
            door.sign_in("kim", "wrong horse 7")
    with pytest.raises(ActRefused, match="wait 1 s"):
        door.sign_in("kim", PASSWORD)


def test_the_machines_account_is_let_in_where_it_is_marked(tmp_path: Path) -> None:
    door = FrontDoor(folder=tmp_path, settings=seat(tmp_path, by_machine="desk7"), account=lambda: "Desk7")
    found = door.knock()
    assert isinstance(found, Person) and found.name == "Desk Account"


def test_who_came_in_acts_with_name_position_and_role(tmp_path: Path) -> None:
    settings = seat(tmp_path)
    who = FrontDoor(folder=tmp_path, settings=settings).sign_in("kim", PASSWORD)
    parts = assembly.build(
        folder=tmp_path,
        settings=settings,
        clock=WallClock(),
        storm=assembly.Storm("Hurricane Test", is_exercise=False),
        sitting=Sitting(who, "Logistics", PASSWORD),
    )
    try:
        assert (parts.actor.person, parts.actor.position, parts.actor.role) == (
            "Kim Ortiz",
            "Logistics",
            Role.OPERATOR,
        )
        with parts.store.reading() as connection:
            last = list(log.every_row(connection))[-1]
        assert (last["act"], last["text"]) == ("signed_in", "signed in: Kim Ortiz, Logistics, operator")
        assert PASSWORD not in repr(Sitting(who, "Logistics", PASSWORD))
    finally:
        parts.close()


def _live(folder: Path) -> None:
    (folder / "settings.toml").write_text('[server]\nurl = "http://127.0.0.1:9/api/v2"\n')


def test_the_console_opens_no_queue_before_somebody_has_signed_in(tmp_path: Path) -> None:
    seat(tmp_path)
    _live(tmp_path)
    console = start("--data", str(tmp_path))
    assert console.stderr is not None
    while "somebody has to sign in" not in (line := console.stderr.readline()):
        assert line and "the console is open" not in line
    console.send_signal(signal.SIGTERM)
    console.communicate(timeout=PATIENCE_S)


def test_the_console_opens_at_once_for_the_machines_account(tmp_path: Path) -> None:
    seat(tmp_path, by_machine=getpass.getuser())
    _live(tmp_path)
    console = start("--data", str(tmp_path))
    wait_until_open(console)
    console.send_signal(signal.SIGTERM)
    _, said = console.communicate(timeout=PATIENCE_S)
    assert console.returncode == 0, said
    store = open_store(f"sqlite:///{tmp_path / 'seat.db'}", clock=WallClock())
    with store.reading() as connection:
        lines = [line for line in log.every_row(connection) if line["act"] == "signed_in"]
    store.close()
    assert [(line["person"], json.loads(line["detail"])["after"]["role"]) for line in lines] == [
        ("Desk Account", "operator")
    ]


# -- a shared database ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scram() -> Iterator[PostgresServer]:
    """A server that lets the owner in and asks everybody else for a password."""
    with running() as server:
        rules = "local all postgres trust\nlocal all all scram-sha-256\n"
        (server._home / "data" / "pg_hba.conf").write_text(rules)
        server._say("SELECT pg_reload_conf()")
        yield server


@pytest.fixture
def room_url(scram: PostgresServer) -> Iterator[str]:
    url = scram.new_database()
    store = open_store(url, clock=WallClock())
    with store.engine.begin() as line:
        for login, role in (("kim", "operator"), ("lee", "supervisor"), ("gone", "operator")):
            line.execute(text(f"DROP ROLE IF EXISTS {login}"))
            line.execute(text(f"CREATE ROLE {login} LOGIN PASSWORD '{PASSWORD}'"))
            line.execute(text(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {login}"))
            line.execute(
                text("INSERT INTO person (login, name, role, is_active, at) VALUES (:l, :n, :r, :a, 0)"),
                {"l": login, "n": login.title(), "r": role, "a": int(login != "gone")},
            )
        line.execute(text("DROP ROLE IF EXISTS stranger"))
        line.execute(text(f"CREATE ROLE stranger LOGIN PASSWORD '{PASSWORD}'"))
        line.execute(text("GRANT SELECT ON person TO stranger"))
    store.close()
    yield url
    with store.engine.begin() as line:
        for login in ("kim", "lee", "gone", "stranger"):
            line.execute(text(f"DROP OWNED BY {login}"))
            line.execute(text(f"DROP ROLE {login}"))
    store.engine.dispose()
    scram.drop(url)


def without_user(url: str) -> str:
    return url.replace("postgres@", "nobody_here@")


def test_a_shared_database_that_lets_nobody_in_by_its_address_asks(tmp_path: Path, room_url: str) -> None:
    settings = replace(Settings(), store_url=without_user(room_url))
    door = FrontDoor(folder=tmp_path, settings=settings)
    assert door.knock() is True
    assert door.sign_in("Kim", PASSWORD) == Person("kim", "Kim", Role.OPERATOR)
    for login, password in (
        ("kim", "wrong"),
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("stranger", PASSWORD),
    ):
        with pytest.raises(ActRefused, match=WRONG):
            door.sign_in(login, password)


def test_an_address_of_the_owner_asks_as_well_and_one_of_a_person_does_not(
    tmp_path: Path, room_url: str
) -> None:
    owner = FrontDoor(folder=tmp_path, settings=replace(Settings(), store_url=room_url))
    assert owner.knock() is True
    own = room_url.replace("postgres@", f"lee:{PASSWORD.replace(' ', '%20')}@")
    found = FrontDoor(folder=tmp_path, settings=replace(Settings(), store_url=own)).knock()
    assert isinstance(found, Person) and found.role is Role.SUPERVISOR


def test_a_server_that_does_not_answer_is_no_wrong_password(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://kim@/room?host={tmp_path}"
    door = FrontDoor(folder=tmp_path, settings=replace(Settings(), store_url=url))
    with pytest.raises(StoreUnusable, match="does not answer"):
        door.sign_in("kim", PASSWORD)


def session_user(store: Store) -> str:
    with store.reading() as connection:
        return str(connection.execute(text("SELECT session_user")).scalar())


def test_signing_in_changes_whom_every_part_speaks_as_and_a_wrong_one_does_not(room_url: str) -> None:
    store = open_store(without_user(room_url), clock=WallClock(), login="kim", password=PASSWORD)
    door = People(store=store, actor=lambda: ADMIN)
    assert session_user(store) == "kim"

    for login, password in (("lee", "wrong horse"), ("stranger", PASSWORD), ("lee", ""), ("", "")):
        with pytest.raises(ActRefused, match=WRONG):
            door.sign_in(login, password)
        assert session_user(store) == "kim"

    assert door.sign_in("lee", PASSWORD).name == "Lee"
    assert session_user(store) == "lee"
    with store.reading() as connection:
        found = people.of_session(connection)
    assert found is not None and found.login == "lee"
    store.close()


def test_a_whole_seat_works_as_who_signed_in_and_syncs_as_nobody(room_url: str, tmp_path: Path) -> None:
    settings = replace(Settings(), store_url=without_user(room_url), sync_user="landfall_sync")
    with pytest.raises(StoreUnusable):
        assembly.build(folder=tmp_path, settings=settings, clock=WallClock(), storm=None)
    owner = open_store(room_url, clock=WallClock())
    with owner.transaction(ADMIN) as tx:  # an operator opens none
        tx.connection.execute(
            text("INSERT INTO activation VALUES ('a', 'Hurricane Test', 0, 1, 1, NULL, NULL, 1)")
        )
    owner.close()
    who = FrontDoor(folder=tmp_path, settings=settings).sign_in("kim", PASSWORD)
    parts = assembly.build(
        folder=tmp_path,
        settings=settings,
        clock=WallClock(),
        storm=assembly.Storm("Hurricane Test", is_exercise=False),
        sitting=Sitting(who, "Operator", PASSWORD),
    )
    assert session_user(parts.store) == "kim"
    assert assembly.needs_sync_login(parts)
    orders = make_url(assembly.sync_store_url(parts, "of the syncing"))
    assert (orders.username, orders.password) == ("landfall_sync", "of the syncing")
    assert PASSWORD not in str(orders)
    parts.seat_desk.sign_in(parts.people.sign_in("lee", PASSWORD), "Supervisor")
    assert (session_user(parts.store), parts.actor.role) == ("lee", Role.SUPERVISOR)
    parts.close()


def test_the_owner_keeps_people_as_logins_of_the_database(scram: PostgresServer, tmp_path: Path) -> None:
    url = scram.new_database()
    owner = open_store(url, clock=WallClock())
    with owner.owning() as line:
        rights.install(line)
    kept = People(store=owner, actor=lambda: ADMIN)
    kept.add("adam", "Adam Admin", Role.ADMINISTRATOR, PASSWORD)
    kept.add("pat", "Pat Diaz", Role.OPERATOR, PASSWORD)
    kept.add("vic", "Vic Wall", Role.VIEWER, PASSWORD)
    door = FrontDoor(folder=tmp_path, settings=replace(Settings(), store_url=without_user(url)))
    try:
        assert door.knock() is True
        assert door.sign_in("pat", PASSWORD) == Person("pat", "Pat Diaz", Role.OPERATOR)

        kept.change_role("pat", Role.SUPERVISOR)
        kept.set_password("pat", "another horse 8")
        with pytest.raises(ActRefused, match=WRONG):
            door.sign_in("pat", PASSWORD)
        assert door.sign_in("pat", "another horse 8").role is Role.SUPERVISOR

        seat = open_store(without_user(url), clock=WallClock(), login="pat", password="another horse 8")
        pat = Actor("irma", "Pat Diaz", "Supervisor", "Seat 1", Role.SUPERVISOR)
        People(store=seat, actor=lambda: pat).change_own("pat", "another horse 8", PASSWORD)
        assert session_user(seat) == "pat"
        theirs = People(store=seat, actor=lambda: replace(pat, role=Role.ADMINISTRATOR))
        with pytest.raises(NotAllowed):  # whatever a program says of itself
            theirs.change_role("pat", Role.ADMINISTRATOR)
        seat.close()

        with owner.transaction(ADMIN) as tx:
            tx.connection.execute(
                text("INSERT INTO activation VALUES ('a', 'Hurricane', 0, 1, 1, NULL, NULL, 1)")
            )
        parts = assembly.build(
            folder=tmp_path,
            settings=replace(Settings(), store_url=without_user(url)),
            clock=WallClock(),
            storm=None,
            sitting=Sitting(door.sign_in("vic", PASSWORD), "Operator", PASSWORD),
        )
        assert (parts.actor.person, parts.follow.is_masked()) == ("Vic Wall", True)
        parts.seat_desk.sign_in(parts.people.sign_in("pat", PASSWORD), "Supervisor")
        assert (session_user(parts.store), parts.follow.is_masked()) == ("pat", False)
        parts.close()

        kept.close("pat")
        with pytest.raises(ActRefused, match=WRONG):
            door.sign_in("pat", PASSWORD)
        with owner.reading() as connection:
            entries = list(log.every_row(connection))
        assert PASSWORD not in str(entries) and "SCRAM" not in str(entries)
    finally:
        with owner.engine.begin() as line:
            for login in ("adam", "pat", "vic"):
                line.execute(text(f"DROP ROLE IF EXISTS {login}"))
        owner.close()
        scram.drop(url)

"""Who may sign in, on a database of one seat: kept by administrators, each act with its line in the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatch.clock import WallClock
from dispatch.errors import ActRefused, NotAllowed
from dispatch.passwords import Patience, Verifier
from dispatch.people import People
from dispatch.records import Actor, Role
from dispatch.store import log
from dispatch.store.store import Store, open_store

ADMIN = Actor("irma", "Ada Admin", "Setup", "Seat 1", Role.ADMINISTRATOR)
PASSWORD = "correct horse 7"


class Watch:
    def __init__(self) -> None:
        self.now_s = 0.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'seat.db'}", clock=WallClock())
    yield opened
    opened.close()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def people(store: Store, watch: Watch) -> People:
    made = People(store=store, actor=lambda: ADMIN, patience=Patience(now_s=lambda: watch.now_s))
    made.add("ada", "Ada Admin", Role.ADMINISTRATOR, PASSWORD)
    made.add("kim", "Kim Ortiz", Role.OPERATOR, PASSWORD)
    return made


def lines(store: Store) -> list[dict[str, Any]]:
    with store.reading() as connection:
        assert log.verify(connection).is_intact
        return [dict(row) for row in log.every_row(connection)]


def test_who_is_added_signs_in_and_is_listed(people: People) -> None:
    who = people.sign_in(" Kim ", PASSWORD)
    assert (who.login, who.name, who.role) == ("kim", "Kim Ortiz", Role.OPERATOR)
    assert [each.login for each in people.everyone()] == ["ada", "kim"]
    assert people.are_set_up()


def test_nobody_set_up_means_nobody_has_to_sign_in(store: Store) -> None:
    assert not People(store=store, actor=lambda: ADMIN).are_set_up()


def test_the_log_names_logins_and_no_password_or_hash(people: People, store: Store) -> None:
    people.change_role("kim", Role.SUPERVISOR)
    people.set_password("kim", "another horse 8")
    people.close("kim")
    said = lines(store)
    assert [line["act"] for line in said][2:] == ["person_role", "person_password", "person_closed"]
    assert said[2]["text"] == "kim is supervisor now (before: operator)"
    assert "horse" not in str(said) and "argon2" not in str(said)


def test_the_file_holds_an_argon2id_hash_and_no_password(
    people: People, tmp_path: Path, store: Store
) -> None:
    store.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("seat.db*"))
    assert b"$argon2id$" in kept and PASSWORD.encode() not in kept


@pytest.mark.parametrize(
    ("login", "password"), [("kim", "wrong horse 7"), ("nobody", PASSWORD), ("kim", ""), ("", "")]
)
def test_it_is_never_said_which_of_them_was_wrong(people: People, login: str, password: str) -> None:
    with pytest.raises(ActRefused) as refused:
        people.sign_in(login, password)
    assert str(refused.value) == "This name and password do not belong together. Try again."


@pytest.mark.parametrize("login", ["kim", "nobody"])
def test_wrong_tries_make_the_next_one_wait_whoever_it_is(people: People, login: str, watch: Watch) -> None:
    for _ in range(3):
        with pytest.raises(ActRefused, match="do not belong together"):
            people.sign_in(login, "wrong horse")
    with pytest.raises(ActRefused, match="wait 1 s"):
        people.sign_in(login, PASSWORD)
    watch.now_s += 1
    with pytest.raises(ActRefused, match="do not belong together"):
        people.sign_in(login, "wrong horse")
    with pytest.raises(ActRefused, match="wait 2 s"):
        people.sign_in(login, PASSWORD)
    watch.now_s += 2
    assert people.sign_in("ada", PASSWORD).login == "ada"  # others do not wait for it
    if login == "kim":
        assert people.sign_in("kim", PASSWORD).login == "kim"


def test_who_is_closed_signs_in_no_more(people: People) -> None:
    people.close("kim")
    with pytest.raises(ActRefused, match="do not belong together"):
        people.sign_in("kim", PASSWORD)
    with pytest.raises(ActRefused, match="Nobody signs in as kim"):
        people.set_password("kim", "another horse 8")


@pytest.mark.parametrize(
    ("login", "name", "password", "says"),
    [
        ("k", "Kim", PASSWORD, "2 to 40"),
        ("kim ortiz", "Kim", PASSWORD, "small letters"),
        ("kim2", " ", PASSWORD, "Write the person's name"),
        ("kim2", "K\x07", PASSWORD, "plain signs"),
        ("kim2", "Kim", "short", "at least 8"),
        ("kim-ortiz", "Kim", "Kim-Ortiz", "must not be the login"),
        ("KIM", "Kim", PASSWORD, "kim is a login already"),
    ],
)
def test_what_cannot_be_is_refused(people: People, login: str, name: str, password: str, says: str) -> None:
    with pytest.raises(ActRefused, match=says):
        people.add(login, name, Role.OPERATOR, password)
    assert len(people.everyone()) == 2


def test_there_is_always_an_administrator(store: Store, people: People) -> None:
    for act in (lambda: people.close("ada"), lambda: people.change_role("ada", Role.OPERATOR)):
        with pytest.raises(ActRefused, match="last administrator"):
            act()
    people.change_role("kim", Role.ADMINISTRATOR)
    people.close("ada")
    assert [each.login for each in people.everyone() if each.is_active] == ["kim"]


def test_the_first_person_is_an_administrator(store: Store) -> None:
    with pytest.raises(ActRefused, match="first person is an administrator"):
        People(store=store, actor=lambda: ADMIN).add("kim", "Kim", Role.OPERATOR, PASSWORD)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_keep_people(people: People, store: Store, role: Role) -> None:
    theirs = People(store=store, actor=lambda: replace(ADMIN, role=role))
    for act in (
        lambda: theirs.add("eve", "Eve", Role.ADMINISTRATOR, PASSWORD),
        lambda: theirs.change_role("kim", Role.ADMINISTRATOR),
        lambda: theirs.set_password("ada", "another horse 8"),
        lambda: theirs.close("ada"),
    ):
        with pytest.raises(NotAllowed, match="Only an administrator"):
            act()


def test_ones_own_password_is_changed_by_who_knows_it(people: People, store: Store) -> None:
    kim = People(store=store, actor=lambda: replace(ADMIN, person="Kim Ortiz", role=Role.OPERATOR))
    with pytest.raises(ActRefused, match="do not belong together"):
        kim.change_own("kim", "wrong horse 7", "another horse 8")
    kim.change_own("kim", PASSWORD, "another horse 8")
    assert people.sign_in("kim", "another horse 8").login == "kim"


def test_the_machines_account_signs_in_without_a_password_where_it_is_marked_for_it(people: People) -> None:
    people.add("wall", "Wall", Role.VIEWER, "")
    found = people.of_machine("wall")
    assert found is not None and found.by_machine
    assert people.of_machine("kim") is None and people.of_machine("nobody") is None
    with pytest.raises(ActRefused):
        people.sign_in("wall", "")


def test_a_screen_is_unlocked_by_the_password_it_was_signed_in_with() -> None:
    verifier = Verifier(PASSWORD)
    assert verifier.fits(PASSWORD) and not verifier.fits("") and not verifier.fits("wrong horse 7")
    assert PASSWORD not in str(vars(verifier))
    assert Verifier("").fits("") and not Verifier("").needs_password

"""S15: phones, units and mail addresses are covered until somebody asks for those of one site."""

from __future__ import annotations

from typing import Any

import pytest

from dispatch.errors import NotAllowed
from dispatch.records import Person, Role
from dispatch.store import log
from tests.rooms import Room

PHONE, UNIT, MAIL = "727-555-0142", "Apt 4B", "maria@example.org"
WORDS = f"Call me at {PHONE} or {MAIL}, {UNIT}, water is in the hall"
SECRETS = (PHONE, UNIT, MAIL)


@pytest.fixture
def site(room: Room, city: Any) -> int:
    request_id = city.add_report(WORDS, address=f"2214 22nd Ave S {UNIT}, St. Petersburg")
    room.sync()
    return room.site(request_id)


def held(text: object) -> list[str]:
    return [secret for secret in SECRETS if secret in str(text)]


def sign_in(room: Room, role: Role) -> None:
    room.parts.seat_desk.sign_in(Person("kim", "Kim Ortiz", role), "Operator")


def test_the_detail_and_the_row_hold_none_and_say_so(room: Room, site: int) -> None:
    room.parts.follow.load()
    view = room.parts.detail.view(site)
    board = room.parts.board

    assert held(view) == [] and view.is_covered
    assert "[phone]" in str(view.thread) and "[unit]" in view.address
    assert "2214 22nd Ave S" in view.address and "water is in the hall" in str(view.thread)
    assert held((board.what[board.row(site)], board.where[board.row(site)])) == []


def test_asked_for_they_are_shown_until_the_site_is_left(room: Room, site: int) -> None:
    room.parts.unmasking.unmask(site)
    assert held(room.parts.detail.view(site)) == list(SECRETS)
    assert not room.parts.detail.view(site).is_covered

    room.parts.unmasking.cover()
    assert held(room.parts.detail.view(site)) == []


def test_who_sits_here_next_sees_them_covered(room: Room, site: int) -> None:
    room.parts.unmasking.unmask(site)
    sign_in(room, Role.OPERATOR)
    assert held(room.parts.detail.view(site)) == []


def test_the_log_has_who_and_which_site_and_never_the_words(room: Room, site: int) -> None:
    room.parts.unmasking.unmask(site)
    room.parts.detail.whole(site, "told 911")  # open already: one line is enough
    room.parts.unmasking.cover()
    room.parts.detail.whole(site, "told 911")

    with room.store.reading() as connection:
        assert log.verify(connection).is_intact
        lines = list(log.every_row(connection))
    shown = [line for line in lines if line["act"] == "unmasked"]
    assert [(line["site_id"], line["person"], line["text"]) for line in shown] == [
        (site, "A. Operator", "phones and units shown"),
        (site, "A. Operator", "phones and units shown (told 911)"),
    ]
    assert held(lines) == []


def test_a_sheet_that_cannot_do_without_has_them_whole(room: Room, site: int) -> None:
    assert held(room.parts.detail.whole(site, "told 911")) == list(SECRETS)


def test_nothing_is_logged_where_nothing_was_covered(room: Room, city: Any) -> None:
    request_id = city.add_report("Oak across 5th Ave N since 10:45", address="5th Ave N & 9th St N")
    room.sync()
    assert not room.parts.detail.view(room.site(request_id)).is_covered
    room.parts.detail.whole(room.site(request_id), "told 911")
    assert [line.act for line in room.view(request_id).log] == []


def test_who_only_looks_on_never_sees_them(room: Room, site: int) -> None:
    sign_in(room, Role.VIEWER)
    with pytest.raises(NotAllowed, match="an operator can"):
        room.parts.unmasking.unmask(site)
    assert held(room.parts.detail.view(site)) == []
    assert held(room.parts.detail.whole(site, "told 911")) == []
    assert room.parts.unmasking.opened(site).number == 0


def test_a_viewers_board_has_no_words_of_restricted_sites_and_an_operators_has_them_again(
    room: Room, city: Any, run: Any
) -> None:
    request_id = city.add_report("My mother is on oxygen", category="medical_power_dependent")
    room.sync()
    room.parts.follow.load()
    site_id, board = room.site(request_id), room.parts.board
    assert "oxygen" in board.what[board.row(site_id)]

    sign_in(room, Role.VIEWER)
    run(room.parts.follow.read_again([site_id]))
    assert board.what[board.row(site_id)] == "Life safety"
    assert "oxygen" not in str(room.view(request_id))

    sign_in(room, Role.OPERATOR)
    run(room.parts.follow.read_again([site_id]))
    assert "oxygen" in board.what[board.row(site_id)]

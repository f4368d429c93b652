"""Every kind of 311 server against the same promises about its categories, over the exercise's own server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dispatch.errors import LandfallError, ServerNonsense, ServerRefused
from dispatch.http import HttpDoor
from dispatch.servers import SERVERS, Server, Where
from tests.city import TOKEN, City

WHERE = Where(ZoneInfo("America/New_York"), (-82.80, 27.60, -82.54, 27.90))
Made = Callable[..., Server]


@pytest.fixture
def made(city: City) -> Iterator[Made]:
    door = HttpDoor(connect_s=5, read_s=5)

    def make(kind: str, token: str = TOKEN, organization: str = "") -> Server:
        url = city.georeport_url if kind == "georeport" else city.url
        return SERVERS[kind](door, url, organization, token, WHERE)

    yield make
    door.close()


@pytest.mark.parametrize("kind", sorted(SERVERS))
def test_the_live_list_says_what_the_public_is_offered(made: Made, city: City, kind: str) -> None:
    city.category("5622", active=False)

    found = made(kind).categories()

    offered = {each.category_id for each in found if each.is_offered}
    assert "5701" in offered and "5622" not in offered
    assert offered - {"other"} == city.offered()
    assert all(each.title for each in found)


@pytest.mark.parametrize("kind", sorted(SERVERS))
def test_a_category_is_switched_or_refused_in_a_sentence(made: Made, city: City, kind: str) -> None:
    server = made(kind)
    can = any(each.can_switch for each in server.categories())

    if can:
        server.offer("5622", False)
        server.offer("5622", False)
        assert "5622" not in city.offered(), "and setting it again harms nothing"
        server.offer("5622", True)
    else:
        with pytest.raises(ServerRefused, match="switch"):
            server.offer("5622", False)
    assert "5622" in city.offered()


@pytest.mark.parametrize("kind", sorted(SERVERS))
@pytest.mark.parametrize("fault", ["nonsense", "empty", "truncated"])
def test_a_list_that_cannot_be_read_is_never_an_empty_list(
    made: Made, city: City, kind: str, fault: str
) -> None:
    city.fail_next(fault)

    try:
        found = made(kind).categories()
    except LandfallError:
        return  # told; or asked again in another form, and then all of them are there
    assert {each.category_id for each in found} - {"other"} == city.offered()


def test_a_server_that_lists_no_services_at_all_is_not_believed(made: Made, city: City) -> None:
    city.quirks("Q7")

    with pytest.raises(ServerNonsense, match="no services"):
        made("georeport").categories()


def test_whoever_is_no_member_sees_the_public_list_and_switches_nothing(made: Made, city: City) -> None:
    city.category("5622", active=False)
    server = made("seeclickfix", token="")

    found = {each.category_id: each for each in server.categories()}

    assert "5622" not in found and not any(each.can_switch for each in found.values())
    with pytest.raises(ServerRefused):
        server.offer("5623", False)


def test_what_another_department_keeps_is_refused(made: Made, city: City) -> None:
    city.category("5627", is_locked=True)

    with pytest.raises(ServerRefused, match="another department"):
        made("seeclickfix").offer("5627", False)
    assert "5627" in city.offered()


def test_what_is_off_stays_off_through_a_restart(made: Made, city: City) -> None:
    made("seeclickfix").offer("5622", False)

    city.restart()

    assert "5622" not in city.offered()


def test_a_resident_cannot_report_under_what_is_off(made: Made, city: City) -> None:
    from dispatch.records import OutboxKind
    from dispatch.servers import Outgoing

    city.category("5622", active=False)
    wish: dict[str, Any] = {"service_code": "5622", "lat": "27.77", "long": "-82.64"}

    with pytest.raises(ServerRefused, match="not offered"):
        made("georeport").post(Outgoing(OutboxKind.NEW_REQUEST, "", "Words on a wall", detail=wish))
    with pytest.raises(AssertionError, match="not offered"):
        city.add_report("Words on a wall", category="5622", as_resident=True)
    assert city.add_report("Words on a wall", category="5622"), "the instructor may"

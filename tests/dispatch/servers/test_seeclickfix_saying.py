"""Posting to SeeClickFix: to the addresses an issue carries, on the server's own host, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.errors import ServerNonsense, ServerRefused
from dispatch.http import HttpDoor
from dispatch.records import OutboxKind
from dispatch.servers import Outgoing
from dispatch.servers.seeclickfix import SeeClickFix
from tests.city import City
from tests.dispatch.servers.playing import Call, Playing, Say

ORGANIZATION = "276"


@pytest.fixture
def inside(city: City, door: HttpDoor) -> SeeClickFix:
    return SeeClickFix(door, city.url, ORGANIZATION, city.token)


def outgoing(kind: OutboxKind, request_id: str, text: str = "Words.", **detail: str) -> Outgoing:
    return Outgoing(kind, request_id, text, key="6ba7b810", detail=detail)


def issue(playing: Playing, **more: Any) -> Callable[[Call], Any]:
    """The playing server has one issue and takes whatever is posted to it."""

    def says(call: Call) -> Any:
        if call.method == "POST":
            return Say({"comment": "Words.", "created_at": "2017-09-11T09:00:00-04:00"}, 201)
        return {"id": 7, "status": "Open", "created_at": "2017-09-11T08:00:00-04:00", **more}

    return says


def test_an_internal_note_goes_inside_and_comes_back_marked(inside: SeeClickFix, city: City) -> None:
    number = city.add_report("Oak down")

    posted = inside.post(outgoing(OutboxKind.INTERNAL_NOTE, number, "Gate code 4711"))

    assert posted.message is not None and posted.message.is_internal
    assert [(line.text, line.is_internal) for line in inside.messages(number)] == [("Gate code 4711", True)]
    assert city.messages(number) == []


def test_an_assignment_goes_to_the_address_of_the_issue(inside: SeeClickFix, city: City) -> None:
    number = city.add_report("Oak down")

    inside.post(outgoing(OutboxKind.ASSIGN, number, "Bring the big saw", assignee_id="1200002"))

    held = inside.request(number)
    assert held is not None and (held.assignee_id, held.agency) == ("1200002", "Call Taker 2")
    assert "Bring the big saw" not in city.messages(number)


@pytest.mark.parametrize(
    ("kind", "category"),
    [
        (OutboxKind.INTERNAL_NOTE, "street_light_out"),
        (OutboxKind.ASSIGN, "street_light_out"),
        (OutboxKind.CLOSE, "animal"),
    ],
)
def test_what_an_issue_does_not_offer_is_not_tried(
    kind: OutboxKind, category: str, inside: SeeClickFix, city: City
) -> None:
    number = city.add_report("Lamp out", category=category)

    with pytest.raises(ServerRefused, match=r"offers no .* which is open there"):
        inside.post(outgoing(kind, number, assignee_id="1200002"))

    assert city.messages(number) == [] and city.status(number) == "Open"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/api/v2/issues/7/close",
        "//evil.example/issues/7/close",
        "http://127.0.0.1:1/close",
        "close",
    ],
)
@pytest.mark.parametrize("kind", [OutboxKind.CLOSE, OutboxKind.ASSIGN, OutboxKind.INTERNAL_NOTE])
def test_our_token_goes_to_no_other_server_whatever_an_issue_says(
    elsewhere: str, kind: OutboxKind, playing: Playing, door: HttpDoor
) -> None:
    playing.says = issue(
        playing,
        transitions={"close_url": elsewhere},
        assignment_url=elsewhere,
        internal_comments_url=elsewhere,
    )
    server = SeeClickFix(door, playing.address, ORGANIZATION, "secret")

    with pytest.raises(ServerRefused, match="points to another server"):
        server.post(outgoing(kind, "7", assignee_id="1"))

    assert [call.method for call in playing.calls] == ["GET"]


def test_an_internal_note_never_goes_to_an_address_that_looks_public(
    playing: Playing, door: HttpDoor
) -> None:
    playing.says = issue(playing, internal_comments_url=f"{playing.address}/issues/7/comments")
    server = SeeClickFix(door, playing.address, ORGANIZATION, "secret")

    with pytest.raises(ServerRefused, match="looks like the public one"):
        server.post(outgoing(OutboxKind.INTERNAL_NOTE, "7"))

    assert [call.method for call in playing.calls] == ["GET"]


def test_the_thread_is_read_whole_where_details_do_not_hold_it(playing: Playing, door: HttpDoor) -> None:
    line = {"created_at": "2017-09-11T09:00:00-04:00", "commenter": {"id": 1, "name": "City"}}
    base = f"{playing.address}/organizations/{ORGANIZATION}/issues/7"

    def says(call: Call) -> Any:
        if call.path.endswith("/notes"):
            return {"comments": [{**line, "comment": "Inside"}]}
        if call.path.endswith("/comments"):
            return {"comments": [{**line, "comment": "Outside"}]}
        return {"id": 7, "status": "Open", "internal_comments_url": f"{base}/notes"}

    playing.says = says
    server = SeeClickFix(door, playing.address, ORGANIZATION, "secret")

    assert [(m.text, m.is_internal) for m in server.messages("7")] == [("Outside", False), ("Inside", True)]


def test_a_call_becomes_an_issue_with_its_number(inside: SeeClickFix, city: City) -> None:
    detail = {"service_code": "5702", "lat": "27.75", "long": "-82.65", "address_string": "22nd Ave S"}

    posted = inside.post(outgoing(OutboxKind.NEW_REQUEST, "", "Limb on the line", **detail))

    entered = inside.request(posted.request_id)
    assert entered is not None
    assert (entered.description, entered.address) == ("Limb on the line", "22nd Ave S")
    assert entered.service_name == "Storm: Tree on Wires"


def test_a_call_of_no_category_gets_a_title_of_its_own(inside: SeeClickFix, city: City) -> None:
    posted = inside.post(
        outgoing(OutboxKind.NEW_REQUEST, "", "A cow on the bridge", lat="27.75", long="-82.65")
    )

    entered = inside.request(posted.request_id)
    assert entered is not None and (entered.service_code, entered.summary) == ("", "A cow on the bridge")


def test_an_answer_without_a_number_proves_nothing(playing: Playing, door: HttpDoor) -> None:
    playing.says = lambda _: Say({"status": "ok"}, 201)

    with pytest.raises(ServerNonsense, match="number"):
        SeeClickFix(door, playing.address, ORGANIZATION, "secret").post(outgoing(OutboxKind.NEW_REQUEST, ""))

"""Threads, services and what we send: against a real small server that says what the test says."""

from __future__ import annotations

from typing import Any

import pytest

from dispatch.errors import ServerNonsense, ServerRefused
from dispatch.http import HttpDoor
from dispatch.records import OutboxKind
from dispatch.servers import Account, Outgoing, Posted
from dispatch.servers.capabilities import Capabilities
from dispatch.servers.georeport import GeoReport
from tests.dispatch.servers.conftest import WHERE
from tests.dispatch.servers.playing import Call, Playing, Say
from tests.dispatch.servers.test_georeport import ROW

WRITES = Capabilities(has_updates=True, can_post_updates=True)
MESSAGE = Outgoing(OutboxKind.MESSAGE, "17-0901", "A crew is on the way.", key="6ba7b810")
NEW = Outgoing(
    OutboxKind.NEW_REQUEST,
    "",
    "Oak on a wire",
    key="k",
    detail={
        "service_code": "001",
        "lat": "27.77",
        "long": "-82.64",
        "address_string": "5th Ave N",
        "phone": "555-0100",
        "attribute[KIND][]": "oak\nwire",
        "desk": "Public works",
    },
)


def update(update_id: str, at: str, text: str = "Looked at", **more: Any) -> dict[str, Any]:
    return {
        "update_id": update_id,
        "service_request_id": "17-0901",
        "status": "OPEN",
        "updated_datetime": at,
        "description": text,
        **more,
    }


def test_the_status_note_is_the_citys_last_line(georeport: GeoReport, playing: Playing) -> None:
    playing.says = lambda _: [
        {**ROW, "notes": [{"datetime": "2017-09-11T08:02:00-04:00", "description": "Seen"}]}
    ]

    first, last = georeport.messages("17-0901")

    assert [first.text, last.text] == ["Seen", "Crew sent"]
    assert last.author.role == "Verified Official"
    later = {**ROW, "updated_datetime": "2017-09-11T09:00:00-04:00"}
    playing.says = lambda _: [later]
    assert [line.message_id for line in georeport.messages("17-0901")] == [last.message_id]


def test_updates_are_polled_as_a_span_and_kept_by_request(georeport: GeoReport, playing: Playing) -> None:
    georeport.capabilities = WRITES
    updates = [
        update("2", "2017-09-11T09:00:00-04:00", "Second"),
        update("1", "2017-09-11T08:30:00-04:00", "First"),
        update("3", "2017-09-11T09:10:00-04:00", "And I?", first_name="Ana", last_name="Diaz"),
        update("4", "2017-09-11T09:20:00-04:00", ""),
        {**update("5", "2017-09-11T09:20:00-04:00"), "service_request_id": "elsewhere"},
        update("6", "some day"),
    ]
    playing.says = lambda call: updates if "updates" in call.path else [ROW]

    thread = georeport.messages("17-0901")

    assert [line.text for line in thread] == ["First", "Second", "And I?"]
    assert [line.author.name for line in thread] == ["City", "City", "Ana Diaz"]
    assert thread[2].author.role == "", "what a resident writes is read for danger"
    asked = [call for call in playing.calls if "updates" in call.path]
    assert asked[0].fields["start_date"] == "2017-09-11T12:00:00Z"
    assert georeport.messages("17-0901") == thread
    again = [call for call in playing.calls if "updates" in call.path][1:]
    assert [call.fields["start_date"] for call in again] == ["2017-09-11T12:30:00Z"], "two hours back"
    assert len(playing.calls) == 3, "the row itself is read once"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (OutboxKind.MESSAGE, "unchanged"),
        (OutboxKind.ACKNOWLEDGE, "investigating"),
        (OutboxKind.CLOSE, "closed"),
        (OutboxKind.REOPEN, "open"),
    ],
)
def test_an_act_goes_as_an_update_under_its_own_key(
    kind: OutboxKind, status: str, georeport: GeoReport, playing: Playing
) -> None:
    georeport.capabilities = WRITES
    playing.says = lambda _: Say([{"update_id": "6ba7b810"}], 201)

    posted = georeport.post(Outgoing(kind, "17-0901", "A crew is on the way.", key="6ba7b810"))

    assert posted.message is not None and posted.message.message_id == "6ba7b810"
    [call] = playing.calls
    assert (call.method, call.path) == ("POST", "/open311/v2/servicerequestupdates.xml")
    assert call.fields == {
        "jurisdiction_id": "stpete.example",
        "api_key": "key",
        "update_id": "6ba7b810",
        "service_request_id": "17-0901",
        "status": status,
        "updated_datetime": "2017-09-11T14:30:00Z",
        "description": "A crew is on the way.",
    }


def test_a_repeat_that_is_there_already_is_done(georeport: GeoReport, playing: Playing) -> None:
    georeport.capabilities = WRITES
    playing.says = lambda _: Say([{"code": 400, "description": "Bad request: update_id already exists"}], 400)
    posted = georeport.post(MESSAGE)
    assert posted.message is not None and posted.message.text == MESSAGE.text


def test_q68_an_update_answered_with_a_token_is_held(georeport: GeoReport, playing: Playing) -> None:
    georeport.capabilities = WRITES
    playing.says = lambda _: Say("<r><request_update><token>t7</token></request_update></r>", 202)
    assert georeport.post(MESSAGE) == Posted(token="t7", is_held=True)


def test_an_update_taken_without_a_word_is_not_known_to_be_there(
    georeport: GeoReport, playing: Playing
) -> None:
    georeport.capabilities = WRITES
    playing.says = lambda _: b""
    with pytest.raises(ServerNonsense, match="without naming it"):
        georeport.post(MESSAGE)


def test_what_the_server_cannot_do_is_told_without_asking_it(georeport: GeoReport, playing: Playing) -> None:
    georeport.capabilities = Capabilities(probed_at=1)
    with pytest.raises(ServerRefused, match="takes new requests only, no message"):
        georeport.post(MESSAGE)
    georeport.capabilities = WRITES
    with pytest.raises(ServerRefused, match="GeoReport knows no internal note"):
        georeport.post(Outgoing(OutboxKind.INTERNAL_NOTE, "1", "Gate code is with the desk", key="k"))
    assert playing.calls == []


def test_a_server_not_asked_yet_what_it_can_do_is_tried(georeport: GeoReport, playing: Playing) -> None:
    playing.says = lambda _: {"update_id": MESSAGE.key}

    assert georeport.post(MESSAGE).message is not None


def test_a_web_page_after_sending_leaves_it_unknown(georeport: GeoReport, playing: Playing) -> None:
    georeport.capabilities = WRITES
    playing.says = lambda _: Say("<html><title>Wait</title></html>")
    with pytest.raises(ServerNonsense, match="nobody knows if it was done"):
        georeport.post(MESSAGE)


def test_a_new_request_goes_as_a_form(georeport: GeoReport, playing: Playing) -> None:
    playing.says = lambda _: Say([{"service_request_id": 902}], 201)

    assert georeport.post(NEW) == Posted(request_id="902")

    [call] = playing.calls
    assert call.path == "/open311/v2/requests.xml"
    assert call.several["attribute[KIND][]"] == ["oak", "wire"]
    assert call.fields["description"] == "Oak on a wire"
    assert "desk" not in call.fields, "nothing but what the specification names leaves the house"


def test_q21_a_new_request_with_a_token_gets_its_id_later(georeport: GeoReport, playing: Playing) -> None:
    waiting: list[Any] = [{"service_request_id": None, "token": "t 7"}]
    playing.says = lambda call: waiting if "tokens" in call.path else Say([{"token": "t 7"}])

    assert georeport.post(NEW) == Posted(token="t 7")
    assert georeport.token_status("t 7") == ""
    assert playing.calls[1].path == "/open311/v2/tokens/t%207.json"
    waiting[0] = {"service_request_id": 902, "token": "t 7"}
    assert georeport.token_status("t 7") == "902"


@pytest.mark.parametrize(("there", "request_id"), [(["902"], "902"), ([], ""), (["902", "903"], "")])
def test_q28_a_resent_request_is_the_one_that_is_there(
    there: list[str], request_id: str, georeport: GeoReport, playing: Playing
) -> None:
    rows = [{**ROW, "service_request_id": each, "description": "Oak  on a wire "} for each in there]
    refused = Say([{"code": 400, "description": "Invalid service request: base is a duplicate."}], 400)
    playing.says = lambda call: refused if call.method == "POST" else [ROW, *rows]

    assert georeport.post(NEW) == Posted(request_id=request_id)


def test_without_a_key_nobody_writes(playing: Playing, door: HttpDoor) -> None:
    assert GeoReport(door, playing.address, "", "", WHERE).account().account_id == ""
    assert GeoReport(door, playing.address, "", "key", WHERE).account() == Account("city", "City")
    assert playing.calls == []


def test_discovery_is_shown_and_its_addresses_are_not_followed(
    georeport: GeoReport, playing: Playing
) -> None:
    playing.says = lambda _: {
        "changeset": "2011-09-1 17:35",
        "contact": "Call us",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": "http://elsewhere.example/v2",
                "type": "test",
                "formats": ["text/xml", "application/json"],
            },
            {"specification": "http://wiki.open311.org/GeoReport_v2.1_Draft", "formats": "text/xml"},
        ],
    }

    found = georeport.discovery()

    assert (found.changeset, found.contact) == ("2011-09-1 17:35", "Call us")
    first, draft = found.endpoints
    assert (first.address, first.is_test, first.is_ours) == ("http://elsewhere.example/v2", True, True)
    assert (draft.is_ours, draft.formats) == (False, ("text/xml",))
    georeport.services()
    assert {call.path.rpartition("/")[0] for call in playing.calls} == {"/open311/v2"}


def test_services_and_what_they_ask(georeport: GeoReport, playing: Playing) -> None:
    def says(call: Call) -> Any:
        if call.path.endswith("services.json"):
            return [
                {"service_code": "001", "service_name": "Tree", "metadata": "true", "keywords": "oak, palm"},
                {"service_code": 12, "metadata": False, "type": "batch", "keywords": ""},
                {"service_name": "no code"},
                "junk",
            ]
        return {
            "service_code": "001",
            "attributes": [
                {"code": "B", "datatype": "string", "order": "2", "required": "false", "variable": "true"},
                {
                    "code": "A",
                    "datatype": "SingleValueList",
                    "order": 1,
                    "required": True,
                    "variable": True,
                    "values": [{"key": 1, "name": "Yes"}, {"key": "NO"}],
                },
                {"variable": False, "description": "Call 911 if it sparks.", "values": 3},
            ],
        }

    playing.says = says
    tree, other = georeport.services()
    asked = georeport.definition("Tree:a/b")

    assert (tree.code, tree.has_definition, tree.keywords) == ("001", True, ("oak", "palm"))
    assert (other.code, other.name, other.kind, other.has_definition) == ("12", "12", "batch", False)
    assert [each.code for each in asked.attributes] == ["A", "B", ""]
    assert asked.attributes[0].values == (("1", "Yes"), ("NO", "NO"))
    assert [each.is_required for each in asked.attributes] == [True, False, False]
    assert not asked.attributes[2].is_asked
    assert playing.calls[1].path == "/open311/v2/services/Tree%3Aa%2Fb.json"

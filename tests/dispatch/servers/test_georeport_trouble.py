"""What a GeoReport server does instead of answering, and what is made of it; whatever it sends, nothing but
our own errors comes out and every row is accounted for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.errors import (
    LandfallError,
    RateLimited,
    ServerChallenges,
    ServerFailed,
    ServerForbids,
    ServerNonsense,
    ServerRefused,
)
from dispatch.http import HttpDoor
from dispatch.servers import Newest
from dispatch.servers.capabilities import Capabilities
from dispatch.servers.georeport import GeoReport
from dispatch.servers.georeport_rows import DAY_MS, Drift
from tests.dispatch.servers.conftest import NOW, WHERE
from tests.dispatch.servers.playing import Playing, Say
from tests.dispatch.servers.test_georeport import ROW

CHALLENGE = Say("<!DOCTYPE html><title>One moment, please</title>", kind="text/html")


def one_after_the_other(*says: Any) -> Callable[[Any], Any]:
    """The last one for ever."""
    left = list(says)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def test_q1_a_challenge_page_is_a_pause_that_grows_and_never_an_end(
    georeport: GeoReport, playing: Playing
) -> None:
    playing.says = lambda _: CHALLENGE
    waits = []
    for _ in range(4):
        with pytest.raises(ServerChallenges, match=r"One moment, please.*asked too fast") as told:
            georeport.page(Newest(), 1)
        waits.append(told.value.retry_after_s)
    assert waits == [10, 30, 60, 60]
    assert isinstance(told.value, RateLimited)

    playing.says = lambda _: [ROW]
    assert len(georeport.page(Newest(), 1).requests) == 1
    playing.says = lambda _: CHALLENGE
    with pytest.raises(ServerChallenges, match="in 10 s"):
        georeport.page(Newest(), 1)


def test_q2_nothing_at_all_is_asked_for_once_more(georeport: GeoReport, playing: Playing) -> None:
    playing.says = one_after_the_other(b"", [ROW])
    assert len(georeport.page(Newest(), 1).requests) == 1
    playing.says = lambda _: b""
    with pytest.raises(ServerNonsense, match="nothing at all"):
        georeport.page(Newest(), 1)


def test_q2_nothing_past_a_full_page_is_the_end(georeport: GeoReport, playing: Playing) -> None:
    georeport.capabilities = Capabilities(has_pages=True, page_size=1)
    playing.says = one_after_the_other([ROW], b"")
    assert georeport.page(Newest(), 1).next_page == 2
    assert georeport.page(Newest(), 2).next_page is None
    assert len(playing.calls) == 2


def test_q3_an_error_page_is_shown_and_not_tried_again(georeport: GeoReport, playing: Playing) -> None:
    playing.says = lambda _: Say("<html><body>ERROR: jurisdiction_id missing</body></html>", kind="text/html")
    with pytest.raises(ServerRefused, match="ERROR: jurisdiction_id missing"):
        georeport.page(Newest(), 1)


def test_q11_a_server_that_cannot_pack_is_asked_for_plain_answers(
    georeport: GeoReport, playing: Playing
) -> None:
    def says(call: Any) -> Any:
        if call.headers["accept-encoding"] == "identity":
            return [ROW]
        return Say(b"\x00no such packing", headers={"Content-Encoding": "deflate"})

    playing.says = says
    assert georeport.page(Newest(), 1).requests == georeport.page(Newest(), 1).requests
    assert [call.headers["accept-encoding"] for call in playing.calls][1:] == ["identity"] * 2


def test_q12_a_server_that_moved_is_followed_and_told_of_once(
    georeport: GeoReport, playing: Playing, expect_warning: Callable[[str], None], door: HttpDoor
) -> None:
    expect_warning(r"has moved to localhost:\d+ for good")
    there = playing.url.replace("127.0.0.1", "localhost")
    playing.says = lambda call: (
        [ROW]
        if call.headers["host"].startswith("localhost")
        else Say(status=301, headers={"Location": there})
    )
    for _ in range(2):
        assert len(georeport.page(Newest(), 1).requests) == 1


def test_q16_a_403_is_told_with_its_history_and_asked_no_more_for_a_quarter_of_an_hour(
    georeport: GeoReport, playing: Playing
) -> None:
    playing.says = one_after_the_other([ROW], Say([{"code": 403, "description": "Blocked"}], 403))
    georeport.page(Newest(), 1)
    with pytest.raises(ServerForbids, match=r"it has answered before.*Blocked.*15 minutes") as told:
        georeport.page(Newest(), 1)
    assert (told.value.status, told.value.hold_s) == (403, 900)


def test_q15_a_429_says_when_to_come_back(georeport: GeoReport, playing: Playing) -> None:
    playing.says = lambda _: Say(status=429, headers={"Retry-After": "7"})
    with pytest.raises(RateLimited) as told:
        georeport.page(Newest(), 1)
    assert told.value.retry_after_s == 7


def test_q14_a_server_that_fails_over_one_span_is_told_as_failing(
    georeport: GeoReport, playing: Playing
) -> None:
    playing.says = lambda _: Say(status=500)
    with pytest.raises(ServerFailed):
        georeport.page(Newest(), 1)


def test_a_key_is_sent_with_questions_only_where_it_is_asked_for(
    georeport: GeoReport, playing: Playing
) -> None:
    playing.says = lambda call: (
        [ROW]
        if "api_key" in call.fields
        else Say([{"code": 403, "description": "api_key was not valid"}], 403)
    )
    assert len(georeport.page(Newest(), 1).requests) == 1
    georeport.request("17-0901")
    assert ["api_key" in call.fields for call in playing.calls] == [False, True, True]


def test_q91_keys_nobody_knows_are_told_once_a_day(expect_warning: Callable[[str], None]) -> None:
    expect_warning(r"sends keys nobody knows here: 'mood' \(2\), 'tide' \(1\)$")
    expect_warning(r"'mood' \(3\), 'tide' \(1\)$")
    drift = Drift("The server")
    rows = [{**ROW, "mood": "A wire on Elm St"}, {**ROW, "mood": 1, "tide": 2}]

    drift.note(rows, NOW)
    drift.note(rows, NOW + DAY_MS - 1)
    drift.note([{**ROW, "mood": 1}], NOW + DAY_MS)


KEYS = st.sampled_from(
    [
        *("service_request_id", "token", "status", "requested_datetime", "updated_datetime", "lat", "long"),
        *(
            "description",
            "title",
            "detail",
            "media_url",
            "agency_responsible",
            "extended_attributes",
            "notes",
        ),
        *("service_requests", "requests", "request", "errors", "code", "address", "zipcode", "id"),
    ]
)
FRAGMENTS = st.sampled_from(
    [
        None,
        "",
        0,
        "0",
        -1,
        2**70,
        1e308,
        True,
        "null",
        "27.77",
        "open",
        [],
        {},
        "2017-09-11",
        "<b>",
        "\x00",
        "ℵ",
    ]
)
VALUES = st.recursive(
    FRAGMENTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)
BODIES = st.one_of(
    VALUES.map(lambda value: json.dumps(value).encode()),
    st.lists(st.dictionaries(KEYS, VALUES, max_size=8), max_size=4).map(lambda v: json.dumps(v).encode()),
    st.binary(max_size=120),
    st.text("<>/?!&;=\"' abrequstx\n", max_size=120).map(str.encode),
    st.lists(KEYS, max_size=6).map(
        lambda keys: ("<requests>" + "".join(f"<{key}>7</{key}>" for key in keys) + "</requests>").encode()
    ),
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES, number=st.integers(1, 2))
def test_whatever_comes_every_row_is_accounted_for(
    body: bytes, number: int, allow_warning: Callable[[str], None]
) -> None:
    allow_warning("sends keys nobody knows")
    server = GeoReport(Saying(body), "https://311.city.example", "", "", WHERE)  # type: ignore[arg-type]
    server.capabilities = Capabilities(has_pages=True)
    for call in (
        lambda: server.page(Newest(), number),
        lambda: server.request("7"),
        lambda: server.messages("7"),
        server.services,
        server.discovery,
        lambda: server.definition("7"),
        lambda: server.token_status("7"),
        lambda: server.updates(0, NOW),
    ):
        try:
            came = call()
        except LandfallError:
            continue
        if hasattr(came, "received"):
            assert len(came.requests) + len(came.bad) + came.pending == came.received


class Saying:
    """The outside: an answer with this body to whatever is asked."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def who(self, _: str) -> str:
        return "The 311 server"

    def get(self, *_: Any, **__: Any) -> Any:
        from dispatch.http import Answer

        return Answer(200, self._body)

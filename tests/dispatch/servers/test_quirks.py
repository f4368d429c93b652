"""What real 311 servers send instead of what the specification says, and what it is taken for. The ids are
those of the table of quirks the exercise's server is switched by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from dispatch.errors import ServerRefused
from dispatch.records import CrmStatus, Page, Place, ServiceRequest
from dispatch.servers import georeport_answers, shapes
from dispatch.servers.georeport_rows import (
    CHANGED_EARLY,
    NO_CHANGE_TIME,
    NO_ENTRY_TIME,
    NO_STATUS,
    UNKNOWN_STATUS,
    RowReader,
)
from tests.dispatch.servers.conftest import NOW, WHERE

ROW: dict[str, Any] = {
    "service_request_id": "17-0901",
    "status": "open",
    "service_name": "Tree down",
    "service_code": "001",
    "description": "Oak on the road",
    "requested_datetime": "2017-09-11T08:00:00-04:00",
    "updated_datetime": "2017-09-11T08:10:00-04:00",
    "address": "5th Ave N & 9th St N",
    "lat": 27.7712,
    "long": -82.6401,
}
ENTERED = 1_505_131_200_000
HERE = Place(27.7712, -82.6401)
HEAD = '<?xml version="1.0" encoding="utf-8"?>'


def read(body: Any) -> Page:
    raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else orjson.dumps(body)
    rows = georeport_answers.rows(georeport_answers.parse(raw, "The server"), "The server")
    requests, bad, pending = RowReader(WHERE).read_all(rows)
    return Page(tuple(requests), tuple(bad), None, None, len(rows), pending)


def changed(**values: Any) -> list[dict[str, Any]]:
    return [{**ROW, **values}]


def without(*keys: str) -> list[dict[str, Any]]:
    return [{key: value for key, value in ROW.items() if key not in keys}]


def in_lists(value: Any) -> Any:
    return [value]


@dataclass(frozen=True)
class Quirk:
    """A body, and what the one request in it must say; `doubts` are all of them."""

    id: str
    body: Any
    says: dict[str, Any] = field(default_factory=dict)
    doubts: set[str] = field(default_factory=set)


def xml(inside: str, root: str = "<service_requests>") -> str:
    return f"{HEAD}{root}{inside}</{root.strip('<>').split()[0]}>"


XML_ROW = "<service_request_id>7</service_request_id><status>open</status>"
XML_ROW += "<requested_datetime>2017-09-11T12:00:00Z</requested_datetime>"

ONE_REQUEST = [
    Quirk("Q4 envelope", {"service_requests": [ROW]}, {"request_id": "17-0901"}),
    Quirk(
        "Q4 nested lists",
        {"requests": [{"request": [{key: [value] for key, value in ROW.items()}]}]},
        {"request_id": "17-0901", "place": HERE, "created_at": ENTERED, "status": CrmStatus.OPEN},
    ),
    Quirk("Q4 result", {"result": {"requests": [{"request": [ROW]}]}}, {"request_id": "17-0901"}),
    Quirk("Q5 object", ROW, {"request_id": "17-0901"}),
    Quirk("Q5 object in an envelope", {"service_requests": {"request": ROW}}, {"request_id": "17-0901"}),
    Quirk("Q5 one XML row", xml(f"<request>{XML_ROW}</request>"), {"request_id": "7"}, {NO_CHANGE_TIME}),
    Quirk(
        "Q8 attributes and namespaces",
        xml(
            f'<m:request xmlns:m="urn:m" is_array="true">{XML_ROW}'
            '<updated_datetime xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:nil="true"/>'
            "</m:request>",
            '<service_requests type="array" xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">',
        ),
        {"request_id": "7", "updated_at": ENTERED},
        {NO_CHANGE_TIME},
    ),
    Quirk("Q10 XML for JSON", xml(f"<request>{XML_ROW}</request>"), {"request_id": "7"}, {NO_CHANGE_TIME}),
    Quirk("Q20 number", changed(service_request_id=9738929), {"request_id": "9738929"}),
    Quirk("Q20 zero", changed(service_request_id=0), {"request_id": "0"}),
    Quirk("Q20 dashes", changed(service_request_id="A-173480"), {"request_id": "A-173480"}),
    Quirk("Q20 24 hex", changed(service_request_id="4fbd40b2b1fe2c4b02000001"), {}),
    Quirk("Q20 12 digits", changed(service_request_id=101005420892.0), {"request_id": "101005420892"}),
    Quirk("Q21 id and token", changed(token="93a9"), {"request_id": "17-0901"}),
    Quirk("Q22 zeros", changed(service_code="009"), {"service_code": "009"}),
    Quirk("Q22 colons", changed(service_code="Works:Street: Clean"), {"service_code": "Works:Street: Clean"}),
    Quirk("Q22 null", changed(service_code=None, service_name=None), {"service_code": "", "summary": ""}),
    Quirk("Q23 bare code", b'[{"service_request_id":"7","status":"open","service_code":001}]',
          {"service_code": "001"}, {NO_ENTRY_TIME, NO_CHANGE_TIME}),
    Quirk("Q29", changed(extended_attributes={"parent_service_request_id": 12}), {"duplicate_of": "12"}),
    Quirk("Q29 in the row", changed(duplicate_of="12"), {"duplicate_of": "12"}),
    Quirk(
        "Q31",
        changed(requested_datetime="2017-09-11 08:00:00.97", expected_datetime="2017-09-12T08:00:00.0"),
        {"created_at": ENTERED + 970, "expected_at": ENTERED + 86_400_000},
        {shapes.ZONE_ASSUMED},
    ),
    *(
        Quirk(f"Q32 {blank!r}", changed(updated_datetime=blank), {"updated_at": ENTERED}, {NO_CHANGE_TIME})
        for blank in (None, "", [], "null")
    ),
    Quirk("Q32 absent", without("updated_datetime"), {"updated_at": ENTERED}, {NO_CHANGE_TIME}),
    Quirk("Q33 null", changed(requested_datetime=None), {"created_at": ENTERED + 600_000}, {NO_ENTRY_TIME}),
    Quirk(
        "Q33 no time at all",
        without("requested_datetime", "updated_datetime"),
        {"created_at": NOW, "updated_at": NOW},
        {NO_ENTRY_TIME, NO_CHANGE_TIME},
    ),
    Quirk("Q33 words", changed(requested_datetime="soon"), {"created_at": ENTERED + 600_000},
          {NO_ENTRY_TIME}),
    Quirk(
        "Q34", changed(updated_datetime="1970-01-01T00:00:00Z"), {"updated_at": ENTERED}, {NO_CHANGE_TIME}
    ),
    Quirk(
        "Q35", changed(updated_datetime="2017-09-11T07:00:00-04:00"), {"updated_at": ENTERED}, {CHANGED_EARLY}
    ),
    Quirk("Q36", changed(requested_datetime="2017-09-11T07:00:00-05:00"), {"created_at": ENTERED}),
    Quirk("Q40", changed(requested_datetime="2017-09-11T14:00:00+02:00"), {"created_at": ENTERED}),
    Quirk("Q41 zeros", changed(lat=0, long=0), {"place": None, "address": "5th Ave N & 9th St N"}),
    Quirk("Q41 zeros in text", changed(lat="0.0", long="0.0"), {"place": None}),
    Quirk("Q42 null", changed(lat=None, long=None), {"place": None}),
    Quirk("Q42 blank", changed(lat="", long=""), {"place": None}),
    Quirk("Q42 absent", without("lat", "long"), {"place": None}),
    Quirk("Q42 half", changed(long=None), {"place": None}),
    Quirk("Q42 words", changed(lat="north"), {"place": None}, {shapes.UNREADABLE_PLACE}),
    Quirk("Q43 text", changed(lat="27.7712", long=" -82.6401 "), {"place": HERE}),
    Quirk("Q43 coarse", changed(lat="27.77", long="-82.64"), {"place": Place(27.77, -82.64)},
          {shapes.COARSE_PLACE}),
    Quirk("Q44", changed(lat=-82.6401, long=27.7712), {"place": HERE}, {shapes.SWAPPED_PLACE}),
    Quirk("Q45", changed(lat=6006819.57, long=2112060.15), {"place": None}, {shapes.NO_DEGREES}),
    Quirk("Q48 another key", [*[{**without("address")[0], "address_string": " 1  Main St "}]],
          {"address": "1 Main St"}),
    Quirk("Q48 zip alone", changed(address="", zip_code="33701"), {"address": "ZIP 33701"}),
    Quirk("Q48 zip 0", changed(address=None, zipcode="0"), {"address": ""}),
    Quirk("Q49", changed(address="INTERSECTION  of  HYDE ST  and  POST ST"),
          {"address": "INTERSECTION of HYDE ST and POST ST"}),
    Quirk("Q51", changed(description=" a\r\nb\rc\n "), {"description": "a\nb\nc"}),
    Quirk("Q51 null", changed(description=None), {"description": ""}),
    Quirk("Q51 absent", without("description"), {"description": ""}),
    Quirk("Q52 script", changed(description="<script>x</script>"), {"description": "<script>x</script>"}),
    Quirk("Q52 link", changed(media_url="javascript:alert(1)"), {"photo_url": ""}),
    *(
        Quirk(f"Q54 {i}", changed(media_url=value), {"photo_url": says})
        for i, (value, says) in enumerate(
            [
                ("", ""),
                (None, ""),
                ("https://a.example/1.jpg ", "https://a.example/1.jpg"),
                (["https://a.example/1.jpg", "https://a.example/2.jpg"], "https://a.example/1.jpg"),
                ([{"media_url": "https://a.example/1.jpg"}], "https://a.example/1.jpg"),
                ({"media_url": "https://a.example/1.jpg"}, "https://a.example/1.jpg"),
                ("data:image/png;base64,AAAA", ""),
                ("https://a.example/1.jpg#spot=e8", "https://a.example/1.jpg"),
            ]
        )
    ),
    Quirk("Q56 object", changed(agency_responsible={"recipient": ["Shropshire Council"]}),
          {"agency": "Shropshire Council"}),
    Quirk("Q56 number", changed(agency_responsible=12), {"agency": "12"}),
    Quirk("Q57", changed(address="None", agency_responsible="N/A", expected_datetime="null"),
          {"address": "", "agency": "", "expected_at": None}),
    Quirk("Q57 description", changed(description="None"), {"description": "None"}),
    Quirk("Q58", changed(title="Oak", description="Oak: it fell", detail="it fell"),
          {"summary": "Oak", "description": "it fell"}),
    Quirk("Q58 no detail", changed(title="Oak", description="Oak: it fell"), {"description": "it fell"}),
    Quirk("Q59 number", changed(status_notes=207604), {"status_notes": "207604", "status": CrmStatus.OPEN}),
    Quirk("Q59 status word", changed(status_notes="Closed"), {"status": CrmStatus.OPEN}),
    Quirk("Q61 capitals", changed(status="CLOSED"), {"status": CrmStatus.CLOSED, "raw_status": "CLOSED"}),
    Quirk("Q61 underscore", changed(status="IN_PROGRESS"), {"status": CrmStatus.ACKNOWLEDGED}),
    Quirk("Q61 received", changed(status="Received"), {"status": CrmStatus.OPEN}),
    Quirk("Q61 duplicate", changed(status="duplicate"), {"status": CrmStatus.CLOSED}),
    Quirk("Q61 unknown", changed(status="Mulled"), {"status": CrmStatus.OPEN, "raw_status": "Mulled"},
          {UNKNOWN_STATUS}),
    Quirk("Q61 none", changed(status=None), {"status": CrmStatus.OPEN}, {NO_STATUS}),
    Quirk("Q61 finer word", changed(detailed_status="IN_PROCESS"),
          {"status": CrmStatus.ACKNOWLEDGED, "raw_status": "IN_PROCESS"}),
    Quirk("Q61 finer word disagrees", changed(detailed_status="PROCESSED"), {"status": CrmStatus.OPEN}),
    Quirk("Q65", changed(status="closed"), {"closed_at": ENTERED + 600_000, "acknowledged_at": None}),
    Quirk("Q92 values", changed(lat=["27.7712"], service_code=1, status=["open"]),
          {"service_code": "1", "place": HERE}),
    Quirk("Q93 one list", changed(lat="39", long=-82), {"place": Place(39.0, -82.0)}, {shapes.COARSE_PLACE}),
]  # fmt: skip


@pytest.mark.parametrize("quirk", ONE_REQUEST, ids=lambda quirk: quirk.id)
def test_a_row_is_taken_for_what_it_means(quirk: Quirk) -> None:
    page = read(quirk.body)

    [request] = page.requests
    assert {name: getattr(request, name) for name in quirk.says} == quirk.says
    assert request.doubts == quirk.doubts
    assert (page.bad, page.received) == ((), 1)


@pytest.mark.parametrize(
    "body",
    ["[]", xml(""), f"{HEAD}<service_requests/>", xml("\n"), '{"service_requests": []}', ""],
    ids=["Q7 JSON", "Q7 XML", "Q7 one tag", "Q7 blank", "Q7 envelope", "Q2 nothing"],
)
def test_an_empty_list_is_no_error(body: str) -> None:
    assert read(body) == Page((), (), None, None, 0)


def test_q21_rows_without_an_id_wait_and_rows_without_anything_stand_apart() -> None:
    page = read([ROW, {"token": "93a9", "status": "open"}, {"status": "open"}, "junk", 5, None, []])

    assert [request.request_id for request in page.requests] == ["17-0901"]
    assert (page.pending, page.received) == (1, 7)
    reasons = [row.reason for row in page.bad]
    assert reasons[0] == "the row has neither an id nor a token"
    assert set(reasons[1:]) == {"the row is not an object"} and len(reasons) == 5
    assert page.bad[0].raw == b'{"status":"open"}'


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('[{"code":403,"description":"Bad api key"}]', "Bad api key"),
        ('{"errors":{"lat":["is missing"]}}', "lat: is missing"),
        ('{"errors":[{"code":400,"message":"Bad date"}]}', "Bad date"),
        (
            f"{HEAD}<errors><error><code>404</code><description>Not here</description></error></errors>",
            "Not here",
        ),
        ("<error>No such thing</error>", "No such thing"),
        ('{"message":"Gone fishing"}', "Gone fishing"),
    ],
)
def test_q13_an_error_told_with_status_200_is_an_error(body: str, says: str) -> None:
    with pytest.raises(ServerRefused, match=says):
        read(body)


@pytest.mark.parametrize(
    ("body", "says_error", "words"),
    [
        ("<!DOCTYPE html><html><title>One moment, please</title></html>", False, "One moment, please"),
        ("<html><body><h1>Sign in</h1>", False, "Sign in"),
        (f"{HEAD}\n<!DOCTYPE html><html><head><title>Wait</title></head></html>", False, "Wait"),
        (
            "<html><body>ERROR: jurisdiction_id is missing</body></html>",
            True,
            "ERROR: jurisdiction_id is missing",
        ),
        ("ERROR: start_date is wrong", True, "ERROR: start_date is wrong"),
    ],
)
def test_q1_q3_a_web_page_is_no_data(body: str, says_error: bool, words: str) -> None:
    with pytest.raises(georeport_answers.WebPage) as page:
        read(body)
    assert (page.value.says_error, page.value.words) == (says_error, words)


def test_q26_nobody_is_joined_by_an_empty_name() -> None:
    assert all(request.reporter.is_anonymous for request in read([ROW, ROW]).requests)


def test_q33_a_row_without_a_time_does_not_look_new_each_time() -> None:
    times = iter(range(NOW, NOW + 10))
    reader = RowReader(shapes.Where(WHERE.zone, None, lambda: next(times)))
    row = without("requested_datetime", "updated_datetime")
    first, second = (reader.read_all(row)[0][0] for _ in range(2))
    assert first == second


def test_q40_instants_are_compared_and_not_texts() -> None:
    early, late = (
        changed(requested_datetime="2017-11-05T01:30:00-04:00"),
        changed(requested_datetime="2017-11-05T01:10:00-05:00"),
    )
    [first], [second] = read(early).requests, read(late).requests
    assert second.created_at - first.created_at == 40 * 60_000


def test_q31_the_hour_that_comes_twice_is_read_as_the_first() -> None:
    [request] = read(changed(requested_datetime="2017-11-05 01:30:00", updated_datetime=None)).requests
    assert request.created_at == 1_509_859_800_000
    assert shapes.ZONE_ASSUMED in request.doubts


HOSTILE: list[tuple[str, Callable[[], Any]]] = [
    ("entities", lambda: f"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>
        <service_requests><request>{XML_ROW}<description>&x;</description></request></service_requests>"""),
    ("laughs", lambda: """<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
        <service_requests><request><service_request_id>7</service_request_id><description>&b;</description>
        </request></service_requests>"""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body"), HOSTILE)
def test_xml_fetches_and_unfolds_nothing(name: str, body: Callable[[], Any]) -> None:
    [request] = read(body()).requests
    assert "root" not in request.description
    assert "ha" not in request.description


def test_xml_with_a_bare_ampersand_or_a_control_sign_is_read() -> None:
    for sign in ("&", "&nbsp;", "\x0b"):
        [request] = read(xml(f"<request>{XML_ROW}<address>Mystic {sign} Main</address></request>")).requests
        assert request.address.startswith("Mystic") and request.address.endswith("Main")


def test_half_an_xml_list_is_no_list() -> None:
    whole = xml("".join(f"<request>{XML_ROW}</request>" for _ in range(3)))
    for end in (len(whole) // 2, len(whole) - 1):
        with pytest.raises(Exception, match="broken XML"):
            read(whole[:end])


def test_json_and_xml_hold_the_same_request() -> None:
    inside = "".join(f"<{key}>{str(value).replace('&', '&amp;')}</{key}>" for key, value in ROW.items())
    assert read(xml(f"<request>{inside}</request>")) == read([ROW])


def test_a_row_that_says_nothing_but_its_id_is_a_request() -> None:
    [request] = read([{"service_request_id": 1}]).requests
    assert isinstance(request, ServiceRequest)
    assert request.doubts == {NO_STATUS, NO_ENTRY_TIME, NO_CHANGE_TIME}

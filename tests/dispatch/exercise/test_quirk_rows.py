"""Every row of the table of quirks: what its switch changes on the wire. One server for all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from lxml import etree

from dispatch.exercise.georeport_bends import is_bent
from dispatch.exercise.quirk_table import PROFILES, ROWS, STANDING
from tests.city import City
from tests.dispatch.exercise.conftest import Caller, GeoCaller

TABLE = Path(__file__).resolve().parents[4] / "shared" / "protocols" / "quirks.md"
REPORTS = 60
ALL = "open,acknowledged,closed,archived"
DAY_S = 86_400


class Scene:
    """Reports of every kind, a minute apart, and two callers of their faces."""

    def __init__(self, city: City) -> None:
        self.city, self.call, self.geo = city, Caller(city), GeoCaller(city)
        self.numbers = [self._report(n) for n in range(REPORTS)]
        city.clock(forward_s=120)
        for place, number in enumerate(self.numbers):
            if place % 4 == 1:
                city.elsewhere(number, "close", "Cleared")
            elif place % 12 == 2:
                city.elsewhere(number, "archive")
        city.clock(forward_s=60)

    def _report(self, n: int) -> str:
        self.city.clock(forward_s=61)
        where: dict[str, Any] = {"lat": 27.70 + n / 1000, "lng": -82.60 - n / 1000}
        if n % 16 == 15:
            where = {"lat": None, "lng": None}
        return self.city.add_report(
            f"An oak of {n} feet",
            category="" if n % 5 == 4 else ("5701", "5702", "5703")[n % 3],
            summary=f"Oak {n}",
            address="22nd Ave S & 31st St S",
            reporter="resident" if n % 2 else "anonymous",
            has_photo=n % 2 == 0,
            **where,
        )

    @contextmanager
    def on(self, quirk: str, **settings: Any) -> Iterator[None]:
        said = self.city.quirks(quirk, **settings)
        assert said["on"] == {quirk: ROWS[quirk]}
        try:
            yield
        finally:
            self.city.quirks(profile="spec")

    def rows(self, **query: Any) -> list[dict[str, Any]]:
        return list(self.geo.rows(**query))

    def straight_and_bent(self, quirk: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Each row as it is, and as it is shown with the quirk on; rows of no share do not differ."""
        straight = self.rows()
        with self.on(quirk):
            bent = self.rows()
        pairs = list(zip(straight, bent, strict=True))
        number = [int(row["service_request_id"]) for row in straight]
        changed = [n for n, (a, b) in zip(number, pairs, strict=True) if a != b]
        assert changed and set(changed) <= {n for n in number if is_bent(n, quirk)}
        return iter([pair for n, pair in zip(number, pairs, strict=True) if n in changed])

    def xml(self, path: str) -> Any:
        return etree.fromstring(self.geo("GET", path).content)

    def issues(self, **query: Any) -> list[dict[str, Any]]:
        pages = (self.call.get("/issues", status=ALL, per_page=100, page=page, **query) for page in (1,))
        return [issue for page in pages for issue in page["issues"]]

    def bent_issues(self, quirk: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        straight = self.issues()
        with self.on(quirk):
            bent = self.issues()
        return [(a, b) for a, b in zip(straight, bent, strict=True) if a != b]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with City(tmp_path_factory.mktemp("quirks") / "city") as city:
        made = Scene(city)
        yield made
        made.call.session.close()
        made.geo.session.close()


Walk = Callable[[Scene], None]
WALKS: dict[str, Walk] = {}


def walk(quirk: str) -> Callable[[Walk], Walk]:
    def keep(how: Walk) -> Walk:
        WALKS[quirk] = how
        return how

    return keep


def values(pairs: Iterator[Any], name: str) -> list[Any]:
    return [bent.get(name, "absent") for _, bent in pairs]


# Envelope and transport


@walk("Q1")
def challenge_pages(scene):
    with scene.on("Q1", challenge_calls=3):
        too_much = scene.geo("GET", "requests.json?page_size=5000")
        answers = [scene.geo("GET", "requests.json") for _ in range(4)]

    assert too_much.status_code == 200 and too_much.content.startswith(b"<!DOCTYPE html>")
    assert [answer.headers["Content-Type"].split(";")[0] for answer in answers] == [
        *["application/json"] * 3, "text/html",
    ]  # fmt: skip


@walk("Q2")
def nothing_past_the_end(scene):
    assert scene.rows(page=9) == []
    with scene.on("Q2"):
        answer = scene.geo("GET", "requests.json?page=9")
        assert (answer.status_code, answer.content) == (200, b"")
        assert len(scene.rows(page=1)) == REPORTS


@walk("Q3")
def pages_that_say_error(scene):
    with scene.on("Q3"):
        for query in ("", "?jurisdiction_id=x&start_date=noon"):
            answer = scene.geo("GET", f"requests.json{query}")
            assert (answer.status_code, answer.text[:6]) == (200, "ERROR:")
            assert answer.headers["Content-Type"].startswith("text/html")
        assert len(scene.rows(jurisdiction_id="x")) == REPORTS


@walk("Q4")
def envelopes(scene):
    rows, services = scene.rows(), scene.geo.get("services.json")
    with scene.on("Q4"):
        assert scene.geo.rows() == {"service_requests": rows}
        assert scene.geo.get("services.json") == {"services": services}
    with scene.on("Q4", envelope="nested"):
        nested = scene.geo.rows()["requests"][0]["request"]
    assert [{name: value for name, [value] in row.items()} for row in nested] == rows


@walk("Q5")
def one_without_a_list(scene):
    one = scene.numbers[0]
    [row] = scene.rows(service_request_id=one)
    with scene.on("Q5"):
        assert scene.geo.rows(service_request_id=one) == row
        assert scene.geo.get(f"requests/{one}.json") == row
        assert len(scene.rows()) == REPORTS


@walk("Q6")
def not_found_is_an_empty_list(scene):
    assert scene.geo("GET", "requests/1.json").status_code == 404
    with scene.on("Q6"):
        assert scene.geo.get("requests/1.json") == []
        assert len(scene.geo.get(f"requests/{scene.numbers[0]}.json")) == 1


@walk("Q7")
def empty_lists(scene):
    with scene.on("Q7"):
        assert scene.geo.get("services.json") == []
        assert scene.geo("GET", "services.xml").text.endswith("<services>\n</services>")
        assert scene.geo("GET", "requests.xml?page=9").text.endswith(
            "<service_requests>\n</service_requests>"
        )
    assert scene.geo("GET", "requests.xml?page=9").text.endswith("<service_requests/>")


@walk("Q8")
def odd_roots(scene):
    assert not scene.xml("requests.xml").attrib
    with scene.on("Q8"):
        root = scene.xml("requests.xml")
    assert (root.get("type"), root.get("is_array")) == ("array", "true")
    assert "http://schemas.xmlsoap.org/soap/envelope/" in root.nsmap.values()
    nil = "{http://www.w3.org/2001/XMLSchema-instance}nil"
    assert {each.get(nil) for each in root.iter("expected_datetime")} == {"true"}


@walk("Q9")
def callbacks(scene):
    query = "requests.json?callback=show&page_size=1"
    assert scene.geo("GET", query).json() == scene.rows(page_size=1)
    with scene.on("Q9"):
        answer = scene.geo("GET", query)
        assert answer.text.startswith("show([{") and answer.text.endswith("}]);")
        assert len(scene.rows()) == REPORTS


@walk("Q10")
def the_other_format(scene):
    with scene.on("Q10"):
        as_json, as_xml = scene.geo("GET", "requests.json"), scene.geo("GET", "requests.xml")
    assert as_json.headers["Content-Type"].startswith("application/json")
    assert len(etree.fromstring(as_json.content)) == len(as_xml.json()) == REPORTS


@walk("Q11")
def broken_deflate(scene):
    with scene.on("Q11"):
        with pytest.raises(requests.exceptions.ContentDecodingError):
            scene.geo("GET", "requests.json")
        plain = scene.geo("GET", "requests.json", headers={"Accept-Encoding": "identity"})
    assert len(plain.json()) == REPORTS


@walk("Q12")
def moved_and_retired(scene):
    with scene.on("Q12"):
        answer = scene.geo("GET", "requests.json?page_size=1", allow_redirects=False)
        followed = scene.geo("GET", "requests.json?page_size=1")
    assert answer.status_code == 301
    assert (
        answer.headers["Location"]
        == f"http://localhost:{scene.city.port}/open311/v2/requests.json?page_size=1"
    )
    assert len(followed.json()) == 1 and followed.history
    with scene.on("Q12", endpoint="retired"):
        assert scene.geo("GET", "services.json").status_code == 410
    with scene.on("Q12", endpoint="key"):
        assert scene.geo("GET", "services.json").status_code == 403
        assert scene.geo("GET", "services.json?api_key=x").status_code == 200


@walk("Q13")
def errors_of_all_forms(scene):
    with scene.on("Q13"):
        as_json = {scene.geo("GET", "requests/1.json").text for _ in range(6)}
        as_xml = {scene.geo("GET", "requests/1.xml").text for _ in range(2)}
    words = "There is no service request with this id."
    assert as_json >= {
        f'{{"code":404,"description":"{words}"}}',
        f'[{{"code":404,"message":"{words}"}}]',
        f'{{"errors":{{"base":["{words}"]}}}}',
        f'{{"errors":{{"base":"{words}"}}}}',
        f'{{"base":"{words}"}}',
    }
    assert any(text.endswith(f"<error>{words}</error>") for text in as_json)
    assert any("<message>" in text for text in as_xml) and len(as_xml) == 2


@walk("Q14")
def a_poisonous_minute(scene):
    first, second = scene.rows()[::-1][:2]
    with scene.on("Q14"):
        assert scene.geo("GET", "requests.json").status_code == 500
        assert len(scene.rows(start_date=second["requested_datetime"])) == REPORTS - 1
        assert scene.rows(service_request_id=first["service_request_id"]) == [first]
    with scene.on("Q14", poison="2017-09-11T05:00:00-04:00"):
        assert len(scene.rows()) == REPORTS


@walk("Q15")
def no_retry_after(scene):
    for caller, path in ((scene.geo, "requests.json"), (scene.call, "/issues")):
        with scene.on("Q15"):
            scene.city.fail_next(429)
            answer = caller("GET", path)
        assert answer.status_code == 429 and "Retry-After" not in answer.headers


@walk("Q16")
def blacklisted(scene):
    with scene.on("Q16"):
        assert scene.geo("GET", "requests.json").status_code == 403
        assert scene.call("GET", "/issues").status_code == 403
    assert scene.geo("GET", "requests.json").status_code == 200


@walk("Q17")
def no_name_no_answer(scene):
    for caller, path in ((scene.geo, "requests.json"), (scene.call, "/issues")):
        assert caller("GET", path, headers={"User-Agent": ""}).status_code == 403


@walk("Q18")
def a_dead_token(scene):
    login = {"Authorization": f"Bearer {scene.city.token}"}
    assert scene.call("GET", "/profile", headers=login).json()["id"]
    with scene.on("Q18"):
        answer = scene.call("GET", "/profile", headers=login)
        assert (answer.status_code, answer.json()) == (200, {"id": None})
        assert scene.call.post(f"/issues/{scene.numbers[0]}/comments", comment="x").status_code == 401
        assert scene.call("GET", "/issues", headers=login).status_code == 200


# Identity


@walk("Q20")
def ids_of_every_kind(scene):
    last = int(scene.numbers[-1])
    forms = {"number": last, "dashed": f"A-{last}", "hex": f"{last:024x}", "padded": f"{last:012d}"}
    for ids, name in forms.items():
        with scene.on("Q20", ids=ids):
            assert scene.rows()[0]["service_request_id"] == name
            assert len(scene.rows(service_request_id=f"{name},A-0")) == 1
            assert scene.geo.get(f"requests/{name}.json")[0]["service_request_id"] == name
            told = scene.city.request(last).get("georeport_id", last)
            assert told == name


@walk("Q21")
def tokens_beside_and_instead_of_ids(scene):
    scene.city.quirks(token_delay_s=3600)
    sent = {"service_code": "5701", "description": "Pending", "lat": "27.7", "long": "-82.6"}
    token = scene.geo.post("requests.json", **sent).json()[0]["token"]
    with scene.on("Q21"):
        rows = scene.rows()
    assert [row["token"] for row in rows if "service_request_id" not in row and "token" in row] == [token]
    assert len([row for row in rows if "service_request_id" not in row and "token" not in row]) == 1
    both = [row for row in rows if "token" in row and "service_request_id" in row]
    assert 0 < len(both) < REPORTS
    found = scene.geo.get(f"tokens/{both[0]['token']}.json")
    assert found[0]["service_request_id"] == both[0]["service_request_id"]
    assert scene.city.truth()["requests"][-1]["id"] == int(scene.numbers[-1])


@walk("Q22")
def codes_as_they_come(scene):
    with scene.on("Q22"):
        codes = [service["service_code"] for service in scene.geo.get("services.json")]
        rows = scene.rows()
        for code in codes[:4]:
            found = scene.rows(service_code=code)
            assert {row["service_code"] for row in found} <= {code, None}
            path = f"services/{requests.utils.quote(code, safe='')}.json"
            assert scene.geo("GET", path).status_code in (200, 404)
    assert any(code.startswith("00") for code in codes) and any(":" in code for code in codes)
    assert any(code.startswith("3.") for code in codes)
    assert None in {row["service_code"] for row in rows} and len({row["service_code"] for row in rows}) > 2


@walk("Q23")
def codes_as_bare_numbers(scene):
    with scene.on("Q23"):
        answer = scene.geo("GET", "requests.json")
    assert re.search(r'"service_code":005701,', answer.text)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


@walk("Q24")
def types_without_type(scene):
    types = [bent["request_type"] for _, bent in scene.bent_issues("Q24")]

    assert {} in types
    assert any(kind and "organization" not in kind for kind in types)
    assert any(kind and kind.get("organization", "") is None for kind in types)


@walk("Q25")
def organizations_of_other_names(scene):
    pairs = scene.bent_issues("Q25")

    assert {bent["request_type"]["organization"] for _, bent in pairs} == {
        "Department of Transportation & Mobility", "Sidewalk Concern", "St Petersburg, City of",
    }  # fmt: skip


@walk("Q26")
def reporters_who_are_nobody(scene):
    pairs = scene.bent_issues("Q26")

    assert {bent["reporter"]["id"] for _, bent in pairs} == {None}
    assert not any("html_url" in bent["reporter"] for _, bent in pairs)
    assert 0 in {issue["reporter"]["id"] for issue in scene.issues()}


@walk("Q27")
def comments_without_a_number(scene):
    number = scene.numbers[-1]
    for n in range(3):
        scene.city.elsewhere(number, "comment", f"Still there ({n})")
    with scene.on("Q27"):
        comments = scene.call.get(f"/issues/{number}/comments")["comments"]
        inside = scene.call.get(f"/issues/{number}", details="true")["comments"]
    assert ["flag_url" in each for each in comments].count(False) == 1
    assert inside == comments


@walk("Q28")
def resent_reports(scene):
    sent = {"service_code": "5701", "description": "An oak of 0 feet", "lat": "27.7", "long": "-82.6"}
    with scene.on("Q28"):
        answer = scene.geo.post("requests.json", **sent)
        other = scene.geo.post("requests.json", **{**sent, "service_code": ""})
    assert answer.status_code == 400
    assert answer.json()[0]["description"] == "Invalid service request: base is a duplicate."
    assert "service_code" in other.json()[0]["description"]


@walk("Q29")
def duplicates_name_their_parent(scene):
    for straight, bent in scene.straight_and_bent("Q29"):
        assert straight["status"] == "closed"
        parent = bent["extended_attributes"]["parent_service_request_id"]
        assert parent == scene.numbers[0] and parent in bent["status_notes"]


@walk("Q30")
def empty_jurisdictions(scene):
    assert len(scene.rows(jurisdiction_id="")) == REPORTS
    with scene.on("Q30"):
        assert scene.geo("GET", "requests.json?jurisdiction_id=").status_code == 400
        assert len(scene.rows()) == REPORTS
    with scene.on("Q30", jurisdiction="stpete.org"):
        assert scene.geo("GET", "requests.json").status_code == 400
        assert scene.geo("GET", "requests.json?jurisdiction_id=elsewhere").status_code == 400
        assert len(scene.rows(jurisdiction_id="stpete.org")) == REPORTS


# Time


@walk("Q31")
def times_without_a_zone(scene):
    straight = scene.rows()
    with scene.on("Q31"):
        bent = scene.rows()
    for one, other in zip(straight, bent, strict=True):
        for name in ("requested_datetime", "updated_datetime"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.0{1,3}", other[name])
            assert datetime.fromisoformat(other[name].split(".")[0]).isoformat() == one[name][:-6]
        assert other["expected_datetime"].endswith("T08:30:00.0")


def _missing(scene, quirk, name):
    said = values(scene.straight_and_bent(quirk), name)
    assert {None, "", "absent"} == set(said)


@walk("Q32")
def never_updated(scene):
    _missing(scene, "Q32", "updated_datetime")


@walk("Q33")
def never_requested(scene):
    _missing(scene, "Q33", "requested_datetime")


@walk("Q34")
def the_year_1970(scene):
    for straight, bent in scene.straight_and_bent("Q34"):
        assert bent["expected_datetime"] == "1970-01-01T00:00:00Z"
        assert (bent["updated_datetime"] == "1970-01-01T00:00:00Z") is (straight["status"] == "open")


@walk("Q35")
def updated_before_entered(scene):
    for _, bent in scene.straight_and_bent("Q35"):
        assert bent["updated_datetime"] < bent["requested_datetime"]


@walk("Q36")
def the_vendors_zone(scene):
    straight = scene.rows()
    with scene.on("Q36"):
        bent = scene.rows()
    for one, other in zip(straight, bent, strict=True):
        assert other["requested_datetime"].endswith("-07:00") and one["requested_datetime"].endswith("-04:00")
        assert _instant(other["requested_datetime"]) == _instant(one["requested_datetime"])


@walk("Q37")
def plain_times_in_filters(scene):
    with scene.on("Q37"):
        for text in ("2017-09-11T00:00:00Z", "2017-09-11T00:00:00-04:00", "2017-09-11T00:00:00.5"):
            assert scene.geo("GET", "requests.json", params={"start_date": text}).status_code == 400
        assert len(scene.rows(start_date="2017-09-11T00:00:00")) == REPORTS
    with scene.on("Q37", filter_times="days"):
        assert len(scene.rows(start_date="2017-09-11T23:00:00-04:00")) == REPORTS
        assert scene.rows(end_date="2017-09-11T23:00:00-04:00") == []


@walk("Q38")
def seconds_apart(scene):
    for _, bent in scene.bent_issues("Q38"):
        apart = _instant(bent["updated_at"]) - _instant(bent["acknowledged_at"])
        assert apart.total_seconds() == 13


@walk("Q39")
def a_time_of_change_that_stands_still(scene):
    for straight, bent in scene.straight_and_bent("Q39"):
        assert bent["updated_datetime"] == bent["requested_datetime"] < straight["updated_datetime"]


@walk("Q40")
def other_offsets_in_one_list(scene):
    for straight, bent in scene.straight_and_bent("Q40"):
        assert bent["updated_datetime"].endswith("-05:00")
        assert _instant(bent["updated_datetime"]) == _instant(straight["updated_datetime"])


def _instant(text):
    return datetime.fromisoformat(text)


# Place


def places(scene, quirk):
    return [(one, (bent.get("lat", "absent"), bent.get("long", "absent")))
            for one, bent in scene.straight_and_bent(quirk)]  # fmt: skip


@walk("Q41")
def at_zero(scene):
    assert {place for _, place in places(scene, "Q41")} == {(0, 0), ("0.0", "0.0")}


@walk("Q42")
def nowhere(scene):
    assert {place for _, place in places(scene, "Q42")} == {(None, None), ("", ""), ("absent", "absent")}


@walk("Q43")
def places_as_text(scene):
    rough = 0
    for one, (lat, long) in places(scene, "Q43"):
        assert isinstance(lat, str) and isinstance(long, str)
        assert abs(float(lat) - one["lat"]) <= 0.005
        rough += bool(re.fullmatch(r"\d\d\.\d\d", lat)) and float(lat) != one["lat"]
    assert rough > 0


@walk("Q44")
def places_swapped(scene):
    for one, place in places(scene, "Q44"):
        assert place == (one["long"], one["lat"])


@walk("Q45")
def places_in_metres(scene):
    for _, (northing, easting) in places(scene, "Q45"):
        assert 3_000_000 < northing < 3_300_000 and -9_300_000 < easting < -9_100_000


@walk("Q46")
def rough_points(scene):
    with scene.on("Q46", cap=1):
        issues = scene.issues()
    for issue in issues:
        if issue["point"]:
            assert issue["point"]["coordinates"] == [round(issue["lng"], 3), round(issue["lat"], 3)]


@walk("Q47")
def neighbours(scene):
    with scene.on("Q47"):
        rows = scene.rows()
        strangers = [row for row in rows if row["address"] == "Next door"]
        ids = [row["service_request_id"] for row in strangers]
        assert scene.geo.ids(service_request_id=",".join(ids)) == ids
    assert len(rows) == REPORTS + len(strangers) > REPORTS
    assert all(row["lat"] is None or row["lat"] > 28.5 for row in strangers)
    known = {str(each["id"]) for each in scene.city.truth()["requests"]}
    assert not known & set(ids)
    assert scene.geo("GET", f"requests/{ids[0]}.json").status_code == 404


@walk("Q48")
def odd_addresses(scene):
    bent = [row for _, row in scene.straight_and_bent("Q48")]

    assert any(row.get("address", "").endswith("      ") for row in bent)
    assert any("address_string" in row and "address" not in row for row in bent)
    assert any("zip_code" in row for row in bent) and any(row.get("zipcode") == "0" for row in bent)
    assert all("adress_id" in row and "address_id" not in row for row in bent)
    assert any(not row.get("address", "").isascii() for row in bent)
    assert "Mirror Lake" in {row.get("address") for row in bent}


@walk("Q49")
def crossings(scene):
    said = values(scene.straight_and_bent("Q49"), "address")
    assert set(said) == {"INTERSECTION  of  HYDE ST  and  POST ST"}


# Text and media


@walk("Q51")
def odd_descriptions(scene):
    said = values(scene.straight_and_bent("Q51"), "description")
    assert {None, "", "absent"} < set(said)
    assert any(text and text.startswith("  An oak") and "\r\n" in text for text in said)


@walk("Q52")
def markup(scene):
    for _, bent in scene.straight_and_bent("Q52"):
        assert "<script>" in bent["description"] and bent["media_url"].startswith("javascript:")
    with scene.on("Q52"):
        texts = [each.text for each in scene.xml("requests.xml").iter("description")]
    assert any("<script>" in text for text in texts)


@walk("Q53")
def personal_words(scene):
    for straight, bent in scene.straight_and_bent("Q53"):
        assert bent["description"].startswith(straight["description"])
        assert "@example.invalid" in bent["description"] and "555-010-0199" in bent["description"]


@walk("Q54")
def odd_media(scene):
    said = values(scene.straight_and_bent("Q54"), "media_url")

    kinds = {type(each) for each in said}
    assert kinds == {str, list, dict}
    texts = [each for each in said if isinstance(each, str)]
    assert any("#spot=" in text for text in texts) and any(text.endswith(" ") for text in texts)
    assert {"", "absent", "data:image/png;base64,iVBORw0KGgo="} <= set(texts)


@walk("Q55")
def pictures_elsewhere(scene):
    urls = values(scene.straight_and_bent("Q55"), "media_url")
    answers = {url.split("/")[4]: scene.geo.session.get(url, timeout=10) for url in urls}

    assert answers["moved"].history and answers["moved"].content.startswith(b"\x89PNG")
    assert answers["expired"].status_code == 403
    assert answers["categories"].content.startswith(b"\x89PNG")


@walk("Q56")
def odd_agencies(scene):
    said = values(scene.straight_and_bent("Q56"), "agency_responsible")
    assert {"recipient": ["Public Works", "Parks"]} in said and 17 in said and "" in said


@walk("Q57")
def words_for_nothing(scene):
    said = values(scene.straight_and_bent("Q57"), "expected_datetime")
    assert set(said) == {"null", "None", "N/A"}


@walk("Q58")
def titles_and_details(scene):
    with scene.on("Q58"):
        for row in scene.rows():
            assert row["description"] == f"{row['title']}: {row['detail']}"


@walk("Q59")
def odd_notes(scene):
    assert set(values(scene.straight_and_bent("Q59"), "status_notes")) == {7, "Closed", "IN_PROGRESS"}


# Status


@walk("Q60")
def acknowledged_by_rule(scene):
    status = {each["id"]: each["status"] for each in scene.city.truth()["requests"]}
    assert {status[int(number)] for number in scene.numbers[::4]} == {"Acknowledged"}


@walk("Q61")
def statuses_in_many_words(scene):
    pairs = list(scene.straight_and_bent("Q61"))
    opened = {bent["status"] for one, bent in pairs if one["status"] == "open"}
    closed = {bent["status"] for one, bent in pairs if one["status"] == "closed"}

    assert {"Open", "IN_PROGRESS", "in progress", "Waiting for parts"} <= opened
    assert closed and closed <= {"Closed", "CLOSED", "duplicate"}


@walk("Q62")
def two_statuses_for_four(scene):
    fine = {str(each["id"]): each["status"] for each in scene.city.truth()["requests"]}
    seen = {(fine[row["service_request_id"]], row["status"]) for row in scene.rows()}
    assert seen == {("Acknowledged", "open"), ("Closed", "closed"), ("Archived", "closed")}


@walk("Q63")
def archived_leave_the_list(scene):
    archived = {str(each["id"]) for each in scene.city.truth()["requests"] if each["status"] == "Archived"}
    with scene.on("Q63"):
        left, asked = set(scene.geo.ids()), set(scene.geo.ids(status="open,closed"))
    assert archived and not archived & left and archived <= asked


@walk("Q64")
def reopened(scene):
    closed = [each["id"] for each in scene.city.truth()["requests"] if each["status"] == "Closed"]
    with scene.on("Q64"):
        again = [number for number in closed if scene.city.status(number) == "Open"]
        scene.city.clock(forward_s=61)
    assert again == [number for number in closed if is_bent(number, "Q64")] != []
    for number in again:
        assert scene.city.status(number) == "Closed"
        assert scene.city.messages(number)[-2:] == ["It is still there.", "Looked at again, and done."]


@walk("Q65")
def closed_without_being_acknowledged(scene):
    pairs = scene.bent_issues("Q65")
    assert pairs
    for _, bent in pairs:
        assert bent["closed_at"] and bent["acknowledged_at"] is None


@walk("Q66")
def older_states_arrive_late(scene):
    with scene.on("Q66"):
        rows, issues = scene.rows(), scene.issues()
    late, late_issues = rows[REPORTS:], issues[REPORTS:]
    assert rows[:REPORTS] == scene.rows() and late
    for row in late:
        assert row["status"] == "open" and row["updated_datetime"] == row["requested_datetime"]
    assert {issue["status"] for issue in late_issues} == {"Open"}
    assert all(issue["updated_at"] == issue["created_at"] for issue in late_issues)


@walk("Q67")
def no_transitions(scene):
    assert any(issue["transitions"] for issue in scene.issues())
    with scene.on("Q67"):
        assert not any(issue["transitions"] for issue in scene.issues())
        assert scene.call.get(f"/issues/{scene.numbers[0]}")["transitions"] == {}


@walk("Q68")
def held_for_a_moderator(scene):
    number = scene.numbers[0]
    with scene.on("Q68"):
        answer = scene.call.post(f"/issues/{number}/comments", comment="Held")
    assert (answer.status_code, answer.json()) == (202, {"metadata": {"moderated": True}})
    assert "Held" not in scene.city.messages(number)
    scene.city.clock(forward_s=301)
    assert "Held" in scene.city.messages(number)


@walk("Q69")
def answers_lost(scene):
    number, lost = scene.numbers[0], 0
    with scene.on("Q69"):
        for n in range(2):
            try:
                scene.call.post(f"/issues/{number}/comments", comment=f"Twice {n}")
            except requests.ConnectionError:
                lost += 1
    assert lost == 1 and scene.city.messages(number)[-2:] == ["Twice 0", "Twice 1"]


# Lists that move


@walk("Q71")
def rows_again_on_the_next_page(scene):
    with scene.on("Q71"):
        first, second = (scene.geo.ids(page=page, page_size=10) for page in (1, 2))
        seen = {number for page in range(1, 9) for number in scene.geo.ids(page=page, page_size=10)}
        issues = [scene.call.get("/issues", status=ALL, page=page)["issues"] for page in (1, 2)]
    assert (second[0], len(second)) == (first[-1], 10)
    assert seen == set(scene.numbers)
    assert issues[1][0] == issues[0][-1]


@walk("Q72")
def rows_left_out(scene):
    whole = scene.geo.ids(page=2, page_size=10)
    with scene.on("Q72"):
        seen = {tuple(scene.geo.ids(page=2, page_size=10)) for _ in range(20)}
        assert len(scene.rows(page_size=1000)) == REPORTS
    assert seen == {tuple(whole), tuple(whole[1:])}


@walk("Q73")
def the_same_page_for_ever(scene):
    with scene.on("Q73", cap=10):
        first, second = (scene.geo.ids(page=page) for page in (1, 2))
    assert first == second and len(first) == 10


@walk("Q74")
def pages_from_nought(scene):
    whole = scene.geo.ids()
    assert scene.geo.ids(page=1, page_size=10) == whole[:10]
    with scene.on("Q74"):
        assert scene.geo.ids(page=0, page_size=10) == whole[:10]
        assert scene.geo.ids(page=1, page_size=10) == whole[10:20]


@walk("Q75")
def a_silent_cap(scene):
    with scene.on("Q75"):
        assert len(scene.rows(page_size=500)) == 50
    with scene.on("Q75", cap=20):
        assert len(scene.rows(page_size=500)) == 20
        assert len(scene.rows(page_size=500, page=3)) == REPORTS - 40


@walk("Q76")
def order_by_change(scene):
    number = scene.numbers[3]
    scene.city.clock(forward_s=5)
    scene.city.elsewhere(number, "comment", "And?")
    assert scene.geo.ids()[0] == scene.numbers[-1]
    with scene.on("Q76"):
        assert scene.geo.ids()[0] == number


@walk("Q77")
def rows_that_flap(scene):
    with scene.on("Q77"):
        lists = [set(scene.geo.ids()) for _ in range(20)]
        away = {number for number in scene.numbers if is_bent(int(number), "Q77")}
        assert scene.geo.ids(service_request_id=",".join(sorted(away))) == sorted(away)
    assert set(scene.numbers) in lists and set(scene.numbers) - away in lists


@walk("Q79")
def arguments_ignored(scene):
    assert len(scene.rows(status="closed", service_code="5701")) < REPORTS
    with scene.on("Q79"):
        assert len(scene.rows(status="closed", service_code="5701")) == REPORTS


@walk("Q80")
def too_many_ids(scene):
    with scene.on("Q80"):
        assert (
            scene.geo("GET", f"requests.json?service_request_id={','.join(scene.numbers)}").status_code == 414
        )
        assert len(scene.rows(service_request_id=",".join(scene.numbers[:20]))) == 20


@walk("Q81")
def open_alone(scene):
    with scene.on("Q81"):
        assert {row["status"] for row in scene.rows()} == {"open"}
        assert {row["status"] for row in scene.rows(status="open,closed")} == {"open", "closed"}


@walk("Q82")
def ninety_days(scene):
    long = {"start_date": "2017-01-01", "end_date": "2017-09-12"}
    assert len(scene.rows(**long)) == REPORTS
    with scene.on("Q82"):
        assert scene.geo("GET", "requests.json", params=long).status_code == 400
        assert len(scene.rows(start_date="2017-07-01", end_date="2017-09-12")) == REPORTS


@walk("Q83")
def a_test_server(scene):
    assert scene.geo.get("discovery.json")["endpoints"][0]["type"] == "production"
    with scene.on("Q83"):
        assert scene.geo.get("discovery.json")["endpoints"][0]["type"] == "test"
        assert len(scene.rows()) == REPORTS


@walk("Q84")
def services_that_shout(scene):
    before = scene.geo.get("services.json")
    with scene.on("Q84"):
        after = scene.geo.get("services.json")
    assert {each["service_code"] for each in after} == {"XXX"} and len(after) < len(before) / 2


# Drift


@walk("Q91")
def keys_that_drift(scene):
    with scene.on("Q91"):
        rows, issues = scene.rows(), scene.issues()
    for row in rows:
        assert "address" not in row and row["address_string"] and row["sla_state"] and "zipcode" not in row
    for issue in issues:
        assert "show_blocked_issue_text" not in issue and issue["shortened_url"] is None


@walk("Q92")
def types_that_drift(scene):
    code = next(each["service_code"] for each in scene.geo.get("services.json") if each["metadata"])
    with scene.on("Q92"):
        issue = scene.call.get(f"/issues/{scene.numbers[0]}", details="true")
        attributes = scene.geo.get(f"services/{code}.json")["attributes"]
    assert isinstance(issue["rating"], str) and isinstance(issue["integrations"], dict)
    assert {type(each["values"]) for each in attributes} == {int, list}


@walk("Q93")
def numbers_of_every_type(scene):
    with scene.on("Q93"):
        kinds = {type(row["lat"]) for row in scene.rows()}
    bent = [place for _, place in places(scene, "Q93")]
    assert kinds >= {str, float}
    assert (0, 0) in bent


@walk("Q78")
def old_rows_near_a_place(scene):
    near = {"lat": 27.7, "long": -82.6, "radius": 100}
    assert scene.numbers[0] in scene.geo.ids(**near)
    scene.city.clock(forward_s=100 * DAY_S)
    assert scene.geo.ids(**near) == []
    with scene.on("Q78"):
        assert scene.numbers[0] in scene.geo.ids(**near)


# Time goes on for good in the last one.
LAST = "Q78"


@pytest.mark.parametrize("quirk", [*sorted(set(WALKS) - {LAST}, key=lambda quirk: int(quirk[1:])), LAST])
def test_a_quirk_that_is_on_changes_the_wire_as_its_row_says(scene, quirk):
    WALKS[quirk](scene)


def test_every_row_has_a_switch_or_a_reason_and_a_walk():
    assert not set(ROWS) & set(STANDING)
    assert set(WALKS) == set(ROWS) | set(STANDING)
    assert all(says.endswith(".") for says in (*ROWS.values(), *STANDING.values()))


@pytest.mark.skipif(not TABLE.exists(), reason="the table of quirks is not here")
def test_the_switch_knows_every_row_of_the_table():
    rows = set(re.findall(r"^\| (Q\d+) \|", TABLE.read_text("utf-8"), re.MULTILINE))
    assert rows == set(ROWS) | set(STANDING)


@pytest.mark.parametrize("profile", PROFILES)
def test_each_profile_gives_rows_in_its_own_way(scene, profile):
    form = "xml" if profile == "old-sf" else "json"
    query = "status=open,closed&start_date=2017-09-11&jurisdiction_id=any"
    if profile == "old-sf":
        query = "start_date=2017-09-11"
    try:
        said = scene.city.quirks(profile=profile)
        answer = scene.geo("GET", f"requests.{form}?{query}")
    finally:
        scene.city.quirks(profile="spec")

    assert said["profile"] == profile and set(said["on"]) == set(PROFILES[profile][0])
    assert answer.status_code == 200
    rows = etree.fromstring(answer.content) if form == "xml" else answer.json()
    count = len(rows["service_requests"]) if profile == "fixmystreet" else len(rows)
    assert count >= min(said["cap"], REPORTS)

"""Envelope and transport: how answers leave, and who is turned away."""

from __future__ import annotations

import pytest
import requests
from lxml import etree

from tests.dispatch.exercise.walks.scene import REPORTS, walk


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

"""What stands before the API: a name to call you by, the limit, and faults as they were asked for."""

from __future__ import annotations

import random

import pytest
import requests

from dispatch.exercise.faults import BadFaults, Fault, Faults
from dispatch.exercise.limiter import Limiter
from tests.city import City


def test_a_caller_without_a_name_is_turned_away(call):
    answer = call("GET", "/issues", headers={"User-Agent": ""})

    assert answer.status_code == 403
    assert answer.json() == {
        "message": "Request forbidden by administrative rules.",
        "documentation_url": "http://dev.seeclickfix.com",
    }


def test_the_twenty_first_call_of_a_minute_waits(tmp_path):
    with City(tmp_path / "city", rate_limit=20) as city, requests.Session() as session:
        session.trust_env = False
        answers = [session.get(f"{city.url}/issues", timeout=10) for _ in range(21)]
        city.truth()

    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert answers[-1].json() == {
        "message": "Too Many Requests",
        "documentation_url": "http://dev.seeclickfix.com",
    }
    assert 50 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_the_limit_is_over_any_sixty_seconds():
    now = 0.0
    limiter = Limiter(2, wall=lambda: now)

    assert (limiter.take(), limiter.take()) == (None, None)
    now = 30.2
    assert limiter.take() == 30
    now = 60.0
    assert limiter.take() is None
    assert Limiter(0).take() is None


@pytest.mark.parametrize(("fault", "status"), [(429, 429), (500, 500), (503, 503), ("html", 200)])
def test_the_next_call_gets_the_fault_and_the_one_after_does_not(city, call, fault, status):
    city.fail_next(fault)

    answer = call("GET", "/issues")

    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) is (fault == 429)
    assert answer.headers["Content-Type"].startswith("text/html") is (fault in (503, "html"))
    assert call("GET", "/issues").json()["issues"] == []


@pytest.mark.parametrize("fault", ["reset", "truncated"])
def test_a_torn_line_is_an_error_of_the_connection(city, call, fault):
    city.fail_next(fault)

    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        call("GET", "/issues")

    assert call("GET", "/issues").status_code == 200


@pytest.mark.parametrize("fault", ["empty", "nonsense"])
def test_a_body_can_be_no_list_at_all(city, call, fault):
    city.fail_next(fault)

    answer = call("GET", "/issues")

    assert answer.status_code == 200
    assert b"issues" not in answer.content


def test_an_answer_lost_after_the_work_leaves_the_work_done(city, call):
    number = city.add_report()
    city.fail_next("lose-answer-after-doing-it")

    assert call("GET", "/issues").status_code == 200
    with pytest.raises(requests.ConnectionError):
        call.post(f"/issues/{number}/comments", comment="A crew is on the way.")

    assert city.messages(number) == ["A crew is on the way."]


def test_a_slow_answer_has_done_its_work_when_the_caller_gives_up(city, call):
    number = city.add_report()
    city.fail_next("slow", seconds=30)

    with pytest.raises(requests.ReadTimeout):
        call.session.post(
            f"{city.url}/issues/{number}/comments",
            data={"comment": "Once"},
            headers={"Authorization": f"Bearer {city.token}"},
            timeout=0.3,
        )

    assert city.messages(number) == ["Once"]


def test_it_counts_what_it_has_played(city, call):
    city.fail_next(503, "lose-answer-after-doing-it", 503)

    for _ in range(3):
        call("GET", "/issues")

    assert city.played() == {"503": 2}, "what means something only where something is done still waits"


def test_rates_hold_until_they_are_taken_back(city, call):
    city.set_rates({"503": 1})
    assert [call("GET", "/issues").status_code for _ in range(3)] == [503] * 3

    city.set_rates({})

    assert call("GET", "/issues").status_code == 200


def test_rates_can_end_by_themselves():
    now = 0.0
    faults = Faults(random.Random(1), wall=lambda: now)
    faults.set({"rates": {"503": 1}, "seconds": 5})

    assert faults.draw(is_write=False) is Fault.AWAY
    now = 6.0
    assert faults.draw(is_write=False) is None


def test_faults_come_at_about_their_rate():
    faults = Faults(random.Random(1))
    faults.set({"rates": {"429": 0.1}})

    drawn = sum(faults.draw(is_write=False) is Fault.TOO_MANY for _ in range(2000))

    assert 150 < drawn < 250


@pytest.mark.parametrize(
    ("wish", "word"),
    [
        ([], "object"),
        ({"rate": {}}, "not rate"),
        ({"rates": {"404": 1}}, "no fault called 404"),
        ({"rates": {"429": 2}}, "0 to 1"),
        ({"next": "reset"}, "list"),
        ({"next": ["shift_pages"]}, "no fault called shift_pages; there are 429,"),
        ({"seconds": -1}, "0 or more"),
    ],
)
def test_a_wish_that_cannot_be_understood_is_refused_in_a_sentence(wish, word):
    faults = Faults(random.Random(1))

    with pytest.raises(BadFaults, match=word):
        faults.set(wish)

    assert faults.draw(is_write=True) is None

"""Answers as machines give them: what is clear is read, what is not is kept and says why."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.escalation import answer_json
from dispatch.records import Incoming, ReturnCode
from dispatch.resources import resource

GOOD: dict[str, Any] = {
    "schema": "landfall/answer",
    "version": 1,
    "exercise": False,
    "escalation_id": "3f0c9a52",
    "token": "s3cret",
    "answer": "resource",
    "text": "On the way",
    "by": {"name": "M. Diaz", "position": "County EM"},
    "resource": "Engine 4",
    "eta_at": "2017-09-11T15:00:00-04:00",
}


def read(content: bytes, *, is_exercise: bool = False) -> Incoming:
    return answer_json.read(content, key="folder:1", channel="folder", at=1, is_exercise=is_exercise)


def said(**changes: Any) -> Incoming:
    return read(json.dumps(GOOD | changes).encode())


def test_a_clear_answer_is_read_whole() -> None:
    answer = said()

    assert (answer.act, answer.resource, answer.by_name, answer.by_position) == (
        "resource",
        "Engine 4",
        "M. Diaz",
        "County EM",
    )
    assert answer.eta_at == 1_505_156_400_000
    assert answer.why_unclear == ""


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"answer": "send"}, "must answer one of accept"),
        ({"answer": None}, "must answer one of accept"),
        ({"version": 2}, "not of the form"),
        ({"schema": "other"}, "not of the form"),
        ({"exercise": True}, "belongs to an exercise"),
        ({"exercise": None}, "does not say that it is an exercise"),
        ({"eta_at": "15:00"}, "a time with its zone"),
        ({"eta_at": "2017-09-11T15:00:00"}, "a time with its zone"),
        ({"eta_at": 5}, "a time with its zone"),
    ],
)
def test_what_is_not_clear_does_nothing_and_says_why(changes: dict[str, Any], why: str) -> None:
    answer = said(**changes)

    assert answer.act == ""
    assert why in answer.why_unclear
    assert answer.text == "On the way", "its words are kept"


@pytest.mark.parametrize("content", [b"", b"accepted, thanks", b"[1]", b"\xff\xfe", b"{" * 100_000, b'"x"'])
def test_what_is_no_json_object_is_kept_to_be_read(content: bytes) -> None:
    answer = read(content)

    assert answer.act == "" and answer.why_unclear


@given(st.dictionaries(st.sampled_from([*GOOD, "desk", "return_code", "outcome"]), st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)))  # fmt: skip
def test_whatever_comes_ends_in_an_answer_or_a_reason(changes: dict[str, Any]) -> None:
    answer = read(json.dumps(GOOD | changes, ensure_ascii=True).encode())

    assert bool(answer.act) != bool(answer.why_unclear)


def test_the_form_that_is_documented_is_the_one_that_is_read() -> None:
    schema = json.loads(resource("answer.schema.json").read_text("utf-8"))

    assert set(GOOD) <= set(schema["properties"])
    assert schema["properties"]["answer"]["enum"] == list(answer_json.ANSWERS)
    assert schema["properties"]["return_code"]["enum"] == [code.value for code in ReturnCode]

"""The JSON twin: every field, times with their offset, and the schema that documents it."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dispatch.forms.twin import VERSION, twin, twin_bytes
from dispatch.records import Band, Escalation, EscalationState, Told911
from dispatch.resources import resource
from tests.dispatch.forms.made import SENT_AT, answer, hand_over

OTHER: dict[str, Any] = {
    "band": Band.P3,
    "place": None,
    "told_911": Told911(False, SENT_AT),
    "state": EscalationState.CLOSED,
    "answers": (answer("accept"),),
    "is_exercise": False,
    "need_by_at": None,
}
_JSON_TYPES = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


def other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if value is None or isinstance(value, int):
        return SENT_AT + 12_345
    return ("other",) if isinstance(value, tuple) else f"other {value}"


@pytest.mark.parametrize("name", [field.name for field in fields(Escalation)])
def test_no_field_is_left_out(name: str, zone: ZoneInfo) -> None:
    made = hand_over()

    changed = replace(made, **{name: OTHER.get(name, other(getattr(made, name)))})

    assert twin_bytes(changed, zone) != twin_bytes(made, zone)


def test_s18_a_receiver_sees_version_and_exercise_first(zone: ZoneInfo) -> None:
    marked = json.loads(twin_bytes(hand_over(), zone))

    assert list(marked)[:3] == ["schema", "version", "exercise"]
    assert (marked["version"], marked["exercise"]) == (VERSION, True)
    assert marked["subject"].startswith("EXERCISE · ") and marked["activation"]["name"].startswith("EXERCISE")
    assert twin(hand_over(is_exercise=False), zone)["exercise"] is False


def test_times_carry_the_zone_s_offset(zone: ZoneInfo) -> None:
    made = twin(hand_over(), zone)

    assert made["sent_at"] == "2017-09-11T14:29:00-04:00"
    assert made["time_zone"] == "America/New_York"
    assert made["accepted_at"] is None


def test_it_says_what_the_form_warns_of(zone: ZoneInfo) -> None:
    made = twin(hand_over(told_911=None, place_quality="area"), zone)

    assert made["emergency_call"] == {
        "is_needed": True,
        "is_told": False,
        "at": None,
        "spoken_to": "",
        "incident_number": "",
    }
    assert made["utility"]["treat_as_live"] is True
    assert made["place"]["is_confirmed"] is False


def test_any_text_survives(zone: ZoneInfo) -> None:
    text = 'emoji 😀 "quoted" \\ مرحبا \x00 \u2028 \ud800'

    assert json.loads(twin_bytes(hand_over(details=text), zone))["details"] == text


def test_the_schema_documents_every_key(zone: ZoneInfo) -> None:
    schema = json.loads(resource("hand_over.schema.json").read_text(encoding="utf-8"))

    for made in (hand_over(answers=(answer("accept", detail={"desk": "Water"}),)), hand_over(place=None)):
        obeys(twin(made, zone), schema, "hand-over")


def obeys(value: Any, schema: dict[str, Any], where: str) -> None:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(type(value) is _JSON_TYPES[kind] for kind in kinds), f"{where}: {value!r} is no {kinds}"
    if "enum" in schema:
        assert value in schema["enum"], where
    if isinstance(value, dict) and "properties" in schema:
        assert list(value) == list(schema["properties"]) == schema["required"], where
        for name, part in value.items():
            obeys(part, schema["properties"][name], f"{where}.{name}")
    if isinstance(value, list):
        for part in value:
            obeys(part, schema["items"], where)

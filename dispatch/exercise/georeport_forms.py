"""What services ask beyond place and words: their definitions, and whether the answers will do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dispatch.exercise.georeport_names import Service

# Every kind of question the specification has; the first is there to be read only.
_QUESTIONS: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...] = (
    ("WARNING", "text", "Stay away from wires. In danger, call 911.", ()),
    ("WHERE", "singlevaluelist", "Where is it?", (("street", "In the street"), ("yard", "In a yard"))),
    ("THREAT", "multivaluelist", "What is at risk?", (("home", "A home"), ("road", "A road"))),
    ("SINCE", "datetime", "Since when?", ()),
    ("PEOPLE", "number", "How many people are there?", ()),
    ("GATE", "string", "What opens the gate?", ()),
    ("MORE", "text", "Anything else?", ()),
)
NEEDED = "WHERE"


def has_questions(service: Service) -> bool:
    """About half of them, so that a client meets both."""
    return service.request_type is not None and service.request_type.type_id % 2 == 0


def questions(*, are_needed: bool) -> list[dict[str, Any]]:
    return [
        {
            "variable": place > 0,
            "code": code,
            "datatype": datatype,
            "required": are_needed and code == NEEDED,
            "datatype_description": None,
            "order": place + 1,
            "description": words,
            "values": [{"key": key, "name": name} for key, name in choices],
        }
        for place, (code, datatype, words, choices) in enumerate(_QUESTIONS)
    ]


def answers(sent: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """`attribute[CODE]=value`, and `attribute[CODE][]=value` once for each of several."""
    known = {code: words for code, _, words, _ in _QUESTIONS[1:]}
    found = []
    for name, value in sent:
        code = name.removeprefix("attribute[").removesuffix("[]").removesuffix("]")
        if name.startswith("attribute[") and code in known and value:
            found.append({"code": code, "label": known[code], "name": code.lower(), "value": value})
    return found


def missing(service: Service, given: Sequence[Mapping[str, Any]], *, are_needed: bool) -> str | None:
    """The code of a question that wants an answer and has none."""
    if not (are_needed and has_questions(service)) or any(each["code"] == NEEDED for each in given):
        return None
    return NEEDED

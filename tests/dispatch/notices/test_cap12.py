"""CAP 1.2 drafts: a chain of alert, update and cancel that holds every rule, and mutants that break one each.

The schema is not ours to bundle: where it lies beside the repository it is asked as well.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from dispatch.notices import cap12, cap_rules
from dispatch.records import Notice, NoticeArea, NoticeState, NoticeText
from tests.conftest import LANDFALL
from tests.notices import HOSTILE, HOUR_MS, LIVE

SCHEMA = Path(__file__).resolve().parents[4] / "shared/protocols/schemas/cap/CAP-v1.2.xsd"
SENDER = cap12.Sender(
    "st-petersburg.eoc.landfall", "City of St. Petersburg", ZoneInfo("America/New_York"), is_exercise=True
)
UPDATE = replace(
    LIVE, notice_id="two", number="N-002", updates=LIVE.notice_id, published_at=LANDFALL + HOUR_MS
)
CANCELLED = replace(
    UPDATE, state=NoticeState.CANCELLED, ended_at=LANDFALL + 2 * HOUR_MS, cancel_texts=UPDATE.texts
)


def made(item: Notice = LIVE, *earlier: Notice, sender: cap12.Sender = SENDER) -> str:
    return cap12.message(item, sender=sender, earlier=earlier, now=LANDFALL).decode()


def by_schema(xml: str) -> list[str]:
    """What the schema says is wrong; nothing where it is not there."""
    if not SCHEMA.exists():
        return []
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    return [] if schema.validate(etree.fromstring(xml.encode())) else [str(schema.error_log.last_error)]


def value(xml: str, name: str) -> list[str]:
    return re.findall(rf"<{name}>([^<]*)</{name}>", xml)


CHAIN = {
    "alert": (LIVE,),
    "update": (UPDATE, LIVE),
    "cancel": (CANCELLED, LIVE),
    "whole city": (replace(LIVE, area=NoticeArea(city=LIVE.area.rings)),),
    "hostile": (
        replace(LIVE, texts=(NoticeText("en", HOSTILE, HOSTILE), NoticeText("es", HOSTILE, HOSTILE))),
    ),
}


@pytest.mark.parametrize("name", CHAIN)
def test_each_message_of_a_chain_holds_the_schema_and_the_rules(name: str) -> None:
    xml = made(*CHAIN[name])

    assert cap_rules.faults(xml.encode()) == ()
    assert by_schema(xml) == []


def test_a_chain_names_what_came_before() -> None:
    alert, update, cancel = made(LIVE), made(UPDATE, LIVE), made(CANCELLED, LIVE)

    first = f"{SENDER.address},landfall-{LIVE.notice_id},2017-09-11T10:30:00-04:00"
    second = f"{SENDER.address},landfall-two,2017-09-11T11:30:00-04:00"
    assert [value(each, "msgType")[0] for each in (alert, update, cancel)] == ["Alert", "Update", "Cancel"]
    assert value(alert, "references") == []
    assert value(update, "references") == [first]
    assert value(cancel, "references") == [f"{first} {second}"]
    assert value(cancel, "identifier") == ["landfall-two-cancel"]
    assert value(update, "language") == ["en-US", "es-US"]


def test_s18_it_is_an_exercise_there_and_a_draft_elsewhere_never_actual() -> None:
    real = replace(SENDER, is_exercise=False)

    assert value(made(), "status") == ["Exercise"] and "EXERCISE" in value(made(), "note")[0]
    assert all(each.startswith("EXERCISE · ") for each in value(made(), "headline"))
    assert value(made(sender=real), "status") == ["Draft"]
    assert "EXERCISE" not in made(sender=real)
    assert cap_rules.faults(made().replace(">Exercise<", ">Actual<").encode())


def test_times_are_whole_seconds_with_an_offset() -> None:
    assert cap12.stamp(LANDFALL + 999, SENDER.zone) == "2017-09-11T10:30:00-04:00"
    assert cap12.stamp(LANDFALL, UTC) == "2017-09-11T14:30:00-00:00"


def test_what_breaks_a_rule_is_not_given_out() -> None:
    with pytest.raises(cap12.CapFaulty, match="expires before it begins"):
        made(replace(LIVE, expires_at=LIVE.starts_at - HOUR_MS))


POLYGON = re.search(r"<polygon>.*?</polygon>", made()).group()  # type: ignore[union-attr]
# What is changed in a sound update, and what the rules say of it; True where the schema sees it too.
MUTANTS: dict[str, tuple[str, str, str, bool]] = {
    "Z for a time zone": ("-04:00</sent>", "Z</sent>", "sent is a time", True),
    "fractions": ("-04:00</sent>", ".500-04:00</sent>", "sent is a time", True),
    "no such day": ("2017-09-11T11", "2017-09-31T11", "sent is a time", True),
    "no references": (r"<references>.*</references>", "", "says in its references", False),
    "half a reference": (r"(<references>)[^,]*,", r"\1", "sender,identifier,sent", False),
    "a space in the identifier": ("landfall-two", "landfall two", "identifier holds a space", False),
    "a comma in the sender": ("(<sender>)st", r"\1st,", "sender holds a space", False),
    "restricted without words": ("Public", "Restricted", "says its restriction", False),
    "private without addresses": ("Public", "Private", "says its addresses", False),
    "severity out of the list": (">Extreme<", ">Terrible<", "severity may not be", True),
    "an actual alert": (">Exercise<", ">Actual<", "status may not be", False),
    "an exercise that is quiet": (r"<note>.*</note>", "<note>Drill</note>", "says so in its note", False),
    "no urgency": (r"<urgency>\w+</urgency>", "", "lacks urgency", True),
    "an open polygon": (r" [-\d.,]+</polygon>", "</polygon>", "first of them again at the end", False),
    "longitude first": (
        re.escape(POLYGON),
        "<polygon>-82,270 1,1 2,2 -82,270</polygon>",
        "A polygon is",
        False,
    ),
    "no area": (r"<area>.*?</area>", "", "for which area", False),
    "no end": (r"<expires>.*?</expires>", "", "when it expires", False),
    "two of one language": ("es-US", "en-US", "have one language", False),
    "an order of its own": (r"(<sent>.*?</sent>)(\s*)(<status>.*?</status>)", r"\3\2\1", "CAP's order", True),
    "an element of somebody's": ("<scope>", "<mine>x</mine><scope>", "mine does not belong", True),
    "no info": (r"<info>.*</info>", "", "it has an info", False),
    "another name space": ("cap:1.2", "cap:1.1", "no CAP 1.2 alert", True),
    "cut off": ("</alert>", "", "no XML", True),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_refused(name: str) -> None:
    pattern, instead, sentence, is_seen_by_schema = MUTANTS[name]
    sound = made(UPDATE, LIVE)

    broken = re.sub(pattern, instead, sound, flags=re.DOTALL)

    assert broken != sound
    assert any(sentence in each for each in cap_rules.faults(broken.encode())), cap_rules.faults(
        broken.encode()
    )
    if is_seen_by_schema and SCHEMA.exists() and name != "cut off":
        assert by_schema(broken)


def test_a_file_from_outside_unfolds_nothing() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "y">]><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">&x;</alert>'

    assert cap_rules.faults(bomb.encode())
    assert cap_rules.faults(b"") and cap_rules.faults(b"<html/>")

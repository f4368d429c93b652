"""What an ICS 214 says of a position's period, and which acts are worth a line."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.bulk.kinds import BulkKind
from dispatch.escalation.states import Act
from dispatch.forms import ics214, notable
from dispatch.forms.ics214 import Ics214
from dispatch.records import LogEntry
from tests.dispatch.forms.made import MINUTE, SENT_AT

HOME = Path(__file__).resolve().parents[3]
HASH = "ab12" * 16


def entry(act: str, text: str, **given: Any) -> LogEntry:
    fields: dict[str, Any] = {"number": 1, "at": SENT_AT, "person": "Ana", "position": "Operator"}
    fields |= {"seat": "Seat 1", "site_id": None}
    return LogEntry(act=act, text=text, **{**fields, **given})


def filled(*entries: LogEntry, zone: ZoneInfo, **given: Any) -> Ics214:
    asked: dict[str, Any] = {"incident": "Hurricane Irma", "is_exercise": False, "position": "Operator"}
    asked |= {"period": (SENT_AT - 60 * MINUTE, SENT_AT + 60 * MINUTE), "head": (77, HASH)}
    return ics214.fill(entries, {7: "#18234"}, zone, **{**asked, **given})


def test_every_act_the_program_logs_was_looked_at_for_the_forms() -> None:
    """A new act is put into the table, or into the list of those that are left out."""
    logged = {act.value for act in Act} | {kind.value for kind in BulkKind}
    for path in (HOME / "dispatch").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                first = node.args[0] if node.args else None
                is_log = node.func.attr in ("log", "_log", "_acted", "_establish")
                act = node.args[2] if node.func.attr == "_acted" and len(node.args) > 2 else first
                act = node.args[1] if node.func.attr == "_establish" and len(node.args) > 1 else act
                if is_log and isinstance(act, ast.Constant) and isinstance(act.value, str):
                    logged.add(act.value)

    assert logged - set(notable.NOTABLE) - notable.QUIET == set()
    assert not set(notable.NOTABLE) & notable.QUIET
    assert set(notable.NOTABLE) >= notable.FOR_A_BRIEFING


def test_it_lists_notable_acts_with_their_times_and_leaves_the_others_out(zone: ZoneInfo) -> None:
    form = filled(
        entry("claim", "claimed", site_id=7),
        entry("band", "band P3 to P1", site_id=7),
        entry("escalate", "EOC-0041 to Traffic", site_id=7, at=SENT_AT + MINUTE),
        entry("pass_on", "EOC-0041 pass on", site_id=7),
        entry("close", "EOC-0041 close", site_id=7),
        entry("close", "closed: fixed_confirmed", site_id=8),
        entry("close", "closed: spam", site_id=8, is_part=True),
        entry("suspend", "field response suspended: police"),
        zone=zone,
    )

    assert form.entries == (
        ("09/11/2017 14:29 EDT", "#18234: Band P3 to P1"),
        ("09/11/2017 14:30 EDT", "#18234: Handed over as EOC-0041 to Traffic"),
        ("09/11/2017 14:29 EDT", "#18234: EOC-0041 passed on to another desk"),
        ("09/11/2017 14:29 EDT", "#18234: EOC-0041 closed with its outcome"),
        ("09/11/2017 14:29 EDT", "site 8: Closed: fixed confirmed"),
        ("09/11/2017 14:29 EDT", "Field response suspended: police"),
    )


def test_blocks_one_to_six_say_who_and_when_and_invent_no_agency(zone: ZoneInfo) -> None:
    form = filled(
        entry("band", "band P3 to P1"),
        entry("band", "band P3 to P1", person="Ben"),
        zone=zone,
        is_exercise=True,
        prepared_by="Ana, Operator",
    )

    assert form.incident == "EXERCISE · Hurricane Irma"
    assert (form.period_from, form.period_to) == ("09/11/2017 13:29 EDT", "09/11/2017 15:29 EDT")
    assert (form.names, form.position, form.agency) == ("Ana, Ben", "Operator", "")
    assert form.people == (("Ana", "Operator", ""), ("Ben", "Operator", ""))
    assert [what for _, what in form.entries] == ["Band P3 to P1 (Ana)", "Band P3 to P1 (Ben)"]
    assert (form.log_number, form.log_hash, form.prepared_by) == (77, HASH, "Ana, Operator")


def test_a_quiet_period_is_a_form_with_an_empty_log(zone: ZoneInfo) -> None:
    form = filled(zone=zone)

    assert (form.names, form.people, form.entries) == ("", (), ())

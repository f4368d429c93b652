"""Which role may do what: the table, and the look at it before an act is logged."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from dispatch import rights
from dispatch.bulk.kinds import BulkKind
from dispatch.clock import Clock
from dispatch.errors import NotAllowed
from dispatch.escalation.states import Act
from dispatch.records import Actor, Role
from dispatch.store import log
from dispatch.store.store import open_store

HOME = Path(__file__).resolve().parents[2]
ACTOR = Actor("a", "A. Operator", "Operator", "Seat 1")


def test_every_act_the_program_logs_stands_in_the_table() -> None:
    """A new act gets its line in the commit that makes it: without one nobody with a role may do it."""
    logged = {act.value for act in Act} | {kind.value for kind in BulkKind}
    for path in (HOME / "dispatch").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                logged.update(names_in(node))

    assert logged - set(rights.ACTS) == set()


def names_in(call: ast.Call) -> set[str]:
    """The act that this call writes into the log, where it is one."""
    assert isinstance(call.func, ast.Attribute)
    place = {"log": 0, "_log": 0, "_acted": 2, "_on_top": 4, "_establish": 1}.get(call.func.attr)
    if place is None or len(call.args) <= place:
        return set()
    act = call.args[place]
    is_name = isinstance(act, ast.Constant) and isinstance(act.value, str) and len(call.args) > 1
    return {act.value} if is_name else set()


@pytest.mark.parametrize(
    ("role", "act", "subject", "is_allowed"),
    [
        (None, "suspend", "", True),
        (Role.VIEWER, "claim", "", False),
        (Role.VIEWER, "seat_taken", "", False),
        (Role.OPERATOR, "claim", "", True),
        (Role.OPERATOR, "accept", "EOC-1", True),
        (Role.OPERATOR, "suspend", "", False),
        (Role.OPERATOR, "storm_mode", "", False),
        (Role.SUPERVISOR, "storm_mode", "", True),
        (Role.MANAGER, "suspend", "", True),
        (Role.MANAGER, "close", "EOC-1", True),
        (Role.MANAGER, "close", "", False),
        (Role.MANAGER, "message", "", False),
        (Role.ADMINISTRATOR, "channel", "", True),
        (Role.ADMINISTRATOR, "claim", "", False),
        (Role.SYNC, "closed", "", True),
        (Role.SYNC, "message", "", False),
        (Role.OPERATOR, "never heard of", "", False),
    ],
)
def test_a_role_goes_so_far(role: Role | None, act: str, subject: str, is_allowed: bool) -> None:
    assert rights.may(role, act, subject) is is_allowed


def test_a_refusal_says_who_may_and_whom_to_ask() -> None:
    assert rights.why_not(Role.MANAGER, "suspend") == ""
    assert rights.why_not(Role.OPERATOR, "suspend") == (
        "Only a supervisor or the emergency manager may suspend field response: ask one of them."
    )
    assert (
        rights.why_not(Role.MANAGER, "profile") == "Only a supervisor may change the storm profile: ask one."
    )
    assert rights.why_not(Role.OPERATOR, "closed") == "Only the syncing may log “closed”."


def test_an_act_beyond_the_role_leaves_nothing_behind(store_url: str, clock: Clock) -> None:
    store = open_store(store_url, clock=clock)
    before = store.feed_number()

    with (
        pytest.raises(NotAllowed, match="Only a supervisor or the emergency manager"),
        store.transaction(replace(ACTOR, role=Role.OPERATOR)) as tx,
    ):
        tx.others.add("suspension")
        tx.log("suspend", "field response suspended: fire")

    assert store.feed_number() == before
    with store.reading() as connection:
        assert log.verify(connection).entries == 0
    store.close()

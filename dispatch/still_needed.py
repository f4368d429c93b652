"""“Still needed?” (S7): when a service drives again, what was held for weather is asked about, P1 and P2.

The question stands until an answer ends the hold. Nobody reached means unknown: it stays held, stays asked,
and nothing closes by itself (S9). What was held after the question was put waits for the next one.
"""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from dispatch.errors import ActRefused
from dispatch.escalation.held import not_reached
from dispatch.escalation.states import Act, state_words
from dispatch.forms.common import clock_time
from dispatch.forms.first_hour import is_held
from dispatch.records import Answer, Escalation, EscalationState, Millis
from dispatch.store import escalations
from dispatch.store.transaction import Transaction

NO_LONGER = "No longer needed"

# What ends no hold: facts and questions that came meanwhile, and a try that reached nobody.
_ASIDE = (Act.SEND, Act.ADD, Act.ASK, Act.PASS_ON, Act.NOT_REACHED)


def ask(tx: Transaction) -> int:
    """Put the question to everything that is held now, in the transaction in which a service drives again;
    how many were asked."""
    held = [item for item in escalations.open_ones(tx.connection) if is_held(item)]
    own = [item for item in held if item.activation_id == tx.actor.activation_id]
    for item in own:
        escalations.save(tx, replace(item, asked_at=tx.now))
    return len(own)


def check_open(item: Escalation, zone: ZoneInfo) -> None:
    """ActRefused says who was first where the hold has ended already."""
    if item.state == EscalationState.HELD:
        return
    enders = (answer for answer in reversed(item.answers) if answer.kind not in _ASIDE)
    answer = next(enders, None)
    if answer is None:
        raise ActRefused(f"{item.number} is not held for weather: it is {state_words(item.state)}.")
    raise ActRefused(f"{_first(answer, zone)}: {item.number} is {_became(item, answer)}.")


def check_tried(item: Escalation, seen_at: Millis, zone: ZoneInfo) -> None:
    """ActRefused says who could not reach them either, where that was not on the screen (`seen_at`) yet."""
    tried = not_reached(item)
    if tried is not None and tried.at > seen_at:
        raise ActRefused(f"{_first(tried, zone)} and reached nobody: {item.number} stays held.")


def _first(answer: Answer, zone: ZoneInfo) -> str:
    return f"{answer.by_name} answered first, at {clock_time(answer.at, zone)}"


def _became(item: Escalation, answer: Answer) -> str:
    if answer.kind == Act.STILL_NEEDED:
        return "still needed"
    return state_words(item.state)

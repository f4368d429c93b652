"""What is held for weather and asked "still needed?" (S7): which the question stands for, and who tried."""

from __future__ import annotations

from dispatch.escalation.states import Act
from dispatch.forms.first_hour import is_held
from dispatch.records import Answer, Escalation


def is_asked(item: Escalation) -> bool:
    """Does the question stand? One that was held again since waits until a service drives once more."""
    return is_held(item) and item.asked_at is not None and item.asked_at >= item.state_at


def not_reached(item: Escalation) -> Answer | None:
    """The last try that reached nobody since it was asked, or held where it was not asked yet."""
    since = item.asked_at if is_asked(item) and item.asked_at is not None else item.state_at
    tries = (answer for answer in reversed(item.answers) if answer.kind == Act.NOT_REACHED)
    return next((answer for answer in tries if answer.at >= since), None)

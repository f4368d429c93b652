"""The one automatic message: that emergency management has it. Never more than a receipt proves (S8)."""

from __future__ import annotations

from dispatch.records import Escalation, EscalationState

NOT_911 = "This is not 911: if anyone is in danger, call 911 now."


def told_text(escalation: Escalation) -> str:
    """ "Passed to emergency management", never "help is coming". EXERCISE is said where it is one (S18)."""
    if escalation.state == EscalationState.HELD:
        what = "Your report has been passed to emergency management. Crews cannot go out in this weather."
    else:
        what = "Your report has been passed to emergency management."
    start = "EXERCISE. " if escalation.is_exercise else ""
    return f"{start}{what} {NOT_911}"

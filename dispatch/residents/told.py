"""What residents may be told of a hand-over: never more than a receipt proves (S8). That emergency management
has it is told by itself; that a crew is there or the work has ended, where somebody ticks it."""

from __future__ import annotations

from dispatch.records import Escalation, EscalationState

NOT_911 = "This is not 911: if anyone is in danger, call 911 now."


def there_text(escalation: Escalation) -> str:
    """Once somebody stands there; no time, no promise."""
    return _marked("A crew is at the place you reported.", escalation)


def ended_text(escalation: Escalation) -> str:
    """Once emergency management has closed it: the outcome is not for the public, and may be unknown."""
    what = "Emergency management has ended its work on your report. If the danger is still there, report it."
    return _marked(what, escalation)


def told_text(escalation: Escalation) -> str:
    """ "Passed to emergency management", never "help is coming". EXERCISE is said where it is one (S18)."""
    if escalation.state == EscalationState.HELD:
        what = "Your report has been passed to emergency management. Crews cannot go out in this weather."
    else:
        what = "Your report has been passed to emergency management."
    return _marked(what, escalation)


def _marked(what: str, escalation: Escalation) -> str:
    start = "EXERCISE. " if escalation.is_exercise else ""
    return f"{start}{what} {NOT_911}"

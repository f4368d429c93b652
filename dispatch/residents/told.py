"""What residents may be told of a hand-over: never more than a receipt proves (S8). That emergency management
has it is told by itself; that a crew is there or the work has ended, where somebody ticks it."""

from __future__ import annotations

from dispatch.records import Escalation, EscalationState
from dispatch.residents.templates import ENGLISH, Language, load_templates, marked

NO_CITY = ""  # the words that came with the program alone
NOT_911 = "This is not 911: if anyone is in danger, call 911 now."


def there_text(escalation: Escalation, language: Language | None = None) -> str:
    """Once somebody stands there; no time, no promise."""
    return _said(escalation, language, "crew_there")


def ended_text(escalation: Escalation, language: Language | None = None) -> str:
    """Once emergency management has closed it: the outcome is not for the public, and may be unknown."""
    return _said(escalation, language, "em_ended")


def told_text(escalation: Escalation, language: Language | None = None) -> str:
    """ "Passed to emergency management", never "help is coming"."""
    is_held = escalation.state == EscalationState.HELD
    return _said(escalation, language, "passed_to_em", *(["suspended"] if is_held else []))


def _said(escalation: Escalation, language: Language | None, *steps: str) -> str:
    """In English where no language is given. EXERCISE is said where it is one (S18)."""
    language = language or load_templates(NO_CITY).language(ENGLISH)
    words = " ".join((*(language.next[step] for step in steps), language.not_911))
    return marked(words, is_exercise=escalation.is_exercise)

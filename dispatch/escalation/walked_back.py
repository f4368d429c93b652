"""Answers typed back from a walk list: who gave the line before gave this one too, as a rule."""

from __future__ import annotations

from collections.abc import Iterable

from dispatch.records import Answer, Escalation, Millis

# Longer ago it was another walk, or somebody else.
AGAIN_MS = 2 * 60_000
HEARD = ("spoken", "reply_code")


def line_before(items: Iterable[Escalation], recorded_by: str, now: Millis) -> Answer | None:
    """The last answer that this person wrote down for somebody else a moment ago."""
    answers = (answer for item in items for answer in item.answers)
    heard = (a for a in answers if a.recorded_by == recorded_by and a.how in HEARD)
    return max((a for a in heard if 0 <= now - a.at <= AGAIN_MS), key=lambda a: a.at, default=None)

"""What an act may not do to a site: why not in one sentence, empty where it may. One site or a thousand."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from dispatch.records import Band, CloseReason, Flag
from dispatch.residents import danger
from dispatch.residents.stay_safe import refusal
from dispatch.residents.templates import slots_in
from dispatch.triage.categories import Category

P1_SNOOZE_MS = 5 * 60_000
FIXED = (CloseReason.FIXED_CONFIRMED, CloseReason.FIXED_UNCONFIRMED)
NEEDS_NOTE = {
    CloseReason.PASSED_TO_OWNER: "Say to whom it was passed, and their ticket.",
    CloseReason.CANNOT_ACT: "Say why nothing can be done.",
    CloseReason.NOT_OURS: "Say whose it is.",
}
NOBODY_TO_ANSWER = (
    "Nobody can be answered here: every report is archived on the 311 server, and that is final."
)


def why_not_close(
    row: Any, reason: CloseReason, *, note: str, confirmed_by: str, with_em: Iterable[str]
) -> str:
    """A wire not made safe does not close as fixed or covered by a sweep (S13), a P1 not without its outcome
    and who confirmed it (S6), and nothing that emergency management has: `with_em` are its numbers there."""
    flags = row.flags | row.own_flags
    if reason in (*FIXED, CloseReason.AREA_SWEEP) and flags & Flag.WIRE and not flags & Flag.MADE_SAFE:
        return "A wire is reported here. Record who made it safe before closing it as fixed."
    if row.band == Band.P1 and not (note.strip() and confirmed_by.strip()):
        return "A P1 closes only with its outcome and who confirmed it."
    if reason in NEEDS_NOTE and not note.strip():
        return NEEDS_NOTE[reason]
    for number in with_em:
        return f"Emergency management still has it as {number}: it is closed there first."
    return ""


def why_not_say(
    row: Any, text: str, *, category: Category, is_suspended: bool, stay_safe: AbstractSet[str]
) -> str:
    """What no resident of this site may be asked (S9), nor told while response is suspended (S7); `stay_safe`
    are the sentences of which a P1 then hears one. A slot that nobody has filled is said to nobody."""
    if unfilled := slots_in(text):
        return f"{{{unfilled[0]}}} is not filled: write what it stands for, or take it out."
    if is_suspended and (no := refusal(text, is_p1=row.band == Band.P1, sentences=stay_safe)):
        return no
    return danger.refusal(
        text,
        category=category.key,
        family=category.family,
        has_wire=bool(row.flags & Flag.WIRE),
        is_suspended=is_suspended,
    )

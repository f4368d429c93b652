"""What keeps a notice from its next step, in one sentence; empty where nothing does. A shared database looks
at the persons once more (`store/triggers.py`)."""

from __future__ import annotations

import re

from dispatch.records import Millis, Notice, NoticeKind, NoticeState, NoticeText
from dispatch.residents import danger

HOUR_MS = 3_600_000
# Nothing is said for ever: what still holds then is said again.
LONGEST_MS = 30 * 24 * HOUR_MS
# After it another advisory has come, or ought to have.
STORM_MS = 6 * HOUR_MS
ADVISED_CHARS, MOST_CHARS, MOST_TITLE = 280, 2_000, 120
# Each notice goes out in both.
LANGUAGES = {"en": "English", "es": "Spanish"}
_SLOT = re.compile(r"\{[^{}]*\}")


def why_not_keep(item: Notice, updated: Notice | None) -> str:
    """A draft may lack nearly everything; what it holds must be possible."""
    if not any(each.title.strip() or each.text.strip() for each in item.texts):
        return "Write something first."
    for each in item.texts:
        if len(each.text) > MOST_CHARS or len(each.title) > MOST_TITLE:
            return f"A text holds at most {MOST_CHARS:,} signs, a title {MOST_TITLE}."
    if item.expires_at and item.expires_at <= item.starts_at:
        return "It must end after it begins."
    if updated is not None and updated.kind.is_order and not item.kind.is_order:
        return "An order is updated by an order, or cancelled: choose evacuation, shelter or re-entry."
    return ""


def why_not_submit(item: Notice, now: Millis, *, is_suspended: bool) -> str:
    """What is missing before anybody is asked to approve it."""
    return (
        _why_not_whole(item.texts)
        or _why_not_timed(item, now)
        or _why_not_ordered(item)
        or _why_not_fresh(item, now)
        or _why_not_safe(item.texts, is_suspended=is_suspended)
    )


def why_not_approve(item: Notice, person: str) -> str:
    """Nobody approves what they wrote, and nobody approves twice."""
    if item.state is NoticeState.SUBMITTED:
        return _wrote(item, person)
    if item.state is NoticeState.APPROVED and item.kind.is_order and not item.second_by:
        if _same(person, item.approved_by):
            return f"{item.approved_by} has approved it already: the second approval is somebody else's."
        return _wrote(item, person)
    if item.state is NoticeState.APPROVED:
        return "It is approved: publish it."
    return "It waits for nobody's approval now."


def why_not_publish(item: Notice, now: Millis, *, is_suspended: bool) -> str:
    if item.state is not NoticeState.APPROVED:
        return "It is published once it is approved."
    if not item.is_approved:
        return "An evacuation, shelter or re-entry notice needs a second approval before it is published."
    return why_not_submit(item, now, is_suspended=is_suspended)


def why_not_cancel(item: Notice, now: Millis, why: str, texts: tuple[NoticeText, ...]) -> str:
    if not item.is_live(now):
        return "It is not live: there is nothing to cancel."
    if not why.strip():
        return "Say why it is cancelled."
    return _why_not_whole(texts)


def unfilled(texts: tuple[NoticeText, ...]) -> tuple[str, ...]:
    """Slots that still stand in braces, each once."""
    found = (slot for each in texts for slot in _SLOT.findall(f"{each.title} {each.text}"))
    return tuple(dict.fromkeys(found))


def _why_not_whole(texts: tuple[NoticeText, ...]) -> str:
    there = {each.language: each for each in texts}
    for language, name in LANGUAGES.items():
        each = there.get(language)
        if each is None or not (each.title.strip() and each.text.strip()):
            return f"Write title and text in {name}: every notice goes out in English and Spanish."
    if slots := unfilled(texts):
        return f"Fill {slots[0]} first: nothing goes out with an open place in it."
    return ""


def _why_not_timed(item: Notice, now: Millis) -> str:
    if not item.expires_at:
        return "Say when it ends: no notice holds for ever."
    if item.expires_at <= now:
        return "Its end has gone by: give it a later one."
    if item.expires_at - max(now, item.starts_at) > LONGEST_MS:
        return "A notice holds for 30 days at most: say it again then."
    return ""


def _why_not_ordered(item: Notice) -> str:
    if not item.kind.is_order:
        return ""
    if not item.authority.strip():
        return "Name the authority that issued the order."
    if not item.order.strip():
        return "Give the order's number, or a link to it."
    if item.kind is not NoticeKind.SHELTER and item.area.is_whole_city and not item.area.rings:
        return "Choose the area from the map's layers: its lines are not loaded."
    return ""


def _why_not_fresh(item: Notice, now: Millis) -> str:
    if item.storm_as_of_at and now - item.storm_as_of_at > STORM_MS:
        return "Its storm figures are older than six hours: take them from the newest advisory."
    return ""


def _why_not_safe(texts: tuple[NoticeText, ...], *, is_suspended: bool) -> str:
    """S9: nobody is asked to go near anything for a photo or a better place."""
    for each in texts:
        if no := danger.refusal(
            f"{each.title} {each.text}", category="", family="", has_wire=False, is_suspended=is_suspended
        ):
            return no
    return ""


def _wrote(item: Notice, person: str) -> str:
    if any(_same(person, each) for each in (item.drafted_by, item.edited_by)):
        return "You wrote it: somebody else approves it."
    return ""


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()

"""When a claim may go to somebody else, and how it is said who was first: pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from dispatch.records import Band, Millis

MINUTE_MS = 60_000
CLAIM_STALE_MS = 3 * MINUTE_MS  # of a P1: anyone may take it (S4)
# So long the holder has to answer; then who asked may take it over.
ANSWER_MS = MINUTE_MS
# Who asked and then went away keeps nobody else from asking.
LAPSES_MS = 5 * MINUTE_MS
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_stale(band: int, claimed_at: Millis, now: Millis) -> bool:
    """S4: a P1 claimed and then left."""
    return band == Band.P1 and now - claimed_at > CLAIM_STALE_MS


def left_to_answer(asked_at: Millis, now: Millis) -> Millis:
    """How long the holder may still think about it, in ms; 0 when it may be taken over."""
    return max(0, asked_at + ANSWER_MS - now)


def was_first(person: str, seat: str, at: Millis, now: Millis, zone: tzinfo) -> str:
    """Who has it and since when, to whoever came second."""
    return f"{person} ({seat}) was first, {_since(at, now, zone)}. Ask for it."


def not_yet(person: str, seat: str, asked_at: Millis, now: Millis) -> str:
    left_s = -(-left_to_answer(asked_at, now) // 1000)
    return (
        f"{person} ({seat}) has it and was asked {_age(now - asked_at)} ago. "
        f"Unanswered, it can be taken over in {left_s} s."
    )


def asked_first(person: str, seat: str, asked_at: Millis, now: Millis) -> str:
    return f"{person} ({seat}) asked for it first, {_age(now - asked_at)} ago."


def not_asked(person: str, seat: str) -> str:
    return (
        f"{person} ({seat}) has it: ask for it first. It can be taken over {ANSWER_MS // 1000} s after that, "
        "where nobody answers."
    )


def _since(at: Millis, now: Millis, zone: tzinfo) -> str:
    clock = f"{(_EPOCH + timedelta(milliseconds=at)).astimezone(zone):%H:%M}"
    return "just now" if now - at < 1000 else f"{_age(now - at)} ago, at {clock}"


def _age(ms: Millis) -> str:
    seconds = max(0, ms) // 1000
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02}"

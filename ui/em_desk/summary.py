"""The one sentence over the board: what is late first, then how many are open and how fast they are taken."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median, quantiles

from PySide6.QtCore import QCoreApplication

from dispatch.escalation.timers import TimerKind, running
from dispatch.records import Escalation, Millis
from ui.widgets import times


def summary(cards: Iterable[Escalation], now: Millis) -> tuple[str, str, bool]:
    """What is late, what is open, and whether anything is late."""
    cards = tuple(cards)
    late = dict.fromkeys(TimerKind, 0)
    for card in cards:
        for kind in {timer.kind for timer in running(card, now) if timer.is_overdue}:
            late[kind] += 1
    past = late[TimerKind.ETA] + late[TimerKind.NEED_BY]
    words = " · ".join(
        (
            _tr("{} overdue").format(late[TimerKind.ACCEPT]),
            _tr("{} without resource").format(late[TimerKind.RESOURCE]),
            _tr("{} past their time").format(past),
            *([_tr("{} unmet").format(n)] if (n := sum(each.is_unmet for each in cards)) else []),
            *([_tr("{} without 911").format(n)] if (n := late[TimerKind.TELL_911]) else []),
        )
    )
    return words, _open_words(cards), any(late.values())


def _open_words(cards: tuple[Escalation, ...]) -> str:
    count = _tr("{} open").format(sum(card.state.is_open for card in cards))
    took = [
        card.accepted_at - (card.sent_at or card.created_at) for card in cards if card.accepted_at is not None
    ]
    if not took:
        return count
    said = _tr("{count}, accepted in {median} at the median of {n}").format(
        count=count, median=_spoken(int(median(took))), n=len(took)
    )
    if len(took) < 10:
        return said
    # A median never stands without its slowest tenth.
    slow = quantiles(took, n=10)[-1]
    return _tr("{said}, the slowest tenth over {slow}").format(said=said, slow=_spoken(int(slow)))


def _spoken(ms: int) -> str:
    minutes, seconds = divmod(ms // 1000, 60)
    return _tr("{} min {:02}").format(minutes, seconds) if minutes < 60 else times.age(ms)


def _tr(text: str) -> str:
    return QCoreApplication.translate("em_desk", text)

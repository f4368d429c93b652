"""Every fifteen minutes with P1 or P2 handed over, a calm word that the walk list is due (S16)."""

from __future__ import annotations

from collections.abc import Iterable

from dispatch.records import Band, Escalation, Millis
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.chip import Chip

EVERY_MS = 15 * times.MINUTE_MS


def on_walk_list(cards: Iterable[Escalation]) -> list[Escalation]:
    return [card for card in cards if card.state.is_open and card.band <= Band.P2]


def due_since(cards: Iterable[Escalation], made_at: Millis) -> Millis | None:
    """When a new page was due: fifteen minutes after the last one, or after the first hand-over on it."""
    listed = on_walk_list(cards)
    if not listed:
        return None
    return max(made_at, min(card.sent_at or card.created_at for card in listed)) + EVERY_MS


class WalkReminder(Chip):
    """Hidden until a page is due; while it stands, its key makes the page without asking."""

    def __init__(self, *, theme: Theme) -> None:
        super().__init__("", theme=theme)
        self.made_at: Millis = 0
        self.hide()

    def look(self, cards: Iterable[Escalation], now: Millis) -> None:
        cards = tuple(cards)
        since = due_since(cards, self.made_at)
        is_due = since is not None and now >= since
        self.setVisible(is_due)
        if is_due:
            listed = on_walk_list(cards)
            first = sum(card.band == Band.P1 for card in listed)
            self.say(
                self.tr("Walk list due: {first} P1, {second} P2 · W makes the page").format(
                    first=first, second=len(listed) - first
                ),
                is_strong=True,
            )

"""How many held P1 and P2 are asked "still needed?" and have no answer yet (S7); hidden where none is."""

from __future__ import annotations

from collections.abc import Iterable

from dispatch.escalation.held import is_asked
from dispatch.records import Band, Escalation
from ui.theme import Theme
from ui.widgets.chip import Chip


class StillNeededCount(Chip):
    def __init__(self, *, theme: Theme) -> None:
        super().__init__("", theme=theme, is_strong=True)
        self.hide()

    def look(self, cards: Iterable[Escalation]) -> None:
        asked = [card.band for card in cards if is_asked(card)]
        self.setVisible(bool(asked))
        if asked:
            counts = ((band.name, asked.count(band)) for band in (Band.P1, Band.P2))
            said = ", ".join(f"{count} {name}" for name, count in counts if count)
            self.say(self.tr("Still needed? {} without an answer · S asks").format(said), is_strong=True)

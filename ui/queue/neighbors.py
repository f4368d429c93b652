"""What neighbors offer at a site, and how far each offer has come: beside it, never an answer of the city."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dispatch.records import Millis, SiteView
from ui.queue.section import Section
from ui.sheets.offer_words import quoted, standing
from ui.theme import Theme
from ui.widgets import times


class Neighbors(Section):
    def __init__(self, *, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__("", theme=theme)
        self._zone = zone

    def show_site(self, view: SiteView, now: Millis) -> None:
        self.clear()
        self.setVisible(bool(view.offers))
        if not view.offers:
            return
        is_one = len(view.offers) == 1
        self.say_heading(self.tr("A neighbor offers help") if is_one else self.tr("Neighbors offer help"))
        for offer in view.offers:
            said = self.tr("offered {}").format(times.clock(offer.said_at, now, self._zone))
            self.add_pair(quoted(offer), said, tone="text" if offer.state.is_open else "text_dim")
            self.add_line(standing(offer, now, self._zone), tone="text_dim", role="small")
        if not any(offer.state.is_open for offer in view.offers):
            return
        if view.no_neighbor:
            self.add_line(view.no_neighbor, role="small")
            self.add_line(self.tr("Shift O: record how it ends"), tone="text_dim", role="small")
        else:
            self.add_line(self.tr("Shift O: the next step"), tone="text_dim", role="small")

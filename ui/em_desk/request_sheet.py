"""The ICS 213RR of a card: emergency management or Logistics orders a resource from a hand-over."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from dispatch.form_kinds import Opened
from dispatch.masking import cover_card
from dispatch.records import Escalation
from ui.em_desk.answer_sheet import place_of
from ui.sheets.form import FormSheet
from ui.theme import Theme


class ResourceRequestSheet(FormSheet):
    NAME = KIND = "ics213rr"
    GRIDS = MappingProxyType({"order": (2, 4, 4, 20, 7, 7, 3)})

    def __init__(self, *, bridge: Any, theme: Theme, card: Escalation) -> None:
        super().__init__(bridge=bridge, theme=theme, subject=card.escalation_id, width=760)
        self._card = card
        self.say_title(self.tr("Resource request (ICS 213RR)"), card.number)
        shown = cover_card(card)
        self.say_subject(int(card.band), shown.summary or shown.subject, place_of(shown))
        self.read()

    def open_form(self) -> Opened:
        opened: Opened = self.bridge.parts.form_desk.resource_request(self._card.escalation_id)
        return opened

    def problem(self) -> tuple[str, str] | None:
        if not self.fields["order"].value():
            return "order", self.tr("Say what is ordered: at least its description.")
        return None

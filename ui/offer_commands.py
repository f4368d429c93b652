"""The commands of neighbors' offers: the next step at this site, and the list of all that are open."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from dispatch.records import OfferLine
from ui.commands import Command, QueueActs


def _tr(text: str) -> str:
    return QCoreApplication.translate("commands", text)


def offer_commands(acts: QueueActs, *, selection: Any, window: Any, sheets: Any) -> list[Command]:
    def go(line: OfferLine) -> None:
        window.go_to("queue")
        selection.go(line.site_id)
        at = line.offer.offer_id
        sheets.open("offer", line.site_id, offer=f"{at.request_key}/{at.source}")

    return [
        Command(
            "offer",
            _tr("This site"),
            _tr("Neighbor's offer of help: next step"),
            "Shift+O",
            acts.sheet("offer"),
            acts.has_site,
        ),
        Command(
            "offers",
            _tr("Everywhere"),
            _tr("Offers of help from neighbors"),
            "G F",
            lambda: sheets.open("offers", go=go),
        ),
    ]

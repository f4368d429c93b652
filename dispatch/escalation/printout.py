"""The ICS 213 as a file to print and walk over, in the data folder's `print`."""

from __future__ import annotations

from dispatch.escalation import files
from dispatch.escalation.channel import ChannelSettings, check_ready
from dispatch.forms import ics213
from dispatch.records import DeliveryState, Escalation, Receipt
from dispatch.reports import pdf

PRINT_FOLDER = "print"


class PrintoutChannel:
    name = "printout"
    label = "Printout"
    settings_needed: tuple[str, ...] = ()
    exercise_settings_needed: tuple[str, ...] = ()

    def hand_over(self, escalation: Escalation, settings: ChannelSettings) -> Receipt:
        """`sent` says the page is ready; that it was carried over only its recorded answer can say (S16)."""
        check_ready(self, escalation, settings)
        content = pdf.ics213(ics213.fill(escalation, settings.zone))
        path = files.place(settings.data_dir / PRINT_FOLDER, f"{files.stem(escalation)}.pdf", content)
        proof = f"{PRINT_FOLDER}/{path.name}, to be printed and walked over"
        return Receipt(DeliveryState.SENT, settings.clock.now(), proof)

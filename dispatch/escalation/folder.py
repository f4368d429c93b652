"""A watched folder for relays such as the county's: the JSON twin and the ICS 213 as a pair."""

from __future__ import annotations

import hashlib
from pathlib import Path

from dispatch.errors import ChannelFailed
from dispatch.escalation import files
from dispatch.escalation.channel import ChannelSettings, check_ready
from dispatch.forms import ics213
from dispatch.forms.twin import twin_bytes
from dispatch.records import DeliveryState, Escalation, Receipt
from dispatch.reports import pdf

EXERCISE_FOLDER = "hand-overs"


class FolderChannel:
    name = "folder"
    label = "Folder"
    settings_needed: tuple[str, ...] = ("folder",)

    def hand_over(self, escalation: Escalation, settings: ChannelSettings) -> Receipt:
        check_ready(self, escalation, settings)
        folder = _folder(settings)
        stem = files.stem(escalation)
        # The twin comes last: a watcher that waits for .json finds the whole pair.
        files.place(folder, f"{stem}.pdf", pdf.ics213(ics213.fill(escalation, settings.zone)))
        content = twin_bytes(escalation, settings.zone)
        files.place(folder, f"{stem}.json", content)
        proof = f"{stem}.json, SHA-256 {hashlib.sha256(content).hexdigest()}"
        return Receipt(DeliveryState.SENT, settings.clock.now(), proof)


def _folder(settings: ChannelSettings) -> Path:
    live = settings.value("folder")
    if not settings.is_exercise:
        return Path(live).expanduser()
    # S18: an exercise has a folder of its own, even where somebody entered the live one twice.
    chosen = settings.value("exercise_folder")
    folder = Path(chosen).expanduser() if chosen else settings.data_dir / EXERCISE_FOLDER
    if live and folder.resolve().is_relative_to(Path(live).expanduser().resolve()):
        raise ChannelFailed(f"{folder} is where live hand-overs go: choose another folder for the exercise.")
    return folder

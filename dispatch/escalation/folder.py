"""A watched folder for relays such as the county's: the JSON twin, the ICS 213 and a row in the list of all;
answers come back as JSON files in its `answers`."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Sequence
from pathlib import Path

from dispatch.errors import ChannelFailed
from dispatch.escalation import answer_json, files, hand_over_list
from dispatch.escalation.channel import ChannelSettings, check_ready
from dispatch.forms import ics213
from dispatch.forms.twin import twin, twin_bytes
from dispatch.records import DeliveryState, Escalation, Incoming, Receipt
from dispatch.reports import pdf

EXERCISE_FOLDER = "hand-overs"
ANSWERS, TAKEN = "answers", "taken"
# Another program may still be writing it.
STILL_S = 1.0


class FolderChannel:
    name = "folder"
    label = "Folder"
    settings_needed: tuple[str, ...] = ("folder",)
    exercise_settings_needed: tuple[str, ...] = ()

    def hand_over(self, escalation: Escalation, settings: ChannelSettings) -> Receipt:
        check_ready(self, escalation, settings)
        folder = where(settings)
        stem = files.stem(escalation)
        # The twin comes last: a watcher that waits for .json finds all three.
        files.place(folder, f"{stem}.pdf", pdf.ics213(ics213.fill(escalation, settings.zone)))
        unlisted = _list(folder, escalation, settings)
        content = twin_bytes(escalation, settings.zone)
        files.place(folder, f"{stem}.json", content)
        proof = f"{stem}.json, SHA-256 {hashlib.sha256(content).hexdigest()}{unlisted}"
        return Receipt(DeliveryState.SENT, settings.clock.now(), proof)

    # -- answers ----------------------------------------------------------------------------------------

    def is_set_up(self, settings: ChannelSettings) -> bool:
        return settings.is_exercise or bool(settings.value("folder"))

    def answers(self, settings: ChannelSettings) -> Sequence[Incoming]:
        folder, now = where(settings) / ANSWERS, settings.clock.now()
        with files.in_sentences(folder):
            paths = (
                sorted(path for path in folder.glob("*.json") if _is_still(path)) if folder.is_dir() else []
            )
            return [
                answer_json.read(
                    _start_of(path),
                    key=_key(path),
                    channel=self.name,
                    at=now,
                    is_exercise=settings.is_exercise,
                )
                for path in paths
            ]

    def confirm(self, keys: Collection[str], settings: ChannelSettings) -> None:
        """Moved aside, never deleted."""
        folder = where(settings) / ANSWERS
        with files.in_sentences(folder):
            for path in folder.glob("*.json"):
                if (key := _key(path)) in keys:
                    (folder / TAKEN).mkdir(exist_ok=True)
                    path.replace(folder / TAKEN / f"{path.stem}_{key[-12:]}.json")


def _list(folder: Path, escalation: Escalation, settings: ChannelSettings) -> str:
    """A list that stands open in somebody's spreadsheet holds up no hand-over; the proof says so."""
    try:
        hand_over_list.put(folder, twin(escalation, settings.zone))
    except ChannelFailed as error:
        return f"; not in the list yet: {error}"
    return ""


def _key(path: Path) -> str:
    """The same answer under another name is the same answer."""
    return f"folder:{hashlib.sha256(_start_of(path)).hexdigest()}"


def _start_of(path: Path) -> bytes:
    """No more than shows that it is too long."""
    with path.open("rb") as file:
        return file.read(answer_json.MOST_BYTES + 1)


def _is_still(path: Path) -> bool:
    try:
        return path.is_file() and time.time() - path.stat().st_mtime >= STILL_S
    except FileNotFoundError:
        return False


def where(settings: ChannelSettings) -> Path:
    """The folder of hand-overs here. ChannelFailed for an exercise that would write where live ones go."""
    live = settings.value("folder")
    if not settings.is_exercise:
        return Path(live).expanduser()
    # S18: an exercise has a folder of its own, even where somebody entered the live one twice.
    chosen = settings.value("exercise_folder")
    folder = Path(chosen).expanduser() if chosen else settings.data_dir / EXERCISE_FOLDER
    if live and folder.resolve().is_relative_to(Path(live).expanduser().resolve()):
        raise ChannelFailed(f"{folder} is where live hand-overs go: choose another folder for the exercise.")
    return folder

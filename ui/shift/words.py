"""What the hand-over's screen says of a pack: on its one button, under the fields, once it is done."""

from __future__ import annotations

from typing import NamedTuple
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from dispatch.records import Millis, PackState, ShiftPack
from ui.widgets import times


class ToDo(NamedTuple):
    """The words on the button, the sentence above it, and the act by the name the log has for it."""

    button: str = ""
    sentence: str = ""
    act: str = ""


def to_do(pack: ShiftPack | None, now: Millis, zone: ZoneInfo, *, is_newest: bool, signs_in: str) -> ToDo:
    """`signs_in` is who sits here where people sign in."""
    if pack is None:
        return ToDo()
    if pack.is_masked:
        return ToDo(sentence=_tr("Lists and words are not shown here."))
    if not is_newest:
        return ToDo(sentence=_tr("An earlier one, as it was. Alt Down goes back to the newest."))
    if pack.state == PackState.CONFIRMED:
        return ToDo(sentence=_tr("Frozen: it prints the same for ever. A correction is a new version."))
    if pack.state == PackState.DRAFT:
        return ToDo(_tr("Hand over"), _draft_words(pack, now, zone), "pack_handed_over")
    as_whom = _tr("Read it together, then sign with your name.")
    if signs_in:
        as_whom = _tr("Read it together, then sign: you are {}.").format(signs_in)
    return ToDo(_tr("Confirm: I take over"), as_whom, "pack_confirmed")


def _draft_words(pack: ShiftPack, now: Millis, zone: ZoneInfo) -> str:
    at, age = times.clock(pack.at, now, zone), now - pack.at
    if age < times.MINUTE_MS:
        return _tr("Numbers of {}. You sign it; the next shift confirms.").format(at)
    said = _tr("Numbers of {time}, {age} old. You sign it; the next shift confirms.")
    return said.format(time=at, age=times.age(age))


def done_words(act: str, pack: ShiftPack) -> str:
    words = {
        "put": _tr("Hand-over {number}: the numbers of now."),
        "keep": _tr("Hand-over {number}: what you wrote is kept."),
        "hand_over": _tr("Handed over to {to}. They confirm it with their name."),
        "confirm": _tr("Confirmed: {who} has the room."),
        "correct": _tr("Version {version} is a draft: write on it, then hand it over."),
    }[act]
    return words.format(
        number=pack.number, to=pack.incoming.person, who=pack.confirmed.person, version=pack.version
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("shift", text)

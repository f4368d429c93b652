"""How it is said what waits for the room's database: over every screen, in a row, in the detail."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from dispatch.journal import KeptAct
from dispatch.records import Band, Millis
from ui.widgets import counts, times

BANDS = frozenset(int(band) for band in Band)


def act_name(act: KeptAct) -> str:
    """Set band to P2, Note, Place by hand."""
    name, band = act.act.replace("_", " ").capitalize(), act.words.get("band")
    if isinstance(band, int) and band in BANDS:
        return _tr("{act} to {band}").format(act=name, band=Band(band).name)
    return name


def own_words(act: KeptAct) -> str:
    """What its author wrote: the longest text of it, in one line."""
    texts = (value for value in act.words.values() if isinstance(value, str))
    return " ".join(max(texts, key=len, default="").split())


def bar_words(
    waiting: int, refused: int, away_since: Millis, *, now: Millis, zone: ZoneInfo
) -> tuple[str, bool]:
    """For the bar over every screen, and whether it is bad news; empty when there is nothing to say."""
    if away_since:
        since = times.clock(away_since, now, zone)
        said = _tr("The room's database has not answered since {}: what is shown may be old.").format(since)
        kept = _tr("{} kept here, done as soon as it answers.").format(counts.acts(waiting))
        nothing = _tr("What you do is kept here and done as soon as it answers.")
        return f"{said} {kept if waiting else nothing}", True
    if refused:
        said = _tr("{} kept while the database was away could not be done.")
        return said.format(counts.acts(refused)), True
    if waiting:
        return _tr("{} kept here, being done now.").format(counts.acts(waiting)), False
    return "", False


def row_mark(acts: Sequence[KeptAct]) -> str:
    """Short, for a row of the list: what could not be done comes first."""
    if not acts:
        return ""
    name = _within(act_name(acts[0]))
    said = _tr("{} not done").format(name) if acts[0].refused else _tr("{} kept").format(name)
    return said if len(acts) == 1 else f"{said} +{len(acts) - 1}"


def head_lines(acts: Sequence[KeptAct], now: Millis, zone: ZoneInfo) -> str:
    """A line for each, for the detail."""
    return "\n".join(_one(act, now, zone) for act in acts)


def _one(act: KeptAct, now: Millis, zone: ZoneInfo) -> str:
    waits = _tr("Kept here, not done yet: {what}, {when}")
    said = _tr("Could not be done: {what}, {when}") if act.refused else waits
    return said.format(what=_within(act_name(act)), when=times.clock(act.at, now, zone))


def _within(name: str) -> str:
    """As it stands within a sentence."""
    return name[:1].lower() + name[1:]


def _tr(text: str) -> str:
    return QCoreApplication.translate("kept", text)

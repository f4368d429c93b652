"""How it is said who else is at a site: in a row of the list, over the detail, in an open sheet."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from dispatch.board import Board
from dispatch.records import SITE_STATES, Flag, Millis, Onlooker, SiteState
from ui.widgets import times

NAMED = 3
_CLOSED = SITE_STATES.index(SiteState.CLOSED)


def initials(person: str) -> str:
    """CD for C. Diaz, AO for Ann Maria Ortiz."""
    letters = [word[0].upper() for word in person.split() if word[0].isalnum()]
    return "".join(letters if len(letters) < 2 else (letters[0], letters[-1])) or "?"


def row_mark(onlookers: Sequence[Onlooker]) -> str:
    """Quiet and short: "CD looks", "CD writes", "CD, BR look"."""
    if not onlookers:
        return ""
    writers = [who for who in onlookers if who.is_writing]
    if len(onlookers) == 1 or writers:
        who = initials((writers or onlookers)[0].person)
        said = _tr("{} writes").format(who) if writers else _tr("{} looks").format(who)
        return said if len(onlookers) == 1 else f"{said} +{len(onlookers) - 1}"
    if len(onlookers) > 2:
        return _tr("{} look").format(len(onlookers))
    return _tr("{} look").format(", ".join(initials(who.person) for who in onlookers))


def head_lines(onlookers: Sequence[Onlooker], now: Millis, zone: ZoneInfo) -> str:
    """A line for each, those who write first; of a crowd the first three."""
    ordered = sorted(onlookers, key=lambda who: not who.is_writing)
    lines = [_one(who, now, zone) for who in ordered[:NAMED]]
    if (left := len(ordered) - NAMED) > 0:
        lines.append(_tr("and {} more").format(left))
    return "\n".join(lines)


def sheet_lines(
    board: Board,
    site_id: int,
    onlookers: Sequence[Onlooker],
    *,
    me: str,
    with_claim: bool,
    now: Millis,
    zone: ZoneInfo,
) -> str:
    """A soft lock: what others do here, and no refusal."""
    lines = []
    row = board.row(site_id)
    if row >= 0 and board.flags[row] & Flag.MERGED:
        lines.append(_tr("This site stands in another one now; what you wrote stays here."))
    elif row >= 0 and board.state[row] == _CLOSED:
        lines.append(_tr("This site is closed."))
    writers = [who for who in onlookers if who.is_writing]
    lines += [_one(who, now, zone) for who in writers[:NAMED]]
    claim = board.claims.get(site_id)
    if with_claim and claim is not None and claim.person != me:
        age = times.age(now - claim.at)
        lines.append(_tr("{who} has claimed this {age} ago.").format(who=claim.person, age=age))
    return "\n".join(lines)


def _one(who: Onlooker, now: Millis, zone: ZoneInfo) -> str:
    since = times.clock(who.since_at, now, zone)
    if who.is_writing:
        return _tr("{who} is writing here · since {since}").format(who=who.person, since=since)
    named = f"{who.person}, {who.position}," if who.position else who.person
    return _tr("{who} looks at this · since {since}").format(who=named, since=since)


def _tr(text: str) -> str:
    return QCoreApplication.translate("presence", text)

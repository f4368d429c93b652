"""What the hover card says of a site or a bubble: plain lines, the first one in the band's color."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from dispatch.records import Band
from ui.map.markers import Hit
from ui.queue.row_words import RowWriter
from ui.queue.selection import Selection
from ui.widgets import times

LISTED = 3


def _tr(text: str) -> str:
    return QCoreApplication.translate("map", text)


def hover_words(hit: Hit, selection: Selection) -> tuple[str, int]:
    """The card's lines, and the band whose color the first one has (0 for none)."""
    if hit.rows.size == 1:
        row = int(hit.rows[0])
        return site_words(row, selection), int(selection.board.band[row])
    return _many(hit, selection), 0


def site_words(row: int, selection: Selection) -> str:
    """Band and score, what, where, how old and in which state: a line each."""
    board, now = selection.board, selection.clock.now()
    said = RowWriter(board, clock=selection.clock, zone=selection.zone).words(row)
    first = times.ago(int(board.first_at[row]), now, selection.zone)
    lines = [
        f"{_band(said.band)} · {said.score}",
        said.what,
        " · ".join(part for part in (said.where, said.place_doubt) if part),
        f"{first} · {said.reports} · {said.state}",
    ]
    return "\n".join(lines)


def _many(hit: Hit, selection: Selection) -> str:
    """How many, how many of them urgent, the oldest; the worst few by name where they lie on one spot."""
    board, now, number = selection.board, selection.clock.now(), QLocale().toString
    is_open = board.is_open()[hit.rows]
    bands = board.band[hit.rows]
    urgent = [
        f"{number(count)} {band.name}"
        for band in (Band.P1, Band.P2)
        if (count := int((is_open & (bands == band)).sum()))
    ]
    head = " · ".join([_tr("{} sites").format(number(hit.rows.size)), *urgent])
    oldest = times.ago(int(board.first_at[hit.rows].min()), now, selection.zone)
    lines = [head, _tr("Oldest {}").format(oldest)]
    lines += [f"{Band(board.band[row]).name} {board.what[row]}" for row in hit.rows[:LISTED].tolist()]
    if hit.rows.size > LISTED:
        lines.append(_tr("and {} more").format(number(hit.rows.size - LISTED)))
    return "\n".join(lines)


def _band(band: int) -> str:
    return {
        Band.P1: _tr("P1 Life safety"),
        Band.P2: _tr("P2 Hazard or access"),
        Band.P3: _tr("P3 Damage or service"),
        Band.P4: _tr("P4 Can wait"),
        Band.INFO: _tr("Info Question"),
    }[Band(band)]

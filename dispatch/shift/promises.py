"""What was promised and falls due in the next shift, or has fallen due already: out of what the store keeps.

Kept are: when a named resource is expected, by when an effect is needed, snoozes, "still needed?" without an
answer, 911 that was not told, the time the city gave a resident. Nothing else is promised anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from dispatch.board import Board, Mask, Rows
from dispatch.escalation.held import is_asked
from dispatch.forms import common
from dispatch.records import Band, Escalation, EscalationState, Flag, Millis, PackLine
from dispatch.shift.lines import Words, of_escalation, of_site


def due_until(
    words: Words,
    is_open: Mask,
    items: Sequence[Escalation],
    expected: Mapping[int, Millis],
    tried_911: Mapping[int, Millis],
    until_at: Millis,
) -> tuple[PackLine, ...]:
    """P1 first, then by what is due first. `expected` is the city's own time by site, `tried_911` when 911
    was called last and not reached."""
    found = [
        *_of_hand_overs(words, items, until_at),
        *_not_told(words, is_open, items, tried_911),
        *_snoozes(words, is_open, until_at),
        *_of_the_city(words, is_open, expected),
    ]
    return tuple(sorted(found, key=lambda line: (line.band != Band.P1, line.due_at, line.band, line.key)))


def _of_hand_overs(words: Words, items: Sequence[Escalation], until_at: Millis) -> Iterator[PackLine]:
    for item in items:
        if not item.state.is_open:
            continue
        if item.eta_at is not None and item.on_scene_at is None and item.eta_at <= until_at:
            yield _said(words, item, f"{item.resource or 'resource'} expected", item.eta_at)
        if item.need_by_at is not None and item.need_by_at <= until_at:
            held = ", held for weather" if item.state == EscalationState.HELD else ""
            effect = "" if item.is_restricted else f": {' '.join(item.effect_needed.split())}"
            yield _said(words, item, f"needed{effect if effect != ': ' else ''}{held}", item.need_by_at)
        if is_asked(item) and item.asked_at is not None:
            yield _said(words, item, "still needed? asked, nobody has answered", item.asked_at)
        if common.is_911_open(item):
            since = item.told_911.at if item.told_911 else item.created_at
            yield _said(words, item, "911 NOT TOLD", since)


def _said(words: Words, item: Escalation, promised: str, due_at: Millis) -> PackLine:
    line = of_escalation(words, item, next_step=promised, due_at=due_at)
    return replace(line, key=f"{item.number} {promised.split(':')[0]}")


def not_reached(board: Board, is_open: Mask) -> Rows:
    """Open sites where 911 was called and did not answer."""
    flags = board.flags & (Flag.NOT_REACHED_911 | Flag.TOLD_911)
    return np.flatnonzero(is_open & (flags == Flag.NOT_REACHED_911))


def _not_told(
    words: Words, is_open: Mask, items: Sequence[Escalation], tried_at: Mapping[int, Millis]
) -> Iterator[PackLine]:
    """Sites where 911 was not reached; those that a hand-over names are named there."""
    open_ones = (item for item in items if item.state.is_open and common.is_911_open(item))
    named = {site_id for item in open_ones for site_id in item.site_ids}
    for row in not_reached(words.board, is_open).tolist():
        site_id = int(words.board.site_id[row])
        if site_id not in named:
            due_at = tried_at.get(site_id, words.now)
            line = of_site(words, row, next_step="911 not reached", due_at=due_at)
            yield replace(line, key=f"{line.key} 911")


def _snoozes(words: Words, is_open: Mask, until_at: Millis) -> Iterator[PackLine]:
    until = words.board.snoozed_until
    for row in np.flatnonzero(is_open & (until > words.now) & (until <= until_at)).tolist():
        line = of_site(words, row, next_step="comes back from snooze", due_at=int(until[row]))
        yield replace(line, key=f"{line.key} snooze")


def _of_the_city(words: Words, is_open: Mask, expected: Mapping[int, Millis]) -> Iterator[PackLine]:
    for site_id, at in expected.items():
        row = words.board.row(site_id)
        if row >= 0 and is_open[row]:
            line = of_site(words, row, next_step="the city's expected time, told to the resident", due_at=at)
            yield replace(line, key=f"{line.key} expected")

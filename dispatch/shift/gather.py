"""Everything a pack holds, read from the store at one moment: numbers, lists, and the ICS 201 of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from dispatch.alarm_desk import KINDS as ALARMS
from dispatch.alarm_desk import REASONS
from dispatch.alarms import Kind
from dispatch.board import Board, Mask, Rows
from dispatch.columns import columns_of
from dispatch.feeds.weather import Weather
from dispatch.forms import common, ics201
from dispatch.forms.boxes import body
from dispatch.jurisdiction import Jurisdiction
from dispatch.past import Past
from dispatch.records import (
    Actor,
    Band,
    Escalation,
    Flag,
    Millis,
    PackLine,
    PackTotals,
    Section,
    Shelf,
    SyncStatus,
)
from dispatch.shift import lines, promises, room
from dispatch.shift.lines import Words
from dispatch.shift.totals import Standing, countable, standing, totals
from dispatch.store import (
    categories,
    escalations,
    forms,
    history,
    log,
    notices,
    profiles,
    roster,
    shelves,
    shift,
    sites,
    situation,
)
from dispatch.store import expected as told_times

# Of all lists but that of P1: what a person can look through; how many there are is counted.
MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """For which moment and shift. `sync`, `weather` and `kept_acts` are what this seat knows of them;
    `wall_now` is real time."""

    actor: Actor
    jurisdiction: Jurisdiction
    since_at: Millis
    now: Millis
    until_at: Millis
    wall_now: Millis
    weather: Weather
    sync: SyncStatus | None = None
    kept_acts: int = 0


@dataclass(frozen=True, slots=True)
class Gathered:
    totals: PackTotals
    sections: Mapping[str, tuple[PackLine, ...]]
    briefing: Mapping[str, Any]
    head: tuple[int, str]


def gather(connection: Any, asked: Asked) -> Gathered:
    """One picture: numbers, lists and form are of the same moment."""
    board = _board(connection, asked.now)
    past = Past(history.read(connection), board)
    counts = countable(board, shift.sites_of(connection, asked.actor.activation_id))
    now, then = standing(board, counts), standing(past.at(board, asked.since_at), counts)
    items = [e for e in escalations.every(connection) if e.activation_id == asked.actor.activation_id]
    found = _sections(connection, asked, now, items)
    head = log.newest(connection)
    return Gathered(
        totals=totals(
            then,
            now,
            unknown_closings=past.unknown_closings,
            counts={section.value: len(each) for section, each in found.items()},
        ),
        sections={section.value: _kept(section, each) for section, each in found.items()},
        briefing=_briefing(connection, asked, items, (head.number, head.hash)),
        head=(head.number, head.hash),
    )


def _board(connection: Any, now: Millis) -> Board:
    """Of its own: the screen's board goes on while this is counted."""
    board = Board(promise_ms={})
    board.take(columns_of(sites.board_rows(connection), sites.board_reports(connection)))
    board.refresh_waiting(now)
    return board


def _kept(section: Section, found: Sequence[PackLine]) -> tuple[PackLine, ...]:
    return tuple(found) if section == Section.P1 else tuple(found[:MOST_LINES])


def _sections(
    connection: Any, asked: Asked, now: Standing, items: Sequence[Escalation]
) -> dict[Section, Sequence[PackLine]]:
    board, is_open = now.board, now.is_open
    first, second = (
        board.order(np.flatnonzero(is_open & (board.band == band))) for band in (Band.P1, Band.P2)
    )
    utility = lines.waiting_on_utility(board, is_open)
    expected = _told_by_the_city(connection, asked)
    open_items = [item for item in items if item.state.is_open]
    words = Words(
        board,
        asked.now,
        asked.jurisdiction.zone,
        _numbers(connection, board, (first, second[:MOST_LINES], utility), open_items, expected),
        lines.by_site(open_items),
    )
    unanswered = [item for item in open_items if item.state in lines.UNANSWERED]
    return {
        Section.P1: lines.of_sites(words, first),
        Section.P2: lines.of_sites(words, second),
        Section.UNANSWERED: [
            lines.of_escalation(words, item)
            for item in sorted(unanswered, key=lambda e: (e.band, e.state_at))
        ],
        Section.PROMISES: promises.due_until(
            words, is_open, open_items, expected, _tried_911(connection, board, is_open), asked.until_at
        ),
        Section.UTILITY: _on_utility(connection, words, utility),
        **_of_the_room(connection, asked, open_items),
    }


def _told_by_the_city(connection: Any, asked: Asked) -> dict[int, Millis]:
    """Until when a resident of each site was told it may take: by the city's server, or by this console; the
    first of them."""
    of_server = shift.expected(connection, asked.since_at, asked.until_at)
    ours = told_times.due(connection, asked.actor.activation_id, asked.since_at, asked.until_at)
    return {
        site_id: min(found[site_id] for found in (of_server, ours) if site_id in found)
        for site_id in sorted({*of_server, *ours})
    }


def _tried_911(connection: Any, board: Board, is_open: Mask) -> dict[int, Millis]:
    ids = board.site_id[promises.not_reached(board, is_open)].tolist()
    return {site_id: at for site_id, (_, at) in shift.newest_facts(connection, "911", ids).items()}


def _numbers(
    connection: Any,
    board: Board,
    rows: Iterable[Rows],
    items: Iterable[Escalation],
    expected: Mapping[int, Millis],
) -> dict[int, str]:
    ids = {int(site_id) for each in rows for site_id in board.site_id[each]}
    ids.update(site_id for item in items for site_id in item.site_ids)
    ids.update(board.site_id[(board.flags & Flag.NOT_REACHED_911) != 0].tolist())
    ids.update(expected, board.site_id[board.snoozed_until > 0].tolist())
    return forms.numbers(connection, ids)


def _on_utility(connection: Any, words: Words, rows: Rows) -> list[PackLine]:
    told = shift.newest_facts(connection, "utility_told", words.board.site_id[rows].tolist())
    found = []
    for row in rows.tolist():
        ticket, at = told.get(int(words.board.site_id[row]), ("", 0))
        said = f"utility told {words.hour(at)}, {ticket}".rstrip(", ") if at else "UTILITY NOT TOLD"
        live = lines.is_live(words.board, row)
        found.append(
            lines.of_site(words, row, next_step=f"{said} · {common.TREAT_AS_LIVE}" if live else said)
        )
    return found


def _of_the_room(
    connection: Any, asked: Asked, items: Sequence[Escalation]
) -> dict[Section, Sequence[PackLine]]:
    activation_id, at, zone = asked.actor.activation_id, asked.now, asked.jurisdiction.zone
    shelved = shelves.in_force(connection, activation_id, asked.wall_now)
    return {
        Section.FAULTS: list(
            room.faults(
                shift.faults(connection),
                asked.sync,
                [(each, _alarm_words(each)) for each in shelved],
                kept_acts=asked.kept_acts,
                weather_now=asked.weather,
                wall_now=asked.wall_now,
            )
        ),
        Section.ROOM: list(
            chain(
                room.room(
                    situation.suspended(connection, activation_id),
                    profiles.times(connection, activation_id),
                    profiles.stored(connection, activation_id),
                    at,
                    zone,
                ),
                room.public_list(categories.of_now(connection, activation_id)),
                room.notices(notices.live(connection, at), at, zone),
            )
        ),
        Section.WEATHER: list(room.weather(asked.weather, at, asked.wall_now, zone)),
        Section.DESKS: list(room.desks(items, roster.on_duty(connection, activation_id), at, zone)),
        Section.SEATS: list(room.seats(shift.seats(connection, activation_id, asked.since_at), at, zone)),
    }


def _alarm_words(shelf: Shelf) -> str:
    known = {kind.value for kind in Kind}
    what = ALARMS[Kind(shelf.kind)] if shelf.kind in known else shelf.kind
    return f"{what}, {REASONS[shelf.reason]}"


def _briefing(
    connection: Any, asked: Asked, items: Sequence[Escalation], head: tuple[int, str]
) -> dict[str, Any]:
    """The ICS 201 as the form's own rules fill it, from the beginning of this shift until now."""
    activation_id = asked.actor.activation_id
    incident = forms.incident(connection, activation_id)
    entries = log.between(connection, asked.since_at, asked.now + 1)
    form = ics201.fill(
        situation.read(connection, activation_id, asked.since_at, asked.now + 1),
        items,
        asked.jurisdiction.zone,
        incident=incident.name,
        is_exercise=incident.is_exercise,
        started_at=incident.started_at,
        period=(asked.since_at, asked.until_at),
        suspensions=situation.suspended(connection, activation_id),
        entries=entries,
        numbers=forms.numbers(connection, {e.site_id for e in entries if e.site_id is not None}),
        on_duty=roster.on_duty(connection, activation_id).values(),
        head=head,
        prepared_by=common.person(asked.actor.person, asked.actor.position),
        now=asked.now,
    )
    return body(form)

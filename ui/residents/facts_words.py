"""What can be told to residents, as lines: what is said, how old it is, who says so, what is copied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from dispatch.records import CityFact, CityFacts, FactKind, ListedShelter, Millis, ShelterState
from ui.sheets.sweep_words import day_clock
from ui.widgets import times

# Older than this what was said may have changed: it is shown dimmed and copied with its time (U6).
FRESH_MS = {
    FactKind.SHELTER: 2 * times.HOUR_MS,
    FactKind.CLOSURE: 6 * times.HOUR_MS,
    FactKind.NUMBER: 30 * times.DAY_MS,
}
_ORDER = (ShelterState.OPEN.value, ShelterState.FULL.value, ShelterState.CLOSED.value)


@dataclass(frozen=True, slots=True)
class FactLine:
    """`copy` is what goes into a reply; where it is empty `why_not` says why nothing does."""

    section: str
    name: str
    said: str
    age: str = ""
    source: str = ""
    copy: str = ""
    why_not: str = ""
    is_old: bool = False
    fact: CityFact | None = None


def _tr(text: str) -> str:
    return QCoreApplication.translate("facts", text)


def lines_of(
    facts: CityFacts, now: Millis, zone: ZoneInfo, notices: Sequence[FactLine] = ()
) -> tuple[FactLine, ...]:
    """Shelters with room first, then notices, closures and numbers; what nobody has said of last."""
    said = {(each.said.kind, each.said.name.casefold()): each for each in facts.said}
    return (
        *_shelters(facts, now, zone),
        *notices,
        *(_closure(each, now, zone) for each in facts.said if each.said.kind is FactKind.CLOSURE),
        *_numbers(facts, said, now, zone),
        *(_listed(each) for each in facts.shelters if (FactKind.SHELTER, each.name.casefold()) not in said),
    )


def _shelters(facts: CityFacts, now: Millis, zone: ZoneInfo) -> Iterator[FactLine]:
    listed = {each.name.casefold(): each for each in facts.shelters}
    said = [each for each in facts.said if each.said.kind is FactKind.SHELTER]
    said.sort(key=lambda each: (_ORDER.index(each.said.value), -(each.said.room or 0), each.said.name))
    for each in said:
        yield _shelter(each, listed.get(each.said.name.casefold()), now, zone)


def _shelter(fact: CityFact, listed: ListedShelter | None, now: Millis, zone: ZoneInfo) -> FactLine:
    said, at = fact.said, times.clock(fact.at, now, zone)
    where = f"{said.name}, {listed.address}" if listed and listed.address else said.name
    kind = f" ({listed.kind})" if listed and listed.kind else ""
    room = _tr("room for {}").format(said.room) if said.room is not None else ""
    state = {
        ShelterState.OPEN.value: _tr("open"),
        ShelterState.FULL.value: _tr("full"),
        ShelterState.CLOSED.value: _tr("closed"),
    }[said.value]
    told = {
        ShelterState.OPEN.value: _tr("Shelter: {where}{kind}, open, {room} as of {at}."),
        ShelterState.FULL.value: _tr("The shelter {where} is full as of {at}."),
        ShelterState.CLOSED.value: _tr("The shelter {where} is closed as of {at}."),
    }[said.value]
    if not room:
        told = told.replace(", {room}", "")
    return _line(
        fact,
        _tr("Shelters"),
        " · ".join(filter(None, (state, room, said.note))),
        told.format(where=where, kind=kind, room=room, at=at),
        now,
        zone,
    )


def _closure(fact: CityFact, now: Millis, zone: ZoneInfo) -> FactLine:
    said = fact.said
    until = _tr("until {}").format(day_clock(said.until_at, zone)) if said.until_at else ""
    told = _tr("{name}: {what}{until}, as of {at} ({source}).").format(
        name=said.name,
        what=said.value,
        until=f" {until}" if until else "",
        at=times.clock(fact.at, now, zone),
        source=said.source,
    )
    words = " · ".join(filter(None, (said.value, until, said.note)))
    return _line(fact, _tr("Closures"), words, told, now, zone)


def _numbers(
    facts: CityFacts, said: dict[object, CityFact], now: Millis, zone: ZoneInfo
) -> Iterator[FactLine]:
    section = _tr("Numbers to give")
    for each in facts.numbers:
        if (FactKind.NUMBER, each.name.casefold()) in said:
            continue
        no = "" if each.number else _tr("The city has not entered this number: type it in with Alt T.")
        copy = f"{each.name}: {each.number}" if each.number else ""
        words = each.number or _tr("not entered")
        source = _tr("the city's file") if each.number else ""
        yield FactLine(
            section, each.name, words, source=source, copy=copy, why_not=no, is_old=not each.number
        )
    for fact in facts.said:
        if fact.said.kind is FactKind.NUMBER:
            words = " · ".join(filter(None, (fact.said.value, fact.said.note)))
            yield _line(fact, section, words, f"{fact.said.name}: {fact.said.value}", now, zone)


def _listed(shelter: ListedShelter) -> FactLine:
    kind = " · ".join(filter(None, (shelter.kind, shelter.address)))
    no = _tr("Nobody has said that it is open: that it is on the list is nothing to tell.")
    return FactLine(
        _tr("On the list only"),
        shelter.name,
        kind,
        source=shelter.source,
        why_not=no,
        is_old=True,
    )


def _line(fact: CityFact, section: str, words: str, copy: str, now: Millis, zone: ZoneInfo) -> FactLine:
    said = fact.said
    is_over = bool(said.until_at) and said.until_at <= now
    no = ""
    if is_over:
        no = _tr("It was to end at {}: ask before it is told.").format(times.clock(said.until_at, now, zone))
    source = said.source or fact.person
    entered = _tr("entered by {who}, {ago}").format(who=fact.person, ago=times.ago(fact.at, now, zone))
    return FactLine(
        section,
        said.name,
        words,
        times.age(now - fact.at),
        f"{source}; {entered}" if said.source else entered,
        "" if is_over else copy,
        no,
        is_over or now - fact.at > FRESH_MS[said.kind],
        fact,
    )

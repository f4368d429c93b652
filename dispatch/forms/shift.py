"""The shift's hand-over pack as it prints: by exception, in the order of the ICS 201, two pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import tzinfo

from dispatch.forms import common
from dispatch.forms.bands import band_words
from dispatch.forms.boxes import of_body
from dispatch.forms.ics201 import Ics201
from dispatch.records import Band, PackLine, PackState, Section, ShiftPack, Signed

NAME = "Shift hand-over pack"
ON_SCREEN = "remark on the screen"

TITLES = {
    Section.P1: band_words(Band.P1),
    Section.P2: band_words(Band.P2),
    Section.UNANSWERED: "Hand-overs to emergency management without an answer, or returned",
    Section.PROMISES: "Promises due in the next shift, overdue ones with them",
    Section.UTILITY: "Waiting on the utility",
    Section.FAULTS: "Known faults",
    Section.ROOM: "Field response and storm profile",
    Section.DESKS: "Desks of emergency management with open cards",
    Section.SEATS: "Seats, and who sat there last",
    Section.WEATHER: "Weather",
}
# Those whose lines are sites or hand-overs; the others are sentences.
OF_SITES = (Section.P1, Section.P2, Section.UNANSWERED, Section.PROMISES, Section.UTILITY)
STATES = {
    PackState.DRAFT: "DRAFT",
    PackState.HANDED_OVER: "HANDED OVER, NOT CONFIRMED",
    PackState.CONFIRMED: "CONFIRMED",
}
_HEADS = ("Reports", "Sites", "Open", *(band.name for band in Band), "Closed")


@dataclass(frozen=True, slots=True)
class PageLine:
    band: str
    number: str
    what: str
    where: str
    who: str
    next: str
    remark: str


@dataclass(frozen=True, slots=True)
class PageSection:
    """`count` is how many there are, `lines` those that a pack keeps."""

    section: Section
    title: str
    count: int
    lines: tuple[PageLine, ...]

    @property
    def is_of_sites(self) -> bool:
        return self.section in OF_SITES


@dataclass(frozen=True, slots=True)
class ShiftPage:
    title: str
    incident: str
    is_exercise: bool
    state: str
    edition: str
    outgoing: str
    incoming: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    moves: str
    weather: tuple[str, ...]
    objectives: str
    remarks: str
    sections: tuple[PageSection, ...]
    proof: str


def fill(pack: ShiftPack, zone: tzinfo, *, incident: str, is_exercise: bool) -> ShiftPage:
    """Out of the frozen pack alone: the same pack is always the same page."""
    weather = [line.what for line in pack.lines(Section.WEATHER)]
    if pack.remarks.weather.strip():
        # First: where alerts are many, the last of them are cut, and nobody's words.
        weather.insert(0, f"Note: {pack.remarks.weather.strip()}")
    return ShiftPage(
        title=common.mark_exercise("SHIFT HAND-OVER PACK", is_exercise),
        incident=common.mark_exercise(incident, is_exercise),
        is_exercise=is_exercise,
        state=STATES[pack.state],
        edition=edition_words(pack, zone),
        outgoing=_signed(pack.outgoing if pack.outgoing.person else pack.made_by, pack.outgoing, zone),
        incoming=_incoming(pack, zone),
        heads=_HEADS,
        rows=totals_rows(pack, zone),
        moves=" ".join(moves(pack, zone)),
        weather=tuple(weather),
        objectives=pack.remarks.objectives.strip(),
        remarks=pack.remarks.remarks.strip(),
        sections=tuple(_section(pack, section, zone) for section in TITLES if section != Section.WEATHER),
        proof=f"Activity log at entry {pack.log_number}, head hash {pack.log_hash}",
    )


def edition_words(pack: ShiftPack, zone: tzinfo) -> str:
    at, until = common.date_time(pack.at, zone), common.date_time(pack.until_at, zone)
    return f"Hand-over {pack.number}, version {pack.version}. Numbers of {at}; due until {until}."


def since_words(pack: ShiftPack, zone: tzinfo) -> str:
    """What the numbers are compared with."""
    at = common.hour(pack.since_at, pack.at, zone)
    return f"Last hand-over, {at}" if pack.since_is_hand_over else f"Period began, {at}"


def totals_rows(pack: ShiftPack, zone: tzinfo) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Then, now, and the difference."""
    then, now = (
        (tally.reports, tally.sites, sum(tally.open), *tally.open, tally.closed)
        for tally in (pack.totals.then, pack.totals.now)
    )
    change = tuple(f"{b - a:+d}" if b != a else "0" for a, b in zip(then, now, strict=True))
    return (
        (since_words(pack, zone), tuple(map(str, then))),
        (f"Now, {common.hour(pack.at, pack.at, zone)}", tuple(map(str, now))),
        ("Change", change),
    )


def moved(pack: ShiftPack) -> str:
    all_ = pack.totals
    said = [f"{all_.came} sites came in", f"{all_.closed} were closed"]
    said += [f"{all_.reopened} opened again"] if all_.reopened else []
    said += [f"{all_.merged} went into another site"] if all_.merged else []
    return f"Since then {', '.join(said)}."


def moves(pack: ShiftPack, zone: tzinfo) -> Iterator[str]:
    """How the open sites of then became those of now, and what of them presses."""
    all_, oldest = pack.totals, pack.totals.oldest_p1_at
    yield moved(pack)
    if oldest is not None:
        first = common.hour(oldest, pack.at, zone)
        yield f"Oldest open P1 first reported {first}; P1 nobody has acted on: {all_.untouched_p1}."
    if all_.live_wires:
        yield f"Wires reported and not made safe: {all_.live_wires}. {common.TREAT_AS_LIVE}."
    if all_.unknown_closings:
        yield f"Closed at a time nobody knows: {all_.unknown_closings}."
    yield "Reported by residents and staff, not assessed."


def briefing(pack: ShiftPack, zone: tzinfo) -> Ics201:
    """The ICS 201 of the same moment and the same numbers, with what was written on the pack."""
    form: Ics201 = of_body(Ics201, pack.briefing)
    said = [line.what for line in pack.lines(Section.WEATHER)]
    said += filter(None, (pack.remarks.weather.strip(), pack.remarks.remarks.strip()))
    signed = pack.outgoing if pack.outgoing.person else pack.made_by
    return replace(
        form,
        situation="\n".join((form.situation, f"{since_words(pack, zone)}. {moved(pack)}", *said)),
        objectives="\n".join(filter(None, (pack.remarks.objectives.strip(), form.objectives))),
        prepared_by=common.person(signed.person, signed.position),
        prepared_at=common.date_time(signed.at, zone),
        edition=edition_words(pack, zone),
    )


def _signed(who: Signed, signed: Signed, zone: tzinfo) -> str:
    name = common.person(who.person, who.position)
    return f"{name}, {common.date_time(signed.at, zone)}" if signed.at else f"{name}, not signed yet"


def _incoming(pack: ShiftPack, zone: tzinfo) -> str:
    if pack.confirmed.person:
        return _signed(pack.confirmed, pack.confirmed, zone)
    to = common.person(pack.incoming.person, pack.incoming.position)
    return f"{to}, not confirmed yet" if to else ""


def due_words(pack: ShiftPack, line: PackLine, zone: tzinfo) -> str:
    """By when what was promised is due."""
    at = common.hour(line.due_at, pack.at, zone)
    return f"OVERDUE since {at}" if line.is_overdue else f"due {at}"


def _section(pack: ShiftPack, section: Section, zone: tzinfo) -> PageSection:
    lines = pack.lines(section)
    return PageSection(
        section,
        TITLES[section],
        pack.totals.counts.get(section.value, len(lines)),
        tuple(
            _line(line, pack.remarks.items.get(line.key, "").strip(), due_words(pack, line, zone))
            if section == Section.PROMISES
            else _line(line, pack.remarks.items.get(line.key, "").strip())
            for line in lines
        ),
    )


def _line(line: PackLine, remark: str, due: str = "") -> PageLine:
    # What somebody writes of a restricted site stays where its words are (S15).
    shown = ON_SCREEN if remark and line.is_restricted else remark
    band = Band(line.band).name if line.band else ""
    step = " · ".join(filter(None, (due, line.next)))
    return PageLine(band, line.number, line.what, line.where, line.who, step, shown)

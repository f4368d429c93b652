"""The first-hour list (S7): what is held for weather, P1 then P2 by area, for when the wind goes down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo

from dispatch.forms import common
from dispatch.forms.bands import band_words
from dispatch.forms.walk_list import code
from dispatch.records import Band, Escalation, EscalationState, Millis

NAME = "First-hour list"
NO_AREA = "no area known"


@dataclass(frozen=True, slots=True)
class Held:
    code: str
    area: str
    what: str
    asked: str
    since: str


@dataclass(frozen=True, slots=True)
class FirstHour:
    """`parts` are (band in words, its lines)."""

    title: str
    incident: str
    is_exercise: bool
    made_at: str
    parts: tuple[tuple[str, tuple[Held, ...]], ...]


def is_held(escalation: Escalation) -> bool:
    return escalation.state == EscalationState.HELD and escalation.band <= Band.P2


def in_order(escalations: Iterable[Escalation]) -> list[Escalation]:
    """What is held: P1, then P2, by area; in an area what was held first stands first."""
    held = filter(is_held, escalations)
    return sorted(held, key=lambda e: (e.band, e.neighborhood or "~", e.state_at, e.number))


def fill(
    escalations: Iterable[Escalation], now: Millis, zone: tzinfo, *, incident: str, is_exercise: bool
) -> FirstHour:
    """One exercise hand-over marks the whole page."""
    held = in_order(escalations)
    is_exercise = is_exercise or any(e.is_exercise for e in held)
    by_band = ((band, tuple(e for e in held if e.band == band)) for band in (Band.P1, Band.P2))
    return FirstHour(
        title=common.mark_exercise("FIRST-HOUR LIST · held for weather", is_exercise),
        incident=common.mark_exercise(incident, is_exercise),
        is_exercise=is_exercise,
        made_at=f"{common.date_time(now, zone)}, times in {common.local(now, zone):%Z}",
        parts=tuple(
            (f"{band_words(band)}: {len(those)} held", tuple(_line(e, now, zone) for e in those))
            for band, those in by_band
        ),
    )


def _line(e: Escalation, now: Millis, zone: tzinfo) -> Held:
    unit = f"unit {e.unit}" if e.unit else ""
    where = " · ".join(filter(None, (e.address, unit)))
    people = f"People: {e.people}" if e.people else ""
    call_back = f"Call back: {e.call_back}, {e.language or 'language not known'}" if e.call_back else ""
    warnings = [common.said_to_911(e, zone)] if common.is_911_open(e) else []
    warnings += [common.TREAT_AS_LIVE] if common.is_live(e) else []
    warnings += [] if common.is_place_confirmed(e) else [common.NOT_CONFIRMED]
    what = (e.summary.strip() or e.subject.strip(), where, people, call_back)
    return Held(
        code=code(e),
        area=e.neighborhood or NO_AREA,
        what="\n".join(filter(None, what)),
        asked="\n".join(filter(None, (common.desk(e), e.effect_needed, " · ".join(warnings)))),
        since=common.hour(e.state_at, now, zone),
    )

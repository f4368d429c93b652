"""The weekly page: what residents heard of the city, by week and department, never by person. No words, names
or places of anybody stand on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from dispatch.forms import common
from dispatch.records import Heard, Millis, Share

NAME = "Weekly page"
# More would not fit on the one page; the table that the console saves has all.
MOST_DEPARTMENTS = 8
MOST_LETTERS = 19
NONE = "none to count"
DEPARTMENT = "department, as the 311 server names it"
FAMILY = "family of categories (no departments are known)"
PROMISE = "closed by the end of the first range told, of those told one that is over or closed"

SHARES = (
    ("answered", "Answered by a person"),
    ("along", "Told along the way"),
    ("done", "Told when done"),
    ("silent", "Closed without a word"),
)
TOLD_BY = ("Typed in here (caller)", "By a staff account", "By a resident's account", "Anonymous")
DEFINITIONS = (
    "A report counts in the week in which it was entered, spam in none. Answered by a person: a public line "
    "by the city in its thread that no rule wrote (not in its first minute, not by button, no fixed text). "
    "Along the way: one more, over ten minutes before the close. When done: one from ten minutes before the "
    "close on. Shares are of reports whose thread is read up to its last change; the last three of closed "
    "ones. In brackets: 95 % interval (Wilson). Half, 9 in 10: those that still wait counted in."
)


@dataclass(frozen=True, slots=True)
class Weekly:
    """`weeks` heads the columns of `measures` and `told_by`, the week itself last; rows begin with their
    name. `left_out` says how many departments are not shown."""

    title: str
    city: str
    incident: str
    is_exercise: bool
    week: str
    made_at: str
    weeks: tuple[str, ...]
    measures: tuple[tuple[str, ...], ...]
    by: str
    departments: tuple[tuple[str, ...], ...]
    left_out: str
    told_by: tuple[tuple[str, ...], ...]
    definitions: str = DEFINITIONS


def fill(
    weeks: Sequence[tuple[Millis, Millis]],
    of_all: Sequence[Heard],
    departments: Mapping[str, Sequence[Heard]],
    now: Millis,
    zone: tzinfo,
    *,
    city: str,
    incident: str,
    is_exercise: bool,
    is_named_by_server: bool,
) -> Weekly:
    here = {name: found[-1] for name, found in departments.items() if found[-1].reports}
    most = sorted(here, key=lambda name: (-here[name].reports, name))
    shown = sorted(most[:MOST_DEPARTMENTS])
    left = len(most) - len(shown)
    return Weekly(
        title=common.mark_exercise("WEEKLY PAGE · what residents heard", is_exercise),
        city=city,
        incident=common.mark_exercise(incident, is_exercise),
        is_exercise=is_exercise,
        week=_week(weeks[-1], zone),
        made_at=f"{common.date_time(now, zone)}, times in {common.local(now, zone):%Z}",
        weeks=tuple(f"from {common.date(start, zone)}" for start, _ in weeks),
        measures=_measures(of_all),
        by=f"This week by {DEPARTMENT if is_named_by_server else FAMILY}",
        departments=tuple(_department(name, here[name]) for name in shown),
        left_out=f"{left} more with fewer reports: in the saved table" if left else "",
        told_by=_told_by(of_all),
    )


def share_words(share: Share) -> str:
    """62 % (48–74) of 51"""
    if share.value is None:
        return NONE
    low, high = percent(share.low), percent(share.high)
    return f"{percent(share.value)} % ({low}–{high}) of {share.of}"


def percent(value: float) -> int:
    return int(value * 100 + 0.5)


def within(at: Millis | None, heard: Heard) -> str:
    """How long; who waits still may keep it from being told."""
    if not heard.answered.of:
        return NONE
    return "not yet" if at is None else common.duration(at)


def _week(week: tuple[Millis, Millis], zone: tzinfo) -> str:
    start, end = week
    return f"{common.date(start, zone)} to {common.date(end - 1, zone)}"


def _measures(of_all: Sequence[Heard]) -> tuple[tuple[str, ...], ...]:
    rows = [
        ("Reports", *(str(each.reports) for each in of_all)),
        ("Threads read", *(share_words(each.read) for each in of_all)),
    ]
    rows += [(words, *(share_words(getattr(each, name)) for each in of_all)) for name, words in SHARES]
    rows.insert(3, ("Half answered within", *(within(each.half, each) for each in of_all)))
    rows.insert(4, ("9 in 10 within", *(within(each.nine_in_ten, each) for each in of_all)))
    return (*rows, ("Promise kept", *(share_words(each.kept) for each in of_all)))


def _department(name: str, heard: Heard) -> tuple[str, ...]:
    shares = (share_words(getattr(heard, each)) for each, _ in SHARES)
    short = name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1].rstrip()}…"
    return short, str(heard.reports), *shares


def _told_by(of_all: Sequence[Heard]) -> tuple[tuple[str, ...], ...]:
    rows = [(words, *(str(each.sources[at]) for each in of_all)) for at, words in enumerate(TOLD_BY)]
    return (*rows, ("Distinct accounts", *(str(each.reporters) for each in of_all)))

"""An area sweep in words: its state, its time, what it covers and what it leaves to a person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QLocale

from dispatch.records import Coverage, LeftOut, Millis, Sweep, SweepDraft, SweepState
from ui.widgets import counts, times
from ui.widgets.family_words import family

_DAY = re.compile(r"^(?P<day>[^\W\d_]{2,9}\.?|\d{1,2}\.?\s+[^\W\d_]{3,9}\.?)\s+(?P<clock>\d{1,2}[:.]?\d{2})$")

MARK_SIGNS = 22  # of an area on a row, beside its state


def _tr(text: str) -> str:
    return QCoreApplication.translate("sweeps", text)


def state_words(state: SweepState) -> str:
    return {
        SweepState.PLANNED: _tr("Planned"),
        SweepState.RUNNING: _tr("Running"),
        SweepState.DONE: _tr("Done"),
        SweepState.CANCELLED: _tr("Cancelled"),
    }[state]


def what_words(said: SweepDraft, label: Callable[[str], str]) -> str:
    return ", ".join((*map(family, said.families), *map(label, said.categories)))


def when_words(said: SweepDraft, now: Millis, zone: ZoneInfo) -> str:
    """Tue 08:00 – 17:00; Tue 08:00 – Wed 17:00 over more than a day."""
    first, last = (day_clock(at, zone) for at in (said.from_at, said.until_at))
    if first.split()[:-1] == last.split()[:-1]:
        return f"{first} – {last.split()[-1]}"
    return f"{first} – {last}"


def day_clock(at: Millis, zone: ZoneInfo) -> str:
    """Tue 12 Sep 08:00: a crew's day is never only "08:00"."""
    then, names = times.local(at, zone), QLocale()
    day = names.dayName(then.isoweekday(), QLocale.FormatType.ShortFormat)
    return f"{day} {then.day} {names.monthName(then.month, QLocale.FormatType.ShortFormat)} {then:%H:%M}"


def read_day(text: str, now: Millis, zone: ZoneInfo) -> Millis | None:
    """Tue 08:00, 12 Sep 08:00, or what `times.read_time` knows; None for what is no time. A weekday is the
    next one that has not gone by."""
    typed = " ".join(text.split())
    # As it is shown: "Tue 12 Sep 08:00" may be typed back.
    if len(parts := typed.split()) == 4:
        typed = " ".join(parts[1:])
    match = _DAY.match(typed)
    if match is None:
        return times.read_time(typed, now, zone)
    clock = match["clock"].replace(".", ":")
    hour, minute = (int(p) for p in (clock.split(":") if ":" in clock else (clock[:-2], clock[-2:])))
    if hour > 23 or minute > 59:
        return None
    today = times.local(now, zone)
    wanted = match["day"].replace(".", "").casefold().split()
    for ahead in range(15):
        then = (today + timedelta(days=ahead)).replace(hour=hour, minute=minute, second=0, microsecond=0)
        if then >= today and _is_day(then, wanted):
            return int(then.timestamp() * 1000)
    return None


def _is_day(then: datetime, wanted: list[str]) -> bool:
    names = QLocale()
    if len(wanted) == 2:
        name = names.monthName(then.month, QLocale.FormatType.LongFormat).casefold()
        return wanted[0] == str(then.day) and name.startswith(wanted[1])
    name = names.dayName(then.isoweekday(), QLocale.FormatType.LongFormat).casefold()
    return name.startswith(wanted[0])


def left_words(why: LeftOut, count: int) -> str:
    words = {
        LeftOut.LIFE_SAFETY: _tr("{} P1 or P2"),
        LeftOut.WIRE: _tr("{} with a wire not made safe"),
        LeftOut.HANDED_OVER: _tr("{} with emergency management"),
        LeftOut.PERSON: _tr("{} about people"),
        LeftOut.NEW_FACT: _tr("{} with a new fact"),
        LeftOut.NOT_ASSESSED: _tr("{} in a language nobody has read"),
    }
    return words[why].format(count)


def covers_words(coverage: Coverage) -> str:
    """Covers 23 sites. Of them some hear nothing, because their words are restricted."""
    if not coverage.sites:
        return _tr("Covers no open site now.")
    said = _tr("Covers {}.").format(counts.sites(len(coverage.sites)))
    if coverage.quiet:
        said += " " + _tr("{} of them restricted: no message goes there.").format(len(coverage.quiet))
    return said


def all_left_words(left: Mapping[int, LeftOut]) -> str:
    """What stays with a person, the gravest first; empty where nothing does."""
    if not left:
        return ""
    counted = Counter(left.values())
    said = ", ".join(left_words(why, counted[why]) for why in LeftOut if counted[why])
    return _tr("Left to you: {}.").format(said)


def mark_words(sweep: Sweep, zone: ZoneInfo) -> str:
    """On a row: sweep: Old Northeast, Tue."""
    weekday = times.local(sweep.said.from_at, zone).isoweekday()
    day = QLocale().dayName(weekday, QLocale.FormatType.ShortFormat)
    area = sweep.said.area.name
    if len(area) > MARK_SIGNS:
        area = f"{area[:MARK_SIGNS].rstrip()}…"
    return _tr("sweep: {area}, {day}").format(area=area, day=day)


def detail_words(sweep: Sweep, now: Millis, zone: ZoneInfo) -> str:
    """In the detail of a site that it covers."""
    return _tr("{number} covers it: {area}, {when}, {state}").format(
        number=sweep.label,
        area=sweep.said.area.name,
        when=when_words(sweep.said, now, zone),
        state=state_words(sweep.state).lower(),
    )

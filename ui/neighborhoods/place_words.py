"""The panel's words that need more than the numbers: who lives there, causes with their source, outreach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QLocale

from dispatch.insight.neighborhoods import HOUR_MS, Neighborhoods, reports_between
from dispatch.insight.quiet_areas import Standing, share_interval
from dispatch.records import Outreach, Voices
from ui.neighborhoods import words
from ui.widgets import counts, times

# Nobody's habit is told from less.
LEAST_OFF = 0.15
# A count alone, as if its due were known to the last report.
_KNOWN = 1e6


def _tr(text: str) -> str:
    return QCoreApplication.translate("neighborhoods", text)


def people(found: Neighborhoods, at: int) -> str:
    """Which areas are pooled, how many live there."""
    place = found.places[at]
    said = []
    if len(place.areas) > 1:
        said.append(", ".join(place.areas))
    if place.residents == place.residents:
        said.append(_tr("about {} residents, an estimate").format(words.number(place.residents)))
    return " · ".join(said)


def causes(found: Neighborhoods, at: int, poverty: Mapping[str, float], held: int, zone: Any) -> list[str]:
    """Each with its source and time, and what is not known said so."""
    said = []
    if found.judged.standing[at] <= Standing.MAYBE_UNDER or found.judged.standing[at] == Standing.TOO_FEW:
        said.append(_habit(found, at, zone))
        shares = [poverty[area] for area in found.places[at].areas if area in poverty]
        if shares:
            share = QLocale().toString(max(shares), "f", 0)
            said.append(_tr("{} % of the people live in poverty (census estimate, 2016).").format(share))
        said.append(_tr("No data on power, phones, internet or language by area here."))
    if held:
        held_words = _tr("Held until after the storm and not in the Queue: {} of these.")
        said.append(held_words.format(counts.sites(held)))
    return said


def _habit(found: Neighborhoods, at: int, zone: Any) -> str:
    if found.habit is None:
        return _tr("What this area usually reports is not known: no ordinary weeks are on the board.")
    factor = float(found.habit.factor[at])
    since, until = (times.local(each, zone) for each in (found.habit.since_at, found.habit.until_at))
    names = QLocale()
    days = [
        f"{day.day} {names.monthName(day.month, QLocale.FormatType.ShortFormat)}" for day in (since, until)
    ]
    source = _tr("{count}, {since} to {until}").format(
        count=counts.reports(int(found.habit.reports[at])), since=days[0], until=days[1]
    )
    if abs(factor - 1) < LEAST_OFF:
        return _tr("In ordinary times it reports as much as others ({}).").format(source)
    share = QLocale().toString(factor, "f", 1)
    return _tr("In ordinary times it reports {share} times its share ({source}).").format(
        share=share, source=source
    )


def outreach_lines(
    board: Any, found: Neighborhoods, at: int, entries: Sequence[Outreach], now: int, zone: Any
) -> list[str]:
    """The entries of a place, and what was reported in the hours around the last one."""
    if not entries:
        return [_tr("No outreach is noted here.")]
    said = [
        words.entry(
            each,
            times.clock(each.said.at, now, zone),
            times.clock(each.said.due_at, now, zone) if each.said.due_at else "",
        )
        for each in entries
    ]
    last = entries[0].said.at
    if last <= now:
        after = reports_between(board, found.places, at, last, last + HOUR_MS)
        before = reports_between(board, found.places, at, last - HOUR_MS, last)
        since = _tr("in the hour since") if now >= last + HOUR_MS else _tr("since")
        said.append(
            _tr("Reports {since} the last one: {after}, in the hour before: {before}.").format(
                since=since, after=after, before=before
            )
        )
    return said


def around_line(
    days: int, at: int, now: int, heard: tuple[Voices | None, Voices | None], residents: float
) -> str:
    """Reports and reporters before and after, per 1,000 with the uncertainty of so small counts."""
    is_over = now >= at + days * times.DAY_MS
    rates = [_heard(each, residents) if each is not None else "" for each in heard]
    return words.around(days, *heard, rates, is_over)


def _heard(heard: Voices, residents: float) -> str:
    people = heard.reporters + heard.without_account
    said = _tr("{reports} by {people}").format(
        reports=counts.reports(heard.reports), people=_tr("{} reporters").format(words.number(people))
    )
    if heard.without_account:
        said += _tr(" ({} without an account, each counted as one)").format(heard.without_account)
    if not residents > 0:
        return said
    return _tr("{said}, {reports} reports and {people} reporters per 1,000").format(
        said=said, reports=_per_1000(heard.reports, residents), people=_per_1000(people, residents)
    )


def _per_1000(count: int, residents: float) -> str:
    """0.4 to 1.1: where the rate lies four times in five."""
    low, high = share_interval(np.array([count]), np.array([count + 1.0]), _KNOWN)
    ends = (1000 * (count + 1) * float(end[0]) / residents for end in (low, high))
    return _tr("{} to {}").format(*(words.number(end, 1) for end in ends))

"""What the numbers of the volumes say, in sentences."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QLocale

from dispatch.figure_desk import Figure
from dispatch.insight.forecast import Errors
from dispatch.insight.lasting import Lasting
from dispatch.insight.volumes import HOUR_MS, MOST_P1, Group, Step, Teller, Volumes
from dispatch.records import Band, Millis
from ui.widgets import counts, times
from ui.widgets.family_words import family

# A clearing time further off than this says nothing.
MOST_CLEARING_HOURS = 14 * 24
# A day and a half is said in hours: a median of 1 d may be 25 or 47 of them.
MOST_IN_HOURS = 100


def tr(text: str) -> str:
    return QCoreApplication.translate("volumes", text)


def number(value: float) -> str:
    return QLocale().toString(round(value))


def teller(who: Teller) -> str:
    return {
        Teller.RESIDENT: tr("Residents"),
        Teller.STAFF: tr("Typed in by staff"),
        Teller.UNKNOWN: tr("Not known who"),
    }[who]


def series(group: Group, key: str) -> str:
    if group is Group.BAND:
        return key if key != Band.INFO.name else tr("INFO")
    return family(key) if group is Group.CATEGORY else teller(Teller(key))


def step(what: Step) -> str:
    return {
        Step.FIRST_LOOK_P1: tr("First look, P1"),
        Step.FIRST_LOOK: tr("First look, all"),
        Step.HANDED_OVER: tr("Handed over"),
        Step.ACCEPTED: tr("Accepted"),
        Step.CLOSED: tr("Closed, all"),
    }[what]


def step_definition(what: Step) -> str:
    return {
        Step.FIRST_LOOK_P1: tr(
            "From the first report, or from when the room opened, to the first act on the site."
        ),
        Step.FIRST_LOOK: tr(
            "From the first report, or from when the room opened, to the first act on the site."
        ),
        Step.HANDED_OVER: tr("From the first report to the hand-over, of the sites that were handed over."),
        Step.ACCEPTED: tr("From the hand-over to its acceptance; those not accepted yet count as waiting."),
        Step.CLOSED: tr("From the first report to the close; open sites count as waiting."),
    }[what]


def lasts(ms: Millis | None) -> str:
    """26 min, 50 h, 6 d; where so many are not done yet that is said."""
    if ms is None:
        return tr("not yet")
    if 10 * HOUR_MS <= ms < MOST_IN_HOURS * HOUR_MS:
        return tr("{} h").format(round(ms / HOUR_MS))
    return times.age(ms)


def rests_on(found: Lasting) -> str:
    if found.waiting:
        return tr("{done} done, {waiting} wait").format(
            done=number(found.done), waiting=number(found.waiting)
        )
    return tr("{done} done").format(done=number(found.done))


def told_by(shown: Volumes) -> str:
    residents, staff = (number(shown.by_teller[each]) for each in (Teller.RESIDENT, Teller.STAFF))
    if unknown := shown.by_teller[Teller.UNKNOWN]:
        return tr("{residents} by residents, {staff} typed in, {unknown} not known").format(
            residents=residents, staff=staff, unknown=number(unknown)
        )
    return tr("{residents} by residents, {staff} typed in by staff").format(residents=residents, staff=staff)


def pace(shown: Volumes) -> str:
    """A clearing time is said only while closings outrun arrivals."""
    found = shown.pace
    hours = found.clears_in_hours(shown.open_sites)
    if hours is not None and hours <= MOST_CLEARING_HOURS:
        return tr("at this rate clear in about {}").format(times.age(round(hours) * HOUR_MS or HOUR_MS))
    gain = found.opened - found.closed
    if gain > 0.5:
        return tr("growing by about {} an hour").format(number(gain))
    if not shown.open_sites:
        return tr("none waits")
    return tr("neither growing nor clearing now")


def next_hours(shown: Volumes) -> str:
    if shown.forecast is None:
        return tr("{} the hour before").format(number(shown.hour_before))
    # The hour that runs now is not over: of the next whole one.
    low, high = shown.forecast.low[1], shown.forecast.high[1]
    return tr("{before} the hour before; next hour {low} to {high}").format(
        before=number(shown.hour_before), low=number(low), high=number(high)
    )


def p1(shown: Volumes) -> str:
    now = shown.p1
    if not now.open:
        return tr("none open")
    parts = [tr("oldest {}").format(times.age(shown.at - now.oldest_at))]
    if now.untouched:
        parts.append(tr("{} nobody acted on").format(number(now.untouched)))
    else:
        parts.append(tr("{} claimed").format(number(now.claimed)))
    return " · ".join(parts)


def first_look(found: Lasting) -> str:
    """A median never stands without its n and the slowest tenth."""
    if not found.done:
        return tr("nothing was looked at yet; {} wait").format(number(found.waiting))
    return tr("half of {n} P1; 9 in 10 within {slow}").format(
        n=number(found.done + found.waiting), slow=lasts(found.nine_in_ten)
    )


def forecast_errors(errors: Errors | None) -> str:
    if errors is None:
        return tr("The forecast has nothing to be measured by yet: it begins after the first day.")
    said = tr(
        "So far the forecast of the next 12 hours has been off by {ours} reports an hour on average; "
        "“same as last hour” by {last}, “same hour yesterday” by {yesterday} ({n} forecasts)."
    )
    return said.format(
        ours=_one(errors.ours), last=_one(errors.last_hour), yesterday=_one(errors.yesterday), n=errors.hours
    )


def inflated(shares: tuple[float, float]) -> str:
    """The share that is too large: of P1 where that is it, else of P1 and P2."""
    p1, both = (round(100 * share) for share in shares)
    if p1 > 100 * MOST_P1:
        return tr("Bands are inflating: {} % are P1").format(p1)
    return tr("Bands are inflating: {} % are P1 or P2").format(both)


def figure_most(what: Figure, most: int) -> str:
    if what is Figure.WIND:
        return tr("wind, most {} mph").format(number(most))
    return tr("without power, most {}").format(number(most))


def figure(what: Figure, value: int, at: Millis, source: str, now: Millis, zone: ZoneInfo) -> str:
    """41,200 without power (14:00, the utility's outage map)."""
    said = tr("wind {} mph") if what is Figure.WIND else tr("{} without power")
    return f"{said.format(number(value))} ({times.clock(at, now, zone)}, {source})"


def hours(shown: Volumes, first: int, last: int, zone: ZoneInfo) -> str:
    """The hours from one to another in words: their span, their reports, what they are made of."""
    start = shown.start_at + first * HOUR_MS
    end = shown.start_at + (last + 1) * HOUR_MS
    parts = [span(start, end, shown.at, zone), counts.reports(int(shown.totals[first : last + 1].sum()))]
    for key, each in shown.series.items():
        if many := int(each[first : last + 1].sum()):
            parts.append(f"{series(shown.group, key)} {number(many)}")
    if many := int(shown.bulk[first : last + 1].sum()):
        parts.append(tr("entered in bulk {}").format(number(many)))
    parts.append(tr("closed {}").format(number(int(shown.closed[first : last + 1].sum()))))
    parts.append(tr("open after it {}").format(number(int(shown.backlog[last]))))
    for what in Figure:
        known = [each for each in shown.figures.get(what.value, ()) if start <= each[0] < end]
        if known:
            at, value, source = known[-1]
            parts.append(figure(what, value, at, source, shown.at, zone))
    return " · ".join(parts)


def span(start: Millis, end: Millis, now: Millis, zone: ZoneInfo) -> str:
    """Mon 14:00–15:00."""
    if end - start <= 24 * HOUR_MS:
        return f"{times.clock(start, now, zone)}–{times.local(end, zone):%H:%M}"
    return f"{times.clock(start, now, zone)} – {times.clock(end, now, zone)}"


def _one(value: float) -> str:
    return QLocale().toString(value, "f", 1)

"""The weather in words: alerts with their end, advisories with number, time and age, what is stale."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QLocale

from dispatch.feeds.records import Advisory, Severity, Status
from dispatch.feeds.weather import AlertShown, FeedState, Weather, alerts_stale_ms, is_stale_advisory
from dispatch.records import Millis
from ui.widgets import times

NAMED_ZONES = 6


def _tr(text: str) -> str:
    return QCoreApplication.translate("weather", text)


def severity_words(severity: Severity) -> str:
    words = {
        Severity.EXTREME: _tr("extreme"),
        Severity.SEVERE: _tr("severe"),
        Severity.MODERATE: _tr("moderate"),
        Severity.MINOR: _tr("minor"),
        Severity.UNKNOWN: _tr("severity not said"),
    }
    return words[severity]


def event_words(shown: AlertShown) -> str:
    """What it is; an emergency inside a warning is named, and what was made for an exercise says so (S18)."""
    alert = shown.in_force.alert
    words = _tr("{} EMERGENCY").format(alert.event) if alert.is_emergency else alert.event
    return _tr("EXERCISE: {}").format(words) if alert.status is Status.EXERCISE else words


def until_words(shown: AlertShown, now: Millis, zone: ZoneInfo) -> str:
    """How long it holds, and that its text has run out where no newer one has come."""
    found = shown.in_force
    until = _tr("until {}").format(times.clock(found.until, now, zone)) if found.until else ""
    said = until or _tr("until further notice")
    if not found.is_lapsed:
        return said
    ran_out = times.clock(found.alert.expires_at, now, zone)
    return _tr("{said}; its text ran out at {time}, no newer one has come").format(said=said, time=ran_out)


def place_words(shown: AlertShown) -> str:
    """What of its area cannot be drawn here, by name; empty where all can."""
    cover = shown.cover
    if cover.unknown:
        listed = _zones(cover.unknown)
        if len(cover.unknown) == 1:
            return _tr("covers 1 zone not on this map: {}").format(listed)
        return _tr("covers {n} zones not on this map: {listed}").format(n=len(cover.unknown), listed=listed)
    if cover.by_county:
        return _tr("drawn by county, because not on this map: {}").format(_zones(cover.by_county))
    return ""


def new_warning_words(fresh: list[AlertShown], now: Millis, zone: ZoneInfo) -> str:
    """One sentence for those an operator must hear of now."""
    first = fresh[0]
    sentence = _tr("{event} {until}: {area}.").format(
        event=event_words(first), until=until_words(first, now, zone), area=_short(first.in_force.alert.area)
    )
    if len(fresh) > 1:
        sentence += " " + _tr("And {} more (G, then A lists them).").format(len(fresh) - 1)
    return sentence


def clock_words(at: Millis, now: Millis, zone: ZoneInfo) -> str:
    """11:00 AM EDT, as the hurricane center says it; with the day when that is not today."""
    then = times.local(at, zone)
    said = f"{then:%I:%M %p %Z}".lstrip("0")
    if then.date() == times.local(now, zone).date():
        return said
    return f"{QLocale().dayName(then.isoweekday(), QLocale.FormatType.ShortFormat)} {said}"


def advisory_words(advisory: Advisory, now: Millis, zone: ZoneInfo) -> str:
    said = {
        "name": advisory.name or advisory.storm_id.upper(),
        "number": advisory.number,
        "time": clock_words(advisory.issued_at, now, zone),
        "age": times.age(now - advisory.issued_at),
    }
    if is_stale_advisory(advisory, now):
        return _tr("{name} advisory {number}, {time}, stale: {age} old").format(**said)
    return _tr("{name} advisory {number}, {time}, {age} ago").format(**said)


def nhc_line(weather: Weather, now: Millis, zone: ZoneInfo) -> tuple[str, bool]:
    """The map's line on the hurricane center, and whether it warns; empty where nothing is set or known."""
    state = weather.nhc
    if weather.advisories:
        first, others = weather.advisories[0], len(weather.advisories) - 1
        more = _tr(" · {} more").format(others) if others else ""
        return advisory_words(first, now, zone) + more, is_stale_advisory(first, now)
    if state.is_loaded:
        return _tr("Hurricane center: no storm"), False
    return (_tr("Hurricane center: not read yet"), bool(state.complaint)) if state.is_set else ("", False)


def nws_line(weather: Weather, now: Millis, wall_now: Millis) -> tuple[str, bool]:
    """The same of the weather service's alerts."""
    state = weather.nws
    if not state.is_loaded:
        return (_tr("Weather alerts: not read yet"), bool(state.complaint)) if state.is_set else ("", False)
    here, all_ = sum(each.is_here for each in weather.alerts), len(weather.alerts)
    count = _tr("{here} here").format(here=here) if here == all_ else _tr("{} here of {}").format(here, all_)
    count = count if all_ else _tr("none")
    stale = alerts_stale_ms(state, now, wall_now)
    if stale:
        return _tr("Weather alerts: {count}, stale: {age} old").format(
            count=count, age=times.age(stale)
        ), True
    if not state.read_at:
        age = times.age(now - state.held_at)
        return _tr("Weather alerts: {count}, kept, {age} old").format(count=count, age=age), False
    since = wall_now - state.read_at
    # Not by the second: the box would be laid out anew with each.
    read = _tr("read {} ago").format(times.age(since)) if since >= times.MINUTE_MS else _tr("read just now")
    return _tr("Weather alerts: {count}, {read}").format(count=count, read=read), False


def feed_words(state: FeedState, setting: str, wall_now: Millis) -> tuple[str, str]:
    """How a feed does, in a sentence for its sheet, and its tone."""
    if state.complaint:
        since = times.age(wall_now - state.failed_at)
        return _tr("{complaint} For {since} now; it is asked again by itself.").format(
            complaint=state.complaint, since=since
        ), "warn"
    if state.read_at:
        said = _tr("Asked {} ago.").format(times.age(wall_now - state.read_at))
        if state.damaged:
            said += " " + _tr("{} alerts could not be read; what came is kept.").format(state.damaged)
            return said, "warn"
        return said, "text_dim"
    if state.is_set:
        return _tr("Not asked yet."), "text_dim"
    if state.is_loaded:
        return _tr("From a file; nothing is asked ({} is not set).").format(setting), "text_dim"
    return _tr("Not loaded: set {}, or take a file.").format(setting), "text_dim"


def _zones(codes: tuple[str, ...]) -> str:
    more = _tr(" and {} more").format(len(codes) - NAMED_ZONES) if len(codes) > NAMED_ZONES else ""
    return ", ".join(codes[:NAMED_ZONES]) + more


def _short(area: str) -> str:
    return area if len(area) <= 60 else f"{area[:59].rstrip()}…"

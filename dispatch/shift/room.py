"""The room itself as lines of a pack: weather, faults, what is suspended, the profile, notices, desks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo

from dispatch.feeds.records import Status
from dispatch.feeds.weather import Weather, alerts_stale_ms, is_stale_advisory
from dispatch.forms import common
from dispatch.records import (
    DUTY_OFFICER,
    CategorySwitch,
    Escalation,
    Millis,
    Notice,
    OnDuty,
    PackLine,
    PublicPhase,
    Shelf,
    Suspension,
    SwitchState,
    SyncStatus,
)
from dispatch.store.profiles import StoredProfile, Times
from dispatch.store.roster import who_has
from dispatch.store.shift import Faults, Sat

NOT_LOADED = "none loaded"
NONE_KNOWN = "None known."


def age_words(ms: int) -> str:
    """5 min, 3 h 05, 2 d"""
    minutes = max(0, ms) // 60_000
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60:02}"
    return f"{minutes // (24 * 60)} d"


def _line(key: str, what: str, **more: object) -> PackLine:
    return PackLine(key=key, what=what, **more)  # type: ignore[arg-type]


def weather(now: Weather, at: Millis, wall_now: Millis, zone: tzinfo) -> Iterator[PackLine]:
    """The latest advisory of each storm and the alerts here, each with its age."""
    for each in now.advisories:
        age = age_words(at - each.issued_at)
        stale = ", STALE" if is_stale_advisory(each, at) else ""
        issued = common.date_time(each.issued_at, zone)
        name = each.name or each.storm_id.upper()
        yield _line(
            f"advisory {each.storm_id or name}", f"{name} advisory {each.number}, {issued}, {age} old{stale}."
        )
    if not now.advisories:
        known = "no storm listed" if now.nhc.is_loaded else NOT_LOADED
        yield _line("advisory", f"Advisory of the hurricane center: {known}.")
    here = [each for each in now.alerts if each.is_here]
    for shown in here:
        alert, until = shown.in_force.alert, shown.in_force.until
        mark = "EXERCISE: " if alert.status is Status.EXERCISE else ""
        ends = f"until {common.hour(until, at, zone)}" if until else "until further notice"
        yield _line(f"alert {alert.alert_id}", f"{mark}{alert.event} {ends}.", is_overdue=shown.is_extreme)
    stale_ms = alerts_stale_ms(now.nws, at, wall_now)
    if stale_ms:
        yield _line("alerts", f"The list of alerts is {age_words(stale_ms)} old.")
    elif not here:
        known = "none in force here" if now.nws.is_loaded else NOT_LOADED
        yield _line("alerts", f"Alerts of the weather service: {known}.")


def faults(
    found: Faults,
    sync: SyncStatus | None,
    shelves: Iterable[tuple[Shelf, str]],
    *,
    kept_acts: int,
    weather_now: Weather,
    wall_now: Millis,
) -> Iterator[PackLine]:
    """Only what does not run as it should. `shelves` with what the alarm is called."""
    if sync is None:
        yield _line("sync", "How the syncing goes is not known at this seat.")
    elif sync.state not in ("in_step", "elsewhere"):
        since = (
            "it was never in step"
            if sync.in_step_at is None
            else _behind(wall_now - int(sync.in_step_at * 1000))
        )
        yield _line(
            "sync", f"Not in step with the 311 server, {since}. {sync.sentence}".strip(), is_overdue=True
        )
    for name, count in found.channels.items():
        yield _line(
            f"channel {name}", f"Channel {name}: {count} hand-overs could not be delivered.", is_overdue=True
        )
    if found.to_send:
        yield _line("to send", f"To the 311 server: {found.to_send} still to be sent.")
    if found.refused:
        yield _line("refused", f"To the 311 server: {found.refused} refused, see each site.")
    if found.to_read:
        yield _line("to read", f"Answers that nobody has read: {found.to_read}.")
    if found.quarantined:
        yield _line("quarantine", f"Rows of the 311 server that could not be read: {found.quarantined}.")
    if kept_acts:
        yield _line("kept", f"Acts kept at this seat for the database: {kept_acts}.", is_overdue=True)
    for shelf, words in shelves:
        left = -(-(shelf.until - wall_now) // 60_000)
        yield _line(
            f"shelf {shelf.kind} {shelf.site_id}",
            f"Alarm shelved by {shelf.who}, {left} min left: {words}.",
            site_id=shelf.site_id,
        )
    for name, state in (("weather service", weather_now.nws), ("hurricane center", weather_now.nhc)):
        if state.complaint:
            yield _line(f"feed {name}", f"The {name} does not answer: {state.complaint}")


def _behind(ms: int) -> str:
    return f"behind by {age_words(ms)}"


def room(
    suspensions: Iterable[Suspension], times: Times, profile: StoredProfile, at: Millis, zone: tzinfo
) -> Iterator[PackLine]:
    """Field response suspended, and the storm profile in force."""
    for each in suspensions:
        since, review = common.hour(each.since_at, at, zone), common.hour(each.review_at, at, zone)
        yield _line(
            f"suspended {each.service}",
            f"Field response suspended: {each.service}, since {since}: {each.why} Next review {review}.",
            is_overdue=each.review_at <= at,
        )
    mode = "Storm mode on" if times.storm_mode else "Storm mode off"
    if times.storm_mode_until and times.storm_mode:
        mode += f" until {common.hour(times.storm_mode_until, at, zone)}"
    by = f"storm profile {profile.version} by {profile.person}, {common.hour(profile.at, at, zone)}"
    yield _line("storm mode", f"{mode}; {by if profile.version else 'the city’s own table of categories'}.")


def public_list(rows: Sequence[CategorySwitch]) -> Iterator[PackLine]:
    """What the public can report under, where storm mode has changed it."""
    if not rows:
        return
    is_on = rows[0].phase is PublicPhase.ON
    states = [each.state for each in rows]
    open_ones = [
        f"{states.count(state)} {words}"
        for state, words in (
            (SwitchState.REFUSED, "refused by the server"),
            (SwitchState.BY_HAND, "to switch by hand"),
        )
        if state in states
    ]
    if not (is_on or open_ones):
        return
    off = sum(each.is_changed and not each.wanted for each in rows)
    on = sum(each.is_changed and each.wanted for each in rows)
    head = f"Categories for the public: {off} off, {on} on" if is_on else "The public’s list goes back"
    said = "; ".join((f"{head}, by {rows[0].person}", *open_ones))
    yield _line("public list", f"{said}.", is_overdue=bool(open_ones))


def notices(live: Iterable[Notice], at: Millis, zone: tzinfo) -> Iterator[PackLine]:
    """What the public is told now, a line each; one that begins later says when."""
    for each in live:
        title = each.texts[0].title if each.texts else ""
        where = ", ".join(each.area.names) or "the whole city"
        span = f"until {common.hour(each.expires_at, at, zone)}"
        if each.starts_at > at:
            span = f"from {common.hour(each.starts_at, at, zone)} {span}"
        yield _line(f"notice {each.number}", f"Notice {each.number}: {title}; {where}, {span}.")


def desks(
    items: Sequence[Escalation], on: Mapping[str, OnDuty], at: Millis, zone: tzinfo
) -> Iterator[PackLine]:
    """Every desk with open cards, and whose name they have; a vacant one is the duty officer's. First those
    that have nobody."""
    cards = Counter(item.desk for item in items if item.state.is_open)
    names = {desk: who_has(dict(on), desk) for desk in cards}
    for desk, count in sorted(cards.items(), key=lambda each: (bool(names[each[0]]), each[0])):
        there, who = on.get(desk), names[desk]
        since = f", since {common.hour(there.since_at, at, zone)}" if there and there.person else ""
        yield _line(
            f"desk {desk}",
            f"{desk}: {count} open, {who + since if who else 'VACANT, and no duty officer'}",
            who=who,
            is_overdue=not who,
        )
    officer = on.get(DUTY_OFFICER)
    if officer and officer.person and not cards:
        yield _line("duty officer", f"{DUTY_OFFICER}: {officer.person}", who=officer.person)


def seats(sat: Iterable[Sat], at: Millis, zone: tzinfo) -> Iterator[PackLine]:
    for each in sat:
        who, last = common.person(each.person, each.position), common.hour(each.at, at, zone)
        yield _line(f"seat {each.seat}", f"{each.seat}: {who}, last act {last}", who=each.person)

"""Which alerts hold at a moment: a pure function of all messages heard, in whatever order they came."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from dispatch.feeds.records import Alert, Listing, MessageKind, Status
from dispatch.records import Millis

HOUR_MS = 3_600_000
# Event numbers begin anew each year: the same key half a year apart is another event.
SAME_EVENT_MS = 180 * 24 * HOUR_MS
# A clock a little slow must not hide a warning; one sent far ahead of now is of another storm.
AHEAD_MS = HOUR_MS
# "Until further notice" outlives the message that said it, for as long as NWS may take to write again.
LAPSED_MS = 12 * HOUR_MS
# CAP lets a message go without an end.
NO_END_MS = 24 * HOUR_MS
HEARD = frozenset({MessageKind.ALERT, MessageKind.UPDATE, MessageKind.CANCEL})


@dataclass(frozen=True, slots=True)
class InForce:
    """An alert and the zones in which it still holds. `until` 0: until further notice. `is_lapsed`: its text
    has run out, no newer one has come, and the event itself is not over."""

    alert: Alert
    zones: tuple[str, ...]
    until: Millis
    is_lapsed: bool


def gathered(listings: Iterable[Listing]) -> tuple[Alert, ...]:
    """The messages that count: of each source that lists everything, its newest listing; of files, all."""
    newest: dict[str, Listing] = {}
    alerts: list[Alert] = []
    for listing in listings:
        if not listing.is_whole:
            alerts += listing.alerts
        elif _listed(listing) > _listed(newest.get(listing.source)):
            newest[listing.source] = listing
    for listing in newest.values():
        alerts += listing.alerts
    return tuple(alerts)


def in_force(
    alerts: Iterable[Alert], now: Millis, *, statuses: Collection[Status] = (Status.ACTUAL,)
) -> tuple[InForce, ...]:
    """Worst first, warnings before watches, then the one that ends first.

    An update or cancel takes away what it refers to, and what an earlier message said of the same event
    (VTEC) in the same zones. Only messages of the wanted `statuses` are heard at all: a test neither shows
    nor ends anything real.
    """
    heard = _heard(alerts, statuses, now)
    replaced = dict(_replaced(heard))
    events = _events(heard)
    found = []
    for alert in heard:
        by = replaced.get(alert.alert_id)
        if alert.kind is MessageKind.CANCEL or (by is not None and by > _rank(alert)):
            continue
        zones = (
            alert.zones
            if not alert.vtec
            else tuple(z for z in alert.zones or ("",) if _holds(alert, z, events))
        )
        is_over_everywhere = bool(alert.vtec) and not zones
        if is_over_everywhere or over_at(alert) <= now:
            continue
        found.append(InForce(alert, tuple(filter(None, zones)), until(alert), is_lapsed(alert, now)))
    return tuple(sorted(found, key=_order))


def over_at(alert: Alert) -> Millis:
    """When it goes by itself, should nothing more be heard of it."""
    if alert.ends_at:
        return alert.ends_at
    runs_out = alert.expires_at or alert.sent_at + NO_END_MS
    return runs_out + LAPSED_MS if _is_open_ended(alert) else runs_out


def until(alert: Alert) -> Millis:
    if alert.ends_at:
        return alert.ends_at
    return 0 if _is_open_ended(alert) else alert.expires_at


def is_lapsed(alert: Alert, now: Millis) -> bool:
    return bool(alert.expires_at) and alert.expires_at <= now < over_at(alert)


def _is_open_ended(alert: Alert) -> bool:
    return any(each.goes_on and not each.ends_at for each in alert.vtec)


def _heard(alerts: Iterable[Alert], statuses: Collection[Status], now: Millis) -> list[Alert]:
    """Each message once. Two under one number: the later, and whichever of two equals, always the same."""
    by_id: dict[str, Alert] = {}
    for alert in alerts:
        if alert.kind in HEARD and alert.status in statuses and alert.sent_at <= now + AHEAD_MS:
            before = by_id.get(alert.alert_id)
            if before is None or (alert.sent_at, repr(alert)) > (before.sent_at, repr(before)):
                by_id[alert.alert_id] = alert
    return list(by_id.values())


def _replaced(heard: list[Alert]) -> Iterator[tuple[str, tuple[Millis, int, str]]]:
    """Each number referred to, and the rank of the last message that does."""
    for alert in sorted(heard, key=_rank):
        if alert.kind is not MessageKind.ALERT:
            yield from ((each, _rank(alert)) for each in alert.references)


def _events(heard: list[Alert]) -> dict[str, list[Alert]]:
    events: dict[str, list[Alert]] = {}
    for alert in heard:
        for each in alert.vtec:
            events.setdefault(each.key, []).append(alert)
    return events


def _holds(alert: Alert, zone: str, events: dict[str, list[Alert]]) -> bool:
    """Whether any of its events goes on in a zone and no later message speaks of that event there."""
    return any(
        each.goes_on and not any(_speaks_later(other, alert, zone) for other in events[each.key])
        for each in alert.vtec
    )


def _speaks_later(other: Alert, alert: Alert, zone: str) -> bool:
    return (
        _rank(other) > _rank(alert)
        and abs(other.sent_at - alert.sent_at) < SAME_EVENT_MS
        and (not zone or not other.zones or _code(zone) in map(_code, other.zones))
    )


def _code(zone: str) -> str:
    """`forecast/FLZ050` and `/FLZ050` are one zone, said with and without its kind."""
    return zone.rpartition("/")[2]


def _rank(alert: Alert) -> tuple[Millis, int, str]:
    """Which of two messages came later; of two of one minute, the one that ends something."""
    ends = alert.kind is MessageKind.CANCEL or any(not each.goes_on for each in alert.vtec)
    return alert.sent_at, int(ends), alert.alert_id


def _listed(listing: Listing | None) -> tuple[Millis, str]:
    return (-1, "") if listing is None else (listing.listed_at, repr(listing.alerts))


def _order(each: InForce) -> tuple[int, bool, Millis, str]:
    is_watch = not each.alert.event.endswith("Warning")
    return -each.alert.severity, is_watch, each.until or over_at(each.alert), each.alert.alert_id

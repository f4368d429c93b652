"""All that the wall says, put together in one place: numbers, words of ours, names of areas (S15)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QLocale

from dispatch.insight.wall import LISTED, Arrivals, Numbers, Unanswered, Waiting, Want
from dispatch.records import Activation, Band, Millis, Suspension, SyncStatus
from ui.sync_words import STALE_S, short_sync_words, sync_words
from ui.widgets import times


def _tr(text: str) -> str:
    return QCoreApplication.translate("wall", text)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it is, in several lengths, the longest first; `band` gives it a mark."""

    number: str
    label: tuple[str, ...]
    band: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """`want` is empty where nobody has acted: that is what most of the list waits for."""

    band: Band
    what: str
    where: str
    want: str
    age: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One part of the line that never goes away; `band` gives it a mark, without alarm it is grey."""

    words: tuple[str, ...]
    is_alarm: bool
    band: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    is_exercise: bool
    name: str
    clock: tuple[str, ...]
    sync: tuple[str, ...]
    sync_tone: str
    is_stale: bool  # so old that what is counted from it is greyed (U6)
    figures: tuple[Figure, ...]
    rows: tuple[Row, ...]
    rows_title: str
    nothing: str  # in place of the rows
    hours: Arrivals
    hours_title: str
    last_hour: tuple[str, ...]
    notices: tuple[Notice, ...]

    def texts(self) -> Iterator[str]:
        """Everything in words, for who cannot see it and for who checks it."""
        yield from (self.name, self.clock[0], self.sync[0])
        yield from (f"{each.number} {each.label[0]}" for each in self.figures)
        yield from (self.rows_title, self.nothing)
        for row in self.rows:
            yield ", ".join(filter(None, (f"{row.band.name} {row.what}", row.where, row.want, row.age)))
        yield from (self.hours_title, self.last_hour[0])
        yield from (each.words[0] for each in self.notices)


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted from the board, once for many seconds."""

    numbers: Numbers
    unanswered: Unanswered
    arrivals: Arrivals


@dataclass(frozen=True, slots=True)
class Around:
    """What holds beside the board. `away_since` is 0 while the room's database answers."""

    activation: Activation
    suspensions: Sequence[Suspension]
    status: SyncStatus | None
    is_sync_lost: bool
    away_since: Millis
    now: Millis
    wall_now_s: float
    zone: ZoneInfo
    category: Callable[[str], str]


def said(counted: Counted, around: Around) -> Said:
    sync, tone, age_s = _sync(around)
    waiting = counted.unanswered
    return Said(
        is_exercise=around.activation.is_exercise,
        name=around.activation.name,
        clock=_clock(around),
        sync=sync,
        sync_tone=tone,
        is_stale=age_s >= STALE_S or bool(around.away_since),
        figures=_figures(counted, around),
        rows=tuple(_row(each, around) for each in waiting.first),
        rows_title=_rows_title(waiting.count),
        nothing="" if waiting.first else _tr("Nobody waits for a first act or for an answer."),
        hours=counted.arrivals,
        hours_title=_tr("Reports by hour"),
        last_hour=_last_hour(counted.numbers),
        notices=_notices(waiting, around),
    )


def blanked(at: Millis, now: Millis, zone: ZoneInfo) -> str:
    return _tr("Wall blanked since {}").format(times.clock(at, now, zone))


def title(activation: Activation) -> str:
    parts = [_tr("EXERCISE")] if activation.is_exercise else []
    return " · ".join([*parts, activation.name, _tr("Wall"), "Landfall"])


def _figures(counted: Counted, around: Around) -> tuple[Figure, ...]:
    """What a mayor asks who walks in: how many called, how much is open, whose life is in danger, how long
    somebody has waited for us, is it getting worse."""
    numbers, oldest = counted.numbers, counted.unanswered.oldest
    p1 = (_tr("P1, nobody acted: {}").format(_many(numbers.p1_untouched)),) if numbers.p1_untouched else ()
    return (
        Figure(_many(numbers.reports), (_since(numbers, around), _tr("reports"))),
        Figure(_many(numbers.sites_open), (_tr("sites open"),)),
        Figure(_many(numbers.p1_open), (*p1, _tr("P1 open")), band=Band.P1),
        Figure(
            times.age(around.now - oldest.since_at) if oldest else _tr("none"),
            (_tr("longest unanswered"),) if oldest else (_tr("P1 or P2 unanswered"),),
            band=oldest.band if oldest else 0,
        ),
        Figure(
            _many(numbers.last_hour),
            (_tr("last hour, {} before").format(_many(numbers.hour_before)), _tr("in the last hour")),
        ),
    )


def _since(numbers: Numbers, around: Around) -> str:
    if numbers.since_at < around.activation.started_at:
        return _tr("reports in 24 hours")
    return _tr("reports since {}").format(times.clock(numbers.since_at, around.now, around.zone))


def _row(each: Waiting, around: Around) -> Row:
    """Of a restricted site "life safety" and the neighborhood; of no site a street: visitors and cameras look
    at the wall, and with its category a street says who is in trouble. Who has to drive there reads a
    console."""
    what = around.category(each.category) if each.category else _tr("Life safety")
    wants = {Want.FIRST_ACT: "", Want.ANSWER: _tr("handed over"), Want.CAME_BACK: _tr("came back")}
    where = each.hood or _tr("neighborhood unknown")
    return Row(each.band, what, where, wants[each.want], times.age(around.now - each.since_at))


def _rows_title(count: int) -> str:
    if count > LISTED:
        return _tr("Longest unanswered: {} of {}").format(LISTED, _many(count))
    return _tr("Longest unanswered")


def _last_hour(numbers: Numbers) -> tuple[str, ...]:
    whole = _tr("{} in the last hour, {} in the hour before")
    short = _tr("{} in the last hour")
    last, before = _many(numbers.last_hour), _many(numbers.hour_before)
    return whole.format(last, before), short.format(last)


def _notices(waiting: Unanswered, around: Around) -> tuple[Notice, ...]:
    """Stays in sight whatever view is shown."""
    found = [_p1_notice(waiting, around)]
    if around.suspensions:
        # Why is somebody's own words, and stays at the consoles.
        since_at = min(each.since_at for each in around.suspensions)
        since = times.clock(since_at, around.now, around.zone)
        words = _tr("Field response suspended since {}").format(since), _tr("Response suspended")
        found.append(Notice(words, is_alarm=True))
    if around.away_since:
        since = times.clock(around.away_since, around.now, around.zone)
        words = _tr("Database away since {}").format(since), _tr("Database away")
        found.append(Notice(words, is_alarm=True))
    if around.is_sync_lost:
        found.append(Notice(_lost(around), is_alarm=True))
    return tuple(found)


def _p1_notice(waiting: Unanswered, around: Around) -> Notice:
    if not waiting.p1:
        return Notice((_tr("No P1 unanswered"),), is_alarm=False)
    age = times.age(around.now - waiting.p1_oldest_at)
    words = _tr("{} P1 unanswered, oldest {}"), _tr("{} P1, oldest {}")
    return Notice(tuple(each.format(_many(waiting.p1), age) for each in words), is_alarm=True, band=Band.P1)


def _lost(around: Around) -> tuple[str, ...]:
    """Offline in words, with what has not left (U6)."""
    status = around.status
    if status is None or status.in_step_at is None:
        return (_tr("No 311 data yet"),)
    age = times.age(round((around.wall_now_s - status.in_step_at) * 1000))
    short = _tr("No 311 data for {}").format(age)
    to_send = _tr("{}, {} to send").format(short, _many(status.to_send))
    return (to_send, short) if status.to_send else (short,)


def _sync(around: Around) -> tuple[tuple[str, ...], str, float]:
    """As the status line says it where it has little room, then without its counts; its tone; how many
    seconds old the data is."""
    status, now_s = around.status, around.wall_now_s
    _sentence, tone = sync_words(status, now_s)
    known_s = status.in_step_at if status is not None and status.state != "elsewhere" else None
    words = short_sync_words(status, now_s)
    return (words, words.split(" · ")[0]), tone, 0.0 if known_s is None else now_s - known_s


def _clock(around: Around) -> tuple[str, ...]:
    local = times.local(around.now, around.zone)
    day = QLocale().dayName(local.isoweekday(), QLocale.FormatType.ShortFormat)
    return f"{day} {local:%H:%M}", f"{local:%H:%M}"


def _many(count: int) -> str:
    return QLocale().toString(count)

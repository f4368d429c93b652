"""The rows of the first part: alarms, what waits, channels, seats, the database; each with what it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from zoneinfo import ZoneInfo

from dispatch.alarms import BUDGET, OF_NO_SITE, Kind
from dispatch.escalation.channels import CHANNELS
from dispatch.insight.called import AlarmCounts
from dispatch.records import Millis, ShelfReason, Standing, SyncStatus
from dispatch.statistics_desk import RoomCounts
from ui.sheets.shelve import kind_words, reason_words
from ui.sound import Alarm
from ui.statistics import words
from ui.statistics.words import NONE, number, tr
from ui.widgets import times
from ui.widgets.count_table import Cell, Column, Row, cells

Open = Callable[[Iterable[int], str], Callable[[], None] | None]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def columns() -> Mapping[str, tuple[Column, ...]]:
    names = Column("", 30, is_number=False)
    return {
        "alarms": (
            Column("", 40, is_number=False),
            Column(tr("last hour"), 18),
            Column(tr("this period"), 20),
            Column(tr("since activation"), 26),
        ),
        "kinds": (
            Column("", 46, is_number=False),
            Column(tr("alarms"), 13),
            Column("", 11, is_number=False),
            Column(tr("half"), 15),
            Column(tr("9 in 10"), 15),
            Column(tr("acted + waiting"), 27),
        ),
        "shelved": (
            Column("", 42, is_number=False),
            Column(tr("why"), 34, is_number=False),
            Column(tr("until"), 16),
        ),
        "sync": (names, Column("", 28), Column(tr("since"), 24)),
        "channels": (
            Column("", 24, is_number=False),
            Column(tr("gone"), 13),
            Column(tr("wait"), 13),
            Column(tr("retry"), 14),
            Column(tr("dead"), 13),
            Column(tr("last"), 18),
            Column(tr("receipt, half"), 28),
        ),
        "seats": (
            Column("", 30, is_number=False),
            Column(tr("here"), 18),
            Column(tr("last act"), 22),
            Column(tr("in 1 h"), 16),
            Column(tr("acts"), 14),
        ),
        "database": (names, Column("", 30)),
    }


class RoomWords:
    """`opens` makes what Enter does of sites and the words over them; None where there are none."""

    def __init__(self, counts: RoomCounts, *, alarm: Alarm | None, zone: ZoneInfo, opens: Open) -> None:
        self._counts = counts
        self._alarm = alarm
        self._zone = zone
        self._opens = opens

    def rows(self) -> Mapping[str, list[Row]]:
        return {
            "alarms": self._alarms(),
            "kinds": self._kinds(),
            "shelved": self._shelved(),
            "sync": self._sync(),
            "channels": self._channels(),
            "seats": self._seats(),
            "database": self._database(),
        }

    # -- alarms ---------------------------------------------------------------------------------------

    def _alarms(self) -> list[Row]:
        spans = self._counts.alarms
        sites = frozenset[int]().union(*(each.site_ids for each in spans[2].of_kind.values()))
        calling = frozenset[int]().union(*(each.calling for each in spans[2].of_kind.values()))
        takes = [each.first_act for each in spans]

        def row(name: str, said: Iterable[Cell], counts: str, ids: frozenset[int] = sites) -> Row:
            return Row((Cell(name), *said), counts, self._opens(ids, name))

        return [
            row(
                tr("Alarms"),
                cells(*(number(each.count) for each in spans)),
                tr("Alarms that began in the time. One counts once, at however many seats it calls."),
            ),
            row(
                tr("For each operator in 10 min"),
                [self._rate(each) for each in spans],
                tr(
                    "Mean of ten minutes, shared by the seats at which somebody acted in them; budget {}."
                ).format(BUDGET),
            ),
            row(
                tr("In a flood"),
                cells(*(times.age(each.flood_ms) if each.flood_ms else NONE for each in spans)),
                tr("Time from more than 10 alarms in ten minutes until fewer than 5."),
            ),
            row(
                tr("First act: half within"),
                cells(*(words.within(each, each.half) for each in takes)),
                tr("From the alarm to the first act on its site, those that still wait counted in."),
            ),
            row(
                tr("9 in 10 within"),
                cells(*(words.within(each, each.nine_in_ten) for each in takes)),
                tr("Only a tenth took longer. “Not yet”: more than a tenth wait still."),
            ),
            row(
                tr("Acted on + waiting"),
                cells(*(words.rests_on(each) for each in takes)),
                tr("On how many the two times rest. Enter shows those that call still."),
                calling,
            ),
        ]

    def _rate(self, span: AlarmCounts) -> Cell:
        is_over = span.per_operator > BUDGET
        return Cell(words.one_place(span.per_operator), tone="warn" if is_over else "text")

    def _kinds(self) -> list[Row]:
        of_kind = self._counts.alarms[2].of_kind
        most = max((each.count for each in of_kind.values()), default=1)
        rows = []
        for kind, each in sorted(of_kind.items(), key=lambda item: -item[1].count):
            took, name = each.first_act, _upper(kind_words(kind))
            said = (
                *(Cell(name), Cell(number(each.count)), Cell(bar=each.count / most)),
                *cells(words.within(took, took.half), words.within(took, took.nine_in_ten)),
                Cell(words.rests_on(took)),
            )
            rows.append(Row(said, _KINDS[kind](), self._opens(each.site_ids, name)))
        return rows + [self._here_only(kind) for kind in OF_NO_SITE if self._heard_here(kind)]

    def _heard_here(self, kind: Kind) -> int:
        return self._alarm.log.tally().by_kind.get(kind, 0) if self._alarm else 0

    def _here_only(self, kind: Kind) -> Row:
        name = tr("{}, at this seat").format(_upper(kind_words(kind)))
        said = (Cell(name), Cell(number(self._heard_here(kind))), Cell(""), *cells(NONE, NONE, NONE))
        counts = tr("Each seat hears it for itself, and it is not kept: since this console was opened.")
        return Row(said, counts)

    def _shelved(self) -> list[Row]:
        now = self._alarm.wall_now() if self._alarm else 0
        rows = [
            Row(
                (
                    Cell(_upper(kind_words(Kind(each.kind)))),
                    Cell(reason_words(ShelfReason(each.reason))),
                    Cell(times.clock(each.until, now, self._zone)),
                ),
                tr("Set aside at every seat until then, by a clock on the wall; who did it is in the log."),
                self._opens([each.site_id] if each.site_id else [], tr("Shelved")),
            )
            for each in self._counts.shelved
        ]
        is_muted = self._alarm is not None and self._alarm.is_muted
        sound = tr("muted") if is_muted else tr("sounds")
        mute = tr("A mute is of one seat, 15 minutes at most, and not kept: of other seats nothing is known.")
        return [*rows, Row((Cell(tr("This seat")), Cell(sound), Cell("")), mute)]

    # -- the console ----------------------------------------------------------------------------------

    def _sync(self) -> list[Row]:
        counts = self._counts
        rows = [*self._line(), self._calls()]
        rows += [
            self._standing(
                tr("To send"), counts.waiting, tr("Messages and acts that have not left for the 311 server.")
            ),
            self._standing(
                tr("Refused"),
                counts.refused,
                tr("What the 311 server refused: a person has to look."),
                "warn",
            ),
            self._standing(
                tr("At a moderator"), counts.held, tr("Sent; the city shows it once it was read.")
            ),
            self._standing(
                tr("In quarantine"),
                counts.quarantine,
                tr("Rows of the 311 server that could not be read, kept as they came."),
                "warn",
            ),
            self._age(),
        ]
        return rows

    def _line(self) -> list[Row]:
        status = self._alarm.status if self._alarm else None
        counts = tr("Whether everything that changed on the 311 server is here, and when it last was.")
        by = self._counts.line.synced_by
        if status is None or status.state == "elsewhere":
            said = tr("by {}").format(by) if by else tr("not from here")
            return [Row((Cell(tr("311 server")), Cell(said), Cell(NONE)), counts)]
        said, tone = _STATES.get(status.state, lambda: (status.state, "text"))()
        return [Row((Cell(tr("311 server")), Cell(said, tone=tone), Cell(self._in_step(status))), counts)]

    def _in_step(self, status: SyncStatus) -> str:
        if status.in_step_at is None or self._alarm is None:
            return tr("never yet")
        return tr("{} ago").format(times.age(self._alarm.wall_now() - round(status.in_step_at * 1000)))

    def _calls(self) -> Row:
        status, made = self._alarm.status if self._alarm else None, self._counts.line.calls
        agreed = number(status.calls_per_minute) if status and status.calls_per_minute else NONE
        said = NONE if made is None else number(made)
        counts = tr("Made in the last minute, and agreed. A store of one seat does not keep those made.")
        return Row((Cell(tr("Calls a minute")), Cell(said), Cell(tr("of {}").format(agreed))), counts)

    def _standing(self, name: str, found: Standing, counts: str, tone: str = "text") -> Row:
        since = NONE if found.oldest_at is None else self._clock(found.oldest_at)
        said = Cell(number(found.count), tone=tone if found.count else "text_dim")
        return Row((Cell(name), said, Cell(since)), counts, self._opens(found.site_ids, name))

    def _age(self) -> Row:
        newest = self._counts.line.newest_at or None
        age = NONE if newest is None else times.age(self._counts.at - newest)
        counts = tr("How old the newest change is that the 311 server told of.")
        return Row(
            (Cell(tr("Newest data")), Cell(age), Cell(self._clock(newest) if newest else NONE)), counts
        )

    def _channels(self) -> list[Row]:
        rows = []
        for each in self._counts.channels:
            label = CHANNELS[each.channel].label if each.channel in CHANNELS else each.channel
            receipt = Cell(NONE, tone="text_dim")
            if each.receipt is not None:
                receipt = Cell(words.lasts(each.receipt.half), tr("n {}").format(number(each.receipt.done)))
            said = (
                *cells(label, number(each.gone), number(each.waiting) if each.waiting else NONE),
                *(self._trouble(count) for count in (each.retrying, each.given_up)),
                Cell(self._clock(each.last_at) if each.last_at else NONE),
                receipt,
            )
            counts = tr(
                "Deliveries as they stand, and when the last one went. Receipt: from the hand-over, where "
                "the channel gives one, those that wait counted in. Enter shows what did not leave."
            )
            rows.append(Row(said, counts, self._opens(each.trouble, label)))
        return rows

    @staticmethod
    def _trouble(count: int) -> Cell:
        return Cell(number(count), tone="warn") if count else Cell(NONE, tone="text_dim")

    def _seats(self) -> list[Row]:
        counts = tr("Acts of people at this seat, in the order of the seats' names: nobody is ranked.")
        return [
            Row(
                cells(
                    each.seat,
                    tr("here") if each.is_here else NONE,
                    self._clock(each.last_at) if each.last_at else NONE,
                    number(each.last_hour),
                    number(each.acts),
                ),
                counts,
            )
            for each in self._counts.seats
        ]

    def _database(self) -> list[Row]:
        found = self._counts.database
        rows = [
            Row(cells(found.kind, words.size(found.size)), tr("The store and how much it takes on disk."))
        ]
        rows += [
            Row(cells(label, number(found.rows[name])), tr("Rows of the store."))
            for name, label in (
                ("request", tr("Service requests")),
                ("message", tr("Lines of threads")),
                ("activity_log", tr("Log entries")),
            )
        ]
        return rows

    def _clock(self, at: Millis) -> str:
        return times.clock(at, self._counts.at, self._zone)


_STATES: Mapping[str, Callable[[], tuple[str, str]]] = {
    "in_step": lambda: (tr("in step"), "text"),
    "starting": lambda: (tr("starting"), "text"),
    "behind": lambda: (tr("behind"), "warn"),
    "waiting": lambda: (tr("does not answer"), "alarm"),
    "refused": lambda: (tr("refuses us"), "alarm"),
    "stopped": lambda: (tr("stopped"), "alarm"),
}
_KINDS: Mapping[Kind, Callable[[], str]] = {
    Kind.UNSEEN_P1: lambda: tr("From the first report, or from when the room opened, to the first act."),
    Kind.REFUSED: lambda: tr("From the answer that returned it to the next act on the site."),
    Kind.EXPIRED: lambda: tr("From when its time to be accepted ran out to the next act on the site."),
    Kind.OVERDUE: lambda: tr(
        "P1 and P2 past need-by or ETA, without a resource, 911 not told. Of a clock that was set anew the "
        "last time counts."
    ),
}

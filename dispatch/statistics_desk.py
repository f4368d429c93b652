"""The supervisor's statistics: how the console itself does, and what residents heard. Reads and counts for
long where thousands are concerned: on the caller's thread, not on the store lane, where clicks wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dispatch import alarm_history
from dispatch.escalation.printout import PRINT_FOLDER
from dispatch.forms import weekly
from dispatch.forms.common import file_mark, local
from dispatch.insight import told_times
from dispatch.insight.called import AlarmCounts, alarm_counts
from dispatch.insight.heard import HeardByWeek, heard, weeks
from dispatch.insight.room_counts import ChannelCounts, SeatCounts, channel_counts, seat_counts
from dispatch.jurisdiction import Jurisdiction
from dispatch.periods import operational_period
from dispatch.records import Actor, Database, Line311, Millis, Shelf, Standing
from dispatch.reports import pdf
from dispatch.residents.told import NOT_911
from dispatch.store import expected, forms, heard_rows, room_rows, shelves
from dispatch.store.store import Store
from dispatch.whole_file import write_into

HOUR_MS = 3_600_000
WEEKS = 4


@dataclass(frozen=True, slots=True)
class RoomCounts:
    """Counted at `at`. `alarms` are of the last hour, of this operational period and since activation."""

    at: Millis
    alarms: tuple[AlarmCounts, AlarmCounts, AlarmCounts]
    shelved: tuple[Shelf, ...]
    channels: tuple[ChannelCounts, ...]
    seats: tuple[SeatCounts, ...]
    waiting: Standing
    refused: Standing
    held: Standing
    quarantine: Standing
    line: Line311
    database: Database


@dataclass(frozen=True, slots=True)
class TrustCounts:
    at: Millis
    heard: HeardByWeek


class StatisticsDesk:
    """`family` gives that of a category as the rules in force have it; `folder` is the data folder."""

    def __init__(
        self,
        *,
        store: Store,
        actor: Callable[[], Actor],
        wall_now: Callable[[], Millis],
        jurisdiction: Jurisdiction,
        family: Callable[[str], str],
        folder: Path,
    ) -> None:
        self._store = store
        self._actor = actor
        self._wall_now = wall_now
        self._jurisdiction = jurisdiction
        self._family = family
        self._folder = folder

    def room(self) -> RoomCounts:
        actor, now = self._actor(), self._store.clock.now()
        with self._store.reading() as connection:
            rows = room_rows.read(connection, actor.activation_id, now)
            hand_overs = room_rows.hand_overs(connection, actor.activation_id)
            touched = {m.site_id for m in rows.came_back} | {e.site_id for e in hand_overs}
            acts = room_rows.acts_at(connection, touched)
            shelved = shelves.in_force(connection, actor.activation_id, self._wall_now())
        alarms = [
            *alarm_history.untouched(rows.first_acts, rows.started_at),
            *alarm_history.came_back(rows.came_back, acts),
            *alarm_history.overdue(hand_overs, acts, now),
        ]
        _, period_from, _ = operational_period(rows.started_at, now, self._jurisdiction.zone)
        began = (now - HOUR_MS, period_from, rows.started_at)
        hour, period, all_of_it = (
            alarm_counts(alarms, rows.operators, max(each, rows.started_at), now + 1) for each in began
        )
        return RoomCounts(
            at=now,
            alarms=(hour, period, all_of_it),
            shelved=tuple(replace(each, who="", position="", seat="", note="") for each in shelved),
            channels=channel_counts(rows.ways, now),
            seats=seat_counts(rows.seats, {*rows.here, actor.seat}),
            waiting=rows.waiting,
            refused=rows.refused,
            held=rows.held,
            quarantine=rows.quarantine,
            line=rows.line,
            database=rows.database,
        )

    def trust(self, week_of: Millis) -> TrustCounts:
        """The week that holds this time, last, and those before it."""
        spans = weeks(week_of, WEEKS, self._jurisdiction.zone)
        of = self._actor().activation_id, spans[0][0], spans[-1][1]
        with self._store.reading() as connection:
            reports = heard_rows.reports(connection, *of)
            lines = heard_rows.lines(connection, reports, fixed=(NOT_911,))
            tellings = expected.tellings(connection, of[0], since_at=spans[0][0])
        now = self._store.clock.now()
        families = [self._family(category) for category in reports.categories]
        promises = told_times.decided(tellings, now)
        return TrustCounts(now, heard(reports, lines, spans, now, families, promises))

    def weekly_page(self, counts: TrustCounts, family_words: Mapping[str, str]) -> weekly.Weekly:
        """Of the last of the weeks, as it prints."""
        actor = self._actor()
        with self._store.reading() as connection:
            incident = forms.incident(connection, actor.activation_id)
        return weekly.fill(
            counts.heard.weeks,
            counts.heard.of_all,
            {family_words.get(name, name): found for name, found in counts.heard.departments.items()},
            counts.at,
            self._jurisdiction.zone,
            city=self._jurisdiction.name,
            incident=incident.name,
            is_exercise=incident.is_exercise,
            is_named_by_server=counts.heard.is_named_by_server,
        )

    def print_weekly(self, counts: TrustCounts, family_words: Mapping[str, str]) -> Path:
        page = self.weekly_page(counts, family_words)
        monday = local(counts.heard.weeks[-1][0], self._jurisdiction.zone)
        return self._write(
            self._marked(f"weekly-page_{monday:%Y-%m-%d}.pdf", page.is_exercise), pdf.weekly(page)
        )

    def save_tables(self, name: str, content: bytes, is_exercise: bool) -> Path:
        """`name` says what is in it; when it was counted is added."""
        at = local(self._store.clock.now(), self._jurisdiction.zone)
        return self._write(self._marked(f"{name}_{at:%Y-%m-%d-%H%M}.csv", is_exercise), content)

    def _marked(self, name: str, is_exercise: bool) -> str:
        return f"{file_mark(is_exercise)}{name}"

    def _write(self, name: str, content: bytes) -> Path:
        return write_into(self._folder / PRINT_FOLDER, name, content)

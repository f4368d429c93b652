"""Every figure of the statistics again, by a few lines of SQL of its own over the same store, filled by the
Irma exercise and a room that works in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from dispatch.alarms import Kind, calls
from dispatch.records import BadRecord, CloseReason, Millis, ReturnCode, ShelfReason
from dispatch.store import mirror
from dispatch.sync.budget import Lane
from tests.city import City
from tests.rooms import Room

MINUTE, HOUR = 60_000, 3_600_000
WORDS = "We have looked at it. Please keep away. Call 727-555-0100 with questions."
LIVE = "(s.own_flags | s.flags) & 1024 = 0"  # not one that stands in another site
ITS_OWN = (
    "('activation', 'closed', 'sent', 'received', 'expired', 'not_handed_over', 'server', 'gone', 'back')"
)
SQL_WEEK = """
WITH r AS (
  SELECT q.*, m.site_id, a.category,
    CASE WHEN q.status IN ('closed', 'archived') THEN coalesce(q.closed_at, q.updated_at) ELSE 0 END AS ended
  FROM request q JOIN membership m ON m.request_key = q.request_key
  JOIN assessment a ON a.request_key = q.request_key
  JOIN site s ON s.site_id = m.site_id
  WHERE q.created_at >= :since AND q.created_at < :until AND s.state_reason <> 'spam'
), ours AS (
  SELECT l.request_key, l.at, r.ended FROM message l JOIN r ON r.request_key = l.request_key
  WHERE l.author_role IN ('Verified Official', 'Admin') AND l.is_internal = 0
    AND l.at >= r.created_at + 60000 AND l.text <> '' AND l.text NOT LIKE '%assigned this issue to%'
    AND l.text NOT LIKE 'This is a duplicate of%' AND l.text NOT LIKE '%not 911: if anyone is in danger%'
), told AS (
  SELECT r.request_key, r.category, r.created_at, r.ended,
    (SELECT min(at) FROM ours o WHERE o.request_key = r.request_key) AS first_at,
    (SELECT count(*) FROM ours o WHERE o.request_key = r.request_key AND r.ended > 0
       AND o.at >= r.ended - 600000) AS done,
    (SELECT count(*) FROM ours o WHERE o.request_key = r.request_key AND o.at < r.ended - 600000) AS before,
    CASE WHEN r.updated_at <= r.created_at + 90000
      OR r.updated_at <= (SELECT max(at) FROM message l WHERE l.request_key = r.request_key)
      THEN 1 ELSE 0 END AS is_read
  FROM r
)
"""


class Storm:
    def __init__(self, room: Room, city: City, clock: Any, run: Callable[..., Any]) -> None:
        self.room, self.city, self.clock, self._run = room, city, clock, run

    def go_on(self, **time: float) -> None:
        """What was done leaves now; then time goes by, and what came meanwhile is fetched."""
        self._sync()
        self.clock.advance(**time)
        self.city.clock(forward_s=(self.clock.now() - self._city_now()) / 1000)
        self._sync()

    def _sync(self) -> None:
        for _ in range(4):
            self.room.sync()

    def read(self, request_id: str) -> None:
        """Somebody looks at it: its thread is fetched."""
        self._run(self.room.work._fetch_thread(request_id, Lane.LIVE))

    def sql(self, query: str, **given: Any) -> list[Any]:
        with self.room.store.reading() as connection:
            return [tuple(row) for row in connection.execute(text(query), given)]

    def one(self, query: str, **given: Any) -> Any:
        [row] = self.sql(query, **given)
        return row if len(row) > 1 else row[0]

    def _city_now(self) -> int:
        return round(datetime.fromisoformat(self.city.clock()["now"]).timestamp() * 1000)


@pytest.fixture(params=["sqlite", "postgresql"])
def storm(
    tmp_path: Path, clock: Any, run: Callable[..., Any], request: pytest.FixtureRequest
) -> Iterator[Storm]:
    url = "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    with City(tmp_path / "city", storm="irma") as city:
        clock.set(round(datetime.fromisoformat(city.clock()["now"]).timestamp() * 1000))
        room = Room(tmp_path / "seat", city, clock, run, store_url=url)
        room.sync()
        made = Storm(room, city, clock, run)
        _work(made)
        yield made
        room.close()


def _work(storm: Storm) -> None:
    """Half an hour of a room: answers, closes, hand-overs that come back and that nobody takes."""
    room, city = storm.room, storm.city
    rows = storm.sql("SELECT site_id, band FROM site s WHERE state <> 3 ORDER BY band, first_at DESC")
    p1, rest = [site for site, band in rows if band == 1], [site for site, band in rows if band > 2]
    remote = dict(storm.sql("SELECT request_key, remote_id FROM request"))
    storm.go_on(minutes=4)
    room.desk.claim(p1[0])
    for site_id in rest[:6]:
        room.desk.message(site_id, WORDS)
    storm.go_on(minutes=3)
    for site_id in rest[:2]:  # told once more on the way
        room.desk.message(site_id, f"{WORDS} A crew has it on its list.")
    city.elsewhere(remote[rest[3]], "comment", "When does somebody come?")
    city.elsewhere(
        remote[rest[4]], "comment", "City of St. Petersburg assigned this issue to Parks", "office"
    )
    storm.go_on(minutes=20)
    for site_id in rest[:3]:
        reason = CloseReason.NO_LONGER_NEEDED
        room.desk.close(site_id, reason, message="It is done. Thank you." if site_id != rest[2] else "")
    for site_id in (rest[7], rest[8]):
        city.elsewhere(
            remote[site_id], "close", "Cleared by the day crew." if site_id == rest[7] else "", "x"
        )
    back, _, taken = (room.desk.escalate(room.desk.draft(site_id)) for site_id in rest[10:13])
    storm.go_on(minutes=2)
    room.em_desk.give_back(back.escalation_id, ReturnCode.NO_RESOURCE)
    room.em_desk.accept(taken.escalation_id, "crew 4")
    storm.go_on(minutes=70)
    room.em_desk.expire_overdue()
    for site_id in rest[:9]:
        storm.read(remote[site_id])
    storm.go_on(minutes=5)
    room.desk.claim(rest[10])
    with room.store.transaction(room.parts.actor) as tx:
        mirror.put_in_quarantine(tx.connection, 1, [BadRecord("no id", b"{}", "77")], storm.clock.now())
    room.parts.alarm_desk.shelve(Kind.MISMATCH, 0, ShelfReason.KNOWN_FAULT, 30)


def km(done: list[int], waiting: list[int], share: float) -> int | None:
    """The product-limit estimate once more, one time after the other."""
    left = 1.0
    for at in sorted(set(done)):
        at_risk = sum(each >= at for each in done) + sum(each >= at for each in waiting)
        left *= 1 - done.count(at) / at_risk
        if 1 - left >= share - 1e-9:
            return at
    return None


def test_alarms_and_the_console_are_what_sql_says_of_the_same_store(storm: Storm) -> None:
    for check in (_alarms, _calling, _console):
        check(storm)


def test_what_residents_heard_is_what_sql_says_of_the_same_store(storm: Storm) -> None:
    for check in (_heard, _told_by, _rows):
        check(storm)


def _alarms(storm: Storm) -> None:
    room, now = storm.room, storm.clock.now()
    found = room.parts.statistics_desk.room()
    hour, _, whole = found.alarms
    started = storm.one("SELECT started_at FROM activation")
    p1 = storm.sql(
        f"SELECT CASE WHEN first_at > :started THEN first_at ELSE :started END, acted_at, state FROM site s "
        f"WHERE assessed_band = 1 AND {LIVE}",
        started=started,
    )
    back = storm.sql("SELECT site_id, act, at FROM activity_log WHERE act IN ('return', 'expired')")

    unseen = whole.of_kind[Kind.UNSEEN_P1]
    assert unseen.count == len(p1) > 2
    done = [acted - began for began, acted, _ in p1 if acted]
    waiting = [now + 1 - began for began, acted, _ in p1 if not acted]
    assert (unseen.first_act.done, unseen.first_act.waiting) == (len(done), len(waiting))
    assert unseen.first_act.half == km(done, waiting, 0.5)
    assert [each[1] for each in back].count("return") == whole.of_kind[Kind.REFUSED].count == 1
    assert {site for site, act, _ in back if act == "expired"} == whole.of_kind[Kind.EXPIRED].site_ids
    assert whole.of_kind[Kind.REFUSED].calling == set() and whole.of_kind[Kind.EXPIRED].calling
    in_hour = sum(began > now - HOUR for began, _, _ in p1) + sum(at > now - HOUR for *_, at in back)
    overdue = hour.of_kind[Kind.OVERDUE].count if Kind.OVERDUE in hour.of_kind else 0
    assert hour.count - overdue == in_hour
    acted = storm.sql(
        "SELECT DISTINCT at / 600000, seat FROM activity_log WHERE person <> '' AND seat <> '' "
        f"AND act NOT IN {ITS_OWN}"
    )
    windows = (now + 1 - started) / (10 * MINUTE)
    assert {seat for _, seat in acted} == {"Seat 1"}, "with one seat every ten minutes count once"
    assert whole.per_operator == pytest.approx(whole.count / windows)


def _calling(storm: Storm) -> None:
    room = storm.room
    room.parts.load()
    calling = calls(room.parts.board, storm.clock.now())
    counted = room.parts.statistics_desk.room().alarms[2].of_kind
    for kind in (Kind.UNSEEN_P1, Kind.REFUSED, Kind.EXPIRED, Kind.OVERDUE):
        found = counted[kind].calling if kind in counted else frozenset()
        on_board = {site_id for each, site_id in calling if each is kind}
        if kind is Kind.REFUSED:
            assert not found and len(on_board) == 1, "somebody has acted on it, and the board calls on"
        else:
            assert found == on_board, kind


def _console(storm: Storm) -> None:
    room, now = storm.room, storm.clock.now()
    found = room.parts.statistics_desk.room()

    for name, count in found.database.rows.items():
        assert count == storm.one(f"SELECT count(*) FROM {name}"), name
    assert found.database.size > 100_000
    assert found.quarantine.count == 1 and found.quarantine.oldest_at == now
    count, oldest = storm.one("SELECT count(*), min(at) FROM outbox WHERE state IN ('waiting', 'sending')")
    assert (found.waiting.count, found.waiting.oldest_at) == (count, oldest)
    for each in found.channels:
        states = dict(
            storm.sql("SELECT state, count(*) FROM delivery WHERE channel = :c GROUP BY 1", c=each.channel)
        )
        assert each.gone == states.get("sent", 0) + states.get("delivered", 0)
        assert (each.waiting, each.retrying) == (states.get("queued", 0), states.get("failed", 0))
        took = storm.sql(
            "SELECT d.at - e.created_at FROM delivery d JOIN escalation e ON e.escalation_id = "
            "d.escalation_id WHERE d.state = 'delivered' AND d.channel = :c",
            c=each.channel,
        )
        assert (each.receipt.done if each.receipt else 0) == len(took)
    assert sum(each.gone for each in found.channels) > 2
    acts = storm.one(
        "SELECT count(*), max(at) FROM activity_log WHERE seat = 'Seat 1' AND person <> '' "
        f"AND act NOT IN {ITS_OWN}"
    )
    [seat] = found.seats
    assert (seat.seat, seat.acts, seat.last_at, seat.is_here) == ("Seat 1", *acts, True)
    [shelf] = found.shelved
    assert (shelf.kind, shelf.who, shelf.seat) == (Kind.MISMATCH, "", ""), "nobody is named"


def _heard(storm: Storm) -> None:
    room, now = storm.room, storm.clock.now()
    found = room.parts.statistics_desk.trust(now).heard
    family = room.parts.shown().family

    assert len(found.weeks) == 4 and found.weeks[-1][0] <= now < found.weeks[-1][1]
    for (since, until), heard in zip(found.weeks, found.of_all, strict=True):
        rows = storm.sql(
            f"{SQL_WEEK} SELECT category, created_at, ended, first_at, done, before, is_read FROM told",
            since=since,
            until=until,
        )
        _compare(heard, rows, now)
        for name, by_week in found.departments.items():
            of_it = [row for row in rows if family(row[0]) == name]
            _compare(by_week[found.weeks.index((since, until))], of_it, now)
    this = found.of_all[-1]
    assert this.answered.count >= 6 and this.along.count == 2 and this.done.count >= 3
    assert this.silent.count >= 1, "closed by button alone"


def _compare(heard: Any, rows: list[Any], now: Millis) -> None:
    read = [row for row in rows if row[6]]
    closed = [row for row in read if row[2]]
    assert heard.reports == len(rows) and (heard.read.count, heard.read.of) == (len(read), len(rows))
    assert (heard.answered.count, heard.answered.of) == (sum(r[3] is not None for r in read), len(read))
    assert (heard.done.count, heard.done.of) == (sum(r[4] > 0 for r in closed), len(closed))
    assert heard.along.count == sum(r[5] > 1 for r in closed)
    assert heard.silent.count == sum(r[3] is None for r in closed)
    done = [r[3] - r[1] for r in read if r[3] is not None]
    waiting = [(r[2] or now) - r[1] for r in read if r[3] is None]
    assert heard.half == km(done, waiting, 0.5) and heard.nine_in_ten == km(done, waiting, 0.9)


def _told_by(storm: Storm) -> None:
    found = storm.room.parts.statistics_desk.trust(storm.clock.now()).heard
    for (since, until), heard in zip(found.weeks, found.of_all, strict=True):
        where = "WHERE created_at >= :since AND created_at < :until"
        span = {"since": since, "until": until}
        staff = storm.one(
            f"SELECT count(*) FROM request {where} AND reporter_role = 'Verified Official'", **span
        )
        nobody = storm.one(
            f"SELECT count(*) FROM request {where} AND reporter_role <> 'Verified Official' "
            "AND reporter_id IN ('', '0')",
            **span,
        )
        account, distinct = storm.one(
            f"SELECT count(*), count(DISTINCT reporter_id) FROM request {where} "
            "AND reporter_role <> 'Verified Official' AND reporter_id NOT IN ('', '0')",
            **span,
        )
        assert heard.sources == (0, staff, account, nobody) and heard.reporters == distinct


def _rows(storm: Storm) -> None:
    found = storm.room.parts.statistics_desk.trust(storm.clock.now()).heard
    this, (since, until) = found.of_all[-1], found.weeks[-1]
    for name, where in (
        ("reports", "true"),
        ("answered", "is_read = 1 AND first_at IS NULL"),
        ("done", "is_read = 1 AND ended > 0 AND done = 0"),
        ("silent", "is_read = 1 AND ended > 0 AND first_at IS NULL"),
    ):
        rows = storm.sql(
            f"{SQL_WEEK} SELECT DISTINCT m.site_id FROM told JOIN membership m "
            f"ON m.request_key = told.request_key WHERE {where}",
            since=since,
            until=until,
        )
        assert this.sites[name] == {site_id for (site_id,) in rows}, name

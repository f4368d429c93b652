"""Every number of a hand-over pack against plain SQL and the activity log, after a played shift of Irma."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from dispatch.forms import shift as pages
from dispatch.records import Flag, PackTotals, Section, ShiftPack
from tests.city import City
from tests.dispatch.reports.read_pdf import pages_of
from tests.flow.played_shift import HOUR_MS, PlayedShift

OPEN = ("sent", "received", "accepted", "held", "under_way", "forwarded", "mutual_aid", "returned", "expired")


@pytest.fixture(params=["sqlite", "postgresql"])
def shift(
    tmp_path: Any, clock: Any, run: Any, request: pytest.FixtureRequest
) -> Iterator[tuple[PlayedShift, ShiftPack]]:
    url = "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    with City(tmp_path / "city", "irma") as city:
        played = PlayedShift(tmp_path / "seat", city, clock, run, store_url=url)
        played.play()
        yield played, played.desk().make()
        played.close()


def asked(played: PlayedShift, words: str, **given: Any) -> list[Any]:
    with played.room.store.reading() as connection:
        return list(connection.execute(text(words), given))


def is_counted(row: Any, now: dict[int, Any]) -> bool:
    """No spam, whenever that was found out, and nothing that stood in another site then."""
    return now[row.site_id].state_reason != "spam" and not row.own_flags & int(Flag.MERGED)


def test_every_number_is_what_sql_and_the_log_say(shift: tuple[PlayedShift, ShiftPack]) -> None:
    played, pack = shift
    totals, now = pack.totals, played.rows()
    was = {key: row for key, row in played.before.items() if is_counted(row, now)}
    are = {key: row for key, row in now.items() if is_counted(row, now)}

    check_tallies(totals, was, are)
    check_moves(played, totals, was, are)
    check_lists(played, pack)
    check_promises(played, pack)
    check_faults(played, pack)


def check_tallies(totals: PackTotals, was: dict[int, Any], are: dict[int, Any]) -> None:
    for tally, rows in ((totals.then, was), (totals.now, are)):
        bands = Counter(row.band for row in rows.values() if row.state != 3)
        assert tally.open == tuple(bands[band] for band in range(1, 6))
        assert tally.sites == len(rows) and tally.reports == sum(row.reports for row in rows.values())
        assert tally.closed == sum(row.state == 3 for row in rows.values())
    assert totals.now != totals.then, "the shift did nothing"


def check_moves(played: PlayedShift, totals: PackTotals, was: dict[int, Any], are: dict[int, Any]) -> None:
    closed = {key for key, row in are.items() if row.state == 3}
    closed_then = {key for key, row in was.items() if row.state == 3}
    gone = {key for key, row in was.items() if row.state != 3} - set(are)
    assert totals.came == len(set(are) - set(was)) and totals.closed == len(closed - closed_then)
    assert totals.reopened == len(closed_then & set(are) - closed) == 1
    assert totals.merged == len(gone) == 1
    balance = sum(totals.then.open) + totals.came + totals.reopened - totals.closed - totals.merged
    assert sum(totals.now.open) == balance
    # What we closed and what was merged stands in the log of this shift.
    lines = asked(played, "SELECT act, site_id FROM activity_log WHERE at > :since", since=played.since)
    ours = {line.site_id for line in lines if line.act == "close"} & set(are)
    assert ours and ours <= closed - closed_then
    assert gone == {line.site_id for line in lines if line.act == "merged"}
    first = [row for row in are.values() if row.state != 3 and row.band == 1]
    [(untouched, oldest)] = asked(
        played,
        "SELECT count(CASE WHEN acted_at = 0 THEN 1 END), min(first_at) FROM site"
        " WHERE band = 1 AND state <> 3 AND own_flags & 1024 = 0",
    )
    assert (totals.untouched_p1, totals.oldest_p1_at) == (untouched, oldest) and len(first) > 3
    [(wires,)] = asked(
        played,
        "SELECT count(*) FROM site WHERE state <> 3 AND own_flags & 1024 = 0"
        " AND (flags | own_flags) & 1 <> 0 AND (flags | own_flags) & 8192 = 0",
    )
    assert totals.live_wires == wires > 100


def check_lists(played: PlayedShift, pack: ShiftPack) -> None:
    for section, band in ((Section.P1, 1), (Section.P2, 2)):
        found = asked(
            played,
            "SELECT site_id FROM site WHERE band = :band AND state <> 3 AND own_flags & 1024 = 0",
            band=band,
        )
        assert pack.totals.counts[section.value] == len(found)
        assert {line.site_id for line in pack.lines(section)} <= {row.site_id for row in found}
    assert len(pack.lines(Section.P1)) == pack.totals.counts["p1"], "no P1 is left out"
    unanswered = asked(
        played, "SELECT number FROM escalation WHERE state IN ('sent', 'received', 'expired', 'returned')"
    )
    assert {line.number for line in pack.lines(Section.UNANSWERED)} == {row.number for row in unanswered}
    assert len(pack.lines(Section.UNANSWERED)) == pack.totals.counts["unanswered"] == 3
    waits = asked(
        played, "SELECT site_id FROM site WHERE state = 2 AND state_reason = 'utility_first' AND band < 6"
    )
    assert {line.site_id for line in pack.lines(Section.UTILITY)} == {row.site_id for row in waits}
    held = asked(played, "SELECT person, seat, site_id FROM claim")
    by_site = {line.site_id: line for line in (*pack.lines(Section.P1), *pack.lines(Section.P2))}
    assert held and all(
        f"{row.person} ({row.seat})" in by_site[row.site_id].who for row in held if row.site_id in by_site
    )
    desks = Counter(
        orjson.loads(row.body)["desk"]
        for row in asked(played, "SELECT body, state FROM escalation")
        if row.state in OPEN
    )
    said = dict(re.findall(r"(.+): (\d+) open", "\n".join(line.what for line in pack.lines(Section.DESKS))))
    assert said == {desk: str(count) for desk, count in desks.items()}


def check_promises(played: PlayedShift, pack: ShiftPack) -> None:
    """Each kind out of the rows it is kept in, by its due time."""
    until, due = pack.until_at, set()
    for row in asked(played, "SELECT body FROM escalation WHERE state <> 'closed' AND state <> 'draft'"):
        item = orjson.loads(row.body)
        if item["eta_at"] and not item["on_scene_at"] and item["eta_at"] <= until:
            due.add((item["site_id"], item["eta_at"]))
        if item["need_by_at"] and item["need_by_at"] <= until:
            due.add((item["site_id"], item["need_by_at"]))
    snoozed = asked(
        played,
        "SELECT site_id, snoozed_until AS due FROM site"
        " WHERE snoozed_until > :now AND snoozed_until <= :until",
        now=pack.at,
        until=until,
    )
    due |= {(row.site_id, row.due) for row in snoozed}
    not_told = asked(played, "SELECT site_id, at FROM fact WHERE name = '911' AND value = 'not reached'")
    due |= {(row.site_id, row.at) for row in not_told}
    assert {(line.site_id, line.due_at) for line in pack.lines(Section.PROMISES)} == due
    assert len(due) == pack.totals.counts["promises"] == 4
    # What comes back only after the next shift is nobody's promise of it.
    assert [
        row.snoozed_until
        for row in asked(played, "SELECT snoozed_until FROM site")
        if row.snoozed_until > until
    ]
    assert until - pack.at == pytest.approx(12 * HOUR_MS, abs=HOUR_MS)


def check_faults(played: PlayedShift, pack: ShiftPack) -> None:
    said = "\n".join(line.what for line in (*pack.lines(Section.FAULTS), *pack.lines(Section.ROOM)))
    [(bad,)] = asked(played, "SELECT count(*) FROM quarantine")
    assert (f"could not be read: {bad}." in said) is bool(bad)
    [shelf] = asked(played, "SELECT who, kind FROM alarm_shelf")
    assert f"Alarm shelved by {shelf.who}" in said
    [stopped] = asked(played, "SELECT service, why FROM suspension")
    assert f"Field response suspended: {stopped.service}" in said and stopped.why in said
    [(entry, digest)] = asked(played, "SELECT log_number, log_hash FROM feed")
    # The making of the pack is the line after the one it counts up to.
    assert pack.log_number == entry - 1 and pack.log_hash != digest
    [[line]] = [asked(played, "SELECT hash FROM activity_log WHERE number = :n", n=pack.log_number)]
    assert line.hash == pack.log_hash
    sat = asked(
        played,
        "SELECT DISTINCT seat FROM activity_log WHERE at >= :since AND person <> ''"
        " AND position NOT IN ('Sync', 'Setup', '')",
        since=pack.since_at,
    )
    assert {line.what.split(":")[0] for line in pack.lines(Section.SEATS)} == {row.seat for row in sat}


def test_the_paper_says_these_numbers_on_two_pages(shift: tuple[PlayedShift, ShiftPack]) -> None:
    played, pack = shift
    first, second = pages_of(played.desk().pdf(pack))

    zone = played.room.parts.jurisdiction.zone
    for label, numbers in pages.totals_rows(pack, zone):
        assert f"{label} {' '.join(numbers)}" in first
    assert "EXERCISE · SHIFT HAND-OVER PACK" in first and "DRAFT" in first
    for line in pack.lines(Section.P1):
        assert line.number in first + second
    left = pack.totals.counts["p2"] - (first + second).count("▲ P2 #") + 3  # three wait on the utility
    assert f"and {left} more, in the same order on the screen" in second
    assert "due 19:30 · Medic 4 expected" in second and "UTILITY NOT TOLD" in second


def test_the_ics_201_has_the_same_numbers(shift: tuple[PlayedShift, ShiftPack]) -> None:
    played, pack = shift
    form = pages.briefing(pack, played.room.parts.jurisdiction.zone)

    now = pack.totals.now
    words = ("life safety", "hazard or access", "damage or service", "can wait")
    said = ", ".join(f"{n} P{at} {w}" for at, (n, w) in enumerate(zip(now.open, words, strict=False), 1) if n)
    assert f"Open sites: {said}." in form.situation
    assert (
        f"Reports to 311: {now.reports}, {now.reports - pack.totals.then.reports} of them" in form.situation
    )
    assert f"Since then {pack.totals.came} sites came in" in form.situation
    assert [row[1] for row in form.resources] == [
        played.items[n].number for n in ("under way", "held", "need by")
    ]
    assert pages_of(played.desk().print_briefing(pack).read_bytes())[0].count(f"{now.open[0]} P1 life") == 1

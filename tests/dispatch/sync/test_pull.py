"""Asking the server: whatever moves, breaks or starts anew meanwhile, nothing is missed or there twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.errors import ServerFailed, ServerUnreachable
from dispatch.records import Page
from dispatch.servers.seeclickfix import SeeClickFix
from dispatch.store import mirror, schema
from tests.city import City
from tests.in_step import stored, truth
from tests.rooms import ON_SQLITE, Room

YEAR_2099 = 4_070_908_800_000


def report_many(city: City, count: int, *, every_s: float = 0) -> list[str]:
    ids = []
    for number in range(count):
        ids.append(city.add_report(f"Oak across the road, number {number}"))
        if every_s:
            city.clock(forward_s=every_s)
    return ids


def test_the_newest_page_comes_first(room: Room, city: City, run: Any) -> None:
    report_many(city, 130, every_s=1)
    newest = city.add_report("Line down, sparking")

    run(room.pull.live())

    assert len(stored(room)) == 100 and newest in stored(room)


@ON_SQLITE
def test_rows_that_move_between_two_pages_are_not_missed(room: Room, city: City, run: Any) -> None:
    ids = report_many(city, 30)
    room.sync()
    city.clock(forward_s=600)
    for each in ids:
        city.elsewhere(each, "close", "Done.")
    report_many(city, 220, every_s=1)

    in_step = False
    for each in ids:
        if not in_step:
            in_step = run(room.pull.live()).is_in_step
        city.clock(forward_s=1)
        city.elsewhere(each, "open", "It is still there.")
    room.sync()

    assert stored(room) == truth(city)


@ON_SQLITE
def test_a_bulk_change_of_one_second_is_taken_whole_though_rows_leave_it_meanwhile(
    room: Room, city: City, run: Any
) -> None:
    ids = report_many(city, 250)
    room.sync()
    city.clock(forward_s=600)
    for each in ids:
        city.elsewhere(each, "close", "Covered by the sweep.")
    run(room.pull.live())
    run(room.pull.live())

    # The first page of that second is read. What leaves it pulls others onto that page, which are unread.
    city.clock(forward_s=600)
    for each in ids[:40]:
        city.elsewhere(each, "open", "It is still there.")
    while not run(room.pull.live()).is_in_step:
        pass

    assert stored(room) == truth(city)


def test_one_second_of_entries_that_fills_several_pages_comes_whole(room: Room, city: City, run: Any) -> None:
    report_many(city, 330)

    run(room.pull.until_in_step())

    assert stored(room) == truth(city)


@ON_SQLITE
def test_a_server_that_goes_down_in_the_middle_is_asked_on_where_it_stopped(
    room: Room, city: City, run: Any
) -> None:
    report_many(city, 450, every_s=1)
    run(room.pull.live())
    run(room.pull.backlog())
    city.kill()
    with pytest.raises(ServerUnreachable):
        run(room.pull.backlog())
    city.start()
    city.fail_next(503)
    with pytest.raises(ServerFailed):
        run(room.pull.backlog())
    calls = room.pull.calls

    run(room.pull.until_in_step())

    assert stored(room) == truth(city)
    assert room.pull.calls - calls < 8, "what was fetched before is not fetched again"


def test_a_seat_that_ends_in_the_middle_of_the_backlog_goes_on_there(
    room: Room, city: City, clock: Any, run: Any
) -> None:
    report_many(city, 450, every_s=1)
    run(room.pull.live())
    run(room.pull.backlog())
    run(room.pull.backlog())
    had = len(stored(room))

    again = Room(room.parts.folder, city, clock, run, store_url=room.url)
    run(again.pull.until_in_step())

    assert 200 < had < 450 and stored(again) == truth(city)
    assert again.pull.calls < 6
    again.close()


def test_what_changed_while_nobody_sat_here_comes_at_the_next_start(
    room: Room, city: City, clock: Any, run: Any
) -> None:
    ids = report_many(city, 20)
    room.sync()
    city.clock(forward_s=3600)
    for each in ids[:7]:
        city.elsewhere(each, "close", "Done.")
    report_many(city, 120, every_s=2)

    again = Room(room.parts.folder, city, clock, run, store_url=room.url)
    again.sync()

    assert stored(again) == truth(city)
    again.close()


def test_with_since_nothing_entered_before_opens_a_site_but_what_is_here_is_kept_up(
    room: Room, city: City, clock: Any, run: Any, tmp_path: Any
) -> None:
    from dispatch import assembly

    known = city.add_report("Oak down")
    room.sync()
    old = city.add_report("Limb down")
    city.clock(forward_s=3600)
    since_at = clock.now() + 1_800_000
    new = city.add_report("Oak blocks 5th Ave N")
    for each in (known, old):
        city.elsewhere(each, "close", "Done.")

    _, pull = assembly.build_sync(room.parts, url=city.url, calls_per_minute=0, poll_s=1, since_at=since_at)
    run(pull.until_in_step())

    assert stored(room) == {known: "closed", new: "open"}


def test_a_row_from_the_year_2099_does_not_end_the_asking(
    room: Room, city: City, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = city.add_report("Limb down")
    page = SeeClickFix.page

    def with_one_from_the_future(server: SeeClickFix, *asked: Any) -> Page:
        answer = page(server, *asked)
        rows = (replace(r, updated_at=YEAR_2099) if r.request_id == odd else r for r in answer.requests)
        return replace(answer, requests=tuple(rows))

    monkeypatch.setattr(SeeClickFix, "page", with_one_from_the_future)
    room.sync()
    city.clock(forward_s=600)
    city.add_report("Line down, sparking")
    room.sync()

    assert stored(room) == truth(city)


def test_a_page_met_twice_writes_nothing(room: Room, city: City) -> None:
    report_many(city, 15)
    room.sync()
    before = room.store.feed_number()

    room.sync()

    assert room.store.feed_number() == before


def test_an_older_answer_does_not_undo_a_newer_one(
    room: Room, city: City, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = city.add_report("Oak down")
    room.sync()
    kept: list[Page] = []
    page = SeeClickFix.page

    def keep(server: SeeClickFix, *asked: Any) -> Page:
        kept.append(page(server, *asked))
        return kept[0]

    city.clock(forward_s=60)
    with monkeypatch.context() as patch:
        patch.setattr(SeeClickFix, "page", keep)
        run(room.pull.live())
        city.clock(forward_s=60)
        city.elsewhere(request_id, "close", "Done.")
        patch.undo()
        room.sync()
        patch.setattr(SeeClickFix, "page", keep)
        run(room.pull.live())

    assert stored(room) == {request_id: "closed"}


def test_a_row_nobody_can_read_is_kept_raw_and_the_page_goes_on(
    room: Room, city: City, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dispatch.servers import seeclickfix_rows

    ids = report_many(city, 3)
    read = seeclickfix_rows.read_request

    def stumble(row: dict[str, Any], *more: Any) -> Any:
        return read({**row, "created_at": "yesterday"} if str(row["id"]) == ids[1] else row, *more)

    monkeypatch.setattr(seeclickfix_rows, "read_request", stumble)
    room.sync()
    room.sync()

    assert set(stored(room)) == {ids[0], ids[2]}
    with room.store.reading() as connection:
        assert mirror.counts(connection) == (2, 1)
        [kept] = connection.execute(select(schema.quarantine)).all()
    assert kept.remote_id == ids[1] and b"number 1" in kept.raw


@ON_SQLITE
def test_s1_what_residents_wrote_to_hundreds_of_reports_is_read_to_the_last(room: Room, city: City) -> None:
    ids = report_many(city, 230)
    room.sync()
    city.clock(forward_s=600)
    for each in ids:
        city.elsewhere(each, "comment", "A man is trapped under it")

    room.sync()

    assert all(room.view(each).row.band == 1 for each in (ids[0], ids[-1]))


def test_s1_a_comment_not_read_before_the_seat_ended_is_read_after_its_start(
    room: Room, city: City, clock: Any, run: Callable[..., Any]
) -> None:
    request_id = city.add_report("Deep pothole", category="pothole")
    room.sync()
    city.clock(forward_s=600)
    city.elsewhere(request_id, "comment", "Now a man is trapped in his car in it and water is rising")
    run(room.pull.live())

    again = Room(room.parts.folder, city, clock, run, store_url=room.url)
    again.sync()

    assert again.view(request_id).row.band == 1
    again.close()


def test_s1_a_report_and_its_comment_that_came_during_an_outage_are_both_read(room: Room, city: City) -> None:
    city.add_report("Limb down")
    room.sync()
    request_id = city.add_report("Deep pothole", category="pothole")
    city.clock(forward_s=600)
    city.elsewhere(request_id, "comment", "Now a man is trapped in his car in it and water is rising")

    room.sync()

    assert room.view(request_id).row.band == 1


def test_s1_what_a_comment_raised_stays_raised_when_the_report_changes_once_more(
    room: Room, city: City
) -> None:
    request_id = city.add_report("Deep pothole", category="pothole")
    room.sync()
    city.clock(forward_s=600)
    city.elsewhere(request_id, "comment", "Now a man is trapped in his car in it and water is rising")
    room.sync()
    city.clock(forward_s=600)
    room.parts.door.post_json(f"{city.url}/issues/{request_id}/vote", token=city.token)

    room.sync()

    assert room.view(request_id).row.band == 1


def test_a_nul_among_a_residents_words_holds_nothing_up(room: Room, city: City) -> None:
    """SQLite's texts can hold one, PostgreSQL's cannot."""
    odd = city.add_report("Oak \0 across the road, \\u0000 and \0\0")
    plain = city.add_report("Oak across the other road")

    room.sync()

    assert room.view(odd).requests[0].description == "Oak \ufffd across the road, \\u0000 and \ufffd\ufffd"
    assert room.view(plain).requests

"""A console on its column snapshot shows what a load would show; where it cannot be sure, it loads."""

from __future__ import annotations

import asyncio
import logging
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import assembly, column_snapshot, opening
from dispatch.board import Board
from dispatch.errors import ActRefused, StoreUnusable
from dispatch.follow import Follow
from dispatch.opening import DATABASE, SNAPSHOT, Opening, read_ahead, standing
from dispatch.records import Band, WaitReason
from dispatch.settings import Settings
from dispatch.store.revision import REVISION
from dispatch.workers import Workers
from tests.boards import held_by
from tests.city import City
from tests.rooms import Room

STORM = "Hurricane Test"
SETTINGS = Settings(person="A. Operator", seat="Seat 1")


@pytest.fixture
def seat(tmp_path: Path, city: City, clock: Any, run: Callable[..., Any]) -> Iterator[Seat]:
    made = Seat(tmp_path / "seat", city, clock, run)
    yield made
    made.close()


class Seat:
    """A seat's folder, with a room in it or none, and what a start finds there."""

    def __init__(self, folder: Path, city: City, clock: Any, run: Callable[..., Any]) -> None:
        self.folder, self.city, self.clock, self.run = folder, city, clock, run
        self.settings = SETTINGS
        self._open: list[Any] = []
        self.room = self.enter()
        self.ids = [city.add_report(f"Oak number {n} blocks both lanes") for n in range(6)]
        self.room.sync()

    def enter(self) -> Room:
        room = Room(self.folder, self.city, self.clock, self.run)
        self._open.append(room)
        return room

    def leave(self) -> None:
        """As a console does that is closed in order."""
        self.room.parts.keep_columns()
        self.room.close()
        self._open.remove(self.room)

    def stand(self, storm: str = STORM) -> Opening | None:
        build = partial(build_on, self.folder, self.settings, self.clock, storm)
        found = standing(
            self.folder, self.settings, self.clock, storm=storm, build=build, read=read_ahead(self.folder)
        )
        if found:
            self._open.append(found)
        return found

    def open(self, found: Opening) -> None:
        """Open the store under it, and hold the board against one that is loaded anew."""
        self.run(found.open())
        assert found.parts
        assert held_by(found.board) == self.loaded_by(found.parts)
        assert found.room() == assembly.room(found.parts)

    def loaded_by(self, parts: Any) -> dict[int, list[Any]]:
        fresh = Board(promise_ms=parts.judge.promises())
        Follow(store=parts.store, board=fresh, workers=parts.workers).load()
        return held_by(fresh)

    def edit(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.folder / DATABASE)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    def close(self) -> None:
        for each in self._open:
            each.close()


def build_on(
    folder: Path,
    settings: Settings,
    clock: Any,
    storm: str,
    board: Board | None = None,
    workers: Workers | None = None,
) -> Any:
    return assembly.build(
        folder=folder,
        settings=settings,
        clock=clock,
        storm=assembly.Storm(storm, is_exercise=True),
        board=board,
        workers=workers,
    )


def busy_day(seat: Seat) -> None:
    room, ids = seat.room, seat.ids
    room.desk.claim(room.site(ids[0]))
    room.desk.set_band(room.site(ids[1]), Band.P1)
    room.desk.wait(room.site(ids[2]), WaitReason.OWNER)
    room.desk.merge(room.site(ids[3]), [room.site(ids[4])])
    room.escalate(ids[5])
    room.sync()


def test_after_an_orderly_end_the_board_stands_before_the_store_is_open(seat: Seat) -> None:
    busy_day(seat)
    before = seat.loaded_by(seat.room.parts)
    room = seat.room.parts.room()
    seat.leave()

    found = seat.stand()

    assert found is not None and found.parts is None
    assert held_by(found.board) == _without_clocks(before)
    assert found.room() == room
    seat.open(found)


def test_what_another_seat_did_after_a_kill_is_on_the_board_once_the_store_is_open(seat: Seat) -> None:
    """The snapshot is from before; nobody wrote another one."""
    busy_day(seat)
    seat.leave()
    seat.room = seat.enter()
    seat.room.desk.let_go(seat.room.site(seat.ids[0]))
    seat.room.desk.claim(seat.room.site(seat.ids[1]))
    late = seat.city.add_report("Line down and sparking")
    seat.room.sync()

    found = seat.stand()

    assert found is not None
    seat.open(found)
    assert found.board.count == len(seat.ids) + 1
    assert found.board.claims.keys() == {seat.room.site(seat.ids[1])}
    assert found.board.row(seat.room.site(late)) >= 0


def test_a_process_that_is_killed_leaves_a_store_that_can_still_be_stood_on(seat: Seat) -> None:
    """Its write-ahead file is still there, with what was committed last in it."""
    seat.leave()
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from dispatch import assembly\n"
        "from dispatch.clock import WallClock\n"
        "from dispatch.settings import Settings\n"
        "parts = assembly.build(folder=Path(sys.argv[1]), settings=Settings(person='B', seat='Seat 2'),\n"
        "    clock=WallClock(), storm=assembly.Storm('Hurricane Test', is_exercise=True))\n"
        "parts.load()\n"
        "parts.desk.claim(int(parts.board.site_id[0]))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(seat.folder)], check=False)
    assert done.returncode == -9 and (seat.folder / f"{DATABASE}-wal").stat().st_size

    found = seat.stand()

    assert found is not None and not found.board.claims
    seat.open(found)
    assert len(found.board.claims) == 1


def test_what_is_asked_for_while_the_store_is_opened_waits_and_is_done(seat: Seat) -> None:
    seat.leave()
    found = seat.stand()
    assert found is not None
    site_id = int(found.board.site_id[2])

    async def at_once() -> tuple[Any, Any, bool]:
        claim = asyncio.ensure_future(found.workers.store(found.desk.claim, site_id))
        view = asyncio.ensure_future(found.workers.store(found.detail.view, site_id))
        await asyncio.sleep(0.05)
        has_waited = found.workers.is_waited_for and not claim.done()
        await found.open()
        return await claim, await view, has_waited

    changes, view, has_waited = seat.run(at_once())

    assert has_waited and changes.sites == {site_id} and view.row.claimed_by == "A. Operator"
    seat.run(found.follow.catch_up())
    assert found.board.claims.keys() == {site_id}


def test_an_act_on_a_row_that_somebody_else_took_meanwhile_is_refused(seat: Seat) -> None:
    """The row looked free; what counts is the store."""
    seat.leave()
    found = seat.stand()
    assert found is not None
    site_id = int(found.board.site_id[0])
    url = f"sqlite:///{seat.folder / DATABASE}"
    other = Room(
        seat.folder.with_name("other"), seat.city, seat.clock, seat.run, store_url=url, seat="Seat 2"
    )
    seat._open.append(other)
    other.parts.desk._actor = lambda: replace(other.parts.actor, person="B. Ortiz")
    other.desk.claim(site_id)

    async def too_late() -> None:
        claim = asyncio.ensure_future(found.workers.store(found.desk.claim, site_id))
        await found.open()
        await claim

    with pytest.raises(ActRefused):
        seat.run(too_late())
    assert found.board.claims[site_id].person == "B. Ortiz"


def test_a_store_that_cannot_be_opened_fails_what_waits_for_it_in_one_sentence(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat.leave()
    found = seat.stand()
    assert found is not None

    def no_store(*_: object, **__: object) -> None:
        raise StoreUnusable("The disk is full: nothing can be written.")

    monkeypatch.setattr(assembly, "open_store", no_store)

    async def both() -> list[Any]:
        act = asyncio.ensure_future(found.workers.store(found.desk.claim, 1))
        return await asyncio.gather(found.open(), act, return_exceptions=True)

    assert [str(each) for each in seat.run(both())] == ["The disk is full: nothing can be written."] * 2


def test_a_window_that_is_closed_before_the_store_is_open_leaves_nobody_waiting(seat: Seat) -> None:
    seat.leave()
    found = seat.stand()
    assert found is not None

    async def close() -> Any:
        reading = asyncio.ensure_future(found.workers.network(found.layer_desk.folder.layers))
        await asyncio.sleep(0.05)
        found.close()
        return await asyncio.gather(reading, return_exceptions=True)

    (said,) = seat.run(close())
    assert isinstance(said, StoreUnusable)
    seat._open.remove(found)


def test_the_window_itself_never_waits_for_the_store(seat: Seat) -> None:
    """What is asked for past the lanes is refused in a sentence; afterwards it is there."""
    seat.leave()
    found = seat.stand()
    assert found is not None
    site_id = int(found.board.site_id[0])

    with pytest.raises(StoreUnusable, match="try again in a moment"):
        found.detail.view(site_id)

    seat.open(found)
    assert found.detail.view(site_id).row.site_id == site_id
    assert found.form_desk is found.parts.form_desk


# -- what is passed over ----------------------------------------------------------------------------------


def passed_over(seat: Seat, caplog: pytest.LogCaptureFixture, storm: str = STORM) -> bool:
    with caplog.at_level(logging.INFO, "dispatch"):
        found = seat.stand(storm)
    is_gone = not (seat.folder / SNAPSHOT).exists()
    return found is None and is_gone and "the column snapshot is passed over" in caplog.text


def test_a_store_brought_back_from_an_older_backup(seat: Seat, caplog: pytest.LogCaptureFixture) -> None:
    seat.room.close()
    backup = seat.folder / "backup"
    shutil.copy(seat.folder / DATABASE, backup)
    seat._open.remove(seat.room)
    seat.room = seat.enter()
    busy_day(seat)
    seat.leave()
    shutil.copy(backup, seat.folder / DATABASE)

    assert passed_over(seat, caplog)


def test_a_store_brought_back_from_a_backup_that_went_on_otherwise(
    seat: Seat, caplog: pytest.LogCaptureFixture
) -> None:
    """With as many changes, of the same sites, but later: its numbers alone would fit."""
    seat.room.close()
    backup = seat.folder / "backup"
    shutil.copy(seat.folder / DATABASE, backup)
    seat._open.remove(seat.room)
    seat.room = seat.enter()
    sites = [seat.room.site(each) for each in seat.ids]
    seat.room.desk.claim(sites[0])
    seat.leave()
    numbers = _numbers(seat)
    shutil.copy(backup, seat.folder / DATABASE)
    seat.clock.advance(seconds=1)
    seat.room = seat.enter()
    seat.room.desk.claim(sites[0])
    seat.room.close()
    seat._open.remove(seat.room)
    assert _numbers(seat) == numbers

    assert passed_over(seat, caplog)


def test_the_snapshot_of_another_store(
    seat: Seat,
    tmp_path: Path,
    city: City,
    clock: Any,
    run: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    other = Seat(tmp_path / "elsewhere", city, clock, run)
    other.leave()
    seat.leave()
    shutil.copy(other.folder / SNAPSHOT, seat.folder / SNAPSHOT)

    assert passed_over(seat, caplog)
    other.close()


def test_another_city(seat: Seat, caplog: pytest.LogCaptureFixture) -> None:
    seat.leave()
    seat.settings = replace(seat.settings, city="houston")

    assert passed_over(seat, caplog)


def test_another_activation(seat: Seat, caplog: pytest.LogCaptureFixture) -> None:
    seat.leave()

    assert passed_over(seat, caplog, "Hurricane Later")


def test_a_store_of_a_newer_form(seat: Seat, caplog: pytest.LogCaptureFixture) -> None:
    seat.leave()
    seat.edit(f"UPDATE alembic_version SET version_num = '{int(REVISION) + 1:04d}'")

    assert passed_over(seat, caplog)


def test_a_program_of_a_newer_form(
    seat: Seat, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is brought forward before anything is shown."""
    seat.leave()
    monkeypatch.setattr("dispatch.store.plain.REVISION", "9999")

    assert passed_over(seat, caplog)


@pytest.mark.parametrize(
    "alter",
    [
        "UPDATE activity_log SET text = 'x' WHERE number = (SELECT max(number) FROM activity_log)",
        "DELETE FROM activity_log WHERE number = (SELECT max(number) FROM activity_log)",
        "UPDATE feed SET log_hash = replace(log_hash, substr(log_hash, 1, 1), 'x')",
        "UPDATE change SET body = '{}' WHERE n = (SELECT max(n) FROM change)",
        "DELETE FROM change WHERE n = (SELECT max(n) FROM change)",
        "UPDATE feed SET n = n - 1",
        "UPDATE activation SET activation_id = 'another' WHERE is_current = 1",
        "UPDATE activation SET is_current = 0",
    ],
)
def test_a_store_that_was_altered_by_hand(seat: Seat, caplog: pytest.LogCaptureFixture, alter: str) -> None:
    busy_day(seat)
    seat.leave()
    seat.edit("PRAGMA foreign_keys=OFF", alter)

    assert passed_over(seat, caplog)


def test_a_store_that_is_no_database(seat: Seat, caplog: pytest.LogCaptureFixture) -> None:
    seat.leave()
    (seat.folder / DATABASE).write_bytes(b"no database at all" * 100)

    assert passed_over(seat, caplog)


def test_a_damaged_snapshot(seat: Seat, caplog: pytest.LogCaptureFixture) -> None:
    seat.leave()
    path = seat.folder / SNAPSHOT
    path.write_bytes(path.read_bytes()[:-1])

    assert passed_over(seat, caplog)


def test_a_snapshot_whose_reports_stand_nowhere(seat: Seat, caplog: pytest.LogCaptureFixture) -> None:
    """Whole as a file, but no board can take it; that is found out while it is read ahead."""
    seat.leave()
    kept = column_snapshot.read(seat.folder / SNAPSHOT)
    assert kept is not None
    lost = replace(kept.columns, report_sites=kept.columns.report_sites + 1_000)
    column_snapshot.write(seat.folder / SNAPSHOT, replace(kept, columns=lost))

    assert passed_over(seat, caplog)


def test_a_board_that_is_far_behind(
    seat: Seat, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MAY_BE_BEHIND", 2)
    seat.leave()
    seat.room = seat.enter()
    for each in seat.ids[:3]:
        seat.room.desk.claim(seat.room.site(each))

    assert passed_over(seat, caplog)


# -- writing it -------------------------------------------------------------------------------------------


def test_the_snapshot_goes_when_the_store_has_gone(seat: Seat) -> None:
    seat.leave()
    for path in seat.folder.glob(f"{DATABASE}*"):
        if path.name != SNAPSHOT:
            path.unlink()

    assert seat.stand() is None and not (seat.folder / SNAPSHOT).exists()


def test_an_exercise_that_begins_anew_takes_it_away_with_the_store(seat: Seat) -> None:
    seat.leave()

    assembly.begin_anew(seat.folder)

    assert not (seat.folder / SNAPSHOT).exists() and seat.stand() is None


def test_it_is_written_once_for_each_moment(seat: Seat) -> None:
    path = seat.folder / SNAPSHOT
    seat.room.parts.keep_columns()
    first = path.stat().st_ino
    seat.room.parts.keep_columns()
    assert path.stat().st_ino == first

    seat.room.desk.claim(seat.room.site(seat.ids[0]))
    seat.room.parts.keep_columns()

    assert path.stat().st_ino != first
    seat.room.close()
    seat._open.remove(seat.room)
    found = seat.stand()
    assert found is not None and len(found.board.claims) == 1


def test_a_masked_board_and_a_shared_store_leave_no_snapshot(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any]
) -> None:
    """Restricted words are not to lie about (S15), and a shared store is not this seat's to keep."""
    masked = Room(tmp_path / "masked", city, clock, run, is_masked=True)
    masked.parts.keep_columns()
    shared = build_on(
        tmp_path / "shared", replace(SETTINGS, store_url=f"sqlite:///{tmp_path / 'shared.db'}"), clock, STORM
    )
    shared.keep_columns()

    assert not list(tmp_path.glob(f"**/{SNAPSHOT}*"))
    masked.close()
    shared.close()


def test_a_disk_that_is_full_is_worth_a_line_in_the_log_and_no_more(
    seat: Seat, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with caplog.at_level(logging.INFO, "dispatch"):
        seat.room.parts.keep_columns()

    assert "the column snapshot was not written" in caplog.text
    assert [path.name for path in seat.folder.glob(f"{SNAPSHOT}*")] == []


# -- in any order -----------------------------------------------------------------------------------------

ACTS = ("claim", "let_go", "band", "wait", "escalate", "report", "keep", "tick")


@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 5)), max_size=12))
def test_whatever_was_done_since_the_board_ends_as_a_load_would_have_it(
    any_seat: Seat, acts: list[tuple[str, int]]
) -> None:
    room = any_seat.room
    for act, which in acts:
        site_id = room.site(any_seat.ids[which])
        try:
            match act:
                case "claim":
                    room.desk.claim(site_id)
                case "let_go":
                    room.desk.let_go(site_id)
                case "band":
                    room.desk.set_band(site_id, Band.P2, "as told")
                case "wait":
                    room.desk.wait(site_id, WaitReason.OWNER)
                case "escalate":
                    room.escalate(any_seat.ids[which])
                case "report":
                    any_seat.city.add_report("Signal dark at the crossing")
                    room.sync()
                case "keep":
                    room.parts.keep_columns()
                case "tick":
                    any_seat.clock.advance(minutes=4)
        except ActRefused:
            continue

    found = any_seat.stand()

    if found is not None:
        any_seat.open(found)
        any_seat._open.remove(found)
        found.close()


@pytest.fixture(scope="module")
def any_seat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    from tests.conftest import StillClock

    folder = tmp_path_factory.mktemp("any")
    loop = asyncio.new_event_loop()
    with City(folder / "city") as city, closing(loop):
        made = Seat(folder / "seat", city, StillClock(), loop.run_until_complete)
        made.room.parts.keep_columns()
        yield made
        made.close()


def _without_clocks(held: dict[int, list[Any]]) -> dict[int, list[Any]]:
    """The clock of a hand-over is known once the store is open."""
    for values in held.values():
        values[:] = [replace(v, due_at=0, overdue_words="") if hasattr(v, "due_at") else v for v in values]
    return held


def _numbers(seat: Seat) -> tuple[int, ...]:
    with closing(sqlite3.connect(seat.folder / DATABASE)) as connection:
        found: tuple[int, ...] = connection.execute("SELECT n, log_number, request_key FROM feed").fetchone()
        return found

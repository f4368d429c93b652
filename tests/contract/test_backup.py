"""A backup holds everything of one moment and restores to either database, whole or not at all."""

from __future__ import annotations

import stat
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import orjson
from sqlalchemy import func, select

from dispatch.locks import seat_lock
from dispatch.records import OutboxKind
from dispatch.store import log, outbox, schema, search
from dispatch.store.backup.rows import LEFT_BEHIND
from dispatch.store.revision import REVISION
from dispatch.store.store import Store
from tests import full_store
from tests.backup_files import Say, everything


def test_everything_comes_back_on_either_database(
    store_url: str, target_url: str, tmp_path: Path, say: Say, opened: Callable[[str], Store]
) -> None:
    source, path = opened(store_url), tmp_path / "room.zip"
    full_store.fill(source)

    code, made, said = say("backup", "--store", store_url, "--to", path)
    assert code == 0, said
    code, restored, said = say("restore", path, "--store", target_url)
    assert code == 0, said

    target = opened(target_url)
    before = everything(source)
    assert everything(target) == before
    assert all(len(lines) == (1 if table == "feed" else full_store.ROWS) for table, lines in before.items())
    assert made["checked"] and made["tables"] == len(before)
    assert made["rows"] == restored["rows"] == sum(map(len, before.values()))
    assert made["bytes"] == path.stat().st_size
    with target.reading() as connection:
        assert log.verify(connection).is_intact
        assert log.newest(connection).hash == made["log_head"] == restored["log_head"]
        # Both by the words of the second request, on either database.
        assert search.find(connection, "spelt") == [2]


def test_presence_and_syncing_stay_behind(backup: Path, tmp_path: Path, say: Say) -> None:
    with zipfile.ZipFile(backup) as archive:
        held = {Path(name).stem for name in archive.namelist()} - {"manifest"}

    assert held == set(schema.metadata.tables) - set(LEFT_BEHIND)


def test_the_next_thing_to_send_stands_behind_those_that_came(
    backup: Path, target_url: str, say: Say, opened: Callable[[str], Store]
) -> None:
    assert say("restore", backup, "--store", target_url)[0] == 0

    with opened(target_url).transaction(full_store.OPERATOR) as tx:
        outbox.put(tx, OutboxKind.MESSAGE, [1], "on its way", due_at=1)
        positions = tx.connection.execute(select(schema.outbox.c.position)).scalars().all()

    assert sorted(positions) == [1, 2, 3, 4]


def test_a_store_that_is_written_to_is_backed_up_as_of_one_moment(
    store_url: str, tmp_path: Path, say: Say, opened: Callable[[str], Store]
) -> None:
    store, done = opened(store_url), threading.Event()
    activation = full_store.value(schema.activation.c.activation_id, 0)
    with store.transaction(full_store.OPERATOR) as tx:
        full_store.fill_tables(tx.connection)

    def write() -> None:
        number = 100
        while not done.is_set():
            number += 1
            with store.transaction(full_store.OPERATOR) as tx:
                site = {"site_id": number, "activation_id": activation}
                numbers = dict.fromkeys(
                    ("band", "assessed_band", "score", "first_at", "last_at", "reports", "flags"), 1
                )
                tx.connection.execute(schema.site.insert().values(**site, **numbers))
                tx.connection.execute(
                    schema.fact.insert().values(fact_id=f"f{number}", site_id=number, name="n", at=1)
                )
                tx.log("note", f"note {number}", site_id=number)
                tx.sites.add(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            path = tmp_path / f"{number}.zip"
            code, _, said = say("backup", "--store", store_url, "--to", path, "--no-check")
            assert code == 0, said
    finally:
        done.set()
        writer.join()

    for number in range(3):
        url = f"sqlite:///{tmp_path / f'{number}.db'}"
        code, _, said = say("restore", tmp_path / f"{number}.zip", "--store", url)
        assert code == 0, said
        with opened(url).reading() as connection:
            of_site = select(func.count()).select_from(schema.site).where(schema.site.c.site_id > 100)
            of_fact = select(func.count()).select_from(schema.fact).where(schema.fact.c.site_id > 100)
            of_log = select(func.count()).select_from(schema.activity_log)
            counts = {connection.execute(each).scalar_one() for each in (of_site, of_fact, of_log)}
            assert len(counts) == 1
            assert log.verify(connection).is_intact


def test_only_its_owner_may_read_it(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_what_cannot_be_written_leaves_no_half_file(seat_url: str, tmp_path: Path, say: Say) -> None:
    before = sorted(tmp_path.rglob("*"))

    code, _, said = say("backup", "--store", seat_url, "--to", tmp_path / "nowhere" / "seat.zip")

    assert code == 1 and "is not there" in said
    code, _, said = say("backup", "--store", f"sqlite:///{tmp_path}/typo.db", "--to", tmp_path / "seat.zip")
    assert code == 1 and "nothing was backed up" in said
    assert sorted(tmp_path.rglob("*")) == before


def test_a_log_that_was_tampered_with_is_backed_up_as_it_stands(
    seat_url: str, tmp_path: Path, say: Say, opened: Callable[[str], Store]
) -> None:
    with opened(seat_url).loading() as connection:
        connection.execute(
            schema.activity_log.update().where(schema.activity_log.c.number == 2).values(text="x")
        )

    code, made, said = say("backup", "--store", seat_url, "--to", tmp_path / "seat.zip")

    assert code == 0 and made["checked"]
    assert "does not prove itself from entry 2 on" in said


def test_a_seat_moves_into_the_room_with_everything(
    seat_url: str, target_url: str, say: Say, opened: Callable[[str], Store]
) -> None:
    source = opened(seat_url)
    with source.loading() as connection:
        connection.execute(schema.request.update().values(summary="a NUL \0 from outside"))

    code, told, said = say("move", "--from", seat_url, "--to", target_url)

    assert code == 0 and told["checked"], said
    assert "stay in its folder" in said
    before, after = everything(source), everything(opened(target_url))
    assert sum(map(len, after.values())) == told["rows"]
    if opened(target_url).is_sqlite:
        assert after == before
    else:
        # PostgreSQL has no such sign.
        changed = before.pop("request"), after.pop("request")
        assert after == before
        assert [line.replace(b"NUL \\u0000", "NUL \ufffd".encode()) for line in changed[0]] == changed[1]


def test_nothing_moves_while_a_console_works_there(
    seat_url: str, target_url: str, tmp_path: Path, say: Say
) -> None:
    lock = seat_lock(tmp_path)
    lock.take()
    try:
        code, _, said = say("move", "--from", seat_url, "--to", target_url)
    finally:
        lock.let_go()

    assert code == 1 and "already works with the data folder" in said
    assert not (tmp_path / "target.db").exists()


def test_a_backup_says_which_form_of_the_tables_it_has(backup: Path) -> None:
    with zipfile.ZipFile(backup) as archive:
        said = orjson.loads(archive.read("manifest.json"))

    assert said["revision"] == REVISION and said["kind"] == "sqlite"

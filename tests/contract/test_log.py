"""The activity log proves itself: in the store, and as a file that left it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from dispatch.clock import WallClock
from dispatch.records import Actor
from dispatch.store import log, log_file
from dispatch.store.store import Store, open_store
from dispatch.store.transaction import FIRST_HASH, chain

OPERATOR = Actor("irma", "José Ñandú", "Operator", "Seat 1")
WORDS = ('=cmd "a", b', "'quoted", "two\r\nlines", "emoji 🔥", "-1", "")


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url, clock=WallClock())
    for number, words in enumerate(WORDS):
        with opened.transaction(OPERATOR) as tx:
            tx.log("claim", words, site_id=number or None, subject="s", detail={"after": {"band": number}})
    yield opened
    opened.close()


def first_broken(store: Store, *, head: str = "") -> int | None:
    with store.reading() as connection:
        return log.verify(connection, head=head).first_broken


def change(store: Store, statement: str, **values: Any) -> None:
    with store.engine.begin() as connection:
        connection.execute(text(statement), values)


@pytest.mark.parametrize("column", [name for name in log.COLUMNS if name != "number"])
def test_whatever_is_altered_in_an_entry_its_number_is_said(store: Store, column: str) -> None:
    value = 4711 if column in log_file.NUMBERS else "something else"

    change(store, f"UPDATE activity_log SET {column} = :value WHERE number = 3", value=value)

    assert first_broken(store) == 3


def test_an_entry_that_was_taken_out_is_named(store: Store) -> None:
    change(store, "DELETE FROM activity_log WHERE number = 2")

    assert first_broken(store) == 2


def test_two_entries_in_each_others_place_break_at_the_first(store: Store) -> None:
    for old, new in ((2, 99), (4, 2), (99, 4)):
        change(store, "UPDATE activity_log SET number = :new WHERE number = :old", old=old, new=new)

    assert first_broken(store) == 2


def test_a_tail_that_was_cut_and_grown_anew_is_found_by_the_printed_head(store: Store) -> None:
    with store.reading() as connection:
        printed = log.newest(connection)
    change(store, "DELETE FROM activity_log WHERE number > 4")
    change(
        store,
        "UPDATE feed SET log_number = 4, log_hash = (SELECT hash FROM activity_log WHERE number = 4)",
    )
    for _ in range(4):
        with store.transaction(OPERATOR) as tx:
            tx.log("claim", "never happened so")

    assert printed.number == len(WORDS)
    assert first_broken(store) is None
    assert first_broken(store, head=printed.hash) == 9


def test_a_byte_that_is_no_text_is_found_too(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'seat.db'}", clock=WallClock())
    for _ in range(3):
        with store.transaction(OPERATOR) as tx:
            tx.log("note", "internal note")
    change(store, "UPDATE activity_log SET text = CAST(x'ff41' AS TEXT) WHERE number = 2")

    assert first_broken(store) == 2
    for ending, write in log_file.WRITERS.items():
        path = tmp_path / f"log{ending}"
        with store.reading() as connection:
            path.write_bytes(write(log.every_row(connection)))
        assert log.prove(log_file.READERS[ending](path.read_bytes())).first_broken == 2
    store.close()


@pytest.mark.parametrize("ending", log_file.WRITERS)
def test_an_export_holds_every_column_and_proves_itself(store: Store, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"log{ending}"
    with store.reading() as connection:
        rows = list(log.every_row(connection))
        path.write_bytes(log_file.WRITERS[ending](rows))
        proof = log.verify(connection)

    assert list(log_file.READERS[ending](path.read_bytes())) == rows
    assert log.prove(log_file.READERS[ending](path.read_bytes()), head=proof.head) == proof
    assert [row["text"] for row in rows] == list(WORDS)


def test_anybody_can_verify_the_lines_without_our_program(store: Store, tmp_path: Path) -> None:
    """As the README tells it, with what Python brings along."""
    with store.reading() as connection:
        content = log_file.json_lines(log.every_row(connection))

    assert b'{"number":1,"at":' in content and "José Ñandú".encode() in content
    before = "0" * 64
    for line in content.decode().splitlines():
        *covered, told = json.loads(line).values()
        packed = json.dumps(covered, ensure_ascii=False, separators=(",", ":"))
        assert covered[-1] == before
        assert hashlib.sha256(packed.encode()).hexdigest() == told
        before = told


def test_a_spreadsheet_takes_no_cell_for_a_formula(store: Store) -> None:
    with store.reading() as connection:
        content = log_file.comma_separated(log.every_row(connection))

    cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def made_up(count: int) -> list[dict[str, Any]]:
    """A log of so many entries, chained as the store chains them."""
    rows: list[dict[str, Any]] = []
    previous = FIRST_HASH
    for number in range(1, count + 1):
        row: dict[str, Any] = dict.fromkeys(log.COLUMNS, "")
        row |= {"number": number, "at": number * 1000, "act": "claim", "text": f"claimed {number}"}
        row |= {"site_id": number, "person": OPERATOR.person, "previous_hash": previous}
        row["hash"] = previous = chain(row)
        rows.append(row)
    return rows


HONEST = made_up(12)


@given(st.integers(0, 11), st.data())
def test_any_byte_of_any_entry_is_under_the_hash(at: int, data: st.DataObject) -> None:
    line = log_file.json_lines([HONEST[at]])
    spot = data.draw(st.integers(0, len(line) - 2))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != line[spot]))
    forged = line[:spot] + bytes([byte]) + line[spot + 1 :]
    lines = [log_file.json_lines([row]) for row in HONEST]
    lines[at] = forged

    proof = proved(b"".join(lines))

    same = _said(forged) == HONEST[at]  # a blank or a zero more that JSON does not count
    assert proof.first_broken == (None if same else at + 1)


@given(st.permutations(range(12)), st.integers(0, 12))
def test_any_order_and_any_cut_breaks_at_the_first_entry_out_of_place(order: list[int], kept: int) -> None:
    shown = [HONEST[at] for at in order[:kept]]

    proof = log.prove(shown, head=HONEST[-1]["hash"])

    stands = next((n for n, at in enumerate(order[:kept]) if at != n), kept)
    assert proof.first_broken == (None if stands == 12 else stands + 1)


def proved(content: bytes) -> log.Proof:
    return log.prove(log_file.read_json_lines(content))


def _said(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None

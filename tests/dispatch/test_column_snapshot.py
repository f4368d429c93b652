"""A column snapshot gives back what was put into it, or nothing at all."""

from __future__ import annotations

import stat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import column_snapshot
from dispatch.board import Board
from dispatch.column_snapshot import HEAD, ColumnSnapshot, read, stamp_of, write
from dispatch.columns import KINDS, Columns, columns_of
from dispatch.packed_words import PackedWords, pack
from dispatch.records import ReportRow, SiteRow
from dispatch.shown import Shown
from dispatch.store.plain import Stamp
from tests.boards import held_by

STAMP = Stamp("0003", "7c9e", 2, 41, "a" * 64, 17, "b" * 64, 99, 3)
SHOWN = Shown(
    {"tree": "Tree", "other": "Other"},
    {"tree": "trees"},
    {"tree": 1},
    frozenset(("tree",)),
    {"w": "Wire"},
    "other",
)

words = st.text(st.characters(exclude_categories=()), max_size=12)
whole = st.integers(0, 2**40)


@st.composite
def site_rows(draw: st.DrawFn) -> list[SiteRow]:
    ids = draw(st.lists(st.integers(1, 2**50), unique=True, max_size=12))
    return [_row(draw, site_id) for site_id in ids]


def _row(draw: st.DrawFn, site_id: int) -> SiteRow:
    place = draw(st.none() | st.tuples(st.floats(-80, 80), st.floats(-180, 180)))
    claimed = draw(st.booleans())
    escalated = draw(st.sampled_from(("", "sent", "returned", "expired")))
    return SiteRow(
        site_id=site_id,
        band=draw(st.integers(1, 5)),
        score=draw(st.floats(0, 200, width=32)),
        first_at=draw(whole),
        last_at=draw(whole),
        acted_at=draw(whole),
        reports=draw(st.integers(1, 500)),
        state=draw(st.integers(0, 3)),
        state_reason=draw(words),
        category=draw(st.sampled_from(("tree", "other", "flooding"))),
        neighborhood=draw(words),
        lat=place[0] if place else None,
        lng=place[1] if place else None,
        flags=draw(st.integers(0, 2**20)),
        snoozed_until=draw(whole),
        what=draw(words),
        where=draw(words),
        why=draw(st.sampled_from(("", "wire", "wire,trapped"))),
        claimed_by="A. Ortiz" if claimed else "",
        claimed_seat="Seat 1" if claimed else "",
        claimed_at=draw(whole) if claimed else 0,
        escalation_state=escalated,
        escalation_number="EOC-0001" if escalated else "",
        escalation_desk="Public Works" if escalated else "",
        escalation_state_at=draw(whole) if escalated else 0,
    )


def reports_of(rows: list[SiteRow]) -> list[ReportRow]:
    return [ReportRow(10_000 + i, row.first_at, row.site_id) for i, row in enumerate(rows)]


def board_of(columns: Columns) -> Board:
    board = Board(promise_ms={"tree": 7_200_000})
    board.take(columns)
    return board


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("snapshots")


@given(rows=site_rows())
def test_a_board_of_what_is_read_is_the_board_of_what_was_written(folder: Path, rows: list[SiteRow]) -> None:
    path = folder / "any"
    columns = columns_of(rows, reports_of(rows))
    write(path, ColumnSnapshot("st-petersburg", STAMP, SHOWN, columns))

    found = read(path)

    assert found is not None and (found.city, found.stamp, found.shown) == ("st-petersburg", STAMP, SHOWN)
    assert stamp_of(path) == STAMP
    assert held_by(board_of(found.columns)) == held_by(board_of(columns))
    assert {name: found.columns.plain[name].dtype for name in KINDS} == {
        n: np.dtype(k) for n, k in KINDS.items()
    }


def test_words_that_change_later_are_the_later_ones(tmp_path: Path) -> None:
    path = tmp_path / "board"
    write(path, some_snapshot())
    found = read(path)
    assert found is not None
    board, other = board_of(found.columns), board_of(some_snapshot().columns)

    later = columns_of([_some(1, "Line down"), _some(9, "Signal dark"), _some(3, "")], [ReportRow(77, 5, 9)])
    for each in (board, other):
        each.take(later)

    assert held_by(board) == held_by(other) and board.count == 4
    assert list(board.what) == list(other.what) and board.what[board.row(3)] == ""
    assert board.report_index(77) == 3 and board.report_index(10_001) == 1


def test_a_row_that_is_not_there_has_no_words() -> None:
    words = PackedWords(*pack(["a", "", "\u00e9"]))

    assert (words[0], words[1], words[2], len(words)) == ("a", "", "\u00e9", 3)
    for row in (-1, 3):
        with pytest.raises(IndexError):
            words[row]
        with pytest.raises(IndexError):
            words[row] = "b"
    with pytest.raises(ValueError):
        PackedWords(b"abc", np.array([2, 1, 3]))


def test_only_the_account_of_the_seat_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "board"
    path.write_bytes(b"left by somebody")
    path.chmod(0o666)

    write(path, some_snapshot())

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@given(data=st.data())
def test_a_flipped_bit_anywhere_makes_it_count_for_nothing(folder: Path, data: st.DataObject) -> None:
    path = folder / "flipped"
    write(path, some_snapshot())
    raw = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(raw)

    assert read(path) is None


@given(data=st.data())
def test_a_file_that_is_cut_off_counts_for_nothing(folder: Path, data: st.DataObject) -> None:
    path = folder / "cut"
    write(path, some_snapshot())
    raw = path.read_bytes()
    path.write_bytes(raw[: data.draw(st.integers(0, len(raw) - 1))])

    assert read(path) is None


@given(raw=st.binary(max_size=400))
def test_a_file_of_anything_counts_for_nothing(folder: Path, raw: bytes) -> None:
    path = folder / "anything"
    path.write_bytes(raw)

    assert read(path) is None and stamp_of(path) is None


def test_a_snapshot_of_another_version_of_the_program_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "board"
    write(path, some_snapshot())

    monkeypatch.setattr(
        column_snapshot, "MADE_BY", [column_snapshot.FORMAT + 1, *column_snapshot.MADE_BY[1:]]
    )

    assert read(path) is None and stamp_of(path) is None


def test_a_folder_or_nothing_in_its_place_is_no_snapshot(tmp_path: Path) -> None:
    assert read(tmp_path / "nothing") is None
    assert read(tmp_path) is None


def test_it_holds_no_more_than_the_columns_do(tmp_path: Path) -> None:
    """No phone, no thread, no words of a resident but those that stand in the list anyway (S15)."""
    path = tmp_path / "board"
    write(path, some_snapshot())
    raw = path.read_bytes()
    size = HEAD.unpack(raw[: HEAD.size])[1]
    rest = raw[HEAD.size + size :]

    assert b"Oak across both lanes" in rest
    assert len(rest) == sum(len(body) for _, body in column_snapshot._parts(some_snapshot().columns))


def some_snapshot() -> ColumnSnapshot:
    rows = [_some(n, "Oak across both lanes") for n in (3, 1, 2)]
    return ColumnSnapshot("st-petersburg", STAMP, SHOWN, columns_of(rows, reports_of(rows)))


def _some(site_id: int, what: str) -> SiteRow:
    return SiteRow(
        site_id, 2, 40.5, 1_000, 2_000, 0, 1, 0, "", "tree", "Old Northeast", 27.77, -82.63, 0, 0, what,
        "700 2nd Ave N", "wire", "", "", 0, "", "", "", 0,
    )  # fmt: skip

"""The kept tiles of a server: their times, their limit, and what happens to a damaged file."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from dispatch.geo.web_tiles import WebTile
from dispatch.tile_server.kept import Kept, KeptPictures, KeptTiles, file_of


def about(at: int, *, digest: str = "d", is_passing: bool = False) -> Kept:
    return Kept(digest, '"e"', "", at, at + 1000, is_passing)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return file_of(tmp_path / "server-tiles", "https://tile.example/{z}/{x}/{y}.png")


def test_what_is_kept_is_read_by_another_process_and_after_the_next_start(path: Path) -> None:
    reader = KeptPictures(path, most_zoom=19)
    assert reader.tile(3, 1, 2) is None
    kept = KeptTiles(path)
    kept.keep((3, 1, 2), b"one", about(5))
    assert reader.tile(3, 1, 2) == b"one"
    kept.close()

    again = KeptTiles(path)
    assert again.about([(3, 1, 2), (3, 1, 3)]) == {(3, 1, 2): about(5)}
    again.keep((3, 1, 2), b"two", about(6))
    assert reader.tile(3, 1, 2) == b"two"
    again.close()
    reader.close()


def test_the_time_of_a_place_is_its_own_or_that_of_what_stands_in(path: Path) -> None:
    kept = KeptTiles(path)
    kept.keep((3, 1, 2), b"one", about(5))
    kept.keep((5, 4, 8), b"finer", about(7))
    kept.confirm((5, 4, 8), 9, 99)
    assert [kept.checked_at(tile, 5) for tile in ((5, 4, 8), (5, 5, 8), (5, 30, 30))] == [9, 5, None]
    assert kept.checked_at((5, 5, 8), 1) is None
    kept.close()


def test_beyond_the_limit_the_least_used_make_room(path: Path) -> None:
    kept = KeptTiles(path, most_bytes=10_000)
    for column in range(10):
        kept.keep((8, column, 0), bytes(1000), about(column))
    kept.use([(8, 0, 0)], 100)
    kept.keep((8, 10, 0), bytes(1000), about(10))

    left = kept.about([(8, column, 0) for column in range(11)])
    assert (8, 0, 0) in left and (8, 10, 0) in left
    assert (8, 1, 0) not in left and (8, 2, 0) not in left
    assert 1000 * len(left) <= 9000
    kept.close()


def test_the_limit_holds_also_for_what_was_there_at_the_start_and_is_replaced(path: Path) -> None:
    kept = KeptTiles(path, most_bytes=10_000)
    for column in range(8):
        kept.keep((8, column, 0), bytes(1000), about(column))
    kept.close()
    again = KeptTiles(path, most_bytes=5000)
    for _ in range(3):
        again.keep((8, 7, 0), bytes(900), about(50))
    assert sum(1000 for _ in again.about([(8, column, 0) for column in range(8)])) <= 5000
    again.close()


def test_what_may_not_be_kept_is_gone_after_the_next_start(path: Path) -> None:
    kept = KeptTiles(path)
    kept.keep((3, 1, 2), b"passing", about(5, is_passing=True))
    kept.keep((3, 1, 3), b"stays", about(5))
    kept.close()
    again = KeptTiles(path)
    assert list(again.about([(3, 1, 2), (3, 1, 3)])) == [(3, 1, 3)]
    again.close()


def test_a_picture_of_no_place_goes_and_stays_known(path: Path) -> None:
    kept = KeptTiles(path)
    kept.keep((3, 1, 2), b"blocked", about(5, digest="b"))
    assert kept.others_with("b", (3, 1, 2)) == [] and kept.others_with("b", (4, 0, 0)) == [(3, 1, 2)]
    kept.drop("b")
    kept.close()
    again = KeptTiles(path)
    assert again.about([(3, 1, 2)]) == {} and again.is_no_map("b") and not again.is_no_map("d")
    again.close()


@pytest.mark.parametrize(
    "damage", [b"", b"no database at all" * 100, b"SQLite format 3\x00" + os.urandom(5000)]
)
def test_a_damaged_file_is_begun_anew(path: Path, damage: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(damage)
    reader = KeptPictures(path, most_zoom=19)
    assert reader.tile(3, 1, 2) is None
    kept = KeptTiles(path)
    kept.keep((3, 1, 2), b"one", about(5))
    assert reader.tile(3, 1, 2) == b"one"
    kept.close()
    reader.close()


def test_the_tiles_of_another_server_do_not_stay(path: Path) -> None:
    KeptTiles(path).close()
    other = file_of(path.parent, "https://other.example/{z}/{x}/{y}.png")
    KeptTiles(other).close()
    assert other.exists() and not path.exists()


def test_threads_may_write_while_another_reads(path: Path) -> None:
    kept, reader = KeptTiles(path, most_bytes=40_000), KeptPictures(path, most_zoom=19)

    def fill(start: int) -> None:
        for column in range(start, start + 60):
            tile: WebTile = (9, column, 0)
            kept.keep(tile, bytes(1000), about(column))
            kept.use([tile], column)

    threads = [threading.Thread(target=fill, args=(start,)) for start in (0, 60)]
    for thread in threads:
        thread.start()
    read = [reader.tile(9, column, 0) for column in range(120)]
    for thread in threads:
        thread.join()
    assert {len(each) for each in read if each} <= {1000}
    assert len(kept.about([(9, column, 0) for column in range(120)])) <= 40
    kept.close()
    reader.close()

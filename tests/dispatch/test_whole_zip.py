"""A zip that is whole or not there, the same twice, and unpacks nowhere but where it should."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from dispatch.errors import FileNotWritten
from dispatch.whole_zip import writing_zip

AT = datetime(2017, 9, 15, 16, 20, 7, tzinfo=UTC)


def written(path: Path, at: datetime = AT) -> bytes:
    (path.parent / "large").write_bytes(b"row\n" * 1_000_000)
    with writing_zip(path, at) as into:
        into.add("README.txt", b"first")
        into.add_file("large.csv", path.parent / "large")
        into.add("photos/1.jpg", bytes(range(256)), is_packed=False)
    return path.read_bytes()


def test_the_same_content_gives_the_same_bytes_and_the_order_it_was_given_in(tmp_path: Path) -> None:
    assert written(tmp_path / "one.zip") == written(tmp_path / "two.zip")
    with ZipFile(tmp_path / "one.zip") as found:
        assert found.testzip() is None
        assert found.namelist() == ["README.txt", "large.csv", "photos/1.jpg"]
        assert {each.date_time for each in found.infolist()} == {(2017, 9, 15, 16, 20, 6)}
        assert found.read("large.csv") == b"row\n" * 1_000_000


def test_what_it_says_of_each_file_is_what_is_in_it(tmp_path: Path) -> None:
    with writing_zip(tmp_path / "one.zip", AT) as into:
        said = into.add("a.txt", b"words")
    assert (said.name, said.bytes, said.sha256) == ("a.txt", 5, hashlib.sha256(b"words").hexdigest())


@pytest.mark.parametrize("year", [1, 1969, 2108, 9999])
def test_a_time_that_no_zip_can_hold_is_the_nearest_one_that_it_can(tmp_path: Path, year: int) -> None:
    written(tmp_path / "one.zip", AT.replace(year=year))
    with ZipFile(tmp_path / "one.zip") as found:
        assert found.infolist()[0].date_time[0] == min(max(year, 1980), 2107)


@pytest.mark.parametrize(
    "name",
    [
        *("../up.txt", "/etc/passwd", "C:\\up.txt", "a/../../b", "a\\b", "", ".", "..", ".hidden", "a/.b"),
        *("a/b/c", "con", "aux.txt", "photos/NUL.jpg", "a\x00b", "a\nb", "é.txt", "a b", "x" * 200, "a/"),
        *("a..b", "lpt1.csv", "-rf"),
    ],
)
def test_no_name_leads_out_of_the_folder_or_onto_a_device(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is no name"), writing_zip(tmp_path / "one.zip", AT) as into:
        into.add(name, b"")
    assert list(tmp_path.iterdir()) == []


def test_no_two_files_have_one_name_where_letters_are_alike(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no name"), writing_zip(tmp_path / "one.zip", AT) as into:
        into.add("a.txt", b"")
        into.add("A.TXT", b"")


def test_given_up_in_the_middle_it_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), writing_zip(tmp_path / "one.zip", AT) as into:
        into.add("a.txt", b"words")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_where_it_cannot_be_written_a_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(FileNotWritten, match="Choose another folder"),
        writing_zip(tmp_path / "file" / "one.zip", AT),
    ):
        pass

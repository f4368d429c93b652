"""Drafts on the disk: the last one counts, a broken one harms nothing, a full disk stops nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dispatch.drafts import Drafts, has_words

NOTE = ("note", "7")


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[Drafts]:
    made = Drafts(tmp_path / "drafts")
    yield made
    made.close()


def test_the_last_word_counts_and_what_was_sent_is_gone(drafts: Drafts) -> None:
    for words in ("Crew", "Crew 4", "Crew 4 is there"):
        drafts.keep(NOTE, {"text": words, "kind": ("a", 2), "at": None})
    drafts.keep(("message", "8"), {"text": "sent"})
    drafts.drop(("message", "8"))

    assert drafts.load().result() == {NOTE: {"text": "Crew 4 is there", "kind": ["a", 2], "at": None}}


def test_what_somebody_wrote_is_given_back_to_them_alone(drafts: Drafts) -> None:
    drafts.keep(("note", "1"), {"text": "before anybody signed in"})
    for by in ("Ada", "Kim"):
        drafts.by = by
        drafts.keep(NOTE, {"text": f"of {by}"})
    assert drafts.load().result() == {
        ("note", "1"): {"text": "before anybody signed in"},
        NOTE: {"text": "of Kim"},
    }

    drafts.drop(NOTE)
    drafts.drop(("note", "1"))
    assert drafts.load().result() == {}
    drafts.by = "Ada"
    assert drafts.load().result() == {NOTE: {"text": "of Ada"}}


def test_what_stands_there_broken_is_passed_over(drafts: Drafts, tmp_path: Path) -> None:
    drafts.keep(NOTE, {"text": "kept"})
    drafts.load().result()
    for name, content in (
        ("a", b""),
        ("b", b"[]"),
        ("c", b"\xff"),
        ("d", b'{"sheet":1,"subject":2,"draft":{}}'),
    ):
        (tmp_path / "drafts" / f"{name}.json").write_bytes(content)

    assert list(drafts.load().result()) == [NOTE]


def test_a_folder_that_cannot_be_written_is_said_once(
    tmp_path: Path, expect_warning: Callable[[str], None]
) -> None:
    expect_warning("text being written cannot be kept")
    (tmp_path / "drafts").write_text("a file")
    drafts = Drafts(tmp_path / "drafts")

    for words in ("a", "b"):
        drafts.keep(NOTE, {"text": words})

    assert drafts.load().result() == {}
    drafts.close()


def test_a_subject_from_outside_stays_in_the_folder(drafts: Drafts, tmp_path: Path) -> None:
    key = ("answer", "../../../etc/passwd")
    drafts.keep(key, {"text": "kept"})

    assert list(drafts.load().result()) == [key]
    assert [path.parent for path in tmp_path.rglob("*.json")] == [tmp_path / "drafts"]


def test_what_only_the_program_could_read_back_is_left_out(drafts: Drafts) -> None:
    drafts.keep(NOTE, {"text": "kept", "odd": object()})

    assert drafts.load().result() == {NOTE: {"text": "kept"}}
    assert has_words({"a": 1, "b": "x"}) and not has_words({"a": 1, "b": " "})

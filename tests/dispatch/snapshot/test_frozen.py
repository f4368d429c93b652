"""What is kept of a snapshot says for ever what it said."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pytest

from dispatch.errors import SnapshotBroken
from dispatch.snapshot.frozen import FORM, freeze, thaw
from dispatch.snapshot.making import version_of
from dispatch.snapshot.records import Edition
from tests.dispatch.snapshot.example_pages import snapshot
from tests.dispatch.snapshot.example_workbook import HOSTILE

# What no database would have given us either.
STORABLE = [words for words in HOSTILE if not any("\ud800" <= sign <= "\udfff" for sign in words)]
SMALL = snapshot(40)
SMALL = replace(SMALL, version=version_of(SMALL))


def test_a_frozen_snapshot_comes_back_as_it_was() -> None:
    kept = replace(SMALL, edition=Edition(2, 1, "Ana", "Ben", "Ben", 5, "12 late reports"))
    assert thaw(freeze(kept)) == kept
    assert freeze(thaw(freeze(kept))) == freeze(kept)


@pytest.mark.parametrize("words", STORABLE)
def test_any_words_come_back_as_they_were(words: str) -> None:
    asked = replace(SMALL, head=replace(SMALL.head, contact=words), version="")
    kept = replace(asked, version=version_of(asked))
    assert thaw(freeze(kept)) == kept


def test_one_that_was_changed_is_not_taken_for_the_one_that_was_made() -> None:
    content = zlib.decompress(freeze(SMALL)[len(FORM) :]).replace(b'"storm":"', b'"storm":"X', 1)
    with pytest.raises(SnapshotBroken, match="changed after it was made"):
        thaw(FORM + zlib.compress(content))


@pytest.mark.parametrize(
    "content", [b"", FORM, FORM + b"x", FORM + zlib.compress(b"{}"), b"landfall snapshot 2\n"]
)
def test_what_is_no_snapshot_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(SnapshotBroken):
        thaw(content)

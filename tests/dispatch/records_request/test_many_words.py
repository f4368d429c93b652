"""One pattern for many words finds what each of them alone would."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from dispatch.records_request.many_words import any_of

SIGNS = "abAB. (é"
WORDS = st.sets(st.text(SIGNS, min_size=1, max_size=6), min_size=1, max_size=12)


@given(WORDS, st.text(SIGNS, max_size=40))
def test_it_finds_the_longest_word_at_the_first_place_there_is_one(words: set[str], text: str) -> None:
    longest_first = sorted(words, key=len, reverse=True)
    alone = re.search("|".join(map(re.escape, longest_first)), text, re.IGNORECASE)

    pattern = any_of(words, whole_words=False)

    assert pattern is not None
    found = pattern.search(text)
    assert (found and found.span()) == (alone and alone.span())


def test_whole_words_alone() -> None:
    pattern = any_of({"Ana", "Ana Diaz"}, whole_words=True)
    assert pattern is not None
    assert [found[0] for found in pattern.finditer("Banana, ana diaz, Ana. Anab")] == ["ana diaz", "Ana"]


def test_words_that_begin_each_other_are_many_and_found() -> None:
    words = {"a" * length for length in range(1, 400)}
    pattern = any_of(words, whole_words=False)
    assert pattern is not None
    found = pattern.search("b" + "a" * 300)
    assert found is not None and found.span() == (1, 301)


def test_no_words_are_no_pattern() -> None:
    assert any_of((), whole_words=True) is None and any_of({""}, whole_words=False) is None

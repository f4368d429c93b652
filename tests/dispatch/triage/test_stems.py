"""Forms of one English word come to one stem, and other words stay apart."""

from __future__ import annotations

import pytest

from dispatch.triage.stems import stem_of


@pytest.mark.parametrize(
    "forms",
    [
        "injury injuries",
        "trap traps trapped trapping",
        "collapse collapses collapsed collapsing",
        "bury buried buries",
        "doctor doctors",
    ],
)
def test_forms_of_a_word_share_a_stem(forms):
    assert len({stem_of(form) for form in forms.split()}) == 1


@pytest.mark.parametrize("word", ["glass", "king", "bed", "red", "gas", "us", "sing"])
def test_what_only_looks_like_an_ending_stays(word):
    assert stem_of(word) == word


@pytest.mark.parametrize(("one", "other"), [("need", "needle"), ("rise", "rice"), ("fall", "false")])
def test_other_words_have_other_stems(one, other):
    assert stem_of(one) != stem_of(other)

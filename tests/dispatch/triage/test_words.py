"""Plain letters are cleaned by a shorter way, which must come to the same words."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from dispatch.triage.phrases import Words, clean

PLAIN = st.text(st.characters(codec="ascii"), max_size=80)
# One letter that is none of ASCII's and folds to itself: the text goes the long way.
FAR = "中"


@given(PLAIN)
@example("we can't get out; HELP us!!")
@example("the '90s, rock 'n' roll and a''b")
@example("5'10\"/six-foot_tall (near [the] drain): done.")
def test_plain_letters_come_to_the_same_words_as_any(text: str) -> None:
    assert clean(f"{text} ") == clean(f"{text} {FAR}")
    words = Words.of(text)
    assert words.cleaned == clean(text) and words.distinct == frozenset(words.cleaned.split())

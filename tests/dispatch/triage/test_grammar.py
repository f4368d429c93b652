"""Which words of a text count: those denied, of another time, or told as news or a story do not."""

from __future__ import annotations

import pytest

from dispatch.triage.phrases import Words

TELLING = {
    "nobody",
    "no",
    "not",
    "trapped",
    "hurt",
    "wounded",
    "sick",
    "sparking",
    "doctor",
    "atrapado",
    "blese",
}


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("we are trapped", {"trapped"}),
        ("Nobody is trapped", set()),
        ("no one here is hurt or wounded, one is sick", {"sick"}),
        ("nobody hurt but the pole is sparking", {"sparking"}),
        ("No, I am trapped", {"trapped"}),
        ("No I am trapped", {"trapped"}),
        ("not only sparking but trapped", {"sparking", "trapped"}),
        ("nobody was hurt. now a man is hurt", {"hurt"}),
        ("ten years ago he was wounded", set()),
        ("ten years ago he was wounded. he is sick", {"sick"}),
        ("the news said that a man is hurt. my father is sick", {"sick"}),
        ("nadie atrapado", set()),
        ("pesonn pa blese", set()),
        ("", set()),
    ],
)
def test_s2_only_what_a_text_says_counts(text, counts, rules):
    assert rules.cues.grammar.meant(Words.of(text)) & TELLING == counts


def test_s2_a_text_that_turns_nothing_counts_as_a_whole(rules):
    words = Words.of("Tree on the house, a child is hurt")
    assert rules.cues.grammar.meant(words) == words.distinct

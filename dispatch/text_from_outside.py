"""Words that come from outside, made fit to be kept and shown: what no screen, database or terminal may be
given is marked or taken out, and what nobody could read is cut. The words themselves stay as they were."""

from __future__ import annotations

import re

# Nobody types so much; whoever pastes more still has its beginning and its end judged and shown.
MOST_CHARS = 10_000
HEAD_CHARS, TAIL_CHARS = 7_000, 2_900

# Line ends and tabs are words' own. PostgreSQL takes no NUL, UTF-8 no half of a pair, terminals obey others.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# They turn whatever is written behind them in the same line, our own words included. Telephones put them
# around numbers that are copied, so they go without a mark.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
MARK = "\ufffd"


def plain(words: str) -> str:
    """Control characters and broken ones as U+FFFD, nothing that turns the direction of other words."""
    if words.isprintable():
        return words
    return _CONTROL.sub(MARK, _TURNS.sub("", words))


def bounded(words: str) -> str:
    """At most `MOST_CHARS`: of longer words the beginning and the end, with how much is left out between."""
    if len(words) <= MOST_CHARS:
        return words
    left_out = len(words) - HEAD_CHARS - TAIL_CHARS
    gap = f"\n[… {left_out:,} characters are left out here; the sender's side has them …]\n"
    return words[:HEAD_CHARS] + gap + words[-TAIL_CHARS:]

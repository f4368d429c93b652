"""Offers of help in residents' words: found by lists of their own, with the grammar of the cue lists.

They are no cues: an offer brings no points and no band, and takes none away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dispatch.residents.private_words import Private, private_words
from dispatch.resources import resource
from dispatch.triage.cues import CueList, load_cues
from dispatch.triage.lists import reading
from dispatch.triage.phrases import Words

# The mark that an assessment carries for it.
OFFER = "offer"


class Verdict(StrEnum):
    NONE = "none"
    OFFER = "offer"
    # It offers help for money: never shown as a neighbor.
    COMMERCIAL = "commercial"


@dataclass(frozen=True, slots=True)
class OfferList:
    """`needs`: words of which every offer has at least one. Most reports have none and are read no further:
    of a backlog that is a part of the time that shows."""

    cues: CueList
    needs: re.Pattern[str]

    def verdict(self, text: str) -> Verdict:
        # A clause mark before the text: what may only stand at the beginning of one is found there too.
        found = {hit.cue.name for hit in self.cues.find(Words.of(f". {text}"))}
        if not found:
            return Verdict.NONE
        is_called = "trade" in found and Private.PHONE in private_words(text)
        if ("commercial" in found or "trade_called" in found or is_called) and "free" not in found:
            return Verdict.COMMERCIAL
        return Verdict.OFFER if OFFER in found else Verdict.NONE

    def is_in(self, texts: Iterable[str]) -> bool:
        """Whether any of them offers help; each is read by itself."""
        return any(map(self.is_offer, texts))

    def is_offer(self, text: str) -> bool:
        return self.needs.search(text.lower()) is not None and self.verdict(text) is Verdict.OFFER


def load_offers(cues: CueList, folder: Path | None = None) -> OfferList:
    folder = folder or resource("triage")
    needs: list[str] = []
    for path in sorted(folder.glob("offers_*.toml")):
        with reading("list of offers", path) as said:
            needs += said["needs"]
    words = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in needs)
    return OfferList(load_cues(folder, name="offers", base=cues), re.compile(rf"\b(?:{words})\b"))

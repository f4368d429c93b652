"""What is being written on a draft, on the seat's disk until the store has it: as a sheet's words are."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from dispatch.drafts import Drafts, has_words
from dispatch.records import PackState, ShiftPack

NAME = "shift"
ITEM = "item "  # before the key of a line


class Begun:
    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts

    async def of(self, pack: ShiftPack | None) -> tuple[dict[str, str], dict[str, str]]:
        """(words by field, remarks by the key of a line) that somebody had begun when the program ended."""
        if pack is None or pack.state != PackState.DRAFT:
            return {}, {}
        left = (await asyncio.wrap_future(self._drafts.load())).get((NAME, subject_of(pack)), {})
        words = {name: each for name, each in left.items() if isinstance(each, str) and each}
        items = {name.removeprefix(ITEM): each for name, each in words.items() if name.startswith(ITEM)}
        return {name: each for name, each in words.items() if not name.startswith(ITEM)}, items

    def keep(self, pack: ShiftPack, fields: Mapping[str, str], items: Mapping[str, str]) -> None:
        draft = {**fields, **{f"{ITEM}{key}": words for key, words in items.items()}}
        if has_words(draft):
            self._drafts.keep((NAME, subject_of(pack)), draft)
        elif draft:
            self._drafts.drop((NAME, subject_of(pack)))

    def drop(self, pack: ShiftPack) -> None:
        """The store has it."""
        self._drafts.drop((NAME, subject_of(pack)))


def subject_of(pack: ShiftPack) -> str:
    return f"{pack.pack_id} {pack.version}"

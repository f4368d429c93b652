"""Make the ticked sites part of the current one: which, how far away, what it comes to (S10)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import numpy as np

from dispatch.records import Band, Flag
from ui.sheets.near import NEAR_M, distances_m
from ui.sheets.site_sheet import SiteSheet
from ui.theme import Theme
from ui.widgets import counts
from ui.widgets.words import Words

SHOWN = 8


class MergeTickedSheet(SiteSheet):
    NAME = "merge_ticked"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self.ids: tuple[int, ...] = ()
        self.say_title(self.tr("Merge into this site"))
        self._list = Words(theme=theme)
        self.body.addWidget(self._list)

    def begin(self, *, ids: Iterable[int] = (), **given: Any) -> None:
        board = self.bridge.board
        self.ids = tuple(one for one in ids if one != self.site_id and board.row(one) >= 0)
        lines = [self._line(one) for one in self.ids[:SHOWN]]
        if left := len(self.ids) - len(lines):
            lines.append(self.tr("and {} more").format(left))
        self._list.say("\n".join(lines))
        sites = counts.sites(len(self.ids))
        if self._is_about_persons():
            self.say_effect(
                self.tr("Reports about persons are linked by building, never merged: people are summed."),
                "warn",
            )
            self.say_act(self.tr("Link {}").format(sites))
            return
        self.say_effect(
            self.tr("{sites} become part of it. Nothing changes on the city's site; U undoes it.").format(
                sites=sites
            )
        )
        self.say_act(self.tr("Merge {}").format(sites))

    def doubt(self) -> str:
        away = self._distances()
        far = float(away[~np.isnan(away)].max(initial=0.0))
        if far <= NEAR_M:
            return ""
        return self.tr("The farthest is {far:.0f} m away: is it one place all the same?").format(far=far)

    def done_words(self) -> tuple[str, bool]:
        sites = counts.sites(len(self.ids))
        if self._is_about_persons():
            return self.tr("Linked {}.").format(sites), False
        return self.tr("Merged {}.").format(sites), True

    def act(self) -> asyncio.Task[Any]:
        desk = self.bridge.desk
        work = desk.link if self._is_about_persons() else desk.merge
        return self.bridge.act(work, self.site_id, list(self.ids))

    def _is_about_persons(self) -> bool:
        board = self.bridge.board
        return any(board.flags[board.row(one)] & Flag.PERSON for one in (self.site_id, *self.ids))

    def _distances(self) -> Any:
        board = self.bridge.board
        rows = [board.row(one) for one in self.ids]
        return distances_m(board, board.row(self.site_id))[rows]

    def _line(self, site_id: int) -> str:
        board, row = self.bridge.board, self.bridge.board.row(site_id)
        what = f"{Band(int(board.band[row])).name} {board.what[row]}"
        return " · ".join(filter(None, (what, board.where[row], self.tr("no. {}").format(site_id))))

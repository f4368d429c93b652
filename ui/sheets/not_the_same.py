"""A person has looked: the site repeats none of those that are proposed for it."""

from __future__ import annotations

import asyncio
from typing import Any

from dispatch.records import Band, SiteView
from ui.sheets.site_sheet import SiteSheet
from ui.theme import Theme
from ui.widgets import counts
from ui.widgets.words import Words


class NotTheSameSheet(SiteSheet):
    NAME = "not_the_same"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self.ids: tuple[int, ...] = ()
        self.say_title(self.tr("None of these"))
        self._list = Words(theme=theme)
        self.body.addWidget(self._list)

    def show_site(self, view: SiteView) -> None:
        self.ids = tuple(each.site_id for each in view.suggestions)
        if not self.ids:
            self.say_effect(self.tr("Nothing is proposed for this site."))
            self.button.setEnabled(False)
            return
        board = self.bridge.board
        lines = []
        for each in view.suggestions:
            row = board.row(each.site_id)
            what = f"{Band(int(board.band[row])).name} {board.what[row]}" if row >= 0 else ""
            lines.append(" · ".join(filter(None, (what, each.why, self.tr("no. {}").format(each.site_id)))))
        self._list.say("\n".join(lines))
        self.say_effect(self.tr("They stay sites of their own and are not proposed again. U undoes it."))
        self.say_act(self.tr("Not the same as {}").format(counts.sites(len(self.ids))))

    def problem(self) -> tuple[str, str] | None:
        return None if self.ids else ("", self.tr("Nothing is proposed for this site."))

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Not proposed again."), True

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(self.bridge.desk.not_the_same, self.site_id, list(self.ids))

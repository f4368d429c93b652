"""Asking who has claimed a site for it; once nobody has answered for a minute, taking it over."""

from __future__ import annotations

import asyncio
from typing import Any

from dispatch.board import Ask, Claim
from dispatch.claim_rules import ANSWER_MS, is_stale, left_to_answer
from dispatch.records import SiteView
from ui.sheets.site_sheet import SiteSheet
from ui.theme import Theme
from ui.widgets import times


class AskSheet(SiteSheet):
    NAME = "ask"
    ENTER_ACTS = True
    NAMES_HOLDER = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self._takes_over = False
        self._done = ""
        self.say_title(self.tr("Ask for this site"))
        self.say_act(self.tr("Ask"))
        self._look()
        bridge.ticked.connect(self._look)
        bridge.changed.connect(self._look)

    def show_site(self, view: SiteView) -> None:
        self._look()

    def act(self) -> asyncio.Task[Any]:
        # What is said then is of this act: once it is done the sheet would do another.
        desk = self.bridge.parts.claim_desk
        if self._takes_over:
            self._done = self.tr("Taken over.")
            return self.bridge.act(desk.take_over, self.site_id)
        self._done = self.tr("Asked. The answer is told here.")
        return self.bridge.act(desk.ask_for, self.site_id)

    def done_words(self) -> tuple[str, bool]:
        return self._done, False

    # -- inside -----------------------------------------------------------------------------------------

    def _look(self, _what: object = None) -> None:
        board = self.bridge.board
        claim, ask = board.claims.get(self.site_id), board.asks.get(self.site_id)
        effect, may = self._said(claim, ask)
        if effect != self.effect():
            self.say_effect(effect)
            self.grew.emit()
        self.say_act(self.tr("Take it over") if self._takes_over else self.tr("Ask"))
        self.button.setEnabled(may and self.view is not None)

    def _said(self, claim: Claim | None, ask: Ask | None) -> tuple[str, bool]:
        """What Enter does now and whether it may; decides whether it is asking or taking over."""
        board, now, me = self.bridge.board, self.now, self.bridge.person
        self._takes_over = False
        if claim is None:
            return self.tr("Nobody has claimed it: Space claims it."), False
        if claim.person == me:
            return self.tr("You have claimed it."), False
        who = self.tr("{who} ({seat})").format(who=claim.person, seat=claim.seat)
        row = board.row(self.site_id)
        if row >= 0 and is_stale(int(board.band[row]), claim.at, now):
            self._takes_over = True
            age = times.age(now - claim.at)
            return self.tr("{who} has not acted here for {age}: anyone may take it.").format(
                who=who, age=age
            ), True
        if ask is None:
            since = times.ago(claim.at, now, self.bridge.zone)
            return self.tr(
                "{who} claimed it {since}. They see that you ask, and give it or keep it. Where nobody "
                "answers for {wait} s, you can take it over."
            ).format(who=who, since=since, wait=ANSWER_MS // 1000), True
        age = times.age(now - ask.at)
        if ask.person != me:
            return self.tr("{asker} asked {who} for it first, {age} ago.").format(
                asker=ask.person, who=who, age=age
            ), False
        self._takes_over = True
        if left := left_to_answer(ask.at, now):
            return self.tr("You asked {who} {age} ago. It can be taken over in {left} s.").format(
                who=who, age=age, left=-(-left // 1000)
            ), False
        return self.tr("{who} has not answered for {age}: you can take it over.").format(
            who=who, age=age
        ), True

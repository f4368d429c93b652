"""What the profile on the screen would do to the queue now, with the P1 and P2 it touches by name."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.board import Board
from dispatch.profile_desk import ProfileEffect
from dispatch.records import Band
from ui.queue.section import Section
from ui.theme import Theme
from ui.widgets import counts

LISTED = 6


class EffectWords(Section):
    def __init__(self, *, theme: Theme, board: Board) -> None:
        super().__init__("", theme=theme)
        self._board = board
        self.say_heading(self.tr("What this does to the queue now"))

    def show_waiting(self) -> None:
        self.clear()
        self.add_line(self.tr("Looking at the open sites …"), tone="text_dim")

    def show_effect(self, effect: ProfileEffect, *, has_changes: bool) -> None:
        self.clear()
        if has_changes:
            self._moves(effect)
        else:
            self.add_line(self.tr("Nothing is changed. This is the profile in force."), tone="text_dim")
        if effect.lowered:
            self.add_line(
                self.tr("{sites} would leave P1 or P2 because the category is ranked lower:").format(
                    sites=counts.sites(len(effect.lowered))
                ),
                tone="alarm",
            )
            self._name(effect.lowered)
        if effect.kept:
            told = ", ".join(
                f"{sum(each == band for each, _ in effect.kept)} {band.name}"
                for band in (Band.P1, Band.P2)
                if any(each == band for each, _ in effect.kept)
            )
            self.add_line(
                self.tr("{counts} in categories that are held stay in the queue for what they say:").format(
                    counts=told
                ),
                tone="text",
            )
            self._name(effect.kept)
        else:
            self.add_line(self.tr("No P1 or P2 stands in a category that is held."), tone="text_dim")

    def _moves(self, effect: ProfileEffect) -> None:
        if effect.goes_aside:
            self.add_pair(self.tr("Held until after the storm"), counts.sites(effect.goes_aside))
        if effect.comes_back:
            self.add_pair(self.tr("Back in the queue"), counts.sites(effect.comes_back))
        for (old, new), count in effect.moves.items():
            self.add_pair(f"{Band(old).name} → {Band(new).name}", counts.sites(count))
        if not (effect.goes_aside or effect.comes_back or effect.moves):
            self.add_line(self.tr("No open site moves; new reports are judged by it."), tone="text_dim")

    def _name(self, found: Sequence[tuple[Band, int]]) -> None:
        for band, site_id in found[:LISTED]:
            row = self._board.row(site_id)
            if row >= 0:
                words = f"{band.name}  {self._board.what[row]} · {self._board.where[row]}"
                self.add_line(words.rstrip(" ·"), tone="text_soft", role="small")
        if len(found) > LISTED:
            self.add_line(self.tr("and %n more", "", len(found) - LISTED), tone="text_dim", role="small")

"""Why a site stands where it stands: every part of its score, and an operator's own decision as theirs."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dispatch.board import Board
from dispatch.records import Band, Millis, SiteView
from ui.queue.section import Section
from ui.theme import Theme
from ui.widgets import times


class Reasons(Section):
    def __init__(self, *, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__("", theme=theme)
        self._zone = zone

    def say_standing(self, *, is_first: bool) -> None:
        self.say_heading(self.tr("Why this is first") if is_first else self.tr("Why it stands here"))

    def show_site(self, view: SiteView, board: Board, now: Millis, *, is_first: bool) -> None:
        self.clear()
        self.say_standing(is_first=is_first)
        if own := view.own_band:
            at = times.clock(own.at, now, self._zone)
            self.add_pair(
                self.tr("{who} set {band}, {at}").format(who=own.who, band=Band(own.band).name, at=at),
                self.tr("own"),
                tone="warn",
            )
            if own.reason:
                self.add_line(self.tr("“{}”").format(own.reason), tone="text_dim")
            if own.band != view.assessed_band:
                found = self.tr("The reports alone say {band}").format(band=Band(view.assessed_band).name)
                self.add_line(found, tone="text_dim")
        for reason in view.reasons:
            is_slight = 0 < abs(reason.points) < 1
            self.add_pair(reason.text, _points(reason.points), tone="text_dim" if is_slight else "text")
        row = board.row(view.row.site_id)
        waiting = float(board.waiting[row]) if row >= 0 else 0.0
        if waiting:
            waited = times.age(now - view.row.first_at)
            self.add_pair(self.tr("Waiting {}").format(waited), _points(waiting))
        if not (view.reasons or waiting or view.own_band):
            self.add_line(self.tr("Nothing in its words adds points."), tone="text_dim")


def _points(points: float) -> str:
    if not points:
        return ""
    shown = f"{abs(points):.0f}" if abs(points - round(points)) < 0.05 else f"{abs(points):.1f}"
    return f"+{shown}" if points > 0 else f"−{shown}"

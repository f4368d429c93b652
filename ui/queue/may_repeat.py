"""Which other sites this one may repeat, each with its why; a person decides (S10)."""

from __future__ import annotations

from PySide6.QtCore import Signal

from dispatch.board import Board
from dispatch.records import Band, SiteView, Suggestion
from ui.queue.section import Section
from ui.theme import Theme
from ui.widgets.link_line import LinkLine


class MayRepeat(Section):
    site_chosen = Signal(object)

    def __init__(self, *, theme: Theme) -> None:
        super().__init__("", theme=theme)

    def show_site(self, view: SiteView, board: Board) -> None:
        self.clear()
        self.setVisible(bool(view.suggestions))
        if not view.suggestions:
            return
        is_link = any(each.is_link for each in view.suggestions)
        self.say_heading(self.tr("May be the same building") if is_link else self.tr("May be the same place"))
        for each in view.suggestions:
            self._show(each, board)
        act = self.tr("D links them") if is_link else self.tr("D merges")
        self.add_line(
            self.tr("{act} · Shift D: none of these").format(act=act), tone="text_dim", role="small"
        )

    def _show(self, each: Suggestion, board: Board) -> None:
        row = board.row(each.site_id)
        what = f"{Band(int(board.band[row])).name} {board.what[row]}" if row >= 0 else ""
        line = LinkLine(what or self.tr("no. {}").format(each.site_id), theme=self.theme)
        line.setAccessibleDescription(each.why)
        line.clicked.connect(lambda _on=False, site=each.site_id: self.site_chosen.emit(site))
        self.rows.addWidget(line)
        self.add_line(each.why, tone="text_dim", role="small")

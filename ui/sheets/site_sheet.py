"""A sheet about one site: says at once which, and fills in once the site has been read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ui.sheets.words import reports_words
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.sheet import WIDTH, Sheet
from ui.widgets.words import Words

if TYPE_CHECKING:
    from dispatch.records import SiteView


class SiteSheet(Sheet):
    READS_SITE = True
    KEEPS_WORDS = True
    NAMES_HOLDER = False  # says by itself who has claimed the site

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int, width: int = WIDTH) -> None:
        super().__init__(theme=theme, subject=str(site_id), width=width)
        self.bridge = bridge
        self.site_id = site_id
        self.view: SiteView | None = None
        self.button.setEnabled(False)
        # What others do at this site meanwhile.
        self.beside = Words(theme=theme, role="small", tone="warn")
        self._column.insertWidget(2, self.beside)
        board, row = bridge.board, bridge.board.row(site_id)
        if row >= 0:
            self.say_subject(int(board.band[row]), board.what[row], board.where[row])

    @property
    def now(self) -> int:
        return self.bridge.clock.now()

    def say_beside(self, words: str) -> None:
        if words != self.beside.said():
            self.beside.say(words)
            self.grew.emit()

    def take(self, view: SiteView) -> None:
        row = view.row
        since = self.tr("{count} since {clock}").format(
            count=reports_words(row.reports), clock=times.clock(row.first_at, self.now, self.bridge.zone)
        )
        self.say_subject(row.band, view.title, " · ".join(filter(None, (place_line(view), since))))
        self.view = view
        self.button.setEnabled(True)
        self.show_site(view)
        self.grew.emit()

    def show_site(self, view: SiteView) -> None:
        """Fill the fields from the site."""


def place_line(view: SiteView) -> str:
    """Where it is: the address with its suffix (S11), then the neighborhood. The address it was placed by
    hand at comes before the one of the report."""
    own = view.own_place
    where = (own.words if own else "") or view.address or view.row.where
    hood = view.row.neighborhood
    return " · ".join(part for part in (where, hood if hood not in where else "") if part)

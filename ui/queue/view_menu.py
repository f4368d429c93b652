"""The menu of saved views under the header's chip: open one, save the filters, change one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

from dispatch.saved_views import SavedView
from ui.queue.header import QueueHeader
from ui.queue.saved_views import SavedViews
from ui.queue.selection import Selection
from ui.theme import Theme


class ViewMenu(QObject):
    def __init__(
        self,
        *,
        views: SavedViews,
        header: QueueHeader,
        selection: Selection,
        sheets: Any,
        theme: Theme,
    ) -> None:
        super().__init__(header)
        self._views = views
        self._header = header
        self._selection = selection
        self._sheets = sheets
        self._theme = theme
        self.menu = QMenu(header)
        header.views_wanted.connect(self.open)
        selection.narrowed.connect(self._tell)
        views.changed.connect(self._tell)
        self._tell()

    def open(self) -> None:
        self._fill()
        chip = self._header.views
        self.menu.popup(chip.mapToGlobal(QPoint(0, chip.height() + 4)))
        if actions := self.menu.actions():
            self.menu.setActiveAction(actions[0])

    def save(self) -> None:
        self._show_sheet(None)

    def change(self, view: SavedView) -> None:
        self._show_sheet(view)

    def _fill(self) -> None:
        self.menu.clear()
        now = self._views.now()
        for view in self._views.views:
            action = self.menu.addAction(_line(view))
            action.setCheckable(True)
            action.setChecked(view is now)
            action.triggered.connect(lambda _on=False, view=view: self._views.open(view))
        if self._views.views:
            self.menu.addSeparator()
        self.menu.addAction(self.tr("Save the filters as a view…") + "\tShift+V").triggered.connect(self.save)
        if self._views.views:
            change = self.menu.addMenu(self.tr("Change or remove"))
            for view in self._views.views:
                action = change.addAction(_escaped(view.name))
                action.triggered.connect(lambda _on=False, view=view: self.change(view))

    def _show_sheet(self, view: SavedView | None) -> None:
        from ui.sheets.view_sheet import ViewSheet

        self._sheets.show(
            ViewSheet(views=self._views, selection=self._selection, theme=self._theme, view=view)
        )

    def _tell(self) -> None:
        now = self._views.now()
        self._header.show_view(now.name if now else "")


def _line(view: SavedView) -> str:
    return f"{_escaped(view.name)}\t{view.key}" if view.key else _escaped(view.name)


def _escaped(name: str) -> str:
    """A menu takes & for the mark of a letter."""
    return name.replace("&", "&&")

"""Choosing the base map: the bundled one, or a file, kept for the next start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu

from dispatch import settings
from ui.map.view import MapView


class BaseMenu(QObject):
    def __init__(self, *, bridge: Any, view: MapView, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._view, self._base = bridge, view, view.base
        self._kept = bridge.parts.settings.base_map
        self._base.changed.connect(self._keep)
        self._base.refused.connect(lambda sentence: bridge.said.emit(sentence, True))
        view.base_wanted.connect(self.open)
        if self._kept:
            self._base.use_file(Path(self._kept))

    def open(self) -> None:
        menu = self.menu()
        menu.popup(self._view.mapToGlobal(QPoint(12, 12)))
        menu.setActiveAction(menu.actions()[0])

    def menu(self) -> QMenu:
        menu, path = QMenu(self._view), self._base.path
        menu.aboutToHide.connect(menu.deleteLater)
        self._add(menu, self.tr("Bundled map, needs no network"), self._base.use_bundled, is_on=path is None)
        if path is not None:
            about = self._base.about
            name = about.name if about else path.name
            self._add(menu, self.tr("{} over it").format(name), lambda: None, is_on=True)
        menu.addSeparator()
        menu.addAction(self.tr("Choose a file with pictures (MBTiles, PMTiles)…"), self._choose)
        return menu

    def _add(self, menu: QMenu, text: str, do: Any, *, is_on: bool) -> None:
        action = QAction(text.replace("&", "&&"), menu, checkable=True, checked=is_on)
        action.triggered.connect(do)
        menu.addAction(action)

    def _choose(self) -> None:
        dialog = QFileDialog(self._view, self.tr("A file with map pictures"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Map pictures (*.mbtiles *.pmtiles)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(lambda name: self._base.use_file(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _keep(self) -> None:
        path = self._base.path
        name = str(path) if path else ""
        if name != self._kept:
            self._kept = name
            self._bridge.act(settings.keep, self._bridge.parts.folder, base_map=name)

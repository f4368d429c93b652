"""Choosing the base map: the bundled one, a file, or a tile server; kept for the next start."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu

from dispatch import settings
from dispatch.tile_server.choice import SERVER, TileChoice, chosen, key_for
from ui.map.view import MapView


class BaseMenu(QObject):
    server_wanted = Signal()  # its sheet is to be opened

    def __init__(self, *, bridge: Any, view: MapView, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._view, self._base = bridge, view, view.base
        self._settings: settings.Settings = bridge.parts.settings
        self._kept = self._settings.base_map
        self._going: asyncio.Task[None] | None = None
        self._base.changed.connect(self._keep)
        self._base.refused.connect(lambda sentence: bridge.said.emit(sentence, True))
        self._base.noted.connect(lambda sentence: bridge.said.emit(sentence, False))
        if self._kept == SERVER:
            self._begin_server()
        elif self._kept:
            self._base.use_file(Path(self._kept))

    @property
    def server(self) -> TileChoice | None:
        """What the settings name, its terms read or not."""
        found = chosen(self._settings)
        return found[0] if found else None

    def open(self) -> None:
        menu = self.menu()
        menu.popup(self._view.mapToGlobal(QPoint(12, 12)))
        menu.setActiveAction(menu.actions()[0])

    def menu(self) -> QMenu:
        menu, path, about = QMenu(self._view), self._base.path, self._base.about
        menu.aboutToHide.connect(menu.deleteLater)
        self._add(menu, self.tr("Bundled map, needs no network"), self._use_bundled, is_on=about is None)
        if path is not None:
            name = about.name if about else path.name
            self._add(menu, self.tr("{} over it").format(name), lambda: None, is_on=True)
        if server := self.server:
            words = self.tr("Tiles of {} over it").format(server.address.host)
            self._add(menu, words, self.use_server, is_on=self._base.server is not None)
        menu.addSeparator()
        server_words = (
            self.tr("Another tile server, its terms…") if server else self.tr("A tile server (XYZ)…")
        )
        menu.addAction(server_words, self.server_wanted.emit)
        menu.addAction(self.tr("Choose a file with pictures (MBTiles, PMTiles)…"), self._choose)
        return menu

    def use_server(self) -> None:
        """The one in the settings, if somebody here has read its terms; else they are shown first."""
        found = chosen(self._settings)
        if found and found[1]:
            self._going = asyncio.ensure_future(self._use_server(found[0]))
        else:
            self.server_wanted.emit()

    def show_server(self, kept: settings.Settings, key: str) -> None:
        """What a person has just chosen and agreed to."""
        self._settings = kept
        self._kept = kept.base_map
        found = chosen(kept)
        if found and found[1]:
            self._base.use_server(found[0], key=key, contact=kept.contact)

    def _begin_server(self) -> None:
        found = chosen(self._settings)
        if found and found[1]:
            self.use_server()
        else:
            sentence = self.tr(
                "The tile server of the settings is shown when its terms have been read: Ctrl+B."
            )
            self._bridge.said.emit(sentence, False)

    async def _use_server(self, choice: TileChoice) -> None:
        # The keyring may wait for a person to unlock it.
        key = await self._bridge.parts.workers.network(key_for, choice.address)
        if choice.address.wants_key and not key:
            sentence = self.tr("The key of {} is not in the keyring: enter it again, Ctrl+B.")
            self._bridge.said.emit(sentence.format(choice.address.host), False)
        self._base.use_server(choice, key=key, contact=self._settings.contact)

    def _use_bundled(self) -> None:
        if self._going is not None:
            self._going.cancel()
        self._base.use_bundled()

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
        name = SERVER if self._base.server is not None else str(path) if path else ""
        if name != self._kept:
            self._kept = name
            self._bridge.act(settings.keep, self._bridge.parts.folder, base_map=name)

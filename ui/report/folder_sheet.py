"""A sheet that ends in files: which folder they go into."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog

from ui.theme import Theme
from ui.widgets.fields import LineField
from ui.widgets.sheet import Sheet

_CTRL = Qt.KeyboardModifier.ControlModifier


class FolderSheet(Sheet):
    """`add_folder` puts the field where it is called; `into` is what stands there."""

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=430)
        self.bridge = bridge
        self._screen: Any = None

    def add_folder(self) -> None:
        self.folder = self.add("folder", LineField(self.tr("Folder"), theme=self.theme))
        self.add_side_button(self.tr("Choose a folder"), "Ctrl O", self.choose)
        self.shortcuts[(_CTRL, Qt.Key.Key_O)] = self.choose

    def into(self) -> Path:
        return Path(self.folder.value()).expanduser()

    def choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Where the files go"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._take_folder)
        dialog.open()

    def problem(self) -> tuple[str, str] | None:
        return None if self.folder.value() else ("folder", self.tr("Say which folder the files go into."))

    def _take_folder(self, path: str) -> None:
        self.folder.show_value(path)
        self.folder.touched = True


def documents() -> Path:
    """Where a person keeps what they wrote."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(found or Path.home()) / "Landfall"

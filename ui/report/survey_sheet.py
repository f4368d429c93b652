"""Brings in a county's survey of homes or what crews inspected: a file, and whose it is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from dispatch.geo.imports.tables_apart import read_table
from dispatch.records import SurveyKind
from ui.theme import Theme
from ui.widgets.fields import LineField, PickField
from ui.widgets.sheet import Sheet

_CTRL = Qt.KeyboardModifier.ControlModifier


class SurveySheet(Sheet):
    NAME = "report_survey"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=430)
        self.bridge = bridge
        self._said = ""
        tr = self.tr
        self.say_title(tr("Import a survey"))
        kinds = [
            (SurveyKind.COUNTY, tr("The county's survey: which homes it has")),
            (SurveyKind.CREW, tr("Crews' results: what was inspected, and costs")),
        ]
        self.kind = self.add("kind", PickField(tr("Whose"), kinds, theme=theme))
        self.file = self.add(
            "file",
            LineField(tr("File: CSV, XLSX or GeoPackage"), theme=theme, placeholder=tr("Path, or Ctrl+O")),
        )
        self.layer = self.add("layer", LineField(tr("Sheet or layer, where it has several"), theme=theme))
        self.add_side_button(tr("Choose a file"), "Ctrl O", self.choose)
        self.shortcuts[(_CTRL, Qt.Key.Key_O)] = self.choose
        self.say_effect(
            tr(
                "Joined with our sites by address, else by place. A row that cannot be read or joined stops"
                " no other and is listed with its reason; the original is kept."
            )
        )
        self.say_act(tr("Import it"))

    def begin(self, page: Any = None, **given: Any) -> None:
        self._page = page

    def choose(self) -> None:
        dialog = QFileDialog(self, self.tr("A survey"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Tables (*.csv *.xlsx *.gpkg)"), self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.take_path)
        dialog.open()

    def take_path(self, path: str) -> None:
        self.file.show_value(path)
        self.file.touched = True

    def problem(self) -> tuple[str, str] | None:
        if self.kind.value() is None:
            return "kind", self.tr("Say whose survey it is.")
        if not self.file.value():
            return "file", self.tr("Choose the file.")
        return None

    def act(self) -> asyncio.Task[Any]:
        self.say_effect(self.tr("Reading…"))
        return asyncio.ensure_future(self._import())

    def done_words(self) -> tuple[str, bool]:
        return self._said, True

    async def _import(self) -> None:
        path = Path(self.file.value()).expanduser()
        # A stranger's file is read by a process of its own.
        table = await self.bridge.parts.workers.network(lambda: read_table(path, sheet=self.layer.value()))
        desk = self.bridge.parts.survey_desk
        made, _ = await self.bridge.act(desk.import_survey, table, self.kind.value(), path.resolve().parent)
        self._said = self.tr("{0} of {1} rows stand at a site.").format(f"{made.joined:,}", f"{made.read:,}")

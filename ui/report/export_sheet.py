"""Which files of what was counted go where."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

from dispatch.forms.common import file_mark
from dispatch.snapshot.records import Head
from ui.report.folder_sheet import FolderSheet, documents
from ui.report.looking import Look
from ui.theme import Theme
from ui.widgets.fields import PickField, TicksField
from ui.widgets.times import local

FILES, PACK = "files", "pack"


class ExportSheet(FolderSheet):
    NAME = "report_export"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(bridge=bridge, theme=theme)
        self._look: Look | None = None
        self._proposed = Path()
        tr = self.tr
        self.say_title(tr("Export"))
        formats = [
            ("pdf", tr("PDF: two pages of summary, then every table")),
            ("xlsx", tr("Excel workbook")),
            ("csv", tr("CSV: sites, reports, hand-overs, what was left out")),
            ("geopackage", tr("GeoPackage, for a map")),
            ("geojson", tr("GeoJSON: the sites, for a map")),
            ("json", tr("JSON, for another program")),
            ("ics209", tr("ICS 209 fill sheet, PDF")),
        ]
        ways = [
            (FILES, tr("Single files in a folder")),
            (PACK, tr("One zip for the county, with a page to read first")),
        ]
        self.way = self.add("way", PickField(tr("How"), ways, theme=theme))
        self.way.show_value(FILES)
        self.way.edited.connect(self._show_way)
        self.formats = self.add("formats", TicksField(tr("Files"), formats, theme=theme, columns=1))
        self.formats.show_value([name for name, _ in formats])
        self.add_folder()
        self.say_effect(
            tr(
                "All files say the same numbers; a manifest holds their checksums. No resident's words, names"
                " or phones are in them, and no places of restricted sites."
            )
        )
        self._show_way()

    def begin(self, screen: Any = None, look: Look | None = None, **given: Any) -> None:
        assert look is not None
        self._screen, self._look = screen, look
        self._proposed = proposed(look.snapshot.head, look.snapshot.version, self.bridge.zone)
        self.folder.fill(str(self._proposed))

    def problem(self) -> tuple[str, str] | None:
        if not self._is_pack() and not self.formats.value():
            return "formats", self.tr("Choose at least one file.")
        return super().problem()

    def act(self) -> asyncio.Task[Any]:
        return asyncio.ensure_future(self._write())

    async def _write(self) -> None:
        assert self._look is not None
        folder, desk = self.into(), self.bridge.parts.snapshot_desk
        formats = (PACK,) if self._is_pack() else self.formats.value()
        await self.bridge.act(desk.exported, self._look.snapshot.version, formats)
        if self._is_pack():
            self._screen.write_pack(folder, f"{self._proposed.name}.zip")
        else:
            self._screen.write_files(folder, formats)

    def _is_pack(self) -> bool:
        return self.way.value() == PACK

    def _show_way(self) -> None:
        self.formats.setEnabled(not self._is_pack())
        self.say_act(self.tr("Write the zip") if self._is_pack() else self.tr("Write the files"))


def proposed(head: Head, version: str, zone: Any) -> Path:
    """In the person's documents: EXERCISE_irma-2017-09-10-to-2017-09-14-1a2b3c (S18)."""
    storm = re.sub(r"[^\w]+", "-", head.storm.casefold()).strip("-")[:40]
    first, last = (f"{local(at, zone):%Y-%m-%d}" for at in (head.from_at, head.to_at))
    mark = file_mark(head.is_exercise)
    return documents() / f"{mark}{storm}-{first}-to-{last}-{version[:6]}"

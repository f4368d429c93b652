"""Importing a map layer: a file, what was found in it, which fields count."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from dispatch.errors import LandfallError
from dispatch.geo.imports.apart import look_at
from dispatch.geo.imports.kinds import ZONES, LayerKind
from dispatch.geo.imports.records import Preview
from ui.map.layers.imported import kind_words
from ui.sheets.layer_look import LookSheet
from ui.sheets.layer_words import field_choices, preview_words
from ui.theme import Theme
from ui.weather_file import take_and_say
from ui.widgets.fields import ChoiceField, LineField
from ui.widgets.words import Words

_CTRL = Qt.KeyboardModifier.ControlModifier


class ImportLayerSheet(LookSheet):
    NAME = "import_layer"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme)
        self.bridge = bridge
        self.preview: Preview | None = None
        self._reading: asyncio.Task[None] | None = None
        self._read_as: tuple[str, ...] = ()
        self._is_weather = False
        self.say_title(self.tr("Import a map layer"))
        self._file = self.add(
            "file", LineField(self.tr("File"), theme=theme, placeholder=self.tr("Path, or choose it: Ctrl+O"))
        )
        self._layer = self.add("layer", ChoiceField(self.tr("Layer in the file"), theme=theme))
        self._lat = self.add("lat", ChoiceField(self.tr("Column with the latitude"), theme=theme))
        self._lng = self.add("lng", ChoiceField(self.tr("Column with the longitude"), theme=theme))
        self._found = Words(theme=theme)
        self.body.addWidget(self._found)
        self.add_look()
        self.add_side_button(self.tr("Choose a file"), "Ctrl O", self.choose)
        self.shortcuts[(_CTRL, Qt.Key.Key_O)] = self.choose
        self._file.line.editingFinished.connect(self.read)
        for field in (self._layer, self._lat, self._lng):
            field.edited.connect(self.read)
        self.say_act(self.tr("Import"))
        self._show_found()

    def begin(self, kind: LayerKind | None = None, **given: Any) -> None:
        """`kind` is what was not loaded and is now brought."""
        if kind is not None:
            self._kind.show_value(kind)
            self._kind.touched = True
            self.say_title(self.tr("Import a map layer: {}").format(kind_words(kind)))

    def choose(self) -> None:
        dialog = QFileDialog(self, self.tr("A map layer"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        formats = "*.geojson *.json *.kml *.kmz *.zip *.gpkg *.csv"
        dialog.setNameFilters([self.tr("Map layers ({})").format(formats), self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.take_path)
        dialog.open()

    def take_path(self, path: str) -> None:
        self._file.show_value(path)
        self._file.touched = True
        self.read()

    def restore(self, draft: dict[str, Any]) -> None:
        super().restore(draft)
        self.read()

    def read(self) -> None:
        """Have the file read, if it is another one or to be read in another way."""
        wanted = (self._file.value(), *(f.value() or "" for f in (self._layer, self._lat, self._lng)))
        if not wanted[0] or wanted == self._read_as:
            return
        if wanted[0] != (self._read_as or ("",))[0]:
            wanted = (wanted[0], "", "", "")
        self._read_as = wanted
        self.preview = None
        self._found.say(self.tr("Reading…"))
        self._file.complain("")
        if self._reading is not None:
            self._reading.cancel()
        self._reading = asyncio.ensure_future(self._read(*wanted))

    def problem(self) -> tuple[str, str] | None:
        if self.preview is None:
            is_reading = self._reading is not None and not self._reading.done()
            wait, choose = (
                self.tr("The file is still being read."),
                self.tr("Choose a file that can be read."),
            )
            return "file", wait if is_reading else choose
        if self.preview.coordinates_asked:
            return "lat", self.tr("Choose the columns with latitude and longitude.")
        if not self._label.value():
            return "label", self.tr("Give the layer a name.")
        if self._kind.value() in ZONES and not self._zone.value():
            return "zone", self.tr("Choose the field that holds the zone.")
        return None

    def act(self) -> asyncio.Task[Any]:
        assert self.preview is not None
        return self.bridge.act(self.bridge.parts.layer_desk.import_layer, self.preview, self.look())

    def done_words(self) -> tuple[str, bool]:
        if self._is_weather:
            return "", False
        return self.tr("Imported: {}. Its switch is in the layer box.").format(self._label.value()), True

    def samples(self) -> dict[str, tuple[str, ...]]:
        return dict(self.preview.samples) if self.preview else {}

    async def _read(self, path: str, layer: str, lat: str, lng: str) -> None:
        folder, network = self.bridge.parts.layer_desk.folder, self.bridge.parts.workers.network
        try:
            at = Path(path).expanduser()
            if at.is_file() and await take_and_say(self.bridge, at):
                self._is_weather = True
                self.finished.emit(True)
                return
            self.preview = await network(look_at, at, folder, layer=layer, lat=lat, lng=lng)
        except LandfallError as error:
            self._file.complain(str(error))
        self._show_found()
        if self.preview is not None and not self._label.editor.hasFocus():
            asked = self._lat if self.preview.coordinates_asked else self._kind
            asked.setFocus()

    def _show_found(self) -> None:
        preview = self.preview
        is_asked = preview is not None and preview.coordinates_asked
        is_ready = preview is not None and not is_asked
        if preview is not None:
            columns = [("", self.tr("Choose…")), *field_choices(preview.samples)]
            if is_asked:
                self._lat.offer(columns)
                self._lng.offer(columns)
            self._layer.offer([(each, each) for each in preview.layers])
            self._layer.show_value(preview.layer)
            self._label.fill(Path(preview.file_name).stem.replace("_", " "))
            self.offer_fields(dict(preview.samples))
            if not preview.counts.areas and self._kind.value() in ZONES:
                self._kind.show_value(LayerKind.PLAIN)
        for kind in ZONES:
            no_areas = is_ready and preview is not None and not preview.counts.areas
            self._kind.allow(kind, self.tr("A zone needs areas.") if no_areas else "")
        self._layer.setVisible(is_ready and preview is not None and len(preview.layers) > 1)
        self._lat.setVisible(is_asked or bool(self._lat.value()))
        self._lng.setVisible(is_asked or bool(self._lng.value()))
        self._found.say(preview_words(preview, self.bridge.jurisdiction.box) if preview else "")
        for field in (self._label, self._kind, self._name, self._style):
            field.setVisible(is_ready)
        self.say_effect(
            self.tr("GeoJSON, KML, KMZ, zipped shapefile, GeoPackage, or CSV with coordinates.")
            if not is_ready
            else self.tr("Zones and places near are looked up for every report; the original file is kept.")
        )
        self.say_reads()
        self._zone.setVisible(is_ready and self._kind.value() in ZONES)

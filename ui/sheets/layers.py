"""The imported map layers: another name, purpose or color, or away with one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt

from dispatch.geo.folder import GeoFolder
from dispatch.geo.imports.expected import not_loaded
from dispatch.geo.imports.kinds import ZONES
from dispatch.geo.imports.records import ImportedLayer
from dispatch.resources import resource
from ui.map.layers.imported import kind_words
from ui.sheets.layer_look import LookSheet
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import ChoiceField
from ui.widgets.words import Words

_ALT = Qt.KeyboardModifier.AltModifier


class LayersSheet(LookSheet):
    """The imported layers: another name, purpose or color, or away with it."""

    NAME = "layers"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme)
        self.bridge = bridge
        self._layers: dict[str, ImportedLayer] = {}
        self._samples: dict[str, dict[str, tuple[str, ...]]] = {}
        self._removed = ""
        self.say_title(self.tr("Imported layers"))
        self._which = self.add("which", ChoiceField(self.tr("Layer"), theme=theme))
        self._about = Words(theme=theme, role="small", tone="text_dim")
        self.body.addWidget(self._about)
        self._missing = Words(theme=theme, role="small", tone="text_dim")
        self.body.addWidget(self._missing)
        self.add_look()
        self._remove = self.add_side_button(self.tr("Remove"), "Alt R", self.remove)
        self.shortcuts[(_ALT, Qt.Key.Key_R)] = self.remove
        self._which.edited.connect(self._show_layer)
        self.say_act(self.tr("Change the layer"))
        self._show_none()
        self._reading = asyncio.ensure_future(self._read())

    def problem(self) -> tuple[str, str] | None:
        return None if self._layers else ("which", self.tr("No layer is imported yet."))

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(self.bridge.parts.layer_desk.restyle, self._which.value(), self.look())

    def done_words(self) -> tuple[str, bool]:
        if self._removed:
            return self.tr("Removed: {}. Its files are set aside.").format(self._removed), True
        return self.tr("Changed: {}.").format(self._label.value()), True

    def remove(self) -> None:
        """Asked for twice: once it names what goes, then it goes (S12)."""
        layer = self._layers.get(self._which.value())
        if layer is None:
            return
        if self._remove.text() != self.tr("Yes: remove"):
            self._remove.say(self.tr("Yes: remove"))
            is_zone = self.tr(" Reports there lose their zone.") if layer.is_zone else ""
            sentence = self.tr("{} leaves the map; its files are set aside. U undoes it.").format(
                layer.look.label
            )
            self.say_effect(sentence + is_zone, "warn")
            self.grew.emit()
            return
        self._removed = layer.look.label
        task = self.bridge.act(self.bridge.parts.layer_desk.remove, layer.layer_id)
        task.add_done_callback(lambda done: None if done.exception() else self.finished.emit(True))

    def samples(self) -> dict[str, tuple[str, ...]]:
        return self._samples.get(self._which.value() or "", {})

    async def _read(self) -> None:
        folder, network = self.bridge.parts.layer_desk.folder, self.bridge.parts.workers.network
        layers = await network(folder.layers)
        self._say_missing(layers)
        for layer in layers:
            self._layers[layer.layer_id] = layer
            self._samples[layer.layer_id] = await network(folder.samples, layer)
        if self._layers:
            self._which.offer([(each.layer_id, each.look.label) for each in self._layers.values()])
            for field in (self._which, self._label, self._kind, self._name, self._style):
                field.setVisible(True)
            self.button.setEnabled(True)
            self._remove.setVisible(True)
            self._show_layer()
            self._which.setFocus()

    def _say_missing(self, layers: Iterable[ImportedLayer]) -> None:
        """What the city is expected to have, and how it comes here."""
        geo = GeoFolder(resource("geo"), self.bridge.jurisdiction.key)
        if missing := not_loaded(geo, layers):
            said = ", ".join(kind_words(kind).lower() for kind in missing)
            sentence = self.tr("Not loaded: {}. Shift+L imports each from a file; say there what it is.")
            self._missing.say(sentence.format(said))

    def _show_layer(self) -> None:
        layer = self._layers[self._which.value()]
        look = layer.look
        self._remove.say(self.tr("Remove"))
        self.say_effect(self.tr("Shift+L imports another one."))
        for field in (self._label, self._kind, self._style, self._name, self._zone):
            field.touched = False
        self.offer_fields(self.samples())
        self._label.show_value(look.label)
        self._kind.show_value(look.kind)
        self._style.show_value(look.style)
        self._name.show_value(look.name_field)
        self._zone.show_value(look.zone_field)
        for kind in ZONES:
            self._kind.allow(kind, "" if layer.counts.areas else self.tr("A zone needs areas."))
        now, zone = self.bridge.clock.now(), self.bridge.zone
        self._about.say(
            self.tr("{file} · {count} features · imported {when} by {who}").format(
                file=layer.file_name,
                count=layer.counts.taken,
                when=times.ago(layer.imported_at, now, zone),
                who=layer.imported_by,
            )
        )
        self.say_reads()

    def _show_none(self) -> None:
        self.say_effect(self.tr("No layer is imported yet: Shift+L imports one."))
        for field in (self._which, self._label, self._kind, self._zone, self._name, self._style):
            field.setVisible(False)
        self.button.setEnabled(False)
        self._remove.setVisible(False)

"""Importing, changing and removing map layers: each act with its line in the activity log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from dispatch.geo.imports.folder import LayerFolder
from dispatch.geo.imports.records import ImportedLayer, Look, Preview
from dispatch.records import Actor, Changes
from dispatch.store.store import Store


class LayerDesk:
    """Files are put in place first and taken back when the log cannot be written: no layer without its line,
    no line without its layer."""

    def __init__(self, *, store: Store, folder: LayerFolder, actor: Callable[[], Actor]) -> None:
        self.folder = folder
        self._store = store
        self._actor = actor

    def import_layer(self, preview: Preview, look: Look) -> Changes:
        """Raises LayerRefused with one sentence; the file then waits on, to be tried again."""
        actor = self._actor()
        layer = self.folder.take(preview, look, at=self._store.clock.now(), who=actor.person)
        words = f"layer imported: {look.label} ({look.kind.value}, {layer.counts.taken} features)"
        return self._log(
            "layer", words, layer, undo=lambda: self.folder.unmake(layer.layer_id), sha256=layer.sha256
        )

    def restyle(self, layer_id: str, look: Look) -> Changes:
        before = self.folder.find(layer_id)
        layer = self.folder.restyle(layer_id, look)
        return self._log(
            "layer",
            f"layer changed: {look.label} ({look.kind.value}, {look.style})",
            layer,
            undo=lambda: self.folder.restyle(layer_id, before.look),
            before=asdict(before.look),
        )

    def remove(self, layer_id: str) -> Changes:
        layer = self.folder.remove(layer_id)
        words = f"layer removed: {layer.look.label}"
        return self._log("layer", words, layer, undo=lambda: self.folder.put_back(layer_id))

    def put_back(self, layer_id: str) -> Changes:
        """Undo a removal."""
        self.folder.put_back(layer_id)
        layer = self.folder.find(layer_id)
        words = f"layer put back: {layer.look.label}"
        return self._log("layer", words, layer, undo=lambda: self.folder.remove(layer_id))

    def _log(
        self, act: str, words: str, layer: ImportedLayer, *, undo: Callable[[], object], **more: Any
    ) -> Changes:
        try:
            with self._store.transaction(self._actor()) as tx:
                detail = {"file": layer.file_name, "look": asdict(layer.look), **more}
                tx.log(act, words, subject=layer.layer_id, detail=detail)
                tx.others.add("layers")
        except BaseException:
            undo()
            raise
        return tx.changes

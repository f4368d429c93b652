"""Importing, changing and removing map layers: each act with its line in the activity log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from dispatch.geo.imports.folder import LayerFolder
from dispatch.geo.imports.records import ImportedLayer, Look, Preview, look_from
from dispatch.records import Actor, Changes
from dispatch.store.store import Store

# What was done to a layer, as its log line says it to whoever takes it back.
IMPORT, CHANGE, REMOVE = "import", "change", "remove"


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
            IMPORT, words, layer, undo=lambda: self.folder.unmake(layer.layer_id), sha256=layer.sha256
        )

    def restyle(self, layer_id: str, look: Look) -> Changes:
        before = self.folder.find(layer_id)
        layer = self.folder.restyle(layer_id, look)
        return self._log(
            CHANGE,
            f"layer changed: {look.label} ({look.kind.value}, {look.style})",
            layer,
            undo=lambda: self.folder.restyle(layer_id, before.look),
            before=asdict(before.look),
        )

    def remove(self, layer_id: str) -> Changes:
        layer = self.folder.remove(layer_id)
        words = f"layer removed: {layer.look.label}"
        return self._log(REMOVE, words, layer, undo=lambda: self.folder.put_back(layer_id))

    @contextmanager
    def taken_back(self, kept: Mapping[str, Any]) -> Iterator[None]:
        """The files as they were before an act, by what its log line kept for this; as they are now again
        when what is done inside fails. An import is set aside with its original, not deleted."""
        again = self._take_back(kept["did"], kept["layer_id"], kept["look"])
        try:
            yield
        except BaseException:
            again()
            raise

    def _take_back(self, did: str, layer_id: str, before: dict[str, Any] | None) -> Callable[[], object]:
        """Do it, and give the way back of that."""
        if did == IMPORT:
            self.folder.remove(layer_id)
            return lambda: self.folder.put_back(layer_id)
        if did == REMOVE:
            self.folder.put_back(layer_id)
            return lambda: self.folder.remove(layer_id)
        now = self.folder.find(layer_id).look
        self.folder.restyle(layer_id, look_from(before or {}))
        return lambda: self.folder.restyle(layer_id, now)

    def _log(
        self, did: str, words: str, layer: ImportedLayer, *, undo: Callable[[], object], **more: Any
    ) -> Changes:
        """`undo` puts the files back where the line cannot be written; in the line is what U needs."""
        kept = {"did": did, "layer_id": layer.layer_id, "look": more.get("before")}
        try:
            with self._store.transaction(self._actor()) as tx:
                detail = {
                    "file": layer.file_name,
                    "look": asdict(layer.look),
                    "undo": {"layer": kept},
                    **more,
                }
                tx.log("layer", words, subject=layer.layer_id, detail=detail)
                tx.others.add("layers")
        except BaseException:
            undo()
            raise
        return tx.changes

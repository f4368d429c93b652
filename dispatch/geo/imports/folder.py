"""The imported layers of a seat: one folder each under `layers`, put in place whole and set aside whole."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from uuid import uuid4

import orjson

from dispatch.errors import LandfallError, LayerRefused
from dispatch.geo.imports.checked import CHECKED, samples
from dispatch.geo.imports.kinds import CONTEXT, ZONES
from dispatch.geo.imports.records import ORIGINAL, Counts, ImportedLayer, Look, Preview, look_from
from dispatch.geo.layers import Layer, read_layer
from dispatch.records import Millis

log = logging.getLogger(__name__)

ABOUT = "about.json"
COMING, REMOVED, STAMP = "coming", "removed", "stamp"
MOST = 12


class LayerFolder:
    """Reads and writes the files; who did it and why is the layer desk's to log."""

    def __init__(self, root: Path) -> None:
        self.root = root

    # -- what is there ------------------------------------------------------------------------------

    def layers(self) -> tuple[ImportedLayer, ...]:
        """In the order they were imported. One whose own file cannot be read is passed over, and logged."""
        found = []
        for path in self.root.glob(f"*/{ABOUT}"):
            try:
                found.append(_about(path))
            except (OSError, ValueError, KeyError, TypeError):
                log.warning("An imported layer's %s cannot be read: %s", ABOUT, path.parent.name)
        return tuple(sorted(found, key=lambda layer: (layer.imported_at, layer.layer_id)))

    def read(self, layer: ImportedLayer) -> Layer | None:
        """Its features; None where its file is gone or damaged: it then counts as not loaded."""
        try:
            return read_layer(self.root / layer.layer_id / CHECKED)
        except LandfallError as error:
            log.warning("%s", error)
            return None

    def samples(self, layer: ImportedLayer) -> dict[str, tuple[str, ...]]:
        """The first values of each of its fields."""
        read = self.read(layer)
        rows = read.properties if read else ()
        names = dict.fromkeys(name for row in rows for name in row)
        return samples({name: [row.get(name) for row in rows] for name in names})

    def stamp(self) -> int:
        """Another number after each change: looked at before each piece of work, so it costs one stat."""
        try:
            return (self.root / STAMP).stat().st_mtime_ns
        except OSError:
            return 0

    # -- bringing one in ----------------------------------------------------------------------------

    def make_room(self) -> Path:
        """An empty folder to read a file into. What was left there by a console that was ended goes."""
        coming = self.root / COMING
        shutil.rmtree(coming, ignore_errors=True)
        room = coming / uuid4().hex[:8]
        room.mkdir(parents=True)
        return room

    def forget(self, preview: Preview) -> None:
        """The person has left it: nothing of it stays."""
        if self._is_coming(Path(preview.coming)):
            shutil.rmtree(preview.coming, ignore_errors=True)

    def take(self, preview: Preview, look: Look, *, at: Millis, who: str) -> ImportedLayer:
        """Put a layer that was read into its place, whole."""
        coming = Path(preview.coming)
        if not self._is_coming(coming) or not (coming / CHECKED).exists():
            raise LayerRefused("The file was not read to its end: choose it again.")
        if len(self.layers()) >= MOST:
            raise LayerRefused(f"{MOST} layers are imported already: remove one first.")
        check_look(look, preview.counts)
        original = next((p.name for p in coming.glob(f"{ORIGINAL}*")), "")
        layer = ImportedLayer(
            coming.name, look, at, who, preview.file_name, original, preview.sha256, preview.counts
        )
        _write_about(coming, layer)
        coming.rename(self.root / layer.layer_id)
        self.touch()
        return layer

    # -- changing ------------------------------------------------------------------------------------

    def restyle(self, layer_id: str, look: Look) -> ImportedLayer:
        layer = self.find(layer_id)
        check_look(look, layer.counts)
        layer = replace(layer, look=look)
        _write_about(self.root / layer_id, layer)
        self.touch()
        return layer

    def remove(self, layer_id: str) -> ImportedLayer:
        """Set aside with its original: `put_back` gives it back."""
        layer = self.find(layer_id)
        removed = self.root / REMOVED
        removed.mkdir(exist_ok=True)
        (self.root / layer_id).rename(removed / layer_id)
        self.touch()
        return layer

    def put_back(self, layer_id: str) -> None:
        """The way back of `remove`."""
        if len(self.layers()) >= MOST:
            raise LayerRefused(f"{MOST} layers are imported already: remove one first.")
        try:
            (self.root / REMOVED / layer_id).rename(self.root / layer_id)
        except FileNotFoundError as error:
            raise LayerRefused("The files of this layer are gone: import it again.") from error
        self.touch()

    def unmake(self, layer_id: str) -> None:
        """The way back of `take`, where it could not be logged."""
        shutil.rmtree(self.root / layer_id, ignore_errors=True)
        self.touch()

    def find(self, layer_id: str) -> ImportedLayer:
        found = next((each for each in self.layers() if each.layer_id == layer_id), None)
        if found is None:
            raise LayerRefused("This layer was removed in the meantime.")
        return found

    def touch(self) -> None:
        part = self.root / f"{STAMP}.part"
        part.write_text(uuid4().hex)
        part.replace(self.root / STAMP)

    def _is_coming(self, folder: Path) -> bool:
        return folder.parent == self.root / COMING


def check_look(look: Look, counts: Counts) -> None:
    """Raises LayerRefused for what makes no sense together."""
    if not look.label.strip():
        raise LayerRefused("Give the layer a name.")
    if look.kind not in ZONES:
        return
    if not counts.areas:
        raise LayerRefused("A zone needs areas; this layer has points or lines only.")
    if not look.zone_field:
        raise LayerRefused("Choose the field that holds the zone.")


def context_layers(folder: LayerFolder) -> Iterable[tuple[str, ImportedLayer]]:
    """Each layer that triage looks places up in, with the name its kind has in the context table."""
    return [(CONTEXT[each.look.kind], each) for each in folder.layers() if each.look.kind in CONTEXT]


def _about(path: Path) -> ImportedLayer:
    said = orjson.loads(path.read_bytes())
    return ImportedLayer(**{**said, "look": look_from(said["look"]), "counts": Counts(**said["counts"])})


def _write_about(folder: Path, layer: ImportedLayer) -> None:
    part = folder / f"{ABOUT}.part"
    part.write_bytes(orjson.dumps(asdict(layer), option=orjson.OPT_INDENT_2))
    part.replace(folder / ABOUT)

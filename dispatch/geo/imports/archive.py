"""Zip files that people bring: what may be taken out of them, and taking it out."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from dispatch.errors import LayerRefused
from dispatch.geo.imports.limits import PACKED_FILES, UNPACKED_BYTES

CHUNK = 1 << 20
SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def entries(path: Path) -> list[zipfile.ZipInfo]:
    """The files in it. Refused whole when one would land outside its folder or they unpack to too much."""
    try:
        with zipfile.ZipFile(path) as packed:
            found = [each for each in packed.infolist() if not each.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise LayerRefused(f"{path.name} is a damaged zip file: pack it again.") from error
    if len(found) > PACKED_FILES:
        raise LayerRefused(f"{path.name} holds {len(found):,} files: pack the layer alone.")
    for each in found:
        name = each.filename.replace("\\", "/")
        if name.startswith("/") or ".." in PurePosixPath(name).parts or ":" in name.split("/")[0]:
            raise LayerRefused(
                f"{path.name} holds a file that would be written outside its folder: do not use it."
            )
        if each.flag_bits & 1:
            raise LayerRefused(f"{path.name} is locked with a password: pack it without one.")
    if sum(each.file_size for each in found) > UNPACKED_BYTES:
        raise LayerRefused(
            f"{path.name} unpacks to more than {UNPACKED_BYTES // 1_000_000} MB: cut the layer to the city."
        )
    return found


def take_out(path: Path, wanted: list[zipfile.ZipInfo], folder: Path, *, stem: str) -> list[Path]:
    """Write entries as `stem` with their own endings. Sizes are counted while unpacking: a zip can lie."""
    written, left = [], UNPACKED_BYTES
    try:
        with zipfile.ZipFile(path) as packed:
            for each in wanted:
                target = folder / f"{stem}{PurePosixPath(each.filename).suffix.lower()}"
                with packed.open(each) as source, target.open("wb") as out:
                    while chunk := source.read(CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise LayerRefused(f"{path.name} unpacks to more than it says: do not use it.")
                        out.write(chunk)
                written.append(target)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as error:
        raise LayerRefused(f"{path.name} is a damaged zip file: pack it again.") from error
    return written


def shapefiles(found: list[zipfile.ZipInfo]) -> dict[str, list[zipfile.ZipInfo]]:
    """Each shapefile in it by its name, with the files that belong to it."""
    shapes: dict[str, list[zipfile.ZipInfo]] = {}
    for each in found:
        at = PurePosixPath(each.filename)
        if at.suffix.lower() in SHAPE_PARTS and not at.name.startswith("."):
            shapes.setdefault(str(at.with_suffix("")), []).append(each)
    return {
        PurePosixPath(name).name: parts
        for name, parts in shapes.items()
        if {PurePosixPath(each.filename).suffix.lower() for each in parts} >= {".shp", ".dbf"}
    }

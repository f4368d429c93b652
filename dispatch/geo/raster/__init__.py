"""Raster base maps in a file that a city brings: MBTiles and PMTiles, told apart by their content.

A stranger's file is opened in a process of its own only, with limits on time and memory: what it holds may be
damaged or hostile.
"""

from __future__ import annotations

import sys
from pathlib import Path

from dispatch.errors import MapFileBroken
from dispatch.geo.raster.about import About, RasterFile
from dispatch.geo.raster.mbtiles import SQLITE, MbTiles
from dispatch.geo.raster.pm_tiles import MAGIC, PmTiles

__all__ = ["About", "RasterFile", "limit_memory", "open_raster", "open_with_limits"]

# What a directory of tiles or a picture may unpack to before the process ends instead of the computer.
MOST_MEMORY_BYTES = 3 << 30


def limit_memory() -> None:
    """For a process of its own that reads what strangers made: it may take no more from here on."""
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = MOST_MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(hard, MOST_MEMORY_BYTES)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def open_with_limits(path: Path) -> RasterFile:
    """For a process of its own that does nothing else."""
    limit_memory()
    return open_raster(path)


def open_raster(path: Path) -> RasterFile:
    """The file, ready to give tiles. MapFileBroken says in one sentence what is wrong with it."""
    try:
        with path.open("rb") as file:
            head = file.read(len(SQLITE))
    except OSError as error:
        raise MapFileBroken(f"{path.name} cannot be read: {error.strerror or error}.") from error
    if head == SQLITE:
        return MbTiles(path)
    if head.startswith(MAGIC):
        return PmTiles(path)
    if not head:
        raise MapFileBroken(f"{path.name} is empty. Choose an MBTiles or PMTiles file with pictures.")
    raise MapFileBroken(
        f"{path.name} is neither MBTiles nor PMTiles. Choose one of those, with pictures (PNG, JPEG, WebP)."
    )

"""The life of a process that draws tiles: names come in on its input, files and answers go out.

Each line it reads names a tile (`light hoods 24 553 858`); it draws the tile, puts the file in place whole,
and writes the line back behind `done` or `failed`. It ends when its input does.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QImage

from dispatch.errors import LandfallError
from ui.map.tile_key import TileKey

# Drawing ahead must never take the processor from the window.
NICE = 10


def draw_what_is_asked(out: Path, draw: Callable[[TileKey], QImage]) -> None:
    """A tile that cannot be drawn or written is said, and the next one is drawn."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    sweep(out)
    for line in sys.stdin:
        try:
            key = TileKey.parse(line)
            save_tile(out, key, draw(key))
        except (ValueError, KeyError, AttributeError, OSError, LandfallError) as error:
            sys.stderr.write(f"{line.strip()}: {error}\n")
            answer = "failed"
        else:
            answer = "done"
        sys.stdout.write(f"{answer} {line.strip()}\n")
        sys.stdout.flush()


def save_tile(out: Path, key: TileKey, image: QImage) -> None:
    """Whole or not at all: a killed process leaves no half a tile behind."""
    path = out / key.path
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    if not image.save(str(part), "PNG", 60):
        raise OSError(f"The tile {key.line()} cannot be written.")
    part.replace(path)


def sweep(out: Path) -> None:
    """Remove what a process that was ended in the middle left behind, an hour ago or more."""
    for part in out.rglob("*.part"):
        if time.time() - part.stat().st_mtime > 3600:
            part.unlink(missing_ok=True)

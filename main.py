"""Read settings, assemble the parts, open the window; nothing else."""

from __future__ import annotations

import gc
import sys


def main(arguments: list[str]) -> int:
    # A helper process (tiles, the exercise's server) is this program again, so that a frozen build has it.
    if arguments[:2] == ["--helper", "tiles"]:
        from ui.map.tiles import main as tiles

        return tiles(arguments[2:])
    if arguments[:2] == ["--helper", "raster"]:
        from dispatch.geo.raster.tell import main as raster

        return raster(arguments[2:])
    if arguments[:2] == ["--helper", "tile-server"]:
        from dispatch.tile_server.helper import main as tile_server

        return tile_server(arguments[2:])
    if arguments[:2] == ["--helper", "layer-import"]:
        from dispatch.geo.imports.reading import main as layer_import

        return layer_import(arguments[2:])
    if arguments[:2] == ["--helper", "snapshot"]:
        from dispatch.snapshot_job.helper import main as snapshot

        return snapshot()
    if arguments[:2] == ["--helper", "table-import"]:
        from dispatch.geo.imports.tables import main as table_import

        return table_import(arguments[2:])
    if arguments[:2] == ["--helper", "layer-tiles"]:
        from ui.map.layer_tiles import main as layer_tiles

        return layer_tiles(arguments[2:])
    if arguments[:2] == ["--helper", "area-tiles"]:
        from ui.map.area_tiles import main as area_tiles

        return area_tiles(arguments[2:])
    if arguments[:2] == ["--helper", "dispatch"]:
        from dispatch.__main__ import main as dispatch

        return dispatch(arguments[2:])
    # All that is read now comes to stay: ui/collector.py looks after the rest once the window is there.
    gc.disable()
    from ui.app import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The process that fetches from a tile server; it runs as `main.py --helper tile-server`.

The first line on its input is what it is to do (`Orders`), each further one the tiles that are on the screen.
What it has to say goes out as lines of JSON. A key comes over the input alone: arguments are seen by every
account of the computer. It ends when its input does.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

import orjson

from dispatch.geo.raster import limit_memory
from dispatch.geo.raster.about import MOST_BYTES as MOST_PICTURE_BYTES
from dispatch.http import HttpDoor
from dispatch.tile_server.address import TileAddress
from dispatch.tile_server.client import LINES, Tell, TileClient
from dispatch.tile_server.kept import KeptTiles
from dispatch.tile_server.orders import Orders

NICE = 10
CONNECT_S, READ_S, WHOLE_S = 5.0, 10.0, 30.0


def work(orders: Orders, lines: Iterable[str], out: TextIO) -> None:
    """Until there are no more lines."""
    kept = KeptTiles(Path(orders.file), most_bytes=orders.most_bytes)
    door = HttpDoor(
        name="The tile server",
        contact=orders.contact,
        connect_s=CONNECT_S,
        read_s=READ_S,
        whole_s=WHOLE_S,
        max_bytes=MOST_PICTURE_BYTES,
    )
    client = TileClient(
        TileAddress(orders.template),
        key=orders.key,
        kept=kept,
        door=door,
        tell=_teller(out),
        first_pause_s=orders.first_pause_s,
    )
    for _ in range(LINES):
        threading.Thread(target=_guarded, args=(client, orders.key), daemon=True).start()
    for line in lines:
        client.see([(zoom, column, row) for zoom, column, row in orjson.loads(line)])
    client.close()


def _teller(out: TextIO) -> Tell:
    lock = threading.Lock()

    def tell(what: str, said: object) -> None:
        with lock:
            out.write(orjson.dumps({what: said}).decode() + "\n")
            out.flush()

    return Tell(
        came=lambda tiles: tell("came", [list(tile) for tile in tiles]),
        state=lambda state: tell("state", asdict(state)),
        said=lambda sentence: tell("said", sentence),
        blocked=lambda sentence: tell("blocked", sentence),
    )


def _guarded(client: TileClient, key: str) -> None:
    try:
        client.work()
    except Exception:
        # The edge: the process ends, and whoever started it starts another. No key stands in its last words.
        said = traceback.format_exc()
        sys.stderr.write(said.replace(key, "…") if key else said)
        sys.stderr.flush()
        os._exit(1)


def main(_argv: Sequence[str]) -> int:
    logging.basicConfig(level=logging.ERROR)
    if hasattr(os, "nice"):
        os.nice(NICE)
    limit_memory()
    work(Orders(**orjson.loads(sys.stdin.readline())), sys.stdin, sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

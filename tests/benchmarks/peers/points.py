"""`python -m tests.benchmarks.peers.points [COUNT]`: the sites of the map's own bench, as JSON for a page.

{"points": [[lng, lat, band], …], "home": [west, south, east, north]}, in degrees.
"""

from __future__ import annotations

import sys

import orjson

from tests.benchmarks.bench_map import HOME, board_of


def main() -> None:
    board = board_of(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    points = [
        [round(lng, 6), round(lat, 6), band]
        for lng, lat, band in zip(board.lng.tolist(), board.lat.tolist(), board.band.tolist(), strict=True)
    ]
    sys.stdout.write(orjson.dumps({"points": points, "home": HOME}).decode())


if __name__ == "__main__":
    main()

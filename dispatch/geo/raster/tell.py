"""The process that looks at a map file somebody chose, before anything is shown of it.

`main.py --helper raster FILE` prints one line of JSON: what the file says of itself, or why it is of no use.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import orjson

from dispatch.errors import MapFileBroken
from dispatch.geo.raster import open_with_limits


def main(argv: Sequence[str]) -> int:
    path = Path(argv[0])
    said: dict[str, object]
    try:
        file = open_with_limits(path)
        said = {"about": asdict(file.about)}
        file.close()
    except MapFileBroken as error:
        said = {"refused": str(error)}
    except MemoryError:
        said = {"refused": f"{path.name} unpacks to more than any map needs. Choose another."}
    sys.stdout.write(orjson.dumps(said).decode() + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

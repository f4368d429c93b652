"""Reads a stranger's layer in a process of its own (`main.py --helper layer-import`), within limits.

It writes the checked form and a copy of the file into the folder it is given, touches nothing else, and ends
with one line of JSON.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

import orjson

from dispatch.errors import LayerRefused
from dispatch.geo.imports import limits
from dispatch.geo.imports.checked import samples, write_checked
from dispatch.geo.imports.readers import read
from dispatch.geo.imports.records import ORIGINAL, Preview


def prepare(path: Path, coming: Path, *, layer: str = "", lat: str = "", lng: str = "") -> Preview:
    """Read, check and lay ready in `coming`, which is there and empty."""
    try:
        size = path.stat().st_size
        if size > limits.FILE_BYTES:
            raise LayerRefused(
                f"{path.name} has {size // 1_000_000} MB, a layer may have {limits.FILE_BYTES // 1_000_000}: "
                "cut it to the city and try again."
            )
        original = coming / f"{ORIGINAL}{path.suffix.lower()[:12]}"
        shutil.copyfile(path, original)
        digest = hashlib.sha256(original.read_bytes()).hexdigest()
        with tempfile.TemporaryDirectory(dir=coming) as scratch:
            features = read(path, Path(scratch), layer=layer, lat=lat, lng=lng)
            about = Preview(str(coming), path.name, features.file_format, size, digest)
            if features.columns:
                return replace(about, samples=samples(features.columns), coordinates_asked=True)
            counts, bounds = write_checked(features, coming, name=path.name)
    except MemoryError as error:
        raise LayerRefused(f"{path.name} needs more memory than a layer may: simplify it.") from error
    except OSError as error:
        raise LayerRefused(f"{path.name} cannot be read: {error.strerror or error}.") from error
    return replace(
        about,
        layers=features.layers,
        layer=features.layer,
        projection=features.projection,
        samples=samples(features.fields),
        counts=counts,
        bounds=bounds,
    )


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="layer-import")
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="an empty folder to lay it ready in")
    for name in ("--layer", "--lat", "--lng"):
        parser.add_argument(name, default="")
    options = parser.parse_args(argv)
    limits.keep_within()
    try:
        found = prepare(options.file, options.out, layer=options.layer, lat=options.lat, lng=options.lng)
    except LayerRefused as error:
        answer: dict[str, object] = {"refused": str(error)}
    else:
        answer = asdict(found)
    sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""Has a stranger's file read by a process of its own and waits for it: on the network lane."""

from __future__ import annotations

import subprocess
from pathlib import Path

import orjson

from dispatch.errors import LayerRefused
from dispatch.geo.imports import limits
from dispatch.geo.imports.folder import LayerFolder
from dispatch.geo.imports.records import Preview, preview_from
from dispatch.helper_command import helper_command

# What starting the interpreter takes, beside the reading.
GRACE_S = 15


def look_at(
    path: Path,
    folder: LayerFolder,
    *,
    layer: str = "",
    lat: str = "",
    lng: str = "",
    seconds: float = limits.SECONDS,
) -> Preview:
    """Read and check a file into `folder`'s waiting room. LayerRefused says in one sentence why not."""
    if not path.is_file():
        raise LayerRefused(f"There is no file {path.name or path}.")
    room = folder.make_room()
    arguments = ["--file", str(path), "--out", str(room), "--layer", layer, "--lat", lat, "--lng", lng]
    try:
        done = subprocess.run(
            [*helper_command("layer-import"), *arguments],
            capture_output=True,
            timeout=seconds + GRACE_S,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise LayerRefused(
            f"{path.name} was given up after {seconds:.0f} seconds: it is too large or damaged."
        ) from error
    except OSError as error:
        raise LayerRefused("The process that reads layers could not be started.") from error
    try:
        said = orjson.loads(done.stdout)
    except orjson.JSONDecodeError as error:
        # Ended by the system (memory, time) or by a fault in a reader: the console goes on.
        raise LayerRefused(f"{path.name} could not be read: it is damaged, or needs too much.") from error
    if "refused" in said:
        raise LayerRefused(str(said["refused"]))
    return preview_from(said)

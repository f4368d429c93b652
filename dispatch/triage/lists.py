"""Reading a list that a city may edit: what is wrong with it ends in one sentence that names the file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dispatch.errors import SettingsBroken


@contextmanager
def reading(what: str, path: Path) -> Iterator[dict[str, Any]]:
    """The list's content; also what does not fit it in the block is the list's fault."""
    try:
        yield tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise SettingsBroken(f"The {what} {path.name} cannot be read: {error}.") from error

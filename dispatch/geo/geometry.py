"""Shapely, read when it is first asked for something: a window is painted before anybody needs it.

Said as `from dispatch.geo import geometry as shapely`.
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    import shapely

    found = getattr(shapely, name)
    globals()[name] = found
    return found

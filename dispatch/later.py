"""Names of parts that are still being opened: what is asked of them is done once they are there."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any


class Later:
    """Stands for `part` until it is there: `Later(wait, "desk").claim` is a name for its act, and calling it,
    in a lane, waits. Two names of one act are equal, as two of a method are. `wait` gives what holds the
    part; it raises what kept that from being opened."""

    __slots__ = ("_path", "_wait")

    def __init__(self, wait: Callable[[], object], *path: str) -> None:
        self._wait = wait
        self._path = path

    def __getattr__(self, name: str) -> Later:
        if name.startswith("__"):
            raise AttributeError(name)
        return Later(self._wait, *self._path, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._there()(*args, **kwargs)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Later):
            return self._path == other._path
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self._path)

    def __repr__(self) -> str:
        return f"<later: {'.'.join(self._path)}>"

    def _there(self) -> Any:
        return reduce(getattr, self._path, self._wait())

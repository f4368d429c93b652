"""A hundred thousand short texts in one piece of memory: each is taken out of it when somebody asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

CODE = ("utf-8", "surrogatepass")


class PackedWords:
    """Indexed by row as a list is, by whole rows only. What is put there later stands beside the piece."""

    __slots__ = ("_count", "_ends", "_packed", "_put")

    def __init__(self, packed: bytes, ends: npt.NDArray[np.int64]) -> None:
        """`ends` says of each text where it ends in `packed`, in bytes. Raises ValueError where they do not
        go up to its end."""
        if (np.diff(ends, prepend=0) < 0).any() or (int(ends[-1]) if ends.size else 0) != len(packed):
            raise ValueError("its words and their ends do not fit")
        self._packed, self._ends = packed, ends
        self._count = len(ends)
        self._put: dict[int, str] = {}

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, row: int) -> str:
        put = self._put.get(row)
        if put is not None:
            return put
        if not 0 <= row < self._count:
            raise IndexError(f"there is no row {row}")
        if row >= self._ends.size:
            return ""
        start = self._ends[row - 1] if row else 0
        return self._packed[start : self._ends[row]].decode(*CODE)

    def __setitem__(self, row: int, text: str) -> None:
        if not 0 <= row < self._count:
            raise IndexError(f"there is no row {row}")
        self._put[row] = text

    def __iadd__(self, more: Sequence[str]) -> PackedWords:
        first = self._count
        self._count += len(more)
        self._put.update((first + at, text) for at, text in enumerate(more) if text)
        return self

    def __iter__(self) -> Iterator[str]:
        return (self[row] for row in range(self._count))


def pack(texts: Iterable[str]) -> tuple[bytes, npt.NDArray[np.int64]]:
    """What `PackedWords` is made from."""
    coded = [text.encode(*CODE) for text in texts]
    return b"".join(coded), np.cumsum([len(each) for each in coded], dtype=np.int64)

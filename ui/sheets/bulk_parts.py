"""Parts of what is in view that an answer may be for: one area, or one category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication

from dispatch.board import Board
from ui.widgets import counts

AREA, CATEGORY = "area", "category"
Part = tuple[str, str] | None


def parts_of(board: Board, ids: Sequence[int], labels: Mapping[str, str]) -> list[tuple[Part, str]]:
    """All of them first, then each area and each category with how many sites, the largest first."""
    rows = [row for each in ids if (row := board.row(each)) >= 0]
    areas = Counter(_area(board, row) for row in rows)
    kinds = Counter(_category(board, row) for row in rows)
    found: list[tuple[Part, str]] = [(None, _tr("All in view · {}").format(counts.sites(len(ids))))]
    found += [((AREA, name), f"{name or _tr('Outside every area')} · {n}") for name, n in _ranked(areas)]
    found += [((CATEGORY, key), f"{labels.get(key, key)} · {n}") for key, n in _ranked(kinds)]
    return found


def within(board: Board, ids: Sequence[int], part: Part) -> tuple[int, ...]:
    if part is None:
        return tuple(ids)
    of = _area if part[0] == AREA else _category
    return tuple(each for each in ids if (row := board.row(each)) >= 0 and of(board, row) == part[1])


def _area(board: Board, row: int) -> str:
    return board.hoods[int(board.hood[row])]


def _category(board: Board, row: int) -> str:
    return board.categories[int(board.category[row])]


def _ranked(counted: Counter[str]) -> Iterable[tuple[str, int]]:
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))


def _tr(text: str) -> str:
    return QCoreApplication.translate("bulk_parts", text)

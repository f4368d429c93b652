"""The words of a generated storm: lines with gaps, picked and filled by chance. The lines are data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any


class Words:
    def __init__(self, path: Path) -> None:
        self._book: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))

    @property
    def life(self) -> list[dict[str, Any]]:
        return list(self._book["life"])

    def codes(self, kind: str, *, is_ordinary: bool) -> list[int]:
        filed = self._book["filed"][kind]
        return list(filed["storm"] if "storm" in filed and not is_ordinary else filed["ordinary"])

    def heaps(self, kind: str, language: str) -> frozenset[str]:
        return frozenset(self._book[language].get(kind, ()))

    def line(self, random: Random, kind: str, heap: str, street: str, language: str = "en") -> str:
        fill = self._book["fill"]
        line: str = random.choice(self._book[language][kind][heap])
        tree, lane = random.choice(fill["tree"]), random.choice(fill["lane"])
        if not line.startswith("{tree}"):
            tree = tree.lower()
        return line.format(tree=tree, lane=lane, street=street)

    def follow_up(self, random: Random) -> str:
        return str(random.choice(self._book["follow_up"]["words"]))

    def closing(self, random: Random) -> str:
        return str(random.choice(self._book["closing"]["words"]))

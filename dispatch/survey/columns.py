"""Which column of a survey's file holds what, and what its words for levels mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dispatch.errors import TableRefused
from dispatch.resources import resource
from dispatch.triage.lists import reading
from dispatch.triage.phrases import fold

_SIGNS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class SurveyWords:
    """A city's list, `resources/snapshot/survey_columns.toml`; `levels` gives for each word what is kept."""

    columns: Mapping[str, Sequence[str]]
    levels: Mapping[str, str]
    level_names: Sequence[str]

    def places(self, head: Sequence[str]) -> dict[str, int]:
        """Where each thing stands in a row. TableRefused where nothing says where a row is."""
        there = {plain(name): at for at, name in reversed(list(enumerate(head)))}
        found = {
            field: there[name]
            for field, names in self.columns.items()
            if (name := next((each for each in map(plain, names) if each in there), None)) is not None
        }
        has_place = "address" in found or "street" in found or {"lat", "lng"} <= found.keys()
        if not has_place:
            raise TableRefused(
                f"No column says where a row is: name one “address”, or two “lat” and “lng”, out of:"
                f" {', '.join(head)}."
            )
        return found

    def level(self, said: str) -> str | None:
        """Empty for nothing, None for words that no list has."""
        return self.levels.get(plain(said)) if plain(said) else ""


def load_words(path: Path | None = None) -> SurveyWords:
    """Raises SettingsBroken."""
    with reading("list of survey columns", path or resource("snapshot", "survey_columns.toml")) as said:
        return SurveyWords(
            columns={field: tuple(names) for field, names in said["columns"].items()},
            levels={plain(word): level for level, words in said["levels"].items() for word in words},
            level_names=tuple(said["levels"]),
        )


load_once = cache(load_words)


def plain(name: str) -> str:
    """`Damage_Level ` and `damage level` are one name."""
    return _SIGNS.sub(" ", fold(name)).strip()

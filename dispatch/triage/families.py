"""Which families of categories a report's words speak of, whatever it was filed under."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from dispatch.errors import SettingsBroken
from dispatch.resources import resource
from dispatch.triage.phrases import clean

Families = Mapping[str, str]  # word -> family
NO_FAMILIES: Families = {}


def load_families(path: Path | None = None) -> Families:
    path = path or resource("triage", "families.toml")
    try:
        said = tomllib.loads(path.read_text("utf-8"))["words"]
        return {clean(word).strip(" ."): family for family, words in said.items() for word in words}
    except (
        OSError,
        UnicodeDecodeError,
        tomllib.TOMLDecodeError,
        LookupError,
        TypeError,
        AttributeError,
    ) as error:
        raise SettingsBroken(f"The families list {path.name} cannot be read: {error}.") from error


def families_said(words: Iterable[str], families: Families) -> frozenset[str]:
    return frozenset(families[word] for word in words if word in families)

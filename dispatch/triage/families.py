"""Which families of categories a report's words speak of, whatever it was filed under."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from dispatch.resources import resource
from dispatch.triage.lists import reading
from dispatch.triage.phrases import clean

Families = Mapping[str, str]  # word -> family
NO_FAMILIES: Families = {}


def load_families(path: Path | None = None) -> Families:
    path = path or resource("triage", "families.toml")
    with reading("families list", path) as said:
        return {clean(word).strip(" ."): family for family, words in said["words"].items() for word in words}


def families_said(words: Iterable[str], families: Families) -> frozenset[str]:
    return frozenset(families[word] for word in words if word in families)

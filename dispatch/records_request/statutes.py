"""The list of statutes a redaction is given one of: numbers and short titles, to be checked with the city
attorney; any other number may be typed."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dispatch.errors import ActRefused
from dispatch.resources import resource

# "s. 119.071(4)(d)2.a., F.S.": chapter, section, paragraphs.
_NUMBER = re.compile(r"\d{1,4}\.\d{1,5}(?:\(\w{1,3}\)|\d{1,2}\.|[a-z]{1,2}\.){0,8}")
_AROUND = re.compile(r"^\s*(?:ss?\.|section|§)?\s*|[\s,]*(?:F\.?\s?S\.?|Fla\. Stat\.)?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statutes:
    """`titles` by number, in the order of the file."""

    as_of: str
    check: str
    titles: dict[str, str]


@cache
def load_once() -> Statutes:
    return load(resource("records", "statutes.toml"))


def load(path: Path) -> Statutes:
    read = tomllib.loads(path.read_text("utf-8"))
    return Statutes(read["as_of"], read["check"], {each["number"]: each["title"] for each in read["statute"]})


def number_of(typed: str) -> str:
    """The number alone, without "s." and "F.S."; raises ActRefused where that is none."""
    number = _AROUND.sub("", typed)
    if not _NUMBER.fullmatch(number):
        raise ActRefused(
            "Say the statute by its number, such as 119.071(5)(j): `records statutes` lists common ones."
        )
    return number

"""What the process that counts is told at its start, and what it says while it works."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

import orjson

from dispatch.records import Millis


class What(StrEnum):
    """A snapshot, or one of the lists that are never part of one."""

    SNAPSHOT = "snapshot"
    HOMES = "homes"
    RESTRICTED = "restricted"
    PA_COSTS = "pa_costs"
    EVIDENCE = "evidence"


# What a step says it does where it is not the name of a file.
COUNTING, PHOTOS = "counting", "photos"
# What lies in the folder of a look: the snapshot as it would be kept, its numbers without the rows, its pages
# as they print, its rows.
CONTENT, SUMMARY, PAGES, ROWS = "snapshot.bin", "summary.json", "snapshot.pdf", "snapshot.gpkg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """Goes over standard input, where nobody else can read the password. Without `formats` it is a look: the
    four files above into `folder`. Instead of counting in the store, `content` is a file to write from and
    `version_id` one that was kept. `pack` is the name of one zip for the county instead of single files. With
    an activation a count says what changed since it was last published. `data` is the seat's own folder,
    where photos of surveys lie."""

    folder: str
    city: str
    data: str = ""
    what: What = What.SNAPSHOT
    activation_id: str = ""
    store_url: str = field(default="", repr=False)
    login: str = ""
    password: str = field(default="", repr=False)
    from_at: Millis = 0
    to_at: Millis = 0
    area: str = ""
    only_storm: bool = False
    content: str = ""
    version_id: str = ""
    formats: tuple[str, ...] = ()
    pack: str = ""

    def line(self) -> bytes:
        return orjson.dumps(asdict(self)) + b"\n"

    @classmethod
    def parse(cls, line: bytes) -> Self:
        said = orjson.loads(line)
        return cls(**{**said, "formats": tuple(said["formats"]), "what": What(said["what"])})


@dataclass(frozen=True, slots=True)
class Step:
    """File `at` of `of` is next, by name, or photo `at` is looked for; while still counting `of` is 0."""

    at: int
    of: int
    doing: str


@dataclass(frozen=True, slots=True)
class Done:
    """`reports` is 0 and `sites` the rows where a list was wanted."""

    version: str
    reports: int
    sites: int
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why not, in a sentence for a person."""

    sentence: str


Answer = Step | Done | Refused


def say(answer: Answer) -> bytes:
    return orjson.dumps({type(answer).__name__: asdict(answer)}) + b"\n"


def heard(line: bytes) -> Answer | None:
    """None for a line that is none of ours: a library's warning, or the end of one cut off."""
    try:
        ((name, said),) = orjson.loads(line).items()
        return _made(name, said)
    except (ValueError, AttributeError, TypeError, KeyError):
        return None


def _made(name: str, said: dict[str, Any]) -> Answer:
    if name == Done.__name__:
        return Done(said["version"], said["reports"], said["sites"], tuple(said["files"]))
    return Step(**said) if name == Step.__name__ else Refused(**said)

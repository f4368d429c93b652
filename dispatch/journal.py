"""The file of acts that wait for the room's database: each is on the disk before anybody is told that it is
kept, and stands there until it is done, or until who did it has read why it could not be.

A line is a whole JSON object. What a power cut left half written is cut off: nobody was told of it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from dispatch.records import Actor, Millis, Role

log = logging.getLogger(__name__)

FILE = "journal.jsonl"


@dataclass(frozen=True, slots=True)
class KeptAct:
    """`desk` and `act` name what is to be called with `words`; `refused` says why it could not be done."""

    act_id: str
    at: Millis
    actor: Actor
    desk: str
    act: str
    words: dict[str, Any]
    refused: str = ""

    @property
    def sites(self) -> tuple[int, ...]:
        """Those it names; an act of the EM desk names the hand-over instead."""
        said = self.words
        named = [said.get("site_id"), *said.get("site_ids", ()), *said.get("others", ())]
        return tuple(each for each in named if isinstance(each, int))


class Journal:
    """Written on the store lane. What stands in it is never changed, only replaced: any thread may look."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._acts: dict[str, KeptAct] = {}
        self._read()

    def waiting(self) -> tuple[KeptAct, ...]:
        """What is still to be done, oldest first."""
        return tuple(each for each in self._acts.values() if not each.refused)

    def refused(self) -> tuple[KeptAct, ...]:
        return tuple(each for each in self._acts.values() if each.refused)

    def keep(self, act: KeptAct) -> None:
        """On the disk when this returns. Raises OSError where it cannot be."""
        self._write({"keep": asdict(act)})
        self._acts = {**self._acts, act.act_id: act}

    def take_out(self, act_id: str) -> None:
        """It is done, was taken back, or its refusal was read."""
        self._write({"out": act_id})
        self._acts = {name: act for name, act in self._acts.items() if name != act_id}
        if not self._acts:
            with self._path.open("wb") as file:
                os.fsync(file.fileno())

    def refuse(self, act_id: str, why: str) -> None:
        self._write({"refused": act_id, "why": why})
        self._acts = {**self._acts, act_id: replace(self._acts[act_id], refused=why or "refused")}

    def _write(self, line: dict[str, Any]) -> None:
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, orjson.dumps(line) + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)

    def _read(self) -> None:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            log.warning("The end of %s was cut off by a power cut or a crash: %s", self._path, "left out.")
            os.truncate(self._path, whole)
        for line in _lines(content[:whole]):
            if "keep" in line:
                said = line["keep"]
                actor = said.pop("actor")
                role = Role(actor.pop("role")) if actor["role"] else actor.pop("role")
                act = KeptAct(actor=Actor(**actor, role=role), **said)
                self._acts[act.act_id] = act
            elif "out" in line:
                self._acts.pop(line["out"], None)
            elif line.get("refused") in self._acts:
                act_id = line["refused"]
                self._acts[act_id] = replace(self._acts[act_id], refused=line["why"] or "refused")


def _lines(content: bytes) -> Iterator[dict[str, Any]]:
    for line in content.splitlines():
        try:
            yield orjson.loads(line)
        except orjson.JSONDecodeError:
            log.warning("A line of the journal cannot be read and is left out: %d bytes", len(line))

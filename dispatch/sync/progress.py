"""How far walks by windows and the sweep have come: one text in the server's row, to go on there."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

import orjson

from dispatch.records import Millis
from dispatch.store import mirror
from dispatch.sync.line import Line
from dispatch.sync.slices import SECOND_MS, Lengths, Slice, Slices, from_pairs, pairs

log = logging.getLogger(__name__)

# Plans that a new start makes anew, cheaply.
FLEETING = ("top",)


@dataclass(slots=True)
class Progress:
    """`head_at` is the newest entry met; `first_oldest_at` where the very first answer ended."""

    head_at: Millis | None = None
    first_oldest_at: Millis | None = None
    # Rows without a time of change were met: asking for what changed does not show them while they are new.
    has_blank_changes: bool = False
    lengths: Lengths = field(default_factory=Lengths)
    plans: dict[str, Slices] = field(default_factory=dict)
    # What the server could not give us: seconds too full for one answer, minutes it fails over.
    overfull: list[Slice] = field(default_factory=list)
    broken: list[Slice] = field(default_factory=list)
    # The sweep: open here and not listed, or older than its windows: to be read by id.
    by_id: list[str] = field(default_factory=list)
    # The last one looked no further than at what is open here.
    is_whole_next: bool = False

    def restart(self) -> None:
        """Forget how far it had come; what is known of the server's answers stays."""
        self.head_at = self.first_oldest_at = None
        self.plans.clear()
        self.by_id.clear()

    def dump(self) -> str:
        return orjson.dumps(
            {
                "head": self.head_at,
                "first_oldest": self.first_oldest_at,
                "blank_changes": self.has_blank_changes,
                "lengths": self.lengths.to_json(),
                "plans": {name: p.to_json() for name, p in self.plans.items() if name not in FLEETING},
                "overfull": pairs(self.overfull),
                "broken": pairs(self.broken),
                "by_id": self.by_id,
                "whole_next": self.is_whole_next,
            }
        ).decode()

    @classmethod
    def load(cls, text: str) -> Progress:
        """A damaged text is a walk from the start: that costs calls and loses nothing."""
        try:
            return cls._of(orjson.loads(text)) if text else cls()
        except (ValueError, KeyError, TypeError, IndexError) as error:
            log.info("how far the walk had come cannot be read (%s): it begins anew", error)
            return cls()

    @classmethod
    def _of(cls, said: dict[str, Any]) -> Progress:
        plans = {
            name: Slices.from_json(plan, aim=0, least_ms=SECOND_MS) for name, plan in said["plans"].items()
        }
        return cls(
            head_at=said["head"],
            first_oldest_at=said["first_oldest"],
            has_blank_changes=said["blank_changes"],
            lengths=Lengths.from_json(said["lengths"]),
            plans=plans,
            overfull=from_pairs(said["overfull"]),
            broken=from_pairs(said["broken"]),
            by_id=[str(each) for each in said["by_id"]],
            is_whole_next=bool(said.get("whole_next")),
        )


def read(line: Line) -> Progress:
    """As the store holds it; on the store lane."""
    with line.store.reading() as connection:
        return Progress.load(mirror.server_row(connection, line.taker.server_id).progress)

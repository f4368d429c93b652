"""The labelled messages as the text model learns from them, in order of arrival."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# What a life hangs on, whoever says it; and somebody asking, or telling what they see.
DANGER = frozenset({"medical_help", "search_and_rescue", "missing_people"})
FIRST_HAND = frozenset({"request", "direct_report"})
# Danger leads; the rest keeps the order among those in none. Chosen by cross-validation in the first half.
DANGER_SHARE = 0.85
GRAVEST = 3


@dataclass(frozen=True, slots=True)
class Message:
    message_id: str
    text: str
    is_life_safety: bool
    grade: int
    labels: frozenset[str]
    is_doubtful: bool

    @property
    def is_danger(self) -> bool:
        return not self.labels.isdisjoint(DANGER)

    @property
    def urgency(self) -> float:
        """0 for a plain message, 1 for a first-hand report of danger."""
        is_first_hand = not self.labels.isdisjoint(FIRST_HAND)
        return DANGER_SHARE * self.is_danger + (1 - DANGER_SHARE) * is_first_hand

    @property
    def gravity(self) -> float:
        """0 for nothing asked, 1 for the gravest grade."""
        return self.grade / GRAVEST


def read(path: Path) -> list[Message]:
    """All of them, in order of arrival."""
    with path.open(encoding="utf-8", newline="") as lines:
        messages = [_message(row) for row in csv.DictReader(lines)]
    return sorted(messages, key=lambda each: int(each.message_id.lstrip("m")))


def first_half(messages: Sequence[Message]) -> list[Message]:
    return list(messages[: len(messages) // 2])


def kept(messages: Sequence[Message]) -> list[Message]:
    return [each for each in messages if not each.is_doubtful]


def _message(row: dict[str, str]) -> Message:
    return Message(
        message_id=row["id"],
        text=row["text"],
        is_life_safety=row["life_safety"] == "1",
        grade=int(row["priority"]),
        labels=frozenset(row["labels"].split("|")),
        is_doubtful=row["quality"] != "ok",
    )

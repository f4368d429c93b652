"""What screens show of the rules in force: few words for each category and reason, without the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.records import Millis


@dataclass(frozen=True, slots=True)
class Shown:
    """By the key of a category: its label, its family, its promised time (0: none). `hidden` are those that
    storm mode sets aside, `other` is the one that an unknown key stands for; `reasons` are by their name."""

    labels: Mapping[str, str]
    families: Mapping[str, str]
    promises: Mapping[str, Millis]
    hidden: frozenset[str]
    reasons: Mapping[str, str]
    other: str

    def label(self, category: str) -> str:
        return self.labels.get(category) or self.labels[self.other]

    def family(self, category: str) -> str:
        return self.families.get(category) or self.families[self.other]

    def reason(self, name: str) -> str:
        return self.reasons.get(name, name.replace("_", " "))

    def essential(self) -> tuple[int, int]:
        """How many categories storm mode leaves in the queue, and how many there are."""
        return len(self.labels) - len(self.hidden), len(self.labels)

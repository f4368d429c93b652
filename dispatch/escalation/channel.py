"""What a channel is: one road of a hand-over, what it needs to know, and what it may say it can prove."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from dispatch.clock import Clock
from dispatch.errors import ChannelRefused
from dispatch.records import Escalation, Incoming, Receipt


class Values(Mapping[str, str]):
    """The values in force, by name: taken anew as a whole while channels read them on their threads."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._now = dict(values)

    def take(self, values: Mapping[str, str]) -> None:
        self._now = dict(values)

    def __getitem__(self, name: str) -> str:
        return self._now[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now)

    def __len__(self) -> int:
        return len(self._now)


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """`values` are the city's own, by the names in `settings_needed`; secrets are never among them."""

    is_exercise: bool
    zone: ZoneInfo
    clock: Clock
    data_dir: Path
    values: Mapping[str, str] = field(default_factory=dict)
    # Passwords and keys by name, from the system's keyring; asked for when they are needed.
    secret: Callable[[str], str] = field(default=lambda _name: "", repr=False)

    def value(self, name: str) -> str:
        return self.values.get(name, "").strip()


class AnswerRoad(Protocol):
    """A channel on which emergency management can answer."""

    name: str

    def is_set_up(self, settings: ChannelSettings) -> bool:
        """Whether anybody can answer on it here."""
        ...

    def answers(self, settings: ChannelSettings) -> Sequence[Incoming]:
        """What came back and was not confirmed yet. ChannelFailed says in a sentence what to do."""
        ...

    def confirm(self, keys: Collection[str], settings: ChannelSettings) -> None:
        """These are kept: they need not come again. Until then the road gives them again."""
        ...


class Channel(Protocol):
    """Handing over the same escalation again is always safe: the other side has it once."""

    name: str
    label: str
    settings_needed: tuple[str, ...]  # for live hand-overs; an exercise has roads of its own (S18)
    exercise_settings_needed: tuple[str, ...]

    def hand_over(self, escalation: Escalation, settings: ChannelSettings) -> Receipt:
        """ChannelFailed says in a sentence what to do; the delivery is tried again, except after
        ChannelRefused."""
        ...


def is_set_up(channel: Channel, settings: ChannelSettings) -> bool:
    """Whether the city has entered what the channel needs here."""
    return all(settings.value(name) for name in _needed(channel, settings))


def check_ready(channel: Channel, escalation: Escalation, settings: ChannelSettings) -> None:
    """S18: an exercise never leaves by a live road, nor a real hand-over by an exercise's."""
    if escalation.is_exercise and not settings.is_exercise:
        raise ChannelRefused(f"{escalation.number} belongs to an exercise: a live console does not send it.")
    if settings.is_exercise and not escalation.is_exercise:
        raise ChannelRefused(f"{escalation.number} is a real hand-over: an exercise does not send it.")
    for name in _needed(channel, settings):
        if not settings.value(name):
            raise ChannelRefused(
                f"The {channel.label} channel is not set up: enter its {name} in the settings and send again."
            )


def _needed(channel: Channel, settings: ChannelSettings) -> tuple[str, ...]:
    return channel.exercise_settings_needed if settings.is_exercise else channel.settings_needed

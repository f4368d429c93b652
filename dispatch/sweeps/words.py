"""What is said of a sweep: to residents in words a notice or an answer can take, and in the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from dispatch.records import Millis, SweepArea, SweepDraft
from dispatch.residents.told import NOT_911

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SweepNotice:
    """A draft for a public notice: its words, and the area they are about. Nobody has approved it."""

    title: str
    text: str
    area: SweepArea
    from_at: Millis
    until_at: Millis


def sweep_notice_words(
    said: SweepDraft, *, zone: tzinfo, label: Callable[[str], str], is_exercise: bool
) -> SweepNotice:
    """What the crew comes for, when, what residents do; no promise of the hour (S8), and no crew's name.

    `label` says a family or category as residents read it. EXERCISE is said first in one (S18)."""
    start = "EXERCISE. " if is_exercise else ""
    what = what_words(said, label)
    when = when_words(said, zone)
    text = (
        f"{start}City crews plan to go through {said.area.name} {when} for {what}. "
        "You do not need to report each place: the crew looks at every street. "
        "Keep off wires, and away from anything that touches one: report those. "
        f"{NOT_911}"
    )
    title = f"{start}Crews in {said.area.name}: {what}"
    return SweepNotice(title, text, said.area, said.from_at, said.until_at)


def what_words(said: SweepDraft, label: Callable[[str], str]) -> str:
    names = [label(each) for each in (*said.families, *said.categories)]
    if len(names) < 2:
        return "".join(names).lower()
    return f"{', '.join(names[:-1])} and {names[-1]}".lower()


def when_words(said: SweepDraft, zone: tzinfo) -> str:
    """`on Tue 12 Sep`, or `from Tue 12 Sep to Thu 14 Sep`."""
    first, last = day_words(said.from_at, zone), day_words(said.until_at, zone)
    return f"on {first}" if first == last else f"from {first} to {last}"


def day_words(at: Millis, zone: tzinfo) -> str:
    day = (_EPOCH + timedelta(milliseconds=at)).astimezone(zone)
    return f"{day:%a} {day.day} {day:%b}"

"""How a stretch of time is cut into windows: none so full that a cap cuts it off, and no more than needed.

Pure: it says what to ask next and is told what came. A stop goes on where it was, by the JSON of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from dispatch.records import Millis

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
DAY_MS = 86_400 * SECOND_MS
# No server has kept requests from before 2000; a span of more than 90 days is refused or cut (Q82).
EARLIEST = 946_684_800_000
LONGEST_MS = 89 * DAY_MS
# After so long without one report a last question without a beginning ends the way back.
QUIET_MS = 356 * DAY_MS
# So full an answer is aimed at: fuller ones are often over the cap, and splitting them costs calls.
AIM = 0.75
# Fewer rows are no cap of any server we know of.
LEAST_CAP = 10
# How much longer or shorter than the last one the next window is at most.
STRETCH = 4.0


@dataclass(frozen=True, slots=True)
class Slice:
    """Entered in [from_at, to_at); None is no bound on that side."""

    from_at: Millis | None
    to_at: Millis | None


class Sorted(Enum):
    """How the rows of one answer really stood, where a bound can follow them."""

    NEWEST_FIRST = auto()
    OLDEST_FIRST = auto()
    NOT = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """What one window brought: how many rows, between which times of entry, and whether it may be cut off."""

    rows: int
    oldest_at: Millis | None = None
    newest_at: Millis | None = None
    is_full: bool = False
    is_sorted: Sorted = Sorted.NOT


@dataclass(slots=True)
class Lengths:
    """What the lengths of all answers so far say about a cap nobody has told us.

    An answer shorter than another one cannot have been cut off. The longest may be: it is split, and when
    its parts hold no more than it did, answers of that length are whole.
    """

    longest: int = 0
    whole: int = 0
    caps: set[int] = field(default_factory=set)

    def is_full(self, rows: int, cap: int) -> bool:
        if rows in self.caps or (cap and rows >= cap):
            return True
        return not cap and rows >= LEAST_CAP and rows > self.whole and rows >= self.longest

    def met(self, rows: int) -> None:
        self.longest = max(self.longest, rows)

    def to_json(self) -> list[Any]:
        return [self.longest, self.whole, sorted(self.caps)]

    @classmethod
    def from_json(cls, said: Sequence[Any]) -> Lengths:
        return cls(int(said[0]), int(said[1]), {int(each) for each in said[2]})


@dataclass(slots=True)
class Slices:
    """Covers everything entered from `low_at` on and before `high_at` (None: open), the newest first."""

    high_at: Millis | None
    low_at: Millis
    # A time near the newest entry: where the first window of an open stretch begins to reach back from.
    head_at: Millis
    length_ms: int = DAY_MS
    aim: int = 0
    least_ms: int = SECOND_MS
    quiet_ms: int = 0
    # What has to be asked once more in parts; the last one comes next.
    parts: list[Slice] = field(default_factory=list)
    # Seconds that hold more than an answer can, and minutes the server fails over: said, never hidden.
    overfull: list[Slice] = field(default_factory=list)
    broken: list[Slice] = field(default_factory=list)

    def next(self) -> Slice | None:
        """What to ask now; None when all is read."""
        if self.parts:
            return self.parts[-1]
        if self.high_at is not None and self.high_at <= self.low_at:
            return None
        if self.quiet_ms >= QUIET_MS:
            return Slice(None, self.high_at)
        reach = min(self.head_at, self.high_at or self.head_at)
        return Slice(max(self.low_at, _second(reach - self.length_ms)), self.high_at)

    def took(self, asked: Slice, answer: Answer) -> Slice | None:
        """Go on after an answer. Gives the stretch that is now known whole, None where it must be split."""
        is_part = self._leave(asked)
        if asked.from_at is None:
            return self._took_the_rest(asked, answer)
        if not answer.is_full:
            self._adapt(asked, answer, is_part=is_part)
            return asked
        self.quiet_ms = 0
        if rest := self._behind(asked, answer):
            self.parts.append(rest)
            # Nothing is asked twice so: the longer the windows, the fewer of them end half full.
            self.length_ms = min(LONGEST_MS, int(self.length_ms * STRETCH))
            if answer.is_sorted is Sorted.OLDEST_FIRST:
                return Slice(asked.from_at, rest.from_at)
            return Slice(rest.to_at, asked.to_at)
        if halves := self._halves(asked, answer.newest_at, self.least_ms):
            self.parts += halves
            if not is_part:
                self.length_ms = max(self.least_ms, self.length_ms // 2)
        else:
            self.overfull.append(asked)
        return None

    def failed(self, asked: Slice) -> bool:
        """The server fails over this stretch. Its halves wait behind what else there is to ask, so that a
        server which is down as a whole shows. True when it was too small to split and is given up."""
        self._leave(asked)
        if asked.from_at is None:
            halves: tuple[Slice, ...] = ()
        elif asked.to_at is None and asked.from_at <= self.head_at + DAY_MS:
            # An open end cannot be closed in on: a day ahead of all we know of it is one that can.
            ahead = max(self.head_at, asked.from_at) + 2 * DAY_MS
            halves = Slice(asked.from_at, ahead), Slice(ahead, None)
        else:
            halves = self._halves(asked, None, max(self.least_ms, MINUTE_MS))
        self.parts[:0] = halves
        if not halves:
            self.broken.append(asked)
        return not halves

    def _leave(self, asked: Slice) -> bool:
        if self.parts and self.parts[-1] == asked:
            self.parts.pop()
            return True
        self.high_at = self.low_at if asked.from_at is None else asked.from_at
        return False

    def _took_the_rest(self, asked: Slice, answer: Answer) -> Slice | None:
        """The question without a beginning: nothing there, or an island of old reports to go on from."""
        if answer.newest_at is None or asked.to_at is None:
            if answer.is_full:
                self.overfull.append(asked)
            return asked
        self.high_at = min(asked.to_at, _second(answer.newest_at) + SECOND_MS)
        self.quiet_ms = 0
        return Slice(self.high_at, asked.to_at)

    def _adapt(self, asked: Slice, answer: Answer, *, is_part: bool) -> None:
        """The next window as long as this one's rows say; a nearly empty part of one says nothing."""
        assert asked.from_at is not None
        to_at = asked.to_at if asked.to_at is not None else max(self.head_at, asked.from_at + SECOND_MS)
        length = max(SECOND_MS, to_at - asked.from_at)
        if not answer.rows:
            self.quiet_ms += 0 if is_part else length
        else:
            self.quiet_ms = 0
        if is_part and (answer.is_sorted is not Sorted.NOT or answer.rows < self.aim // 4):
            return
        fitting = self.aim / max(1, answer.rows) if self.aim else STRETCH
        stretched = length * min(STRETCH, max(1 / STRETCH, fitting))
        self.length_ms = int(min(LONGEST_MS, max(self.least_ms, stretched)))

    def _behind(self, asked: Slice, answer: Answer) -> Slice | None:
        """Where the rows stood in the order of entry, what was cut off lies behind the last of them."""
        if answer.oldest_at is None or answer.newest_at is None or asked.from_at is None:
            return None
        if answer.is_sorted is Sorted.NEWEST_FIRST:
            to_at = _second(answer.oldest_at) + SECOND_MS
            if asked.from_at < to_at and (asked.to_at is None or to_at < asked.to_at):
                return Slice(asked.from_at, to_at)
        if answer.is_sorted is Sorted.OLDEST_FIRST and _second(answer.newest_at) > asked.from_at:
            return Slice(_second(answer.newest_at), asked.to_at)
        return None

    def _halves(self, asked: Slice, newest_at: Millis | None, least_ms: int) -> tuple[Slice, ...]:
        assert asked.from_at is not None
        if asked.to_at is not None:
            to_at = asked.to_at
        else:
            to_at = max(newest_at or 0, self.head_at, asked.from_at) + SECOND_MS
        if to_at - asked.from_at <= least_ms:
            return ()
        middle = max(asked.from_at + SECOND_MS, _second((asked.from_at + to_at) // 2))
        if asked.to_at is not None and middle >= asked.to_at:
            return ()
        return Slice(asked.from_at, middle), Slice(middle, asked.to_at)

    def to_json(self) -> dict[str, Any]:
        return {
            "high": self.high_at,
            "low": self.low_at,
            "head": self.head_at,
            "length": self.length_ms,
            "quiet": self.quiet_ms,
            "parts": pairs(self.parts),
            "overfull": pairs(self.overfull),
            "broken": pairs(self.broken),
        }

    @classmethod
    def from_json(cls, said: dict[str, Any], *, aim: int, least_ms: int) -> Slices:
        return cls(
            high_at=said["high"],
            low_at=said["low"],
            head_at=said["head"],
            length_ms=said["length"],
            aim=aim,
            least_ms=least_ms,
            quiet_ms=said["quiet"],
            parts=from_pairs(said["parts"]),
            overfull=from_pairs(said["overfull"]),
            broken=from_pairs(said["broken"]),
        )


def pairs(slices: Sequence[Slice]) -> list[list[Millis | None]]:
    return [[each.from_at, each.to_at] for each in slices]


def from_pairs(said: Sequence[Sequence[Millis | None]]) -> list[Slice]:
    return [Slice(each[0], each[1]) for each in said]


def _second(at: Millis) -> Millis:
    return at // SECOND_MS * SECOND_MS

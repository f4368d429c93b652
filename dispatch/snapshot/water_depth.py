"""How deep residents say the water stands in a home: numbers in digits and in words, English and Spanish, in
inches, feet, centimetres, metres, or by what it reaches. Of the living floor alone, not of the street."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dispatch.snapshot.home_words import HomeWords, number_of
from dispatch.triage.phrases import Groups, Pattern, Phrase

FOOT = 12.0
ARTICLES = ("a", "an", "un", "una")
# Deeper than any home: a depth is not what was meant.
MOST_INCHES = 360.0
# How many words around a depth can say where it is, and how many before it that it is not yet there.
AROUND, BEFORE, LATER = 10, 4, 3
# How many words may stand between a number and its unit, and how far a sentence is looked at either way.
MOST_BETWEEN, SENTENCE = 4, 60
SLIGHTLY = 0.01


@dataclass(frozen=True, slots=True)
class Depth:
    """`inches` over the living floor; tokens from `first` up to but not of `last`; `say` for what is no
    number, `begin` where a "less than" before it begins."""

    inches: float
    first: int
    last: int
    say: str = ""
    begin: int = -1

    @property
    def span(self) -> tuple[int, int]:
        return (self.first if self.begin < 0 else self.begin), self.last


@dataclass(frozen=True, slots=True)
class _Height:
    say: str
    inches: float
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class DepthWords:
    """How a city's list writes depths; see `resources/snapshot/home_levels.toml`."""

    numbers: Mapping[str, float]
    units: Mapping[str, float]
    number_words: Mapping[str, Sequence[str]]
    places: Mapping[str, frozenset[str]]
    heights: Sequence[_Height]
    not_yet: Pattern

    @classmethod
    def read(cls, said: Mapping[str, Any], groups: Groups) -> DepthWords:
        """Raises KeyError, TypeError, ValueError where the list is not as it should be."""
        return cls(
            numbers={word: float(value) for word, value in said["numbers"].items()},
            units={word: float(value) for word, value in said["units_in"].items()},
            number_words=said["number_words"],
            places={name: frozenset(words) for name, words in said["places"].items()},
            heights=[
                _Height(row["say"], float(row["inches"]), _pattern(row["phrases"], groups))
                for row in said["heights"]
            ],
            not_yet=_pattern(said["places"]["not_yet"], groups),
        )

    def depths(self, words: HomeWords, denied: Collection[int], *, is_of_water: bool) -> tuple[Depth, ...]:
        """All that are said of the living floor. `denied` are places of the cleaned text; `is_of_water`: the
        report is filed under water inside, so that a depth needs no further word for it."""
        found = [*self._measured(words), *self._compared(words)]
        found.sort(key=lambda each: each.first)
        return tuple(
            each
            for each in found
            if 0 < each.inches <= MOST_INCHES
            and not self._is_denied(words, each, denied)
            and not self.is_later(words, each.first, each.last)
            and self._is_inside(words, each, found, is_of_water=is_of_water)
        )

    def is_later(self, words: HomeWords, first: int, last: int) -> bool:
        """Whether somebody only fears it: a word for that stands shortly before, or within."""
        start, _ = _sentence(words, first)
        begin = max(start, first - LATER)
        return any(True for _ in self.not_yet.spans(_part(words, begin, last)))

    # -- numbers ----------------------------------------------------------------------------------------

    def _measured(self, words: HomeWords) -> list[Depth]:
        found: list[Depth] = []
        at = 0
        while at < len(words.tokens):
            depth = self._depth(words, at)
            if depth:
                found.append(depth)
                at = depth.last
            else:
                at += 1
        return found

    def _depth(self, words: HomeWords, first: int) -> Depth | None:
        number = self._number(words, first)
        if number is None:
            return self._one_and_half(words, first)
        value, at = number
        low, (value, at) = value, self._range(words, value, at)
        at = self._past(words, at, "between")
        unit = self._unit(words, at)
        if unit is None:
            return None
        at += 1
        inches = max(low, value) * unit
        half = self._and_half(words, at)
        if half is not None:
            inches, at = inches + unit / 2, half
        elif unit >= FOOT:
            more = self._further(words, at)
            if more:
                inches, at = inches + more[0], more[1]
        nearly, begin = self._nearly(words, first)
        return Depth(inches * nearly, first, at, begin=begin)

    def _one_and_half(self, words: HomeWords, first: int) -> Depth | None:
        """Of "pie y medio", which has no number."""
        unit, half = self._unit(words, first), self._and_half(words, first + 1)
        return Depth(1.5 * unit, first, half) if unit is not None and half is not None else None

    def _number(self, words: HomeWords, at: int) -> tuple[float, int] | None:
        if self._word(words, at) in ARTICLES and self._value(words, at + 1) is not None:
            at += 1  # "a couple of", "half" said as "un medio"
        value = self._value(words, at)
        if value is None:
            return None
        at += 1
        word = words.tokens[at - 1].word
        further = self._value(words, at)
        if value >= 20 and value % 10 == 0 and further is not None and 0 < further < 10:
            return value + further, at + 1
        if value >= 20 and self._is(words, at, "and"):
            ones = self._value(words, at + 1)
            if ones is not None and 0 < ones < 10 and word in self.numbers:
                return value + ones, at + 2
        if value > 0 and self._is(words, at, "and") and (half := self._half_at(words, at + 1)):
            return value + 0.5, half  # "two and a half feet"
        if value > 0 and value.is_integer() and further == 0.5 and word in self.numbers:
            return value + 0.5, at + 1
        return value, at

    def _range(self, words: HomeWords, value: float, at: int) -> tuple[float, int]:
        if self._is(words, at, "range"):
            upper = self._number(words, at + 1)
            if upper and self._unit(words, self._past(words, upper[1], "between")) is not None:
                return upper
        return value, at

    def _further(self, words: HomeWords, at: int) -> tuple[float, int] | None:
        """ "2 feet 4 inches", "un metro y veinte centimetros"."""
        if self._is(words, at, "and"):
            at += 1
        number = self._number(words, at)
        if number is None:
            return None
        unit = self._unit(words, number[1])
        return (number[0] * unit, number[1] + 1) if unit is not None and unit < FOOT else None

    def _and_half(self, words: HomeWords, at: int) -> int | None:
        return self._half_at(words, at + 1) if self._is(words, at, "and") else None

    def _half_at(self, words: HomeWords, at: int) -> int | None:
        """Where "a half" or "medio" ends."""
        if self._word(words, at) == "a":
            at += 1
        if not self._is(words, at, "half"):
            return None
        return at + 1

    def _value(self, words: HomeWords, at: int) -> float | None:
        word = self._word(words, at)
        value = number_of(word)
        return self.numbers.get(word) if value is None else value

    def _unit(self, words: HomeWords, at: int) -> float | None:
        word = self._word(words, at)
        if word == "in" and self._is(words, at + 1, "no_inches_before"):
            return None
        return self.units.get(word)

    def _nearly(self, words: HomeWords, first: int) -> tuple[float, int]:
        """A little less or more, so that "under 18 inches" is not 18; where that begins, -1 for nowhere."""
        if less := self._before(words, first, "less"):
            return 1 - SLIGHTLY, first - less
        if more := self._before(words, first, "more"):
            return 1 + SLIGHTLY, first - more
        return 1.0, -1

    # -- what it reaches --------------------------------------------------------------------------------

    def _compared(self, words: HomeWords) -> list[Depth]:
        cleaned = words.words.cleaned
        return [
            Depth(height.inches, words.at(start), words.at(end), height.say)
            for height in self.heights
            for start, end in height.pattern.spans(cleaned)
        ]

    # -- where ------------------------------------------------------------------------------------------

    def _is_denied(self, words: HomeWords, depth: Depth, denied: Collection[int]) -> bool:
        # "No more than 2 inches" denies nothing.
        return depth.begin < 0 and words.starts[depth.first] in denied

    def _is_inside(
        self, words: HomeWords, depth: Depth, all_of_them: Sequence[Depth], *, is_of_water: bool
    ) -> bool:
        start, end = _sentence(words, depth.first)
        behind = [self._word(words, at) for at in range(depth.last, min(end, depth.last + 3))]
        if self.places["else"] & set(behind[:2]):
            return False
        sentence = {self._word(words, at) for at in range(start, end)}
        # What it reaches is of the home itself: nobody says "above the outlets" of a street.
        names_home = depth.say.startswith(("above", "up to", "over"))
        if not (is_of_water or names_home or sentence & self.places["water"]):
            return False
        until = min([end, *(each.first for each in all_of_them if each.first >= depth.last)])
        since = max([start, *(each.last for each in all_of_them if each.last <= depth.first)])
        behind_it = range(depth.last, min(until, depth.last + AROUND))
        before_it = range(depth.first - 1, max(since, depth.first - AROUND) - 1, -1)
        # Of the clause itself first: "street flooded 2 feet, water entering house" is the street.
        where = next(
            (
                place
                for stops in (True, False)
                for places in (behind_it, before_it)
                if (place := self._first_place(words, places, stops_at_comma=stops))
            ),
            "",
        )
        return where == "inside" or (not where and (is_of_water or names_home))

    def _first_place(self, words: HomeWords, places: range, *, stops_at_comma: bool) -> str:
        for at in places:
            word = self._word(words, at)
            if word == "," and stops_at_comma:
                return ""
            if word in self.places["inside"]:
                return "inside"
            if word in self.places["outside"]:
                # "In garage and house" is the house as well.
                with_it = (
                    {self._word(words, at + n) for n in (2, 3)} if self._is(words, at + 1, "and") else ()
                )
                return "inside" if self.places["inside"] & set(with_it) else "outside"
        return ""

    # -- words ------------------------------------------------------------------------------------------

    def _word(self, words: HomeWords, at: int) -> str:
        return words.tokens[at].word if 0 <= at < len(words.tokens) else ""

    def _is(self, words: HomeWords, at: int, name: str) -> bool:
        return self._word(words, at) in self.number_words[name]

    def _past(self, words: HomeWords, at: int, name: str) -> int:
        # An article may be the number's own: "half a foot"; a unit never is one of these words.
        for _ in range(MOST_BETWEEN):
            if not self._is(words, at, name):
                break
            at += 1
        return at

    def _before(self, words: HomeWords, first: int, name: str) -> int:
        """How many words the phrase has that stands right before; 0: none does."""
        before = f" {' '.join(token.word for token in words.tokens[max(0, first - BEFORE) : first])}"
        found = (phrase for phrase in self.number_words[name] if before.endswith(f" {phrase}"))
        return max((len(phrase.split()) for phrase in found), default=0)


def _pattern(phrases: Sequence[str], groups: Groups) -> Pattern:
    return Pattern([Phrase.parse(phrase, groups) for phrase in phrases])


def _sentence(words: HomeWords, at: int) -> tuple[int, int]:
    """The first token of the sentence around a token, and the mark at its end."""
    start, end = at, at
    while start > max(0, at - SENTENCE) and words.tokens[start - 1].word != ".":
        start -= 1
    while end < min(len(words.tokens) - 1, at + SENTENCE) and words.tokens[end].word != ".":
        end += 1
    return start, end


def _part(words: HomeWords, first: int, last: int) -> str:
    return f" {' '.join(token.word for token in words.tokens[first:last])} "

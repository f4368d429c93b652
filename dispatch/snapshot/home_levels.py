"""What residents' words suggest of a home: a level with why. Suggested, never assessed: that is done there.

The rules (`domain.md` 10): water to 3 in affected, under 18 in minor, 18 in or more or above the outlets
major; a structural part that failed major; collapse or total loss destroyed; not to be reached, apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from dispatch.residents.private_words import covered
from dispatch.resources import resource
from dispatch.snapshot.home_words import HomeWords
from dispatch.snapshot.water_depth import Depth, DepthWords
from dispatch.triage.grammar import Grammar, Span, grammar_of
from dispatch.triage.lists import reading
from dispatch.triage.phrases import Groups, Pattern, Phrase, PhraseBook, expand

YES, NO, UNKNOWN = "yes", "no", "unknown"
MOST_QUOTED = 120


class Level(StrEnum):
    """The worst first, as assessors go; what nobody could reach and what nobody knows are no damage."""

    DESTROYED = "destroyed"
    MAJOR = "major"
    MINOR = "minor"
    AFFECTED = "affected"
    INACCESSIBLE = "inaccessible"
    UNKNOWN = "unknown"


ORDER = {level: at for at, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`rule` says why without the resident's words, `quoted` is what they wrote, phones and units covered.
    `water_in` is the depth over the living floor in inches, None where nobody gave one."""

    level: Level = Level.UNKNOWN
    rule: str = "Nothing in the words says what was harmed."
    quoted: str = ""
    water_in: float | None = None
    is_mobile: bool = False
    is_unreachable: bool = False
    primary_home: str = UNKNOWN
    insured: str = UNKNOWN

    @property
    def why(self) -> str:
        return f"“{self.quoted}”: {self.rule}" if self.quoted else self.rule


NO_WORDS = Suggestion(rule="No words: only the category and the place were sent.")


@dataclass(frozen=True, slots=True)
class _Said:
    pattern: Pattern
    not_when: PhraseBook


@dataclass(frozen=True, slots=True)
class HomeLevels:
    """A city's list, ready to look at texts."""

    grammar: Grammar
    depth_words: DepthWords
    affected_to: float
    major_from: float
    said: Mapping[str, _Said]

    def suggest(self, text: str, *, is_of_water: bool) -> Suggestion:
        """`is_of_water`: the report is filed under water inside a home."""
        words = HomeWords.of(text)
        if len(words.tokens) < 2:
            return NO_WORDS
        looked = _Looked(self, words, self.grammar.denied(words.words))
        is_mobile = looked.first("mobile") is not None
        depth = looked.deepest(is_of_water=is_of_water)
        found = [*looked.harms(is_mobile=is_mobile), *looked.by_water(depth, is_mobile=is_mobile)]
        unreachable = looked.first("inaccessible")
        level, rule, span = min(found, key=lambda each: ORDER[each[0]], default=looked.without(unreachable))
        return Suggestion(
            level,
            rule,
            covered(words.original(*span))[:MOST_QUOTED] if span else "",
            depth.inches if depth else None,
            is_mobile,
            unreachable is not None,
            looked.told("primary_home"),
            looked.told("insured"),
        )


Found = tuple[Level, str, tuple[int, int] | None]


@dataclass(frozen=True, slots=True)
class _Looked:
    """One text and what is found in it; spans are of its tokens."""

    levels: HomeLevels
    words: HomeWords
    denied: Collection[int]

    def first(self, name: str) -> tuple[int, int] | None:
        """Where a phrase stands that holds: not denied, of another year, feared only or at second hand."""
        said, cleaned = self.levels.said[name], self.words.words
        for start, end in said.pattern.spans(cleaned.cleaned):
            first = self.words.at(start)
            if (
                start not in self.denied
                and not said.not_when.covers(cleaned, start, end)
                and not self.levels.grammar.is_long_ago(cleaned, Span(start, end))
                and not self.levels.depth_words.is_later(self.words, first, self.words.at(end))
            ):
                return first, self.words.at(end)
        return None

    def is_denied(self, name: str) -> bool:
        spans = self.levels.said[name].pattern.spans(self.words.words.cleaned)
        return any(start in self.denied for start, _ in spans)

    def deepest(self, *, is_of_water: bool) -> Depth | None:
        depths = self.levels.depth_words.depths(self.words, self.denied, is_of_water=is_of_water)
        now = [each for each in depths if not self._is_past(each)]
        return max(now, key=lambda each: each.inches, default=None)

    def _is_past(self, depth: Depth) -> bool:
        starts = self.words.starts
        span = Span(
            starts[depth.first], starts[depth.last - 1] + len(self.words.tokens[depth.last - 1].word) + 1
        )
        return self.levels.grammar.is_long_ago(self.words.words, span)

    def harms(self, *, is_mobile: bool) -> list[Found]:
        found: list[Found] = []
        for level in (Level.DESTROYED, Level.MAJOR, Level.MINOR, Level.AFFECTED):
            if span := self.first(level.value):
                found.append((level, _HARM[level], span))
        if is_mobile:
            for level in (Level.DESTROYED, Level.MAJOR):
                if span := self.first(f"mobile.{level.value}"):
                    found.append((level, _MOBILE[level], span))
        return found

    def by_water(self, depth: Depth | None, *, is_mobile: bool) -> list[Found]:
        if depth is None:
            return []
        span = depth.span
        about = round(2 * depth.inches) / 2
        inches = f"{depth.say}, taken as {depth.inches:g} in" if depth.say else f"{about:g} in"
        if is_mobile:
            return [(Level.MAJOR, f"water over the floor of a mobile home ({inches})", span)]
        if depth.inches >= self.levels.major_from:
            return [(Level.MAJOR, f"water {inches}: {self.levels.major_from:g} in or more", span)]
        if depth.inches > self.levels.affected_to:
            return [(Level.MINOR, f"water {inches}: under {self.levels.major_from:g} in", span)]
        return [(Level.AFFECTED, f"water {inches}: {self.levels.affected_to:g} in or less", span)]

    def without(self, unreachable: tuple[int, int] | None) -> Found:
        """Where no harm is told: what is, so that an assessor knows what to ask."""
        if unreachable:
            return Level.INACCESSIBLE, "cannot be reached, its harm is not told", unreachable
        if span := self.first("water_inside"):
            return Level.UNKNOWN, "water inside, its depth is not told: ask how deep", span
        if span := self.first("tree_on"):
            return Level.UNKNOWN, "a tree lies on it, what broke is not told", span
        if span := self.first("roof_harmed"):
            return Level.UNKNOWN, "the roof is harmed, what broke is not told", span
        return Level.UNKNOWN, Suggestion().rule, None

    def told(self, name: str) -> str:
        """yes, no, or unknown where nobody says, or both are said."""
        yes, no = self.first(f"told.{name}.yes"), self.first(f"told.{name}.no")
        if no or (name == "insured" and not yes and self.is_denied(f"told.{name}.yes")):
            return NO if not yes or _overlap(yes, no) else UNKNOWN
        return YES if yes else UNKNOWN


_HARM = {
    Level.DESTROYED: "collapse or total loss",
    Level.MAJOR: "a structural part failed",
    Level.MINOR: "harm that is not structural",
    Level.AFFECTED: "cosmetic harm",
}
_MOBILE = {
    Level.DESTROYED: "frame of a mobile home bent or over (rule not confirmed)",
    Level.MAJOR: "mobile home off its piers, or water over its floor",
}


def load_levels(path: Path | None = None) -> HomeLevels:
    """Raises SettingsBroken with what is not right in the city's file."""
    lists = []
    for each in sorted(resource("triage").glob("cues_*.toml")):
        with reading("cue list", each) as cues:
            lists.append(cues)
    with reading("list of home levels", path or resource("snapshot", "home_levels.toml")) as said:
        groups = expand(said["groups"])
        return HomeLevels(
            grammar=grammar_of([*lists, said]),
            depth_words=DepthWords.read(said, groups),
            affected_to=float(said["limits_in"]["affected_to"]),
            major_from=float(said["limits_in"]["major_from"]),
            said={name: _said(rows, groups) for name, rows in _sections(said)},
        )


load_once = cache(load_levels)


def _sections(said: Mapping[str, Any]) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """The parts with phrases, by the names they are asked for."""
    told = [(f"told.{n}.{w}", rows) for n, both in said["told"].items() for w, rows in both.items()]
    mobile = [(f"mobile.{name}", said["mobile"][name]) for name in ("major", "destroyed")]
    alone = [(name, said[name]) for name in ("mobile", "water_inside", "tree_on", "roof_harmed")]
    return [*said["levels"].items(), *alone, *mobile, *told]


def _said(rows: Mapping[str, Any], groups: Groups) -> _Said:
    phrases = [Phrase.parse(phrase, groups) for phrase in rows["phrases"]]
    return _Said(Pattern(phrases), PhraseBook(rows.get("not_when", ()), groups))


def _overlap(one: tuple[int, int], other: tuple[int, int] | None) -> bool:
    return other is not None and one[0] < other[1] and other[0] < one[1]

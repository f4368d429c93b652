"""Cues: what in a resident's words speaks of danger, found by the lists of `resources/triage`.

`cues.toml` says what each cue means (part, band it raises to, marks); `cues_<language>.toml` says how people
write it. Every list looks at every text: residents mix languages, and a raiser counts in any of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dispatch.errors import SettingsBroken
from dispatch.records import Band
from dispatch.resources import resource
from dispatch.triage.grammar import Grammar, Span, grammar_of
from dispatch.triage.lists import reading
from dispatch.triage.phrases import Groups, Pattern, Phrase, PhraseBook, Words, expand


@dataclass(frozen=True, slots=True)
class Cue:
    """What a cue means: the part of the points table it counts for, and the band it raises to at once."""

    name: str
    part: str
    say: str
    raises_to: Band | None = None
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Combination:
    """Cues and marks that mean more together; each entry of `all_of` is met by any one of its names."""

    cue: Cue
    all_of: tuple[frozenset[str], ...]

    def is_met(self, names: frozenset[str]) -> bool:
        return all(names & any_of for any_of in self.all_of)


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue that was found; `words` are the resident's own, empty when cues together made it."""

    cue: Cue
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Rule:
    """How one language says one cue."""

    cue: Cue
    not_when: PhraseBook
    resolved_by: Pattern | None


@dataclass(frozen=True, slots=True)
class CueList:
    """All languages' cues in one index: a text is searched only for phrases of which it holds a word."""

    cues: Mapping[str, Cue]
    combinations: tuple[Combination, ...]
    languages: frozenset[str]
    stop_words: Mapping[str, frozenset[str]]
    grammar: Grammar = field(repr=False)
    _index: Mapping[str, Sequence[tuple[_Rule, Pattern]]] = field(repr=False)
    _order: Mapping[str, int] = field(repr=False)
    _spelling: Mapping[str, str] = field(repr=False)

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every word the phrases are looked up by."""
        return frozenset(self._index)

    def find(self, words: Words, marks: frozenset[str] = frozenset()) -> tuple[Hit, ...]:
        """The cues of a text in the order of the table; `marks` are what its category already says."""
        words = words.spelled(self._spelling)
        found = self._spans(words)
        hits = [
            Hit(self.cues[name], words.original(found[name].start, found[name].end))
            for name in sorted(found, key=self._order.__getitem__)
        ]
        if len(found) + len(marks) < 2:
            return tuple(hits)
        names = marks.union(found, *(hit.cue.marks for hit in hits))
        hits += [Hit(each.cue) for each in self.combinations if each.is_met(names)]
        return tuple(hits)

    def _spans(self, words: Words) -> dict[str, Span]:
        denied = self.grammar.denied(words)
        found: dict[str, Span] = {}
        looked_for: set[int] = set()
        for word in words.distinct & self._index.keys():
            for rule, pattern in self._index[word]:
                if id(pattern) in looked_for:
                    continue
                looked_for.add(id(pattern))
                span = self._first(rule, pattern, words, denied)
                known = found.get(rule.cue.name)
                # The first and longest wins, so that the same text always gives the same words.
                if span and (known is None or (span.start, -span.end) < (known.start, -known.end)):
                    found[rule.cue.name] = span
        return found

    def _first(self, rule: _Rule, pattern: Pattern, words: Words, denied: Collection[int]) -> Span | None:
        for at in pattern.spans(words.cleaned):
            span = Span(*at)
            if not self._is_void(rule, words, span, denied):
                return span
        return None

    def _is_void(self, rule: _Rule, words: Words, span: Span, denied: Collection[int]) -> bool:
        return (
            span.start in denied
            or (rule.resolved_by is not None and rule.resolved_by.begins_at(words.cleaned, span.end))
            or rule.not_when.covers(words, span.start, span.end)
            or self.grammar.is_long_ago(words, span)
            or self.grammar.is_aside(words, span)
        )


def load_cues(folder: Path | None = None, *, name: str = "cues", base: CueList | None = None) -> CueList:
    """Read `cues.toml` and every `cues_<language>.toml` beside it. Lists of another name stand on a `base`:
    its grammar turns their phrases into nothing as well, and its misspellings are mended."""
    folder = folder or resource("triage")
    meaning = _read(folder / f"{name}.toml")
    cues = {cue.name: cue for cue in map(_cue, meaning["cue"])}
    combinations = tuple(
        Combination(_cue(row), tuple(frozenset(names.split("|")) for names in row["all"]))
        for row in meaning.get("combination", ())
    )
    lists = [_read(path) for path in sorted(folder.glob(f"{name}_*.toml"))]
    index: dict[str, list[tuple[_Rule, Pattern]]] = {}
    for words in lists:
        _enter(words, cues, index)
    return CueList(
        cues=cues,
        combinations=combinations,
        languages=frozenset(words["language"] for words in lists),
        stop_words={words["language"]: frozenset(words.get("stop_words", ())) for words in lists},
        _index=index,
        _order={name: place for place, name in enumerate(cues)},
        grammar=base.grammar if base else grammar_of(lists),
        _spelling={**(base._spelling if base else {}), **_spelling(lists)},
    )


def _read(path: Path) -> dict[str, Any]:
    with reading("cue list", path) as said:
        return said


def _spelling(lists: Iterable[dict[str, Any]]) -> dict[str, str]:
    return {wrong: right for words in lists for wrong, right in words.get("spelling", {}).items()}


def _cue(row: dict[str, Any]) -> Cue:
    return Cue(
        name=row["name"],
        part=row.get("part", ""),
        say=row["say"],
        raises_to=Band[row["raises_to"]] if "raises_to" in row else None,
        marks=frozenset(row.get("marks", ())),
    )


def _enter(
    words: dict[str, Any], cues: Mapping[str, Cue], index: dict[str, list[tuple[_Rule, Pattern]]]
) -> None:
    groups = expand(words["groups"])
    for name, said in words["cues"].items():
        if name not in cues:
            raise SettingsBroken(f"The {words['language']} cue list names '{name}', which cues.toml lacks.")
        try:
            not_when = PhraseBook(said.get("not_when", ()), groups)
            rule = _Rule(cues[name], not_when, _one(said.get("resolved_by"), groups))
            patterns = PhraseBook(said["phrases"], groups).by_anchors
        except ValueError as error:
            raise SettingsBroken(f"The {words['language']} list, cue '{name}': {error}.") from error
        for anchors, pattern in patterns.items():
            for anchor in anchors:
                index.setdefault(anchor, []).append((rule, pattern))


def _one(phrases: Iterable[str] | None, groups: Groups) -> Pattern | None:
    return Pattern([Phrase.parse(phrase, groups) for phrase in phrases]) if phrases else None

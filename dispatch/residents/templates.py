"""The texts by intent, language, category and band, as data (domain notes, section 4); which of them fits,
and how it is filled. What each slot holds is said in `slots`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dispatch.errors import SettingsBroken
from dispatch.records import Filled, Intent, Template
from dispatch.resources import resource

ENGLISH = "en"
SLOTS = ("name", "category", "number", "normal", "range", "reason", "next", "safety")
SAFETY = "safety"
UNFILLED = "…"
MOST_SIGNS = 1200

_SLOT = re.compile(r"\{\s*([a-z_]+)\s*\}")
_BRACES = str.maketrans({"{": "(", "}": ")"})
_GAPS = re.compile(r"[ \t]{2,}")
# Never said (S8): that somebody comes is told once a receipt proves it, and then without a promise.
_PROMISES = re.compile(
    r"\bhelp is (coming|on (its|the) way)\b"
    r"|\b(crews?|we|they|somebody|someone) will (come|arrive|be there|fix)\b"
    r"|\bwe promise\b|\bla ayuda (ya )?(va|viene|está en camino)\b|\b(vendrá|llegará)n?\b|\bprometemos\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Language:
    """What slots say in a language. A category that is not named has its English label."""

    code: str
    name: str
    words: Mapping[str, str]
    next: Mapping[str, str]
    cannot: Mapping[str, str]
    safety: Mapping[str, str]
    categories: Mapping[str, str]

    @property
    def not_911(self) -> str:
        return self.words["not_911"]


class Templates:
    """The texts as they stand: what came with the program or the city's files, and over it the city's own
    versions."""

    def __init__(
        self,
        languages: Iterable[Language],
        bundled: Iterable[Template],
        versions: Iterable[Template] = (),
    ) -> None:
        self.languages = {each.code: each for each in languages}
        self._bundled = {each.template_id: each for each in bundled}
        self._texts = self._bundled | {each.template_id: each for each in versions if each.text}
        self._by_intent: dict[Intent, list[Template]] = {intent: [] for intent in Intent}
        for each in self._texts.values():
            self._by_intent[each.intent].append(each)

    def __iter__(self) -> Iterator[Template]:
        return iter(self._texts.values())

    def __len__(self) -> int:
        return len(self._texts)

    def get(self, template_id: str) -> Template | None:
        return self._texts.get(template_id)

    def bundled(self, template_id: str) -> Template | None:
        """As it came; None for one that the city made."""
        return self._bundled.get(template_id)

    def with_versions(self, versions: Iterable[Template]) -> Templates:
        """The city's own over what came. One whose text is empty stands for what came."""
        return Templates(self.languages.values(), self._bundled.values(), versions)

    def language(self, code: str) -> Language:
        """English for one that nobody has words for."""
        return self.languages.get(code) or self.languages[ENGLISH]

    def choose(
        self, intent: Intent, *, category: str = "", band: int | None = None, language: str = ENGLISH
    ) -> Template | None:
        """The text for the category, else for the band, else the general one, in that language or, where it
        has none, in English: `.language` says which it became.

        A text for a category goes before its language: it is there because the general one is wrong there.
        """
        fitting = [
            each
            for each in self._by_intent[intent]
            if (not each.categories or category in each.categories) and (not each.bands or band in each.bands)
        ]
        if not fitting:
            return None
        closest = max(_closeness(each) for each in fitting)
        near = [each for each in fitting if _closeness(each) == closest]
        for wanted in (language, ENGLISH):
            if found := [each for each in near if each.language == wanted]:
                return min(found, key=lambda each: each.variant)
        return min(near, key=lambda each: each.template_id)

    def stay_safe_sentences(self) -> frozenset[str]:
        """The first sentence of each text that a P1 may be answered with while response is suspended (S7):
        as it came, or as the city has approved it."""
        texts = [*self._bundled.values(), *(each for each in self._texts.values() if each.is_approved)]
        return frozenset(first_sentence(each.text) for each in texts if each.intent is Intent.STAY_SAFE)


def template_id(intent: Intent, language: str, variant: str = "") -> str:
    """`stay_safe-wires.es`: the part before the dot is the same in every language."""
    return f"{intent.value}{f'-{variant}' if variant else ''}.{language}"


def slots_in(text: str) -> tuple[str, ...]:
    return tuple(match[1] for match in _SLOT.finditer(text))


def fill(text: str, slots: Mapping[str, str]) -> Filled:
    """The text with its slots' values. No brace is left in it, also none of a value; a slot without a value
    stands as an ellipsis and is named in `missing`: such a text is not sent."""
    missing: list[str] = []
    parts = _SLOT.split(text)
    for at in range(1, len(parts), 2):
        value = slots.get(parts[at], "").strip()
        if not value and parts[at] not in missing:
            missing.append(parts[at])
        parts[at] = value or UNFILLED
    filled = _GAPS.sub(" ", "".join(part.translate(_BRACES) for part in parts))
    return Filled(filled.strip(), tuple(missing))


def marked(text: str, *, is_exercise: bool) -> str:
    """EXERCISE is said first in one (S18)."""
    return f"EXERCISE. {text}" if is_exercise and not text.startswith("EXERCISE") else text


def first_sentence(text: str) -> str:
    """What a person reads first, with its blanks made one."""
    plain = " ".join(text.split())
    match = re.match(r".*?[.!?](?=\s|$)", plain)
    return match[0] if match else plain


def why_not_text(text: str, intent: Intent, language: Language) -> str:
    """Why a text may not stand as a template, in a sentence; empty where it may (S7, S8)."""
    if not text.strip():
        return "Write the text first."
    if len(text) > MOST_SIGNS:
        return f"A text holds at most {MOST_SIGNS} signs; this one has {len(text)}."
    named = slots_in(text)
    if unknown := next((name for name in named if name not in SLOTS), ""):
        known = ", ".join(f"{{{name}}}" for name in SLOTS)
        return f"There is no slot {{{unknown}}}: the slots are {known}."
    if set("{}") & set(_SLOT.sub("", text)):
        return "A brace stands alone: write a slot as {next}, with both braces."
    if SAFETY not in named:
        return f"The safety line is gone: put {{{SAFETY}}} back. It says “{language.not_911}”"
    if match := _PROMISES.search(text):
        return f"“{match[0]}” is a promise the city may not be able to keep: say what is known instead."
    if intent is Intent.STAY_SAFE and slots_in(first_sentence(text)):
        return "The first sentence of a stay-safe text says by itself what to do: take the slot out of it."
    return ""


@lru_cache(maxsize=8)
def load_templates(city: str) -> Templates:
    """What came with the program, and over it the files of the city. SettingsBroken for a file that cannot be
    read or that holds a text that may not be said."""
    languages: dict[str, Language] = {}
    texts: dict[str, Template] = {}
    for folder in (resource("templates"), resource("jurisdictions", city, "templates")):
        for path in sorted(folder.glob("*.toml")):
            language, found = _read(path, languages)
            languages[language.code] = language
            texts |= {each.template_id: each for each in found}
    if ENGLISH not in languages:
        raise SettingsBroken("The texts to residents have no English ones, to which every other falls back.")
    return Templates(languages.values(), texts.values())


def _read(path: Path, known: Mapping[str, Language]) -> tuple[Language, list[Template]]:
    try:
        said = tomllib.loads(path.read_text("utf-8"))
        language = _language(said, known.get(said["language"]))
        return language, [_template(each, language) for each in said.get("template", [])]
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise SettingsBroken(f"The texts to residents in {path.name} cannot be read: {error}.") from error


def _language(said: Mapping[str, Any], before: Language | None) -> Language:
    parts = {
        name: {**(getattr(before, name) if before else {}), **said.get(name, {})}
        for name in ("words", "next", "cannot", "safety", "categories")
    }
    return Language(said["language"], said["name"], **parts)


def _template(said: Mapping[str, Any], language: Language) -> Template:
    intent, variant = Intent(said["intent"]), said.get("variant", "")
    if no := why_not_text(said["text"], intent, language):
        raise ValueError(f"{intent.value}: {no}")
    return Template(
        template_id=template_id(intent, language.code, variant),
        intent=intent,
        language=language.code,
        text=said["text"],
        categories=frozenset(said.get("categories", ())),
        bands=frozenset(said.get("bands", ())),
        variant=variant,
    )


def _closeness(template: Template) -> tuple[bool, bool]:
    return bool(template.categories), bool(template.bands)

"""Drafts of notices as the city's files have them, in each language, and the filling in of one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dispatch.errors import SettingsBroken
from dispatch.records import NoticeKind
from dispatch.resources import resource

MAIN_LANGUAGE = "en"
LONG_CHARS = 280  # what fits most boards and one long text message; a longer one is said to be
CAP_FIELDS = ("category", "responseType", "urgency", "severity", "certainty")
_SLOT = re.compile(r"\{([a-z_]+)\}")
_FILE = re.compile(r"drafts_([a-z]{2,3})\.toml")


@dataclass(frozen=True, slots=True)
class NoticeCap:
    """What a CAP 1.2 draft says of it, in CAP's own words."""

    category: str
    response_type: str
    urgency: str
    severity: str
    certainty: str


@dataclass(frozen=True, slots=True)
class DraftWords:
    """`is_read`: a speaker of the language has read them."""

    title: str
    text: str
    is_read: bool


@dataclass(frozen=True, slots=True)
class NoticeDraftText:
    """`hours` is how long such a notice stands by default. `words` is by language, `asks` says what a slot
    that a person types is for. `note` is for who writes, never for the public."""

    key: str
    kind: NoticeKind
    hours: int
    cap: NoticeCap
    words: Mapping[str, DraftWords]
    asks: Mapping[str, str]
    note: str = ""

    @property
    def slots(self) -> tuple[str, ...]:
        """In the order of the first language's text, each once."""
        first = self.words[MAIN_LANGUAGE]
        return slots_of(f"{first.title} {first.text}")


@dataclass(frozen=True, slots=True)
class FilledNotice:
    """`missing` are slots that nothing fills: with any of them, or with `blocked_why`, it is not sent."""

    title: str
    text: str
    missing: tuple[str, ...] = ()
    blocked_why: str = ""
    is_read: bool = False

    @property
    def is_whole(self) -> bool:
        return not self.missing and not self.blocked_why

    @property
    def is_long(self) -> bool:
        return len(self.text) > LONG_CHARS


@dataclass(frozen=True, slots=True)
class Blocked:
    """Slots that may not be filled now, with the sentence that says why."""

    slots: frozenset[str] = field(default_factory=frozenset)
    why: str = ""


def slots_of(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_SLOT.findall(text)))


def load_drafts(folder: Path | None = None) -> Mapping[str, NoticeDraftText]:
    """By key, in the order of the file. Raises SettingsBroken where a city's words leave something out."""
    files = read_languages(folder)
    words = {language: _words(said, language) for language, said in files.items()}
    main = files[MAIN_LANGUAGE]
    found = {row["key"]: _draft(row, words, main.get("ask", {})) for row in main["drafts"]}
    for language, rows in words.items():
        if strange := sorted(rows.keys() - found.keys()):
            raise SettingsBroken(f"drafts_{language}.toml has drafts that are not in English: {strange[0]}.")
    return found


def read_languages(folder: Path | None = None) -> Mapping[str, dict[str, Any]]:
    """The files as they stand, by language, English first."""
    folder = folder or resource("notices")
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("drafts_*.toml")):
        if (match := _FILE.fullmatch(path.name)) is None:
            continue
        try:
            found[match[1]] = tomllib.loads(path.read_text("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise SettingsBroken(f"{path.name} cannot be read: {error}.") from error
    if MAIN_LANGUAGE not in found:
        raise SettingsBroken(f"drafts_{MAIN_LANGUAGE}.toml is missing in {folder}: put it back.")
    return {MAIN_LANGUAGE: found[MAIN_LANGUAGE], **found}


def fill_draft(
    draft: NoticeDraftText, language: str, values: Mapping[str, str], blocked: Blocked | None = None
) -> FilledNotice:
    """`values` by slot, blank ones count as missing; of the blocked ones none is filled, whatever they hold.
    A slot in a value stays as it stands: words that a person types are no template."""
    said = draft.words[language]
    used = slots_of(f"{said.title} {said.text}")
    hindered = frozenset(used) & blocked.slots if blocked else frozenset()
    known = {
        slot: values[slot].strip() for slot in used if values.get(slot, "").strip() and slot not in hindered
    }
    return FilledNotice(
        title=_put(said.title, known),
        text=_put(said.text, known),
        missing=tuple(slot for slot in used if slot not in known and slot not in hindered),
        blocked_why=blocked.why if blocked and hindered else "",
        is_read=said.is_read,
    )


def _put(text: str, known: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda found: known.get(found[1], found[0]), text)


def _words(said: Mapping[str, Any], language: str) -> dict[str, DraftWords]:
    try:
        is_read = bool(said.get("is_read", False))
        rows = said["drafts"]
        return {
            row["key"]: DraftWords(row["title"], row["text"], bool(row.get("is_read", is_read)))
            for row in rows
        }
    except (KeyError, TypeError) as error:
        raise SettingsBroken(f"drafts_{language}.toml: a draft lacks {error}.") from error


def _draft(
    row: Mapping[str, Any], words: Mapping[str, Mapping[str, DraftWords]], asks: Mapping[str, str]
) -> NoticeDraftText:
    key = row["key"]
    try:
        draft = NoticeDraftText(
            key=key,
            kind=NoticeKind(row["kind"]),
            hours=int(row["hours"]),
            cap=NoticeCap(*(str(row["cap"][name]) for name in CAP_FIELDS)),
            words={language: rows[key] for language, rows in words.items() if key in rows},
            asks={},
            note=row.get("note", ""),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SettingsBroken(f"drafts_{MAIN_LANGUAGE}.toml, draft {key}: {error} is not right.") from error
    for language, said in draft.words.items():
        _must_hold_the_same(draft, language, slots_of(f"{said.title} {said.text}"))
    return _with_asks(draft, asks)


def _with_asks(draft: NoticeDraftText, asks: Mapping[str, str]) -> NoticeDraftText:
    return replace(draft, asks={slot: asks[slot] for slot in draft.slots if slot in asks})


def _must_hold_the_same(draft: NoticeDraftText, language: str, slots: Iterable[str]) -> None:
    """One that lacks the order's number, or has a slot of its own, would tell residents something else."""
    if strange := sorted(set(slots) ^ set(draft.slots)):
        raise SettingsBroken(
            f"drafts_{language}.toml, draft {draft.key}: slot {{{strange[0]}}} stands in one language only."
        )

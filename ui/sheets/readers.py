"""Who reads a message to a site, and which words each of them gets: one text for each language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dispatch.records import Filled, Intent, Recipient, Template
from dispatch.residents.slots import Known, offered, site_slots
from dispatch.residents.templates import ENGLISH, fill, marked
from dispatch.template_desk import TextsHere

# What differs from report to report: filled as the message is sent.
OF_REPORT = ("name", "number")
# Stands for such a slot while the others are filled; no text from outside holds it.
_KEPT = {name: f"\ue000{name}\ue001" for name in OF_REPORT}


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as the box shows it: with slots left only where each report has its own value."""

    template: Template
    text: str


def languages_of(recipients: Iterable[Recipient], texts: TextsHere | None) -> list[str]:
    """In which languages this message is written, most readers first; English where nothing else is known."""
    counts: dict[str, int] = {}
    for each in recipients:
        if not each.cannot_why:
            language = spoken(each.language, texts)
            counts[language] = counts.get(language, 0) + 1
    return sorted(counts, key=lambda code: (-counts[code], code != ENGLISH, code)) or [ENGLISH]


def spoken(language: str, texts: TextsHere | None) -> str:
    """The language a reader is written to in: their own where the city has texts in it."""
    return language if texts is not None and language in texts.templates.languages else ENGLISH


def choices(texts: TextsHere, language: str) -> Mapping[Intent, Shown]:
    """What may be said here in that language, filled."""
    keys = list(texts.known)
    if not keys:
        return {}
    known = texts.known[keys[0]]
    found = {}
    for intent, (template, filled) in offered(texts.templates, known, language).items():
        text = filled.text if len(keys) == 1 else _shared(template, texts, known)
        found[intent] = Shown(template, marked(text, is_exercise=texts.is_exercise))
    return found


def words_for(text: str, recipient: Recipient, texts: TextsHere | None, language: str) -> Filled:
    """The box's text as this report reads it."""
    known = texts.known.get(recipient.request_key) if texts is not None else None
    if texts is None or known is None or "{" not in text:
        return Filled(text)
    slots = site_slots(known, texts.templates.language(language))
    return fill(text, {name: slots.get(name, "") for name in OF_REPORT})


def _shared(template: Template, texts: TextsHere, known: Known) -> str:
    """Filled but for what each report has of its own."""
    text = template.text
    for name, mark in _KEPT.items():
        text = text.replace(f"{{{name}}}", mark)
    text = fill(text, site_slots(known, texts.templates.language(template.language))).text
    for name, mark in _KEPT.items():
        text = text.replace(mark, f"{{{name}}}")
    return text

"""Texts that the city has approved, without which a rule says nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from dispatch.residents.templates import Templates, load_templates
from tests.rooms import Room

ENGLISH_AND_SPANISH = ("en", "es")


def approve(room: Room, languages: Collection[str] = ENGLISH_AND_SPANISH) -> None:
    """As this seat reads them from here on."""
    bundled = load_templates(room.parts.jurisdiction.key)
    own = [replace(each, approved_by="B. Mayor") for each in bundled if each.language in languages]
    texts: Templates = bundled.with_versions(own)
    room.parts.site_texts.templates = lambda _connection: texts

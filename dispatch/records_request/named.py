"""Whoever keeps back records, or holds a storm's, does it in their name."""

from __future__ import annotations

from dispatch.errors import ActRefused
from dispatch.records import Actor


def must_be_named(actor: Actor) -> None:
    """The log of what was withheld says by whom. Raises ActRefused."""
    if not actor.person.strip():
        raise ActRefused("Say who you are: sign in, enter your name at this seat, or give it with --person.")

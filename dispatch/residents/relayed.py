"""What passes through us between two residents (S8): nobody's phone, mail address, unit, name or address."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dispatch.residents.private_words import Private, private_words
from dispatch.residents.told import NOT_911

QUESTION = (
    "A neighbor has offered help here. Would you like it? Answer here with yes or no. Nobody has to accept,"
    f" and please write no phone number, name or address. {NOT_911}"
)
_CONTACTS = {
    Private.PHONE: "a phone number",
    Private.EMAIL: "an e-mail address",
    Private.UNIT: "a unit number",
}
LEAST_LETTERS = 3
_WORDS = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
# "2214 22nd Ave S": what tells a door is its number with the word after it.
_DOOR = re.compile(r"(?<!\w)(\d+)\s+(\w+)")


def no_contact(text: str, *, names: Iterable[str] = (), addresses: Iterable[str] = ()) -> str:
    """Why this may not be passed on or kept with an offer; empty where it shares nobody's contact."""
    found = private_words(text)
    for kind, what in _CONTACTS.items():
        if kind in found:
            return f"It holds {what}: the city passes no contact on, take it out."
    if any(_names(text, name) for name in names):
        return "It names a resident: the city passes no name on, take it out."
    doors = {door for address in addresses for door in _doors(address)}
    if doors & _doors(text):
        return "It holds the address: the city passes no address on, take it out."
    return ""


def _names(text: str, name: str) -> bool:
    """Whether any part of a name stands in the text as a name does. A word that begins a sentence is large
    by itself, and counts only with the part of the name after it."""
    parts = [part for part in _WORDS.findall(name) if len(part) >= LEAST_LETTERS and part[:1].isupper()]
    if re.search(rf"(?<!\w){re.escape(' '.join(name.split()))}(?!\w)", text, re.IGNORECASE) and parts:
        return True
    starts = {match.end() for match in re.finditer(r"(?:^|[.!?\n])\s*", text)}
    words = [
        (match.start(), match[0].removesuffix("'s").removesuffix("’s")) for match in _WORDS.finditer(text)
    ]
    return any(word in parts and start not in starts for start, word in words)


def _doors(text: str) -> set[tuple[str, str]]:
    return {(number, word.lower()) for number, word in _DOOR.findall(text)}

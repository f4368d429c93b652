"""Reading addresses: which streets they name, and the short form for a row of the queue (S11).

22nd Ave S, 22nd Ave N and 22nd St S are three places: what the address says of kind and direction is never
lost, and nothing it does not say is added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

KINDS = {
    name: shown
    for shown, names in {
        "Ave": "ave av aven avenue",
        "St": "st str street",
        "Blvd": "blvd boulevard",
        "Dr": "dr drive",
        "Rd": "rd road",
        "Ln": "ln lane",
        "Ct": "ct court",
        "Pl": "pl place",
        "Ter": "ter terr terrace",
        "Way": "way",
        "Cir": "cir circle",
        "Pkwy": "pkwy parkway",
        "Hwy": "hwy highway",
        "Trl": "trl trail",
        "Cswy": "cswy causeway",
        "Loop": "loop lp",
        "Pt": "pt point",
        "Sq": "sq square",
        "Plz": "plz plaza",
        "Cres": "cres crescent",
        "Aly": "aly alley",
        "Bridge": "bridge brg",
        "Cv": "cv cove",
        "Bnd": "bnd bend",
    }.items()
    for name in names.split()
}
LONG_DIRECTIONS = {
    "north": "N", "south": "S", "east": "E", "west": "W",
    "northeast": "NE", "northwest": "NW", "southeast": "SE", "southwest": "SW",
}  # fmt: skip
DIRECTIONS = LONG_DIRECTIONS | {short.lower(): short for short in LONG_DIRECTIONS.values()}
_ORDINAL_WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
ORDINALS = tuple(_ORDINAL_WORDS.split())

_LEAD = re.compile(r"^(?:the\s+)?(?:intersection|corner)(?:\s+of)?\s+|^(?:near|at)\s+", re.IGNORECASE)
_JOIN = re.compile(r"\s*[&@]\s*|\s+(?:and|at)\s+|\s+/\s+", re.IGNORECASE)
_HOUSE = re.compile(r"^\d+[a-z]?(?:\s*[-–—]\s*\d+[a-z]?)?(?:\s+block(?:\s+of)?)?(?=\s)", re.IGNORECASE)
_UNIT = re.compile(r",?\s*(?:\b(?:apt|apartment|unit|suite|ste|lot)\b\.?\s*#?|#)\s*\w+", re.IGNORECASE)
# What an expression cannot match without: looked for first, being so much cheaper, as most texts hold none.
_UNIT_SIGNS = ("#", "apt", "apartment", "unit", "suite", "ste", "lot")
_JOIN_SIGNS = ("&", "@", " and ", " at ", " / ")
_DIGIT = re.compile(r"\d")
_ROUTE = re.compile(
    r"^(?:(?:us|sr|cr|fl)[ -]?(?:hwy|highway)?|i|interstate|state road|county road|highway|hwy)"
    r"[ -]?\d+[a-z]?\b",
    re.IGNORECASE,
)
_STATE = re.compile(r",?\s+[A-Z]{2}\s+\d{5}(?:-\d{4})?\s*$|,?\s+\d{5}(?:-\d{4})?\s*$")
_NUMBERED = re.compile(
    r"\b(\d{1,3}(?:st|nd|rd|th)|\d{1,3}(?=\s+ave|\s+st\w*\.?\s+[ns]\b)|" + "|".join(ORDINALS) + r")\s+"
    r"(avenue|ave|av|street|st|terrace|ter|place|pl|way)\b\.?"
    r"(?!\s+(?:lights?|lamps?|signs?|parking|party)\b)"
    r"(?:\s+(ne|nw|se|sw|n|s|e|w|northeast|northwest|southeast|southwest|north|south|east|west)\b(?![/'’]))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Street:
    """One street as far as the address says it. `prefix` is a direction before the name, `tail` words behind
    it that may be a direction or the beginning of a town ("South Pasadena")."""

    name: str
    kind: str = ""
    direction: str = ""
    prefix: str = ""
    tail: str = ""

    def __str__(self) -> str:
        words = " ".join(filter(None, (self.prefix, self.name, self.kind, self.direction)))
        return f"{words}, {self.tail}" if self.tail else words

    @property
    def number(self) -> int | None:
        return _number(self.name)

    @property
    def side(self) -> str:
        return self.direction or self.prefix

    def contradicts(self, other: Street) -> bool:
        """The same number on two streets: 22nd Ave S is not 22nd Ave N nor 22nd St S."""
        if self.number is None or self.number != other.number:
            return False
        kinds = bool(self.kind and other.kind and self.kind != other.kind)
        return kinds or bool(self.side and other.side and self.side != other.side)


@dataclass(frozen=True, slots=True)
class Address:
    """House number and streets: two are a crossing, none is a landmark or a place we cannot read."""

    house: str
    streets: tuple[Street, ...]

    @property
    def house_number(self) -> int | None:
        return int(self.house) if self.house.isdigit() and len(self.streets) == 1 else None


# One report's address is read for its short form, its crossing and its doubts.
@lru_cache(maxsize=256)
def parse(address: str) -> Address:
    """Streets with kind and direction; what stands behind them (town, state, ZIP, unit) is left out."""
    text = " ".join(address.split())
    house, _, behind = text.partition(" ")
    if house.isdecimal() and (streets := _behind_house(behind)):
        return Address(house, streets)
    return read(text)


# A city has some thousand streets; a flood of reports names each of them with ever other house numbers.
@lru_cache(maxsize=8192)
def _behind_house(behind: str) -> tuple[Street, ...]:
    """What stands behind a house number; nothing where a number there is no house's, or not all of it."""
    there = read(f"0 {behind}")
    return there.streets if there.house == "0" else ()


def read(text: str) -> Address:
    """The same for one that nobody has met before, with single blanks in it."""
    if _holds_any(text, _UNIT_SIGNS):
        text = _UNIT.sub("", text)
    text = _LEAD.sub("", text)
    parts = _JOIN.split(text) if _holds_any(text, _JOIN_SIGNS) else [text]
    first_house, first = _street(parts[0])
    if first is None:
        return Address("", ())
    others = [_street(part)[1] for part in parts[1:]]
    crossing = [first, *(street for street in others if street)]
    return Address(first_house if len(crossing) == 1 else "", tuple(crossing))


def short_place(address: str) -> str:
    """The place for one row: "22nd Ave S & 4th St S", "5244 Burlington Ave N", "Mirror Lake"."""
    parsed = parse(address)
    if not parsed.streets:
        text = " ".join(address.split())
        return _STATE.sub("", text.split(",")[0]).strip()
    streets = " & ".join(str(street) for street in parsed.streets)
    return f"{parsed.house} {streets}".strip()


def streets_in(text: str) -> tuple[Street, ...]:
    """Numbered streets that a resident's words name, each once."""
    if not (_DIGIT.search(text) or _holds_any(text, ORDINALS)):
        return ()
    found = (
        Street(_numeral(name), KINDS[kind.lower()], DIRECTIONS.get(direction.lower(), ""))
        for name, kind, direction in _NUMBERED.findall(" ".join(text.split()))
    )
    return tuple(dict.fromkeys(found))


def _holds_any(text: str, signs: Iterable[str]) -> bool:
    return any(map(text.casefold().__contains__, signs))


@lru_cache(maxsize=4096)
def _number(name: str) -> int | None:
    """The number in a street's name, in digits or as a word."""
    digits = re.match(r"\d+", name)
    if digits:
        return int(digits[0])
    return ORDINALS.index(name.lower()) + 1 if name.lower() in ORDINALS else None


def _street(part: str) -> tuple[str, Street | None]:
    house = match[0] if (match := _HOUSE.match(part)) else ""
    words = part[len(house) :].split()
    bare = [word.strip(".,").lower() for word in words]
    # "22 Ave S": the number is the street's own name.
    if house and bare and bare[0] in KINDS:
        house, words, bare = "", [house, *words], [_bare(house), *bare]
    if route := _route(" ".join(words)):
        return house, route
    prefix = ""
    if len(words) > 2 and bare[0] in DIRECTIONS and bare[1] not in KINDS:
        prefix, words, bare = DIRECTIONS[bare[0]], words[1:], bare[1:]
    at = _kind_at(words, bare)
    if at is None:
        return "", None
    is_loud = part.isupper()
    name = " ".join([_styled(word, is_loud) for word in words[:at]])
    direction, tail = ("", "") if words[at].endswith(",") else _after(words[at + 1 :], bare[at + 1 :])
    return house, Street(name, KINDS[bare[at]], direction, prefix, tail)


def _kind_at(words: Sequence[str], bare: Sequence[str]) -> int | None:
    """The last of the first run of kinds: "Pinellas Point Dr", but not the "St" of a town behind "Ave"."""
    at = 1
    while at < len(bare) and bare[at] not in KINDS:
        at += 1
    if at >= len(bare) or any(word.endswith(",") for word in words[:at]):
        return None
    while at + 1 < len(words) and not words[at].endswith(",") and bare[at + 1] in KINDS:
        is_saint = bare[at + 1] == "st" and at + 2 < len(words) and bare[at + 2] not in DIRECTIONS
        if is_saint:
            break
        at += 1
    return at


def _after(words: Sequence[str], bare: Sequence[str]) -> tuple[str, str]:
    """The direction behind a street, and what may be one or the beginning of a town."""
    if not words or bare[0] not in DIRECTIONS:
        return "", ""
    is_long = bare[0] in LONG_DIRECTIONS
    has_town = len(words) > 1 and not words[0].endswith(",") and words[1][0].isupper()
    if is_long and has_town and bare[1] not in ("saint", "st"):
        return "", f"{words[0]} {words[1]}".rstrip(",")
    return DIRECTIONS[bare[0]], ""


def _route(text: str) -> Street | None:
    match = _ROUTE.match(text)
    if not match:
        return None
    behind = text[match.end() :].split()
    direction = DIRECTIONS.get(_bare(behind[0]), "") if behind else ""
    return Street(match[0].upper() if match[0].islower() else match[0], "", direction)


def _bare(word: str) -> str:
    return word.strip(".,").lower()


def _styled(word: str, is_loud: bool) -> str:
    if word[0].isdigit():
        return _numeral(word)
    if word.islower() or (is_loud and len(word) > 3):
        return word.capitalize()
    return word


def _numeral(word: str) -> str:
    """22ND and 22 become 22nd; words stay as they are."""
    if not word.isdecimal():  # a raised 2 is a digit, and no number
        return word.lower() if word[0].isdigit() else word
    number = int(word)
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"

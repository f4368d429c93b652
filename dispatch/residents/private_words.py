"""What a public message should not hold (S8) and a screen covers until it is asked for (S15): medical words,
phone and unit numbers, e-mail addresses. Finds and covers, never decides."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from enum import StrEnum


class Private(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    UNIT = "unit"
    MEDICAL = "medical"


# In the order in which they are covered: an address may hold what looks like a number, never the other way.
COVERED = {Private.EMAIL: "[e-mail]", Private.PHONE: "[phone]", Private.UNIT: "[unit]"}
# Where somebody has to go: the door stays, how to call whoever lives there does not.
IN_ADDRESS = (Private.EMAIL, Private.PHONE)

# Neither an area code nor an exchange begins with 0 or 1 (North American Numbering Plan).
_AREA = r"\(?[2-9]\d{2}\)?"
_EXCHANGE = r"[2-9]\d{2}"
_GAP = r"[\s.\-/–]{0,3}"
_EXTENSION = r"(?:\s*(?:ext?\.?|extension|x)\s*\d{1,5})?"
_ENGLISH = ("zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SPANISH = ("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve")
_DIGIT_WORDS = frozenset(_ENGLISH + _SPANISH)
_DIGIT_WORD = f"(?:{'|'.join(sorted(_DIGIT_WORDS))})"
_CALL = (
    r"(?:call|text|phone|cell|mobile|tel|ph|reach|number|at|llam\w+|tel[eé]fono|cel|celular|n[uú]mero|al)"
    r"\b[\s.:]*(?:(?:me|us|is|at|es|al|back|a|him|her)\b[\s:]*){0,3}"
)
_PHONE = "|".join(
    (
        rf"(?:\+?1{_GAP})?{_AREA}{_GAP}{_EXCHANGE}{_GAP}\d{{4}}(?!\d)",
        rf"{_AREA}[\s.-]{_EXCHANGE}[\s.-]\d{{2}}[\s.-]\d{{2}}(?!\d)",
        # E.164: a plus, the country, at most fifteen digits in groups.
        r"\+[1-9](?:[\s().-]{0,2}\d){7,14}(?!\d)",
        # Without its area code: told from other numbers by its dash or by the words before it.
        rf"{_EXCHANGE}[-.–]\d{{4}}(?![\d-])",
    )
)
_UNIT_WORD = (
    r"(?:apt|apartment|unit|suite|ste|(?<!\ba )(?<!parking )lot|room|rm|trailer|space|spc"
    r"|apto|apartamento|depto|departamento|unidad|habitaci[oó]n|cuarto|lote|tr[aá]iler)"
)
# Nearly every text is told by these to hold nothing; the patterns themselves cost ten times as much.
_MAY_BE_UNIT = tuple(
    "ap unit unidad suite ste lot room rm trailer tráiler spac spc dep habitaci cuarto".split()  # noqa: SIM905
)
_MANY_DIGITS = re.compile(r"(?:\d\D{0,3}){6}\d")
_WORD = re.compile(r"\w+")
_LEAST_DIGITS = 7
_PATTERNS = {
    Private.PHONE: re.compile(
        rf"(?<![\d$#])(?<!\d[.,-])(?:{_PHONE}){_EXTENSION}"
        rf"|(?:(?<=\s)|^)(?:{_DIGIT_WORD}\b[\s,.-]*){{6,}}{_DIGIT_WORD}\b",
        re.IGNORECASE,
    ),
    Private.EMAIL: re.compile(r"[\w.+%-]+\s?@\s?[\w-]+(?:\.[\w-]+)+"),
    Private.UNIT: re.compile(
        rf"\b{_UNIT_WORD}\b\.?\s*(?:no\.?\s*|n[uú]mero\s*)?#?\s*"
        r"(?:(?:[a-z]{1,2}-?)?\d[\w-]*|(?-i:[A-HJ-Z])\b(?!'))|(?<![\w&])#\s?[a-z]?-?\d+\w*",
        re.IGNORECASE,
    ),
    Private.MEDICAL: re.compile(
        r"\b(?:oxygen|dialysis|insulin|diabet\w+|ventilator|cpap|concentrator|medicat\w+|medicine|wheelchair|"
        r"disab\w+|bedbound|bedridden|pregnan\w+|dementia|alzheimer\w*|seizure\w*|stroke|cancer|hospice|"
        r"heart (?:attack|condition)|ox[ií]geno|di[aá]lisis|insulina|embaraz\w+|silla de ruedas)\b",
        re.IGNORECASE,
    ),
}
# "call me at 555 0142", "my number is 5550142": only the number is the find.
_AFTER_CALL = re.compile(rf"\b{_CALL}(?P<number>{_EXCHANGE}\s?\d{{4}})(?!\d)", re.IGNORECASE)
# What a number is of when it is nobody's phone and nobody's door.
_OF_SOMETHING = re.compile(
    r"(?:\b(?:reports?|requests?|tickets?|case|issue|incident|order|work order|poles?|meter|account|route|bus"
    r"|hydrants?|signal|transformer|permit|invoice|serial|id|reporte|solicitud|caso|poste|no\. of|size)"
    r"\s*(?:no\.?|nos\.?|number|n[uú]mero|id|is|:)*\s*)$",
    re.IGNORECASE,
)
_OF_MEASURE = re.compile(
    r"\s*(?:k?v(?:olts?|ac)?|k?w|amps?|ft|feet|foot|in(?:ches)?|mi(?:les)?|gal(?:lons)?|lbs?|mph|psi|sq|acres?"
    r"|hrs?|hours?|people|customers|homes|houses|block)\b",
    re.IGNORECASE,
)


def private_words(text: str) -> dict[Private, str]:
    """The first of each kind, as it stands in the text."""
    found = {kind: next(_spans(kind, text), None) for kind in Private}
    return {kind: text[span[0] : span[1]].strip() for kind, span in found.items() if span}


def private_spans(text: str) -> list[tuple[Private, int, int]]:
    """Every find as (kind, start, end), in the order in which they stand."""
    words = _WORD.findall(text.lower())
    kinds = [kind for kind in Private if kind is Private.MEDICAL or _may_hold(kind, text, words)]
    found = [(kind, start, end) for kind in kinds for start, end in _spans(kind, text)]
    return sorted(found, key=lambda each: each[1:])


def covered(text: str, kinds: Collection[Private] = tuple(COVERED)) -> str:
    """The text without its phone and unit numbers and e-mail addresses: a word in brackets stands for each.

    Street addresses, times, voltages and the numbers of reports stay: an operator needs them.
    """
    words = _WORD.findall(text.lower())
    for kind, word in COVERED.items():
        if kind not in kinds or not _may_hold(kind, text, words):
            continue
        for start, end in reversed(list(_spans(kind, text))):
            text = text[:start] + word + text[end:]
    return text


def _spans(kind: Private, text: str) -> Iterator[tuple[int, int]]:
    for match in _PATTERNS[kind].finditer(text):
        if kind is Private.MEDICAL or kind is Private.EMAIL or _is_private(match, text):
            yield match.span()
    if kind is Private.PHONE:
        for match in _AFTER_CALL.finditer(text):
            yield match.span("number")


def _may_hold(kind: Private, text: str, words: list[str]) -> bool:
    if kind is Private.EMAIL:
        return "@" in text
    if kind is Private.UNIT:
        return "#" in text or any(word.startswith(_MAY_BE_UNIT) for word in words)
    is_spelled = sum(word in _DIGIT_WORDS for word in words) >= _LEAST_DIGITS
    return is_spelled or _MANY_DIGITS.search(text) is not None


def _is_private(match: re.Match[str], text: str) -> bool:
    is_number_of = _OF_SOMETHING.search(text[max(0, match.start() - 40) : match.start()])
    return not (is_number_of or _OF_MEASURE.match(text, match.end()))

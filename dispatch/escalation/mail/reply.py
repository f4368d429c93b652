"""What the first own line of a mail answers (S17): what cannot be meant otherwise; the rest a person reads.

English first, simple words of Spanish. A line that says two things, doubts, asks back or denies is not clear.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from dispatch.escalation.states import Act
from dispatch.records import Millis, ReturnCode

NO_WORDS = "It has no words of its own above what it quotes."
TWO_THINGS = "It says more than one thing."
DOUBTS = "It accepts with a doubt, a condition or a “not”."
ONLY_RECEIVED = "It says that it came, not that somebody takes it."
NO_CODE = "It gives it back without a code: wrong desk, already known, outside our area, no resource now."
NO_TIME = "It names an ETA and no time that can be read: 15:30, 3:30 pm, 20 min."
HALF_DAY = "Its ETA may be morning or afternoon: ask which."
OTHER_NUMBER = "It names another hand-over than the one it answers."
NOT_UNDERSTOOD = "It is none of the answers that can be taken without reading."

# Somebody comes, and did not say who.
UNNAMED = "crew, not named"
# An ETA a little gone by has passed; one further back is tomorrow's.
BACK, AHEAD = timedelta(hours=4), timedelta(hours=20)
MOST_RESOURCE_CHARS = 80


@dataclass(frozen=True, slots=True)
class Meaning:
    """`act` is None where a person has to read it; `why_unclear` then says why."""

    act: Act | None
    why_unclear: str = ""
    resource: str = ""
    eta_at: Millis | None = None
    return_code: str = ""


_END = r"\s*[.!]*\s*$"
_GAP = r"(?:\s*[,;:.!–—-]+\s*|\s+)"
_US = r"(?:we|i|we will|i will|we'll|i'll|we are|we're|i am|i'm|we have|we've|i have|i've)"
# Without its accent and a comma after it "si" is "if".
_YES = r"(?:yes|yep|ok|okay|si(?=\s*[,.!;:]))"
_ACCEPT = re.compile(
    rf"(?:{_YES}{_GAP})?(?:"
    rf"(?:{_US}\s+)?(?:accept|accepted|accepting)(?:\s+(?:it|this one|this))?"
    rf"|{_US}\s+(?:take|taking|handle|handling)\s+(?:it|this one|this)"
    r"|(?:taking|handling)\s+(?:it|this one|this)"
    rf"|(?:(?<=[, ])|{_YES}{_GAP})we\s+have\s+(?:it|this one|this)"
    r"|(?:aceptado|aceptada|aceptamos|acepto)"
    r"|nos encargamos|(?:lo|la) tomamos|(?<=[, ])(?:lo|la) tenemos"
    r")(?=$|[\s,;:.!–—-])"
)
_HOLD = re.compile(
    rf"(?:{_ACCEPT.pattern}{_GAP})?(?:and\s+|y\s+)?(?:"
    r"(?:will\s+)?(?:be\s+)?(?:held|hold|holding|on hold)\s+(?:for|due to|because of)\s+(?:the\s+)?"
    r"(?:weather|wind|winds|storm)"
    r"|(?:en espera|detenido|suspendido)\s+por\s+(?:el\s+)?(?:tiempo|clima|viento|vientos|tormenta)"
    rf"){_END}"
)
_NUMBER = r"(?:no\.?|number|num\.?|nro\.?|#)?\s*#?(?P<known>[a-z0-9][a-z0-9./-]*\d[a-z0-9./-]*)"
_RETURNS = (
    (ReturnCode.WRONG_DESK, r"wrong desk|escritorio equivocado|mesa equivocada"),
    (
        ReturnCode.ALREADY_KNOWN,
        rf"(?:already known as|known as|duplicate of|ya conocido como|conocido como)\s+{_NUMBER}",
    ),
    (
        ReturnCode.OUTSIDE_AREA,
        r"outside (?:of )?our area|out of our area|not (?:in )?our area|fuera de nuestra (?:area|zona)",
    ),
    (
        ReturnCode.NO_RESOURCE,
        r"no resources?(?: available)?(?: right)?(?: now)?|(?:no hay|sin) recursos?(?: ahora)?",
    ),
)
_GIVES_BACK = r"(?:return|returned|returning|return it|give back|devuelto|devuelta|devolvemos)"
_RETURN = tuple(
    (code, re.compile(rf"(?:{_GIVES_BACK}{_GAP})?(?:{words})(?P<rest>{_END}|\s*[,;:.(–—-]\s+?.*$)"))
    for code, words in _RETURNS
)
_ETA = re.compile(r"\b(?:eta|e\.t\.a\.?|hora estimada)\b\s*[:=~-]?\s*(?P<time>.*)$")
_AFTER_TIME = re.compile(r"\s*[,;(]\s*|\.\s+|\s[–—-]+\s")
_IN_MINUTES = re.compile(
    rf"(?:in\s+|en\s+)?\+?(?P<minutes>\d{{1,3}})\s*(?:min|mins|minutes|minutos|m)\b{_END}"
)
_OCLOCK = re.compile(
    r"(?:at\s+|by\s+|a las\s+)?(?P<hour>\d{1,2})(?:[:.h]?(?P<minute>\d{2}))?\s*"
    r"(?P<half>am|pm|a\.m\.|p\.m\.)?\s*(?:hrs?|hours|h|horas|local|edt|est|cdt|cst)?" + _END
)
_UNIT = re.compile(
    r"\b(?:engine|truck|ladder|rescue|medic|ambulance|unit|crew|squad|battalion|patrol|car|cruiser|sheriff"
    r"|deputy|officer|team|boat|loader|tanker|brush|utility|lineman|line crew|public works|duke|teco|unidad"
    r"|cuadrilla|equipo|patrulla|ambulancia|camion)\b|\b[a-z]{1,4}-?\d{1,4}\b"
)

# What makes an acceptance doubtful, wherever in the line it stands.
_DOUBT = re.compile(
    r"\b(?:no|not|nor|none|never|neither|cannot|cant|wont|dont|didnt|isnt|arent|unable|without|until|till|unless"
    r"|if|once|when|after|before|but|however|except|pending|maybe|might|may|possibly|probably|perhaps|would"
    r"|could|should|can|try|trying|hope|cancel|cancelled|canceled|decline|declined|refuse|refused|reject"
    r"|rejected|instead|later|disregard|ignore|mistake|error|test|wait|waiting|unsure|sorry|hold|held|holding"
    r"|think|guess|assum\w*|provided|subject to|as long as|condition\w*|depend\w*|partial\w*|tentativ\w*"
    r"|delivery|delivered|server|apolog\w*|invitation|meeting|calendar|wrong|false|in principle"
    r"|nunca|ni|sin|si|pero|cuando|hasta|quizas|tal vez|puede|podemos|rechazado|rechazamos|imposible|todavia"
    r"|espera)\b|n['’]t\b|n/a\b"
)
_NOT = re.compile(r"\b(?:no|not|never|cannot|cant|wait|nunca)\b|n't\b")
_ACCEPT_CUE = re.compile(r"\baccept|\bacept|\btaking it\b|\bwe have it\b|\bnos encargamos\b")
_RETURN_CUE = re.compile(r"\breturn|\bwrong desk\b|\bour area\b|\bdevuel|\bgive back\b|\bdecline|\breject")
_HOLD_CUE = re.compile(r"\b(?:held|hold|holding)\b|\ben espera\b")
_RECEIVED = re.compile(
    rf"(?:{_YES}{_GAP})?(?:ok|okay|yes|got it|received|copy|copied|copy that|roger|10-4|ack|acknowledged"
    rf"|thanks|thank you|noted|recibido|enterado|gracias|entendido)\b.*{_END}"
)
_EOC = re.compile(r"\beoc-?\s?\d+\b")
_TAG = re.compile(r"\[[^\]]*\]")


def read(line: str, now: Millis, zone: tzinfo, *, number: str = "") -> Meaning:
    """`number` is that of the hand-over it answers; `now` is when it came, for an ETA's day."""
    words = _plain(line)
    if not words:
        return Meaning(None, NO_WORDS)
    if "?" in words or "¿" in words:
        return _question(words)
    # Before the numbers are looked at: it may be known as another hand-over of ours.
    if given_back := _given_back(words):
        return given_back
    if number and any(_digits(name) != _digits(number) for name in _EOC.findall(words)):
        return Meaning(None, OTHER_NUMBER)
    words = " ".join(_EOC.sub(" ", words).split())
    if _HOLD.fullmatch(words):
        return Meaning(Act.HOLD)
    if eta := _ETA.search(words):
        return _resource(line, words, eta, now, zone)
    return _accepted(words)


def _question(words: str) -> Meaning:
    if any(cue.search(words) for cue in (_ACCEPT_CUE, _RETURN_CUE, _HOLD_CUE, _ETA)):
        return Meaning(None, TWO_THINGS)
    if not words.rstrip(" .!").endswith("?") or not re.search(r"\w{2}", words):
        return Meaning(None, NOT_UNDERSTOOD)
    return Meaning(Act.ASK)


def _given_back(words: str) -> Meaning | None:
    for code, pattern in _RETURN:
        if found := pattern.fullmatch(words):
            rest = found["rest"]
            if _ACCEPT_CUE.search(rest) or _ETA.search(rest) or _HOLD_CUE.search(rest):
                return Meaning(None, TWO_THINGS)
            if _NOT.search(rest):
                return Meaning(None, NOT_UNDERSTOOD)
            return Meaning(Act.RETURN, return_code=code.value)
    if re.fullmatch(rf"{_GIVES_BACK}\b.*", words):
        return Meaning(None, NO_CODE)
    return None


def _accepted(words: str) -> Meaning:
    # The pattern looks one sign back where a short phrase must not begin a longer sentence.
    found = _ACCEPT.match(words)
    if found is None:
        if _RECEIVED.fullmatch(words):
            return Meaning(None, ONLY_RECEIVED)
        return Meaning(None, DOUBTS if _ACCEPT_CUE.search(words) else NOT_UNDERSTOOD)
    rest = words[found.end() :]
    if _DOUBT.search(rest):
        return Meaning(None, DOUBTS)
    if _ACCEPT_CUE.search(rest) or _RETURN_CUE.search(rest):
        return Meaning(None, TWO_THINGS)
    if re.match(_END, rest) or re.match(r"\s*(?:[,;:.!]|[–—-]+\s)|\s+(?:by|and|por|y)\b", rest):
        return Meaning(Act.ACCEPT)
    return Meaning(None, NOT_UNDERSTOOD)


def _resource(line: str, words: str, eta: re.Match[str], now: Millis, zone: tzinfo) -> Meaning:
    before = words[: eta.start()]
    if _DOUBT.search(words) or _RETURN_CUE.search(words):
        return Meaning(None, DOUBTS)
    accepted = _ACCEPT.match(before)
    named = before[accepted.end() :] if accepted else before
    named = re.sub(r"^(?:and|y)\b", "", named.strip(" ,;:.!–—-")).strip()
    if _ACCEPT_CUE.search(named):
        return Meaning(None, TWO_THINGS)
    if named and not accepted and not _UNIT.search(named):
        return Meaning(None, NOT_UNDERSTOOD)
    if len(named) > MOST_RESOURCE_CHARS or (named and not re.search(r"\w", named)):
        return Meaning(None, NOT_UNDERSTOOD)
    time, _, rest = _AFTER_TIME.sub("\n", eta["time"], count=1).partition("\n")
    if _ETA.search(rest):
        return Meaning(None, TWO_THINGS)
    at, why = _time(time, now, zone)
    if at is None:
        return Meaning(None, why)
    return Meaning(Act.RESOURCE, resource=_as_written(line, named) or UNNAMED, eta_at=at)


def _time(words: str, now: Millis, zone: tzinfo) -> tuple[Millis | None, str]:
    if found := _IN_MINUTES.fullmatch(words):
        return now + 60_000 * int(found["minutes"]), ""
    found = _OCLOCK.fullmatch(words)
    if found is None:
        return None, NO_TIME
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), (found["half"] or "")[:1]
    if found["minute"] is None and not half:
        return None, NO_TIME  # "ETA 15" may be minutes
    if minute > 59 or hour > (12 if half else 23) or (half and not hour):
        return None, NO_TIME
    if half:
        return _next(hour % 12 + (12 if half == "p" else 0), minute, now, zone), ""
    at = _next(hour, minute, now, zone)
    if 1 <= hour <= 12 and not found["hour"].startswith("0"):
        other = _next((hour + 12) % 24, minute, now, zone)
        if abs(other - now) < abs(at - now):
            return None, HALF_DAY
    return at, ""


def _next(hour: int, minute: int, now: Millis, zone: tzinfo) -> Millis:
    """That time of the day nearest ahead: from four hours back, which is past its ETA, to twenty ahead."""
    here = datetime.fromtimestamp(now / 1000, zone)
    for days in (-1, 0, 1):
        day = here.date() + timedelta(days=days)
        at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)
        if -BACK <= at - here.astimezone(UTC) < AHEAD:
            return int(at.timestamp() * 1000)
    # An hour that the clocks skip or repeat may fall between: the plain day is near enough to be read.
    at = datetime(here.year, here.month, here.day, hour, minute, tzinfo=zone)
    return int(at.timestamp() * 1000)


def _plain(line: str) -> str:
    """In small letters without accents, markup, tags and the number it begins with."""
    spoken = re.sub(r"^\W*sí\b", "yes", unicodedata.normalize("NFC", line).lower())
    folded = "".join(c for c in unicodedata.normalize("NFKD", spoken) if not unicodedata.combining(c))
    folded = re.sub(r"[*“”\"]", "", folded.replace("’", "'"))
    folded = _TAG.sub(" ", folded)
    return re.sub(rf"^\s*(?:re\s*:?\s*)?({_EOC.pattern})\s*[:,–—-]\s*", r"\1 ", " ".join(folded.split()))


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number).lstrip("0")


def _as_written(line: str, named: str) -> str:
    """The resource in the sender's own capitals."""
    at = line.lower().find(named)
    return line[at : at + len(named)] if named and at >= 0 else named

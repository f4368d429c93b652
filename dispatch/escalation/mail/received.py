"""What one mail out of the mailbox is (S17): an answer, a letter of ours that came back, or nothing to us.

Nothing in here raises for what a sender wrote: what cannot be read is an answer that a person reads.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.message import Message

from dispatch.escalation.channel import ChannelSettings
from dispatch.escalation.mail import reply
from dispatch.escalation.mail.headers import addresses, header, one_line, parts, text
from dispatch.escalation.mail.own_words import html_text, own_lines, unflowed
from dispatch.escalation.mail.road import Road
from dispatch.escalation.states import Act
from dispatch.records import Incoming

CHANNEL = "email"
MOST_BYTES = 512 * 1024
MOST_CHARS = 1_000
MOST_NAME_CHARS = 120
MOST_KEY_CHARS = 250

TOO_LONG = "The mail is too long to be read here: open it in the mailbox."
BROKEN = "The mail cannot be taken apart: open it in the mailbox."
STRANGER = "Its sender is not among those who may answer by mail: ask them and record the answer."
TWO_HAND_OVERS = "It names more than one hand-over: find out which one is meant."
A_MEETING = "It is about an appointment: read it in the mailbox."
BY_A_LIST = "It came through a mailing list: ask who sent it and record the answer."

_TAG = re.compile(r"\[(EOC-\d{1,9})\s+([A-Za-z0-9_-]{8,40})\s*\]", re.IGNORECASE)
_NUMBER = re.compile(r"\bEOC-\d{1,9}\b")
_OURS = re.compile(r"<landfall\.([A-Za-z0-9-]{1,64})\.(\d{1,6})@[^>\s]{1,200}>")
_PLUS = re.compile(r"[^\s@<>]+\+([A-Za-z0-9_-]{8,40})@")
_AUTOMATIC = re.compile(
    r"\s*(?:out of (?:the )?office|automatic reply|auto(?:matic)?[ -]?(?:reply|response)|autoreply|away from"
    r"|on vacation|vacation (?:reply|response)|i am out|undeliverable|undelivered|delivery (?:status|failure)"
    r"|mail delivery|returned mail|failure notice|delivery has failed|read:|not read:|leído:"
    r"|respuesta autom[aá]tica|fuera de (?:la )?oficina|ausente)",
    re.IGNORECASE,
)
_BULK = ("bulk", "junk", "auto_reply")
_AUTOMATIC_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress")
_AUTOMATIC_SENDERS = ("mailer-daemon", "postmaster", "no-reply", "noreply", "donotreply", "do-not-reply")
_FAILED = re.compile(r"^action:\s*failed", re.IGNORECASE | re.MULTILINE)
_FOR = re.compile(r"^(?:final|original)-recipient:\s*[^;\s]*;?\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_WHY = re.compile(r"^diagnostic-code:\s*(?:smtp;)?\s*(.+)$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Nothing:
    """Automatic, or a stranger's that is not about a hand-over; `why` is for the log."""

    why: str


def read(content: bytes, settings: ChannelSettings, *, size: int = 0) -> Incoming | Nothing:
    """`size` is that of the whole mail where only its start was fetched."""
    try:
        message = message_from_bytes(content, policy=policy.compat32)
        found = _read(message, content, settings)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, HeaderParseError):
        # What a hostile mail does to the parser is the parser's; the mail is kept for a person.
        return _unclear(_hash_key(content), settings, BROKEN)
    if isinstance(found, Incoming) and size > len(content) and found.act:
        return _unclear(found.key, settings, TOO_LONG, like=found)
    return found


def _read(message: Message, content: bytes, settings: ChannelSettings) -> Incoming | Nothing:
    road, key = Road(settings), _key(message, content)
    if bounce := _bounce(message, key, settings):
        return bounce
    if why := _automatic(message):
        return Nothing(why)
    own, quoted = _words(message)
    found = _named(message, quoted)
    senders = addresses(message, "From")
    is_known = len(senders) == 1 and road.is_allowed(senders[0][1])
    if not is_known and not (found.token or found.number or found.escalation_id):
        return Nothing("a stranger's, about no hand-over")
    lines = own_lines(own)
    meaning = reply.read(lines[0] if lines else "", settings.clock.now(), settings.zone, number=found.number)
    why = found.why or ("" if is_known else STRANGER) or _odd(message)
    act = "" if why or meaning.act is None else meaning.act.value
    return Incoming(
        key=key,
        channel=CHANNEL,
        at=settings.clock.now(),
        escalation_id=found.escalation_id or found.number,
        token=found.token,
        act=act,
        text="\n".join(lines)[:MOST_CHARS],
        by_name=_who(senders),
        return_code=meaning.return_code if act == Act.RETURN else "",
        resource=meaning.resource if act == Act.RESOURCE else "",
        eta_at=meaning.eta_at if act == Act.RESOURCE else None,
        why_unclear=why or meaning.why_unclear,
    )


# -- whose and about what ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Named:
    number: str = ""
    token: str = ""
    escalation_id: str = ""
    why: str = ""


def _named(message: Message, words: str) -> _Named:
    """Which hand-over, and its token: from the subject, else the address it came to, else the quoted mail."""
    threads = [
        found[1]
        for name in ("In-Reply-To", "References")
        for found in _OURS.finditer(header(message, name)[-20_000:])
    ]
    escalation_id = threads[0] if threads else ""
    subject = set(_TAG.findall(header(message, "Subject")))
    tags = subject or set(_TAG.findall(words))
    if len(tags) > 1 or len(set(threads)) > 1:
        return _Named(escalation_id=escalation_id, why=TWO_HAND_OVERS)
    if tags:
        number, token = tags.pop()
        return _Named(number.upper(), token, escalation_id)
    for name in ("To", "Cc", "Delivered-To", "X-Original-To"):
        for _, address in addresses(message, name):
            if found := _PLUS.match(address):
                return _Named("", found[1], escalation_id)
    # Without its token nothing is proven; the number tells the person who reads it.
    numbers = set(_NUMBER.findall(header(message, "Subject").upper()))
    return _Named(numbers.pop() if len(numbers) == 1 else "", "", escalation_id)


def _who(senders: list[tuple[str, str]]) -> str:
    """As they sign, with the address: a name alone anybody can write."""
    name, address = senders[0] if senders else ("", "")
    name, address = one_line(name), one_line(address)
    return (f"{name} <{address}>" if name and name != address else address)[:MOST_NAME_CHARS]


def _key(message: Message, content: bytes) -> str:
    """The same mail delivered twice is the same answer."""
    found = re.fullmatch(rf"<[!-;=?-~]{{3,{MOST_KEY_CHARS}}}>", header(message, "Message-ID"))
    return f"{CHANNEL}:{found[0]}" if found else _hash_key(content)


def _hash_key(content: bytes) -> str:
    return f"{CHANNEL}:sha256:{hashlib.sha256(content).hexdigest()}"


def _unclear(key: str, settings: ChannelSettings, why: str, *, like: Incoming | None = None) -> Incoming:
    return Incoming(
        key=key,
        channel=CHANNEL,
        at=settings.clock.now(),
        escalation_id=like.escalation_id if like else "",
        token=like.token if like else "",
        text=like.text if like else "",
        by_name=like.by_name if like else "",
        why_unclear=why,
    )


# -- what no person wrote ---------------------------------------------------------------------------------


def _automatic(message: Message) -> str:
    """Why nobody wrote it (RFC 3834 and what programs do beside it); empty where somebody did."""
    said = header(message, "Auto-Submitted").strip().lower()
    if said and not said.startswith("no"):
        return "automatic by Auto-Submitted"
    if header(message, "Precedence").strip().lower() in _BULK:
        return "automatic by Precedence"
    for name in _AUTOMATIC_HEADERS:
        if message.get(name) is not None:
            return f"automatic by {name}"
    if message.get_content_type() == "multipart/report":
        return "a report about a mail"
    if header(message, "Return-Path").strip() == "<>":
        return "automatic by its empty sender"
    if any(a.partition("@")[0].lower() in _AUTOMATIC_SENDERS for _, a in addresses(message, "From")):
        return "automatic by its sender"
    return "automatic by its subject" if _AUTOMATIC.match(header(message, "Subject")) else ""


def _bounce(message: Message, key: str, settings: ChannelSettings) -> Incoming | None:
    """A letter of ours that could not be delivered, as its report says (RFC 3464); not a delay."""
    if message.get_content_type() != "multipart/report":
        return None
    if str(message.get_param("report-type", "")).lower() != "delivery-status":
        return None
    status, returned = "", ""
    for part in parts(message):
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            status += part.as_string()
        elif kind in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            returned += part.as_string()[:20_000]
    ours = _OURS.search(returned)
    if not _FAILED.search(status) or ours is None:
        return None
    whom, why = _FOR.search(status), _WHY.search(status)
    said = f"The mail to {one_line(whom[1]) if whom else 'somebody'} came back"
    said += f" ({one_line(why[1])})" if why else ""
    return Incoming(
        key=key,
        channel=CHANNEL,
        at=settings.clock.now(),
        escalation_id=ours[1],
        text=ours[0],
        undelivered=f"{said}: mend mail_to in the settings, or use another channel.",
    )


def _odd(message: Message) -> str:
    """What a person may well have sent, and no program should act on. A city's own mailbox may be a list."""
    if message.get("List-Id") is not None or header(message, "Precedence").strip().lower() == "list":
        return BY_A_LIST
    if any(part.get_content_type() == "text/calendar" for part in parts(message)):
        return A_MEETING
    return ""


# -- words ------------------------------------------------------------------------------------------------


def _words(message: Message) -> tuple[str, str]:
    """The body as text, and all that may quote our tag. Plain text where there is some, else the HTML."""
    plain = formatted = ""
    for part in parts(message):
        if part.get_content_disposition() == "attachment" or part.is_multipart():
            continue
        kind = part.get_content_type()
        if kind == "text/plain" and not plain.strip():
            plain = text(part)
            if str(part.get_param("format", "")).lower() == "flowed":
                is_deleting = str(part.get_param("delsp", "")).lower() == "yes"
                plain = unflowed(plain, is_deleting_space=is_deleting)
        elif kind == "text/html" and not formatted.strip():
            formatted = text(part)
    return plain if plain.strip() else html_text(formatted), f"{plain}\n{formatted}"

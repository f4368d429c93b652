"""What a hand-over says as an e-mail: text that a phone can show first, the ICS 213 and the JSON twin behind.

The same words have one Message-ID through all tries; an update has one of its own and answers the first, so
that programs show one thread.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from dispatch.escalation import files
from dispatch.escalation.mail.road import Road
from dispatch.escalation.restricted import without_words
from dispatch.forms import common, ics213
from dispatch.forms.bands import band_map, band_words
from dispatch.forms.twin import twin_bytes
from dispatch.records import Escalation, Millis
from dispatch.reports import pdf

WIDTH = 72
MOST_SUBJECT_CHARS = 150
CALL = "not sent by mail: call the EOC"
GO_ON = "Your wait for the weather is over: go on."
# What makes other words of the same hand-over: sent again, a fact added at our desk or that it is needed
# still, another desk's turn.
_OURS = ("send", "add", "still_needed")

ANSWERS = """\
TO ANSWER, reply to this mail and write ONE of these as its FIRST line:

  ACCEPT
  ETA 15:30                   (24-hour clock)
  Engine 4 ETA 15:30          (who comes, and when)
  HELD FOR WEATHER
  RETURN wrong desk
  RETURN outside our area
  RETURN no resource now
  RETURN already known as no. 17-2231
  Which gate is it?           (a question ends with ?)

Only that line is read by the program. Anything else is read by a person
at the EOC, which takes longer. Leave the number in the subject."""


def compose(item: Escalation, road: Road, recipients: tuple[str, ...], *, written_at: Millis) -> EmailMessage:
    """`written_at` is the Date of the mail, milliseconds since 1970."""
    zone = road.settings.zone
    shown = without_restricted(item, road)
    message = EmailMessage(policy=SMTP.clone(max_line_length=WIDTH))
    message["From"] = Address("Landfall, city EOC", addr_spec=road.sender())
    message["To"] = ", ".join(recipients)
    message["Reply-To"] = road.reply_to(item.token)
    message["Subject"] = subject(shown)
    message["Date"] = format_datetime(common.local(written_at, zone))
    message["Message-ID"] = message_id(item, road)
    if round_of(item):
        first = message_id(item, road, number=0)
        message["In-Reply-To"] = first
        message["References"] = first
    if band_map()[item.band].email_importance == "high":
        message["Importance"] = "high"
        message["X-Priority"] = "1"
    # Keeps vacation messages of well-behaved programs away; a person's reply is not held back by it.
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    message.set_content(_clean(text(shown, road)), cte="quoted-printable")
    _attach(message, shown, zone)
    return message


def subject(item: Escalation) -> str:
    """EXERCISE [EOC-0041 k7f3…] [P1] Update: Power line down - 22nd Ave S & 31st St S"""
    marks = [common.EXERCISE] if item.is_exercise else []
    marks += [tag(item), band_map()[item.band].email_subject or f"[{item.band.name}]"]
    what = " - ".join(part for part in (item.subject or item.summary, item.address) if part.strip())
    words = " ".join([*marks, "Update:" if round_of(item) else "", what])
    return _clean(" ".join(words.split()))[:MOST_SUBJECT_CHARS]


def tag(item: Escalation) -> str:
    """What a reply carries back: the number, and the proof that this hand-over was read."""
    return f"[{' '.join(filter(None, (item.number, item.token)))}]"


def round_of(item: Escalation) -> int:
    """0 for the first words, one more for each time they were changed on purpose."""
    return sum(
        (given.kind in _OURS and given.how == "desk") or given.kind == "pass_on" for given in item.answers
    )


def message_id(item: Escalation, road: Road, *, number: int | None = None) -> str:
    """From the escalation's id alone: whatever a crash or a lost answer repeats, it is the same mail."""
    domain = road.sender().rpartition("@")[2]
    key = re.sub(r"[^A-Za-z0-9-]", "-", item.escalation_id)
    return f"<landfall.{key}.{round_of(item) if number is None else number}@{domain}>"


def without_restricted(item: Escalation, road: Road) -> Escalation:
    """S15: mail crosses machines that are not the city's. Unless the city has said that it may
    (`mail_restricted = yes`), a resident's phone stays here, and of a restricted site the words as well;
    what is needed to act remains: band, place, desk, effect, 911."""
    if road.is_on("mail_restricted"):
        return item
    phone = road.value("mail_eoc_phone")
    call = f"{CALL} at {phone}" if phone else CALL
    shown = replace(item, call_back=call if item.call_back else "")
    if not item.is_restricted:
        return shown
    return without_words(shown, call)


def text(item: Escalation, road: Road) -> str:
    """Everything somebody with a phone needs in order to act; paper and machines have the attachments."""
    form = ics213.fill(item, road.settings.zone)
    lines = [common.EXERCISE, ""] if item.is_exercise else []
    lines += _wrapped(f"{item.number} {band_words(item.band)}{' - UPDATE' if round_of(item) else ''}")
    lines += _wrapped(f"For {form.sent_to}. From {form.sent_from}, {form.date} {form.time}.")
    for line in form.message:
        lines += _entry(line.label, line.text, is_warning=line.is_warning)
    lines += ["", *_added(item, road.settings.zone), "", ANSWERS, ""]
    lines += _wrapped(f"{tag(item)} Incident: {form.incident}. {common.NOT_VERIFIED}")
    if item.is_exercise:
        lines += ["", f"{common.EXERCISE}: nothing of this is real."]
    return "\n".join(lines) + "\n"


def _added(item: Escalation, zone: ZoneInfo) -> Iterator[str]:
    for given in item.answers:
        if given.kind == "still_needed":
            yield from _entry(f"STILL NEEDED {common.clock_time(given.at, zone)}", given.text or GO_ON)
        elif given.kind == "add" and given.text.strip():
            yield from _entry(f"Added {common.clock_time(given.at, zone)}", given.text)


def _entry(label: str, words: str, *, is_warning: bool = False) -> list[str]:
    first = f"{'!! ' if is_warning else ''}{label}: "
    return [
        "",
        *_wrapped(first + " / ".join(part for part in words.splitlines() if part.strip()), indent="  "),
    ]


def _wrapped(words: str, *, indent: str = "") -> list[str]:
    return textwrap.wrap(
        words, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    ) or [""]


def _attach(message: EmailMessage, item: Escalation, zone: ZoneInfo) -> None:
    stem = files.stem(item)
    form = pdf.ics213(ics213.fill(item, zone))
    message.add_attachment(form, maintype="application", subtype="pdf", filename=f"{stem}.pdf")
    content = twin_bytes(item, zone)
    message.add_attachment(content, maintype="application", subtype="json", filename=f"{stem}.json")
    # A boundary by chance would make other bytes of the same words.
    message.set_boundary(f"=_landfall_{re.sub(r'[^A-Za-z0-9]', '', item.escalation_id)[:40]}")


def _clean(words: str) -> str:
    """A lone half of a sign cannot be written down, and a header has one line."""
    return words.encode("utf-8", "replace").decode("utf-8")

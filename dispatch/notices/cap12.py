"""A notice as CAP 1.2, a draft for the alerting authority. It is never sent to IPAWS, by nobody here.

The order of elements is the schema's (OASIS CAP 1.2); what that leaves open `cap_rules` looks at, before
anything is given out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from lxml import etree

from dispatch.forms.common import EXERCISE, local
from dispatch.notices import cap_rules, public_words
from dispatch.records import Millis, Notice, NoticeKind, NoticeState, NoticeText
from dispatch.text_from_outside import MARK, plain

NAMESPACE = cap_rules.NAMESPACE
NOTE = "Draft made by the city's emergency operations center. Not sent to any alerting system."
EXERCISE_NOTE = f"{EXERCISE} {EXERCISE} {EXERCISE}. This is not a real alert. {NOTE}"
TAGS = {"en": "en-US", "es": "es-US"}
_NAMES: Any = {None: NAMESPACE}
_NO_XML = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Kind:
    """What CAP calls a kind of notice (domain notes, section 8): proposed, the authority decides."""

    category: str
    event: str
    response: str
    urgency: str
    severity: str
    certainty: str


KINDS: Mapping[NoticeKind, Kind] = {
    NoticeKind.EVACUATION: Kind("Safety", "Evacuation", "Evacuate", "Immediate", "Extreme", "Likely"),
    NoticeKind.SHELTER: Kind("Safety", "Shelter", "Shelter", "Expected", "Severe", "Likely"),
    NoticeKind.REENTRY: Kind("Safety", "Re-entry", "AllClear", "Expected", "Minor", "Observed"),
    NoticeKind.PROTECTIVE: Kind("Safety", "Protective action", "Execute", "Expected", "Severe", "Likely"),
    NoticeKind.SERVICE: Kind("Infra", "City service", "Monitor", "Expected", "Minor", "Observed"),
    NoticeKind.INFORMATION: Kind("Safety", "Information", "Monitor", "Unknown", "Unknown", "Unknown"),
    NoticeKind.THANKS: Kind("Other", "Thanks", "None", "Past", "Minor", "Observed"),
}


class CapFaulty(ValueError):
    """What was made breaks a rule; str() says which."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose draft it is: `address` without spaces, `name` as people know them."""

    address: str
    name: str
    zone: tzinfo
    is_exercise: bool


def message(item: Notice, *, sender: Sender, earlier: Sequence[Notice] = (), now: Millis) -> bytes:
    """The notice as it stands: an Alert, an Update of those before it (`earlier`, the first one first), or
    the Cancel of a cancelled one. CapFaulty where that breaks a rule."""
    is_cancel = item.state is NoticeState.CANCELLED
    references = [_triple(each, sender) for each in (*earlier, *((item,) if is_cancel else ()))]
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap=_NAMES)
    _add(root, "identifier", identifier(item, is_cancel=is_cancel))
    _add(root, "sender", sender.address)
    _add(root, "sent", stamp((item.ended_at if is_cancel else item.published_at) or now, sender.zone))
    _add(root, "status", "Exercise" if sender.is_exercise else "Draft")
    _add(root, "msgType", "Cancel" if is_cancel else "Update" if earlier else "Alert")
    _add(root, "scope", "Public")
    _add(root, "note", EXERCISE_NOTE if sender.is_exercise else NOTE)
    if references:
        _add(root, "references", " ".join(references))
    for said in item.cancel_texts if is_cancel else item.texts:
        _info(root, item, said, sender, is_cancel=is_cancel)
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    if wrong := cap_rules.faults(made):
        raise CapFaulty(wrong[0])
    return made


def identifier(item: Notice, *, is_cancel: bool = False) -> str:
    """The same for ever: by it a later message says which one it means."""
    return f"landfall-{item.notice_id}{'-cancel' if is_cancel else ''}"


def stamp(at: Millis, zone: tzinfo) -> str:
    """Whole seconds and a numeric offset; UTC is -00:00, as CAP writes it."""
    then = local(at - at % 1000, zone)
    offset = then.utcoffset() or timedelta(0)
    if not offset:
        return f"{datetime.fromtimestamp(at // 1000, UTC):%Y-%m-%dT%H:%M:%S}-00:00"
    return then.isoformat(timespec="seconds")


def _info(root: Any, item: Notice, said: NoticeText, sender: Sender, *, is_cancel: bool) -> None:
    kind = KINDS[item.kind]
    info = _add(root, "info")
    _add(info, "language", TAGS.get(said.language, said.language))
    _add(info, "category", kind.category)
    _add(info, "event", f"{EXERCISE}: {kind.event}" if sender.is_exercise else kind.event)
    _add(info, "responseType", "None" if is_cancel else kind.response)
    _add(info, "urgency", "Past" if is_cancel else kind.urgency)
    _add(info, "severity", kind.severity)
    _add(info, "certainty", kind.certainty)
    if not is_cancel:
        _add(info, "onset", stamp(item.starts_at, sender.zone))
    _add(info, "expires", stamp(item.expires_at, sender.zone))
    _add(info, "senderName", sender.name)
    _add(info, "headline", public_words.title(said, is_exercise=sender.is_exercise))
    _add(info, "description", said.text.strip())
    for name, value in (("authority", item.authority), ("order", item.order), ("number", item.number)):
        if value.strip():
            parameter = _add(info, "parameter")
            _add(parameter, "valueName", name)
            _add(parameter, "value", public_words.one_line(value))
    area = _add(info, "area")
    _add(area, "areaDesc", public_words.area(item, said.language))
    for ring in item.area.rings:
        _add(area, "polygon", " ".join(f"{lat:.5f},{lon:.5f}" for lat, lon in ring))


def _triple(item: Notice, sender: Sender) -> str:
    return f"{sender.address},{identifier(item)},{stamp(item.published_at, sender.zone)}"


def _add(parent: Any, name: str, text: str | None = None) -> Any:
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if text is not None:
        child.text = xml_words(text)
    return child


def xml_words(text: str) -> str:
    """What XML may hold: marks instead of what it may not."""
    return _NO_XML.sub(MARK, plain(text))

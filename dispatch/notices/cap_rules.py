"""Rules for a CAP 1.2 file: those of its schema that matter to us, and those that the schema leaves open
(domain notes, section 8). Pure: it needs no schema file, and every file of ours goes through it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from lxml import etree

from dispatch.xml_from_outside import root_of

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
_NO_NAME = re.compile(r"[\s,<&]")
_LEAST_PAIRS = 4
# In the schema's order; a star may come more than once, an exclamation mark must come.
_PARTS = {
    "alert": "identifier! sender! sent! status! msgType! source scope! restriction addresses code* note"
    " references incidents info*",
    "info": "language category!* event! responseType* urgency! severity! certainty! audience eventCode*"
    " effective onset expires senderName headline description instruction web contact parameter* resource*"
    " area*",
    "area": "areaDesc! polygon* circle* geocode* altitude ceiling",
}
_VALUES = {
    "status": "Exercise Draft",  # nothing of ours is an actual alert, a test or a system's message
    "msgType": "Alert Update Cancel Ack Error",
    "scope": "Public Restricted Private",
    "category": "Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other",
    "responseType": "Shelter Evacuate Prepare Execute Avoid Monitor Assess AllClear None",
    "urgency": "Immediate Expected Future Past Unknown",
    "severity": "Extreme Severe Moderate Minor Unknown",
    "certainty": "Observed Likely Possible Unlikely Unknown",
}


def faults(xml: bytes) -> tuple[str, ...]:
    """What is wrong with it, each in a sentence; none for a sound one."""
    try:
        root = root_of(xml)
    except (etree.LxmlError, ValueError) as error:
        return (f"It is no XML: {error}.",)
    if root is None or root.tag != f"{{{NAMESPACE}}}alert":
        return ("It is no CAP 1.2 alert.",)
    return tuple(_of_alert(root))


def _of_alert(alert: Any) -> Iterator[str]:
    yield from _shape(alert)
    said = {_name(each): (each.text or "").strip() for each in alert}
    for name in ("identifier", "sender"):
        if _NO_NAME.search(said.get(name, "")):
            yield f"{name} holds a space, a comma, < or &."
    yield from _times(alert, ("sent",))
    if said.get("scope") == "Restricted" and not said.get("restriction"):
        yield "A restricted alert says its restriction."
    if said.get("scope") == "Private" and not said.get("addresses"):
        yield "A private alert says its addresses."
    if said.get("status") == "Exercise" and "EXERCISE" not in said.get("note", "").upper():
        yield "An exercise says so in its note."
    yield from _of_references(said)
    infos = [each for each in alert if _name(each) == "info"]
    if said.get("msgType") in ("Alert", "Update") and not infos:
        yield "An alert says something: it has an info."
    languages = [each.findtext(f"{{{NAMESPACE}}}language") for each in infos]
    if len(set(languages)) != len(languages):
        yield "Two infos have one language."
    for each in infos:
        yield from _of_info(each, said.get("sent", ""))


def _of_references(said: dict[str, str]) -> Iterator[str]:
    given = said.get("references", "").split()
    if said.get("msgType") in ("Update", "Cancel", "Ack", "Error") and not given:
        yield "An update or a cancel says in its references which alert it means."
    for each in given:
        parts = each.split(",")
        if len(parts) != 3 or not all(parts) or not _is_time(parts[2]):
            yield "A reference is sender,identifier,sent."
        elif parts[1] == said.get("identifier"):
            yield "An alert does not refer to itself."


def _of_info(info: Any, sent: str) -> Iterator[str]:
    yield from _shape(info)
    yield from _times(info, ("effective", "onset", "expires"))
    expires = (info.findtext(f"{{{NAMESPACE}}}expires") or "").strip()
    if not expires:
        yield "Nothing holds for ever: an info says when it expires."
    elif _is_time(expires) and _is_time(sent):
        onset = (info.findtext(f"{{{NAMESPACE}}}onset") or "").strip()
        start = datetime.fromisoformat(onset if _is_time(onset) else sent)
        is_past = (info.findtext(f"{{{NAMESPACE}}}urgency") or "").strip() == "Past"
        if datetime.fromisoformat(expires) <= start and not is_past:
            yield "It expires before it begins."
    areas = [each for each in info if _name(each) == "area"]
    if not areas:
        yield "An info says for which area."
    for each in areas:
        yield from _of_area(each)


def _of_area(area: Any) -> Iterator[str]:
    yield from _shape(area)
    for each in area:
        text = (each.text or "").strip()
        if _name(each) == "polygon" and not _is_polygon(text):
            yield "A polygon is at least four lat,lon pairs, the first of them again at the end."
        if _name(each) == "circle" and not _is_circle(text):
            yield "A circle is lat,lon and a radius in kilometers."


def _shape(element: Any) -> Iterator[str]:
    """Each in its place, as often as it may, with something in it."""
    order = _PARTS[_name(element)].split()
    names = [_name(each) for each in element]
    known = [each.rstrip("!*") for each in order]
    for name in dict.fromkeys(names):
        if name not in known:
            yield f"{name} does not belong into {_name(element)}."
    places = [known.index(name) for name in names if name in known]
    if places != sorted(places):
        yield f"The parts of {_name(element)} are not in CAP's order."
    for each in order:
        name, count = each.rstrip("!*"), names.count(each.rstrip("!*"))
        if "!" in each and not count:
            yield f"{_name(element)} lacks {name}."
        if "*" not in each and count > 1:
            yield f"{name} stands twice in {_name(element)}."
    for child in element:
        text, name = (child.text or "").strip(), _name(child)
        if not len(child) and not text:
            yield f"{name} is empty."
        if name in _VALUES and text not in _VALUES[name].split():
            yield f"{name} may not be “{text[:40]}”."


def _times(element: Any, names: tuple[str, ...]) -> Iterator[str]:
    for each in element:
        if _name(each) in names and not _is_time((each.text or "").strip()):
            yield f"{_name(each)} is a time with whole seconds and an offset like -04:00."


def _is_time(text: str) -> bool:
    if not _TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_polygon(text: str) -> bool:
    pairs = text.split()
    return len(pairs) >= _LEAST_PAIRS and pairs[0] == pairs[-1] and all(map(_is_pair, pairs))


def _is_circle(text: str) -> bool:
    parts = text.split()
    return len(parts) == 2 and _is_pair(parts[0]) and _number(parts[1], 0, 20_000)


def _is_pair(text: str) -> bool:
    lat, comma, lon = text.partition(",")
    return bool(comma) and _number(lat, -90, 90) and _number(lon, -180, 180)


def _number(text: str, least: float, most: float) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", text)) and least <= float(text) <= most


def _name(element: Any) -> str:
    tag = str(element.tag)
    return tag.removeprefix(f"{{{NAMESPACE}}}") if tag.startswith(f"{{{NAMESPACE}}}") else tag

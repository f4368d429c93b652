"""An NWS alert as CAP 1.2 (XML): one message, one event, its areas with polygons and UGC codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import shapely
from lxml import etree

from dispatch.errors import FeedRefused
from dispatch.feeds.alerts_json import make_alert
from dispatch.feeds.records import Alert, Listing
from dispatch.feeds.vtec import read_vtec
from dispatch.geo.imports.words import plain
from dispatch.records import Millis
from dispatch.xml_from_outside import root_of

ENGLISH = "en"
SPACES = ("urn:oasis:names:tc:emergency:cap:1.2", "urn:oasis:names:tc:emergency:cap:1.1")


def read_alert_cap(body: bytes, *, name: str, source: str, arrived_at: Millis) -> Listing:
    """Raises FeedRefused for what is no CAP, or defines words of its own as harmful files do."""
    root = _root(body, name)
    tag = etree.QName(root)
    if tag.localname != "alert" or tag.namespace not in SPACES:
        raise FeedRefused(f"{name} is XML but no weather alert (CAP).")
    try:
        alert = _alert(root)
    except (KeyError, ValueError, TypeError, IndexError, shapely.errors.ShapelyError) as error:
        raise FeedRefused(f"{name} is no whole weather alert: {plain(error)}.") from error
    return Listing(source, alert.sent_at, is_whole=False, alerts=(alert,))


def _root(body: bytes, name: str) -> Any:
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise FeedRefused(f"{name} defines words of its own (DOCTYPE), as harmful files do: do not use it.")
    try:
        root = root_of(body)
    except (etree.LxmlError, ValueError) as error:
        raise FeedRefused(f"{name} is damaged: it is no whole XML.") from error
    if root is None:
        raise FeedRefused(f"{name} is empty.")
    return root


def _alert(root: Any) -> Alert:
    info = _info(root)
    parameters, areas = _pairs(info, "parameter"), list(info.iterchildren("{*}area"))
    codes = [pair for area in areas for pair in _pairs(area, "geocode")]
    ugc = [code for name, value in codes if name.upper() == "UGC" for code in value.split()]
    same = [value for name, value in codes if name.upper() in ("SAME", "FIPS6")]
    return make_alert(
        alert_id=_text(root, "identifier"),
        sent=_text(root, "sent"),
        status=_text(root, "status"),
        kind=_text(root, "msgType"),
        event=_text(info, "event"),
        severity=_text(info, "severity"),
        starts=_text(info, "onset") or _text(info, "effective"),
        expires=_text(info, "expires"),
        ends=_named(parameters, "eventEndingTime"),
        headline=_named(parameters, "NWSheadline") or _text(info, "headline"),
        area="; ".join(_text(area, "areaDesc") for area in areas),
        office=_text(info, "senderName"),
        words=f"{_text(info, 'headline')} {_text(info, 'description')}",
        damage=_named(parameters, "flashFloodDamageThreat"),
        zones=tuple(dict.fromkeys(f"/{plain(code)}" for code in ugc)),
        counties=tuple(dict.fromkeys(map(plain, same))),
        outline=_outline(areas),
        references=tuple(
            plain(part.split(",")[1]) for part in _text(root, "references").split() if "," in part
        ),
        vtec=read_vtec(value for name, value in parameters if name == "VTEC"),
    )


def _info(root: Any) -> Any:
    """The English block where there are several; a cancel may have none at all, and then says nothing."""
    infos = list(root.iterchildren("{*}info")) or [etree.Element("info")]
    english = (each for each in infos if (_text(each, "language") or ENGLISH).lower().startswith(ENGLISH))
    return next(english, infos[0])


def _pairs(element: Any, tag: str) -> list[tuple[str, str]]:
    return [(_text(each, "valueName"), _text(each, "value")) for each in element.iterchildren(f"{{*}}{tag}")]


def _named(pairs: Iterable[tuple[str, str]], name: str) -> str:
    return next((value for each, value in pairs if each == name), "")


def _text(element: Any, tag: str) -> str:
    found = next(element.iterchildren(f"{{*}}{tag}"), None)
    return "" if found is None else "".join(found.itertext()).strip()


def _outline(areas: list[Any]) -> shapely.Geometry | None:
    """CAP writes a polygon as latitude,longitude pairs with spaces between them."""
    rings = []
    for area in areas:
        for polygon in area.iterchildren("{*}polygon"):
            pairs = [pair.split(",") for pair in "".join(polygon.itertext()).split()]
            rings.append(shapely.polygons([(float(lng), float(lat)) for lat, lng in pairs]))
    return shapely.union_all([shapely.make_valid(ring) for ring in rings]) if rings else None

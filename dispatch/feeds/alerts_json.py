"""NWS alerts as api.weather.gov gives them: GeoJSON, one feature an alert. Raw dictionaries end here."""

from __future__ import annotations

from typing import Any

import orjson
import shapely

from dispatch.errors import FeedRefused
from dispatch.feeds.records import Alert, Listing, MessageKind, Severity, Status
from dispatch.feeds.times import from_iso
from dispatch.feeds.vtec import TEST, Vtec, read_vtec
from dispatch.geo.imports.words import plain
from dispatch.records import Millis

# The whole country in a bad hour has a thousand.
MOST_ALERTS = 5_000
MOST_CORNERS = 20_000
MOST_ZONES = 2_000
EMERGENCIES = ("FLASH FLOOD EMERGENCY", "TORNADO EMERGENCY")
CATASTROPHIC = "CATASTROPHIC"


def read_alerts_json(body: bytes, *, name: str, source: str, arrived_at: Millis, is_whole: bool) -> Listing:
    """A FeatureCollection, or one feature. Raises FeedRefused for what is neither; a single bad row is
    counted and the rest goes on."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise FeedRefused(f"{name} is damaged: it is no whole JSON.") from error
    if not isinstance(said, dict) or said.get("type") not in ("FeatureCollection", "Feature"):
        raise FeedRefused(f"{name} holds no weather alerts: choose the GeoJSON of api.weather.gov/alerts.")
    rows = said.get("features") if said["type"] == "FeatureCollection" else [said]
    if not isinstance(rows, list):
        raise FeedRefused(f"{name} holds no list of weather alerts.")
    if len(rows) > MOST_ALERTS:
        raise FeedRefused(
            f"{name} has more than {MOST_ALERTS:,} alerts: ask for the state or the county alone."
        )
    alerts, complaint = [], ""
    for row in rows:
        try:
            alerts.append(_alert(row))
        except (KeyError, ValueError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
            complaint = complaint or plain(error)
    if rows and not alerts:
        raise FeedRefused(f"{name} holds no weather alerts that can be read ({complaint or 'all damaged'}).")
    return Listing(
        source, _listed_at(said, arrived_at), is_whole, tuple(alerts), len(rows) - len(alerts), complaint
    )


def make_alert(
    *,
    alert_id: str,
    sent: Any,
    status: Any,
    kind: Any,
    event: str,
    severity: Any,
    starts: Any,
    expires: Any,
    ends: Any,
    headline: Any,
    area: Any,
    office: Any,
    words: str,
    damage: str,
    zones: tuple[str, ...],
    counties: tuple[str, ...],
    outline: shapely.Geometry | None,
    references: tuple[str, ...],
    vtec: tuple[Vtec, ...],
) -> Alert:
    """What both formats come to. Raises ValueError for a message without number, time or event."""
    message = MessageKind(kind)
    if not alert_id or not (event or message is MessageKind.CANCEL):
        raise ValueError("an alert without number or event")
    sent_at = from_iso(sent)
    if not sent_at:
        raise ValueError("an alert without the time it was sent")
    # A test by its VTEC is a test, whatever the rest of it says.
    is_test = any(each.product == TEST for each in vtec)
    return Alert(
        alert_id=plain(alert_id),
        sent_at=sent_at,
        status=Status.TEST if is_test else Status(status),
        kind=message,
        event=plain(event),
        severity=Severity[str(severity).upper()]
        if str(severity).upper() in Severity.__members__
        else Severity.UNKNOWN,
        starts_at=from_iso(starts) or sent_at,
        expires_at=from_iso(expires),
        ends_at=from_iso(ends),
        headline=plain(headline),
        area=plain(area),
        office=plain(office),
        zones=zones[:MOST_ZONES],
        counties=counties[:MOST_ZONES],
        outline=whole_outline(outline),
        references=references,
        vtec=vtec,
        is_emergency=damage.upper() == CATASTROPHIC or any(each in words.upper() for each in EMERGENCIES),
    )


def whole_outline(shape: shapely.Geometry | None) -> bytes | None:
    """A valid area on earth as WKB; None for anything else: then the zones say where it is."""
    if shape is None or shapely.is_empty(shape) or shapely.get_num_coordinates(shape) > MOST_CORNERS:
        return None
    if not shapely.is_valid(shape):
        shape = shapely.make_valid(shape)
    parts = [part for part in shapely.get_parts(shape) if shapely.get_dimensions(part) == 2]
    if not parts:
        return None
    west, south, east, north = shapely.total_bounds(parts).tolist()
    if not (west >= -180 and east <= 180 and south >= -85 and north <= 85):
        return None
    return bytes(shapely.to_wkb(shapely.union_all(parts)))


def _alert(row: Any) -> Alert:
    said = row["properties"]
    parameters, geocode = said.get("parameters") or {}, said.get("geocode") or {}
    geometry = row.get("geometry")
    return make_alert(
        alert_id=str(said.get("id") or ""),
        sent=said.get("sent"),
        status=said.get("status"),
        kind=said.get("messageType"),
        event=str(said.get("event") or ""),
        severity=said.get("severity"),
        starts=said.get("onset") or said.get("effective"),
        expires=said.get("expires"),
        ends=said.get("ends"),
        headline=_first(parameters, "NWSheadline") or said.get("headline"),
        area=said.get("areaDesc"),
        office=said.get("senderName"),
        words=f"{said.get('headline')} {said.get('description')}",
        damage=_first(parameters, "flashFloodDamageThreat"),
        zones=_zones(said, geocode),
        counties=_texts(geocode.get("SAME")),
        outline=shapely.from_geojson(orjson.dumps(geometry)) if geometry else None,
        references=tuple(plain(each["identifier"]) for each in said.get("references") or []),
        vtec=read_vtec(_texts(parameters.get("VTEC"))),
    )


def _zones(said: dict[str, Any], geocode: dict[str, Any]) -> tuple[str, ...]:
    """By their addresses, which tell their kind (`…/zones/forecast/FLZ050`), else by their codes."""
    links = ["/".join(link.split("/")[-2:]) for link in _texts(said.get("affectedZones"))]
    return tuple(dict.fromkeys(links or [f"/{code}" for code in _texts(geocode.get("UGC"))]))


def _listed_at(said: dict[str, Any], arrived_at: Millis) -> Millis:
    try:
        return from_iso(said.get("updated")) or arrived_at
    except ValueError:
        return arrived_at


def _first(parameters: dict[str, Any], name: str) -> str:
    return next(iter(_texts(parameters.get(name))), "")


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(plain(value) for value in values) if isinstance(values, list) else ()

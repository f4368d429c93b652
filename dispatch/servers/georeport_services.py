"""What a GeoReport server offers: its own description of itself, its services and what they ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dispatch.servers import shapes

SPECIFICATION_ENDS = "georeport_v2"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address the server names. To be shown to a person, never called because the server says so."""

    specification: str
    address: str
    changeset: str
    is_test: bool
    formats: tuple[str, ...]

    @property
    def is_ours(self) -> bool:
        """Does it speak what this adapter speaks? A draft of a later version is another thing."""
        return self.specification.lower().rstrip("/").endswith(SPECIFICATION_ENDS)


@dataclass(frozen=True, slots=True)
class Discovery:
    """`changeset` moves when services or definitions do; it is text in no particular form."""

    changeset: str
    contact: str
    key_service: str
    endpoints: tuple[Endpoint, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """`kind` is realtime (an id at once), batch (a token first) or blackbox (never an id)."""

    code: str
    name: str
    description: str
    kind: str
    group: str
    keywords: tuple[str, ...]
    has_definition: bool


@dataclass(frozen=True, slots=True)
class Attribute:
    """One question of a service. `is_asked` is False where it is only words to show."""

    code: str
    description: str
    hint: str
    datatype: str
    is_asked: bool
    is_required: bool
    order: int
    # (key to send, words to show)
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Definition:
    service_code: str
    attributes: tuple[Attribute, ...]


def read_discovery(value: Any) -> Discovery:
    found = _object(value)
    return Discovery(
        changeset=shapes.name(found.get("changeset")),
        contact=shapes.text(found.get("contact")),
        key_service=shapes.text(found.get("key_service")),
        endpoints=tuple(_endpoint(each) for each in _objects(found.get("endpoints"), "endpoint")),
    )


def _endpoint(found: dict[str, Any]) -> Endpoint:
    formats = found.get("formats")
    if isinstance(formats, dict):
        formats = formats.get("format")
    return Endpoint(
        specification=shapes.name(found.get("specification")),
        address=shapes.name(found.get("url")),
        changeset=shapes.name(found.get("changeset")),
        is_test=shapes.name(found.get("type")).lower() == "test",
        formats=tuple(shapes.name(each) for each in (formats if isinstance(formats, list) else [formats])),
    )


def read_services(rows: Iterable[Any]) -> tuple[Service, ...]:
    """Those that have a code; the rest cannot be asked for."""
    found = (_service(row) for row in rows if isinstance(row, dict))
    return tuple(service for service in found if service.code)


def _service(row: dict[str, Any]) -> Service:
    keywords = (word.strip() for word in shapes.text(row.get("keywords")).split(","))
    code = shapes.name(row.get("service_code"))
    return Service(
        code=code,
        name=shapes.name(row.get("service_name")) or code,
        description=shapes.text(row.get("description")),
        kind=shapes.name(row.get("type")).lower() or "realtime",
        group=shapes.name(row.get("group")),
        keywords=tuple(word for word in keywords if word),
        has_definition=shapes.flag(row.get("metadata")),
    )


def read_definition(code: str, value: Any) -> Definition:
    """In the order the server wants them asked; those without a place in it come last."""
    found = _object(value)
    for key in ("service_definition", "service"):  # some put one or both around it
        found = _object(found[key]) if isinstance(found.get(key), dict | list) else found
    attributes = [_attribute(each) for each in _objects(found.get("attributes"), "attribute")]
    attributes = [each for each in attributes if each.code or not each.is_asked]
    return Definition(
        shapes.name(found.get("service_code")) or code,
        tuple(sorted(attributes, key=lambda each: each.order)),
    )


def _attribute(found: dict[str, Any]) -> Attribute:
    order = shapes.number(found.get("order"))
    asked = found.get("variable")
    return Attribute(
        code=shapes.name(found.get("code")),
        description=shapes.text(found.get("description")),
        hint=shapes.text(found.get("datatype_description")),
        datatype=shapes.name(found.get("datatype")).lower() or "string",
        is_asked=asked is None or shapes.flag(asked),
        is_required=shapes.flag(found.get("required")),
        order=1_000_000 if order is None else int(order),
        values=tuple(_value(each) for each in _objects(found.get("values"), "value")),
    )


def _value(found: dict[str, Any]) -> tuple[str, str]:
    key = shapes.name(found.get("key"))
    return key, shapes.name(found.get("name")) or key


def _object(value: Any) -> dict[str, Any]:
    value = shapes.scalar(value)
    return value if isinstance(value, dict) else {}


def _objects(value: Any, inner: str) -> list[dict[str, Any]]:
    """A list, one object where a list belongs, or either inside `inner`; a number is none (as Boston's)."""
    if isinstance(value, dict):
        value = value[inner] if isinstance(value.get(inner), list | dict) else value
    members = value if isinstance(value, list) else [value]
    return [each for each in members if isinstance(each, dict)]

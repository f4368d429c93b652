"""Answers of the GeoReport face against the published JSON schemas, where those are at hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

SCHEMAS = Path(__file__).resolve().parents[4] / "shared" / "protocols" / "schemas" / "georeport-v2"
KINDS: dict[str, Any] = {
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "null": type(None),
    "array": list,
    "object": dict,
}
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")

pytestmark = pytest.mark.skipif(not SCHEMAS.exists(), reason="the published schemas are not here")


def complaints(value: Any, schema: dict[str, Any], where: str = "") -> list[str]:
    """What is wrong with it, by the few words these schemas are written in."""
    if "$ref" in schema:
        schema = json.loads((SCHEMAS / schema["$ref"]).read_text("utf-8"))
    if "anyOf" in schema:
        tried = [complaints(value, each, where) for each in schema["anyOf"]]
        return [] if [] in tried else tried[0]
    kind = schema.get("type")
    is_wrong = kind and not isinstance(value, KINDS[kind])
    if is_wrong or (kind in ("number", "integer") and isinstance(value, bool)):
        return [f"{where} is no {kind}: {value!r}"]
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where} is none of {schema['enum']}: {value!r}")
    if schema.get("format") == "date-time" and not DATE_TIME.fullmatch(value):
        found.append(f"{where} is no time: {value!r}")
    if isinstance(value, str) and len(value) > schema.get("maxLength", len(value)):
        found.append(f"{where} is too long")
    found += [f"{where}.{name} is missing" for name in schema.get("required", ()) if name not in value]
    for name, inner in schema.get("properties", {}).items():
        if name in value:
            found += complaints(value[name], inner, f"{where}.{name}")
    if kind == "array":
        for place, each in enumerate(value):
            found += complaints(each, schema.get("items", {}), f"{where}[{place}]")
    return found


def schema(name: str) -> dict[str, Any]:
    return dict(json.loads((SCHEMAS / name).read_text("utf-8")))


def test_answers_satisfy_the_published_schemas(city, geo):
    closed = city.add_report("x" * 5000, address="22nd Ave S", has_photo=True)
    city.elsewhere(closed, "close", "Cleared")
    city.add_report("", summary="Odd noise", category="", lat=None, lng=None)
    rows, services = geo.rows(), geo.get("services.json")
    asking = next(each["service_code"] for each in services if each["metadata"])

    assert complaints(rows, schema("requests.json")) == []
    assert complaints(geo.get(f"requests/{closed}.json"), schema("requests.json")) == []
    assert complaints(services, schema("services.json")) == []
    definition = geo.get(f"services/{asking}.json")
    assert complaints(definition, schema("service-definition.json")) == []


def test_the_schemas_find_what_a_quirk_breaks(city, geo):
    city.add_report("Oak")
    for quirk, words in (("Q20", "no string"), ("Q31", "no time"), ("Q58", "")):
        city.quirks(quirk, profile="spec")
        found = complaints(geo.rows(), schema("requests.json"))
        assert bool(found) is bool(words) and all(words in each for each in found)

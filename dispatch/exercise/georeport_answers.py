"""How the GeoReport face's answers leave: format, envelope and refusals, the way the quirks have them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dispatch.exercise import georeport_wire as wire
from dispatch.exercise.quirks import Quirks

TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
REQUESTS, SERVICES, ERRORS = "service_requests", "services", "errors"
_NIL = ' xsi:nil="true"'
_ODD_ROOT = (
    ' xmlns:m="http://org/sfgov/sf311v2/services" xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" type="array" is_array="true"'
)
_CODE = re.compile(rb'("service_code":)"(\d+)"')
_CALLBACK = re.compile(r"[\w.$]{1,60}")
# Whatever follows, no stream of deflate begins like this.
_NO_STREAM = b"\xff\xff\xff"


class Answers:
    def __init__(self, quirks: Quirks) -> None:
        self._quirks = quirks
        self._refusals = 0

    def list(self, http_request: Request, rows: list[Any], *, is_later_page: bool) -> Response:
        """A list of requests, which differs most from server to server."""
        if not rows and is_later_page and self._quirks.has("Q2"):
            return Response(b"", media_type=TYPES[form_of(http_request.url.path)])
        return self.say(http_request, REQUESTS, rows)

    def say(self, http_request: Request, root: str, value: Any, status: int = 200) -> Response:
        form = form_of(http_request.url.path)
        body = self._encoded(root, value, self._other(form))
        if form == "json" and (name := self._callback(http_request)):
            return Response(b"%s(%s);" % (name, body), status, media_type="application/javascript")
        answer = Response(body, status, media_type=TYPES[form])
        if self._quirks.has("Q11") and "deflate" in http_request.headers.get("accept-encoding", ""):
            answer = Response(_NO_STREAM + zlib.compress(body), status, media_type=TYPES[form])
            answer.headers["Content-Encoding"] = "deflate"
        return answer

    def _other(self, form: str) -> str:
        """Q10: what the address promises and what comes are two things."""
        return {"json": "xml", "xml": "json"}[form] if self._quirks.has("Q10") else form

    def _callback(self, http_request: Request) -> bytes:
        name = http_request.query_params.get("callback", "")
        return name.encode() if self._quirks.has("Q9") and _CALLBACK.fullmatch(name) else b""

    def _encoded(self, root: str, value: Any, form: str) -> bytes:
        if form == "xml":
            has_odd_root = self._quirks.has("Q8")
            attributes, nil = (_ODD_ROOT, _NIL) if has_odd_root else ("", "")
            body = wire.to_xml(root, value, attributes=attributes, nil=nil)
            if value == [] and self._quirks.has("Q7"):
                return body[:-2] + f">\n</{root}>".encode()
            return body
        body = wire.to_json(self._wrapped(root, value))
        return _CODE.sub(rb"\g<1>00\2", body) if self._quirks.has("Q23") else body

    def _wrapped(self, root: str, value: Any) -> Any:
        envelope = self._quirks.settings.envelope
        if root == ERRORS or not isinstance(value, list):
            return value
        if self._quirks.has("Q5") and len(value) == 1:
            value = value[0]
        if envelope == "list":
            return value
        if envelope == "nested" and root == REQUESTS:
            rows = value if isinstance(value, list) else [value]
            return {"requests": [{"request": [_each_in_a_list(row) for row in rows]}]}
        return {root: value}

    def refuse(
        self, path: str, status: int, words: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        form = form_of(path)
        if self._quirks.settings.errors == "list":
            body = self._encoded(ERRORS, wire.errors(status, words), form)
        else:
            self._refusals += 1
            variants = _xml_variants(status, words) if form == "xml" else _json_variants(status, words)
            body = variants[self._refusals % len(variants)]
        return Response(body, status, headers, media_type=TYPES[form])


def form_of(path: str) -> str:
    """JSON where the address asks for none we know."""
    return "xml" if path.endswith(".xml") else "json"


def error_page(words: str) -> Response:
    """Q3: some servers draw a page for people and call that a success."""
    return Response(f"ERROR: {words}<br>\n", 200, media_type="text/html")


def _each_in_a_list(row: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {name: [value] for name, value in row.items()}


def _json_variants(status: int, words: str) -> list[bytes]:
    forms: list[Any] = [
        {"code": status, "description": words},
        [{"code": status, "message": words}],
        {"errors": {"base": [words]}},
        {"errors": {"base": words}},
        {"base": words},
    ]
    return [*map(wire.to_json, forms), wire.to_xml("error", words)]


def _xml_variants(status: int, words: str) -> list[bytes]:
    return [wire.to_xml("error", words), wire.to_xml(ERRORS, [{"code": status, "message": words}])]

"""GeoReport's XML as the same lists and objects its JSON would be: a mechanical mapping, and a safe one."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from dispatch.xml_from_outside import root_of

# Elements that hold a list, also where one or none stands in it.
LISTS = frozenset(
    {
        *("services", "service_requests", "requests", "service_definitions", "attributes", "values"),
        *("endpoints", "formats", "errors", "notes", "photos"),
        *("service_requests_updates", "service_request_updates", "request_updates"),
    }
)
DEEPEST = 50

# What XML does not allow, and servers send all the same: control signs, a bare &, names from HTML.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def parse_xml(body: bytes) -> tuple[str, Any]:
    """The name of the root and what it holds. Raises ValueError for what is no whole XML.

    Entities are never resolved and nothing is fetched; an answer cut off in the middle is refused, since
    half a list would look like a whole one.
    """
    try:
        root = _root(body)
    except etree.LxmlError:
        try:
            root = _root(_mended(body))
        except etree.LxmlError as error:
            raise ValueError(f"no whole XML: {error}") from error
    return _name(root), _value(root, 0)


def _root(body: bytes) -> Any:
    root = root_of(body)
    if root is None:
        raise ValueError("no XML at all")
    return root


def _mended(body: bytes) -> bytes:
    words = body.decode("utf-8", "replace").removeprefix("\ufeff")
    words = _DECLARATION.sub("", words)  # it may name an encoding that this no longer is
    return _BARE_AMPERSAND.sub("&amp;", _FORBIDDEN.sub(" ", words)).strip().encode()


def _value(element: Any, depth: int) -> Any:
    """Attributes and namespaces say nothing here; a nil or empty element is None, an empty list a list."""
    children = [child for child in element if isinstance(child.tag, str)]
    if not children:
        words = "".join(element.itertext()).strip()
        return words or ([] if _name(element) in LISTS else None)
    if depth >= DEEPEST or any(words.strip() for words in _between(element, children)):
        return "".join(element.itertext())  # markup inside a text
    names = [_name(child) for child in children]
    values = [_value(child, depth + 1) for child in children]
    if len(set(names)) == 1 and (len(names) > 1 or _name(element) in LISTS):
        return values
    together: dict[str, list[Any]] = {}
    for name, value in zip(names, values, strict=True):
        together.setdefault(name, []).append(value)
    return {name: several[0] if len(several) == 1 else several for name, several in together.items()}


def _between(element: Any, children: list[Any]) -> list[str]:
    return [element.text or "", *(child.tail or "" for child in children)]


def _name(element: Any) -> str:
    return str(etree.QName(element).localname)

"""XML that comes from outside: read as it stands, nothing in it is followed, fetched or unfolded."""

from __future__ import annotations

from typing import Any

from lxml import etree


def root_of(body: bytes) -> Any:
    """The root element, without comments and instructions; None where there is none. Raises lxml's LxmlError,
    and ValueError where it names an encoding that it does not have."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(body, parser)

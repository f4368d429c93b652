"""The table of quirks as data: what each row makes the server do, which settings it implies, the profiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dispatch.exercise.quirk_settings import Order

ROWS: dict[str, str] = {
    "Q73": "page is ignored: every page is the first.",
    "Q74": "Pages count from 0.",
    "Q75": "No answer holds more than 50 rows, whatever is asked for, and nothing says so.",
    "Q76": "Lists come by their last change, though they are filtered by their entry.",
    "Q81": "Without a status asked for, a list holds open requests alone.",
    "Q82": "A span of more than 90 days is refused.",
}

# Rows that are a matter of settings: switched on they set these, switched off they take them back.
IMPLIED: dict[str, Mapping[str, Any]] = {
    "Q73": {"pages": False},
    "Q74": {"first_page": 0},
    "Q75": {"cap": 50},
    "Q76": {"order": Order.UPDATED_DOWN},
    "Q81": {"default_status": "open"},
    "Q82": {"long_spans": "refused"},
}

PROFILES: dict[str, tuple[tuple[str, ...], Mapping[str, Any]]] = {
    "spec": ((), {}),
}

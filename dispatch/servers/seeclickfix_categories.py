"""A SeeClickFix list of request types as the categories that the public is offered."""

from __future__ import annotations

from typing import Any

from dispatch.errors import ServerNonsense
from dispatch.records import OfferedCategory
from dispatch.servers import shapes


def read_categories(rows: Any) -> list[OfferedCategory]:
    """Each by its id, where there is none by the last part of its address; a row without either is left out.
    Raises ServerNonsense for what is no list, or names none at all."""
    if not isinstance(rows, list):
        raise ServerNonsense("The 311 server answered without a list of categories.")
    found = {
        category_id: OfferedCategory(
            category_id,
            shapes.text(row.get("title")) or category_id,
            # A list for the public holds only what is offered and does not say so.
            is_offered=row.get("active") is not False,
            can_switch=bool(shapes.text(row.get("switch_url"))),
        )
        for row in rows
        if isinstance(row, dict) and (category_id := _id(row))
    }
    if not found:
        raise ServerNonsense("The 311 server answered with a list of no categories at all.")
    return list(found.values())


def switch_urls(rows: Any) -> dict[str, str]:
    """Where the server itself says that a category is switched, by id; those without such an address are left
    out."""
    named = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {_id(row): url for row in named if (url := shapes.text(row.get("switch_url")))}


def _id(row: dict[str, Any]) -> str:
    return shapes.text(row.get("id")) or shapes.text(row.get("url")).rstrip("/").rpartition("/")[2]

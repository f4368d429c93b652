"""The filters of the queue under a name and a key, kept for each person in the seat's settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dispatch.board import Filters
from dispatch.records import Band, Millis
from dispatch.settings import load, save

HOUR_MS = 3_600_000
LISTS = ("categories", "hoods", "whys")
SWITCHES = ("with_closed", "set_aside", "with_snoozed", "not_on_map", "may_repeat")


@dataclass(frozen=True, slots=True)
class SavedView:
    """`last_h` hours up to now, 0 for all time; `is_mine` stands for whoever opens it. Of `filters` the
    text is looked for anew each time, and nothing that names single sites is kept."""

    name: str
    key: str = ""
    filters: Filters = field(default_factory=Filters)
    last_h: int = 0
    is_mine: bool = False

    def filters_at(self, now: Millis, person: str) -> Filters:
        """What it narrows to when `person` opens it now."""
        since = now - self.last_h * HOUR_MS if self.last_h else None
        return replace(self.filters, since=since, claimed_by=person if self.is_mine else "")


def view_of(name: str, key: str, filters: Filters, now: Millis) -> SavedView:
    """What of these filters can be meant again tomorrow. Hours are kept where they reach to now."""
    kept = replace(Filters(), text=filters.text, bands=filters.bands)
    kept = replace(kept, **{each: getattr(filters, each) for each in (*LISTS, *SWITCHES)})
    is_following = filters.since is not None and filters.until is None
    last_h = -(-(now - filters.since) // HOUR_MS) if is_following and filters.since is not None else 0
    return SavedView(name, key, kept, max(0, last_h), bool(filters.claimed_by))


def read_views(said: Mapping[str, Any]) -> list[SavedView]:
    """A person's views as the settings hold them, by name; what cannot be meant is left out of them."""
    views = [_view(name, table) for name, table in said.items() if isinstance(table, Mapping)]
    return sorted(views, key=lambda view: view.name.casefold())


def keep_views(folder: Path, person: str, views: Iterable[SavedView]) -> None:
    """Write them into the settings as they stand on the disk now. Raises SettingsBroken with the way out."""
    settings = load(folder)
    tables = {view.name: _table(view) for view in views}
    save(folder, replace(settings, views={**settings.views, person: tables}))


def _table(view: SavedView) -> dict[str, Any]:
    """Only what is set, so that a person can read it."""
    filters = view.filters
    told: dict[str, Any] = {
        "key": view.key,
        "text": filters.text,
        "last_h": view.last_h,
        "mine": view.is_mine,
    }
    told["bands"] = sorted(int(band) for band in filters.bands)
    told |= {name: sorted(getattr(filters, name)) for name in LISTS}
    told |= {name: getattr(filters, name) for name in SWITCHES}
    return {name: value for name, value in told.items() if value}


def _view(name: str, table: Mapping[str, Any]) -> SavedView:
    text, key, last_h = table.get("text", ""), table.get("key", ""), table.get("last_h", 0)
    said: dict[str, Any] = {n: frozenset(v for v in _list(table, n) if isinstance(v, str)) for n in LISTS}
    said |= {n: table.get(n) is True for n in SWITCHES}
    said["bands"] = frozenset(v for v in _list(table, "bands") if type(v) is int and v in set(Band))
    said["text"] = text if isinstance(text, str) else ""
    return SavedView(
        name,
        key if isinstance(key, str) else "",
        Filters(**said),
        last_h if type(last_h) is int and last_h > 0 else 0,
        table.get("mine") is True,
    )


def _list(table: Mapping[str, Any], name: str) -> list[Any]:
    value = table.get(name, [])
    return value if isinstance(value, list) else []

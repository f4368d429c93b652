"""The plan's items as the city's file has them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dispatch.errors import SettingsBroken
from dispatch.feeds.arrival import Reach
from dispatch.records import PlanItem, PlanKind
from dispatch.resources import resource

FIRST_H, LAST_H = -96, 14 * 24


@dataclass(frozen=True, slots=True)
class PlanFile:
    """`reach` is what we take for how far 34 kt reach, where an advisory does not say."""

    items: tuple[PlanItem, ...]
    reach: Reach


def load_plan(path: Path | None = None) -> PlanFile:
    """In the order of their hours. Raises SettingsBroken with what is not right in the city's file."""
    path = path or resource("plan", "storm_plan.toml")
    try:
        said = tomllib.loads(path.read_text("utf-8"))
        items = tuple(sorted(map(_item, said["items"]), key=lambda item: item.hours))
        reach = tuple(zip(said["reach"]["wind_kt"], map(float, said["reach"]["gale_nm"]), strict=True))
    except (KeyError, TypeError, ValueError) as error:
        raise SettingsBroken(f"{path.name} cannot be read: {error}.") from error
    keys = [item.key for item in items]
    if twice := next((key for key in keys if keys.count(key) > 1), ""):
        raise SettingsBroken(f"{path.name} has the item {twice} twice.")
    return PlanFile(items, reach)


@cache
def load_once() -> PlanFile:
    return load_plan()


def _item(row: Mapping[str, Any]) -> PlanItem:
    item = PlanItem(**{**row, "kind": PlanKind(row["kind"])})
    if not FIRST_H <= item.hours <= LAST_H:
        raise ValueError(f"{item.key} lies outside {FIRST_H} to {LAST_H} hours")
    return item

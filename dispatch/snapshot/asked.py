"""What somebody wants counted: a period, and what of it counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dispatch.records import Millis

if TYPE_CHECKING:
    from dispatch.store.snapshot_rows import StoredSite
    from dispatch.triage.categories import Category


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is counted of the period: everything where both are empty."""

    area: str = ""
    only_storm: bool = False

    @property
    def leaves_out(self) -> bool:
        return bool(self.area) or self.only_storm

    def why_not(self, of_site: StoredSite | None, category: Category) -> str:
        """Why a report is left out; empty: it counts."""
        if self.only_storm and not category.is_essential:
            return "outside the storm's categories"
        if self.area and (of_site is None or of_site.neighborhood != self.area):
            return f"outside {self.area}"
        return ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A period of entry times, up to but not of its end, and what of it counts."""

    from_at: Millis
    to_at: Millis
    wanted: Wanted = field(default_factory=Wanted)

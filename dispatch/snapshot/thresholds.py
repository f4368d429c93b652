"""FEMA's Public Assistance indicators by the date of a declaration, and how costs that people typed compare.

For governor and FEMA, no entitlement. Of PA costs alone: what homes lost (IA) is never added."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from dispatch.dollars import cents_of, dollars
from dispatch.errors import ActRefused, SettingsBroken
from dispatch.resources import resource

FILE = "pa_thresholds.toml"
NOT_AN_ENTITLEMENT = "An indicator for governor and FEMA, not an entitlement."
OCTOBER = 10


class Level(StrEnum):
    STATE = "state"
    COUNTY = "county"


@dataclass(frozen=True, slots=True)
class Threshold:
    """In force from `effective` on. Cents per head, cents of a project; None where the row does not say."""

    effective: date
    state_cents: int
    county_cents: int
    project_minimum_cents: int | None
    large_project_cents: int | None
    source: str

    def per_head(self, level: Level) -> int:
        return self.state_cents if level is Level.STATE else self.county_cents


@dataclass(frozen=True, slots=True)
class Entered:
    """What a person typed: a population, or a cost in cents. Who, and where it was read, must be said."""

    value: int
    by: str
    source: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """`per_head_cents` is rounded down: it never looks reached before it is. `says` is for the screen."""

    threshold: Threshold
    level: Level
    population: Entered
    cost: Entered
    per_head_cents: int
    is_reached: bool
    says: str
    warnings: tuple[str, ...]


class ThresholdTable:
    """Rows by their date, the oldest first."""

    def __init__(self, rows: Iterable[Threshold]) -> None:
        self.rows: Sequence[Threshold] = sorted(rows, key=lambda row: row.effective)
        if not self.rows:
            raise SettingsBroken(f"{FILE} has no rows: enter the one of your declaration.")

    def for_declaration(self, declared: date) -> Threshold:
        """The row in force on the day of the declaration. Raises ActRefused before the first one."""
        found = [row for row in self.rows if row.effective <= declared]
        if not found:
            raise ActRefused(f"No row of {FILE} is as old as {_said(declared)}: enter the one in force then.")
        return found[-1]

    def warnings(self, today: date, declared: date | None = None) -> tuple[str, ...]:
        """What must be said beside any use of the table."""
        newest, due = self.rows[-1].effective, last_october(today)
        found = []
        if newest < due:
            found.append(
                f"The newest row of {FILE} is of {_said(newest)}, and there is a new one since {_said(due)}:"
                " enter it before use."
            )
        if declared is not None and declared >= self.rows[0].effective:
            used, wanted = self.for_declaration(declared).effective, last_october(declared)
            if used < wanted:
                found.append(
                    f"The row in force on {_said(declared)} is missing, that of {_said(used)} was taken:"
                    f" enter the row of {_said(wanted)}."
                )
        return tuple(found)

    def indicator(
        self, *, population: Entered, cost: Entered, declared: date, level: Level, today: date
    ) -> Indicator:
        """Eligible or not is FEMA's decision; `cost` is Public Assistance alone, in cents. Raises ActRefused
        where a person or a source is missing."""
        for what, entered in (("population", population), ("cost", cost)):
            if not entered.by.strip() or not entered.source.strip():
                raise ActRefused(
                    f"Say who entered the {what} and where it was read: without it nothing is shown."
                )
        if population.value <= 0:
            raise ActRefused("The population must be a number above 0: type it again.")
        if cost.value < 0:
            raise ActRefused("A cost is not below 0: type it again.")
        row = self.for_declaration(declared)
        # Compared whole: a rounded cost per head could reach what the sum does not.
        is_reached = cost.value >= row.per_head(level) * population.value
        per_head = cost.value // population.value
        verb = "reaches" if is_reached else "does not reach"
        says = (
            f"{dollars(per_head)} per head {verb} the {level.value} indicator of"
            f" {dollars(row.per_head(level))} (declarations from {_said(row.effective)})."
            f" {NOT_AN_ENTITLEMENT}"
        )
        warnings = self.warnings(today, declared)
        return Indicator(row, level, population, cost, per_head, is_reached, says, warnings)


def load_thresholds(folder: Path | None = None) -> ThresholdTable:
    """The rows that come with the program, and those of the data folder over them. Raises SettingsBroken with
    what is not right."""
    rows = {row.effective: row for row in _read(resource("snapshot", FILE))}
    if folder is not None and (own := folder / FILE).is_file():
        rows |= {row.effective: row for row in _read(own)}
    return ThresholdTable(rows.values())


def last_october(day: date) -> date:
    """The last October 1 on or before a day: when FEMA's rows change."""
    return date(day.year if day.month >= OCTOBER else day.year - 1, OCTOBER, 1)


def _read(path: Path) -> list[Threshold]:
    try:
        return [_row(row) for row in tomllib.loads(path.read_text("utf-8"))["rows"]]
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise SettingsBroken(f"{path.name} cannot be read: {error}.") from error


def _row(said: dict[str, Any]) -> Threshold:
    effective = said["effective"]
    if not isinstance(effective, date) or isinstance(effective, datetime):
        raise ValueError(f"effective = {effective!r} is no date such as 2024-10-01")
    if not str(said["source"]).strip():
        raise ValueError(f"the row of {effective} names no source")
    return Threshold(
        effective=effective,
        state_cents=cents_of(str(said["state"])),
        county_cents=cents_of(str(said["county"])),
        project_minimum_cents=_or_none(said.get("project_minimum")),
        large_project_cents=_or_none(said.get("large_project")),
        source=str(said["source"]).strip(),
    )


def _or_none(said: object) -> int | None:
    return None if said is None else cents_of(str(said))


def _said(day: date) -> str:
    return f"{day:%m/%d/%Y}"

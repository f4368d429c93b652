"""What work at sites costs, by Public Assistance line: what a named person stands for, each with its source.

Of crews' results alone. What homes lost is no part of it: Individual Assistance is never added (`domain.md`
10). Whether any of it is eligible is FEMA's decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.dollars import dollars
from dispatch.errors import ActRefused
from dispatch.records import SurveyKind
from dispatch.snapshot.home_levels import YES
from dispatch.snapshot.kinds import HOMES
from dispatch.snapshot.records import Column, Kind, Number, Rows, Where
from dispatch.snapshot.rows import NO
from dispatch.snapshot.surveyed import joined_now
from dispatch.snapshot.tables import PA_LINES
from dispatch.store import forms, surveys
from dispatch.store.store import Store
from dispatch.store.surveys import StandingRow
from dispatch.triage.categories import CategoryTable

PA_COSTS = "pa_costs"
COST_COLUMNS = (
    Column("file", Kind.TEXT, "The file that was imported."),
    Column("row", Kind.WHOLE, "Its row there; the first one names the columns."),
    Column("site", Kind.TEXT, "The site it was joined with; empty: with none."),
    Column(
        "pa_line",
        Kind.TEXT,
        "Public Assistance line, the row's own or else its site's primary one; empty: none.",
    ),
    Column("cost_cents", Kind.WHOLE, "What was entered, in cents of a dollar."),
    Column("cost_by", Kind.TEXT, "Who stands for it."),
    Column("cost_source", Kind.TEXT, "Where it was read."),
    Column("counted", Kind.YES_NO, "Whether it is in the sums: with a person, a source and a line."),
    Column("why_not", Kind.TEXT, "Why it is not."),
)


@dataclass(frozen=True, slots=True)
class CostLine:
    """`cents` is the sum of `cost_cents` over the rows that `rows` counts, by its filter."""

    label: str
    cents: int
    rows: Number

    def how(self) -> str:
        """How to find the sum again: `sum of cost_cents in pa_costs.csv: counted = yes, pa_line = C`."""
        return f"sum of cost_cents in {self.rows.how()}"


@dataclass(frozen=True, slots=True)
class PaCosts:
    """`remarks` are sentences on what is not counted and what may be counted twice."""

    rows: Rows
    lines: tuple[CostLine, ...]
    total: CostLine
    remarks: tuple[str, ...]


def make_pa_costs(store: Store, table: CategoryTable) -> PaCosts:
    """Of the storm that goes on, or went on last. Raises ActRefused where there is none yet."""
    with store.reading() as connection:
        activation_id = forms.current_activation(connection)
        rows, sites = surveys.standing_and_sites(connection, activation_id, HOMES)
    if not activation_id:
        raise ActRefused("This store holds no activation yet: there is nothing to sum up.")
    return summed(joined_now(rows, sites), table)


def summed(found: Iterable[StandingRow], table: CategoryTable) -> PaCosts:
    costs = [row for row in found if row.kind is SurveyKind.CREW and row.cost_cents is not None]
    rows = Rows(PA_COSTS, COST_COLUMNS, tuple(_row(each, table) for each in costs))
    lines = [_line(rows, line, label) for line, label in PA_LINES.items()]
    total = _sum(rows, "pa_costs", "PA cost", "Costs of all lines.", ())
    return PaCosts(rows, tuple(lines), total, _remarks(rows, costs))


def _row(each: StandingRow, table: CategoryTable) -> tuple[str | int | None, ...]:
    line = each.pa_line or _line_of(each.category, table)
    why_not = _why_not(each, line)
    return (
        *(each.file_name, each.number, each.opened_by, line, each.cost_cents, each.cost_by, each.cost_source),
        NO if why_not else YES,
        why_not,
    )


def _line_of(category: str, table: CategoryTable) -> str:
    """A site's primary line, as the snapshot's leads have it."""
    if not category:
        return ""
    found = table[category]
    return next(iter(found.pa_emergency + found.pa_permanent), "")


def _why_not(each: StandingRow, line: str) -> str:
    if not each.cost_by.strip():
        return "Nobody is named who stands for it."
    if not each.cost_source.strip():
        return "It does not say where it was read."
    return "" if line else "It has no Public Assistance line, nor has its site."


def _line(rows: Rows, line: str, label: str) -> CostLine:
    return _sum(rows, f"pa_costs.{line}", label, f"Costs of {label}.", (("pa_line", (line,)),))


def _sum(rows: Rows, key: str, label: str, says: str, where: Where) -> CostLine:
    where = (("counted", (YES,)), *where)
    at = rows.position["cost_cents"]
    found = [int(row[at] or 0) for row in rows.matching(where)]
    says = f"{says} Entered by named persons with their source; eligibility is FEMA's decision."
    return CostLine(label, sum(found), Number(key, label, len(found), rows.name, where, says))


def _remarks(rows: Rows, costs: Iterable[StandingRow]) -> tuple[str, ...]:
    left_out = rows.count((("counted", (NO,)),))
    files: dict[int, set[str]] = defaultdict(set)
    for each in costs:
        if each.site_id is not None:
            files[each.site_id].add(each.survey_id)
    twice = sum(len(each) > 1 for each in files.values())
    said = ["Costs entered by people, not assessed. Never add what homes lost (Individual Assistance)."]
    if left_out:
        at, counted = rows.position["cost_cents"], rows.position["counted"]
        cents = sum(int(row[at] or 0) for row in rows.values if row[counted] == NO)
        said.append(f"Rows not counted: {left_out:,}, of {dollars(cents)} in all; pa_costs.csv says why.")
    if twice:
        said.append(f"Sites with a cost in more than one file: {twice:,}. See that none is counted twice.")
    return tuple(said)

"""The command `triage IN.csv OUT.csv`: score a table of texts, for checks and for a city's own trials."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from pathlib import Path

import click

from dispatch.errors import LandfallError
from dispatch.records import Assessment
from dispatch.triage.categories import OTHER
from dispatch.triage.rules import Rules, load_rules
from dispatch.triage.score import assess_text
from dispatch.triage.table import Failed, TableRow, read_table, write_table

COLUMNS = ("id", "score", "level", "band", "reasons")
NEEDED = ("id", "text")


def score_rows(rows: Iterable[TableRow], rules: Rules) -> list[tuple[str, Assessment]]:
    """Score rows with `id` and `text`, and `category` and `language` where they have them."""
    scored = []
    for row in rows:
        title = row.get("category") or ""
        category = rules.table[rules.categories.find(title, title) or OTHER]
        assessment = assess_text(row["text"] or "", category, rules, language=row.get("language") or "")
        scored.append((row["id"] or "", rules.profile.apply(assessment)))
    return scored


@click.command(name="triage")
@click.argument("source", metavar="IN.csv", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT.csv", type=click.Path(path_type=Path))
@click.option("--jurisdiction", default="st-petersburg", show_default=True, help="Whose categories to read.")
@click.option("--text-model", metavar="FILE", type=click.Path(path_type=Path), hidden=True)
def triage(source: Path, target: Path, jurisdiction: str, text_model: Path | None) -> None:
    """Score the texts of IN.csv (id,text[,category,language]) into OUT.csv (id,score,level,band,reasons)."""
    started = time.perf_counter()
    rows = read_table(source, NEEDED)
    click.echo(f"Scoring {len(rows)} texts …", err=True)
    try:
        scored = score_rows(rows, load_rules(jurisdiction, text_model=text_model))
    except LandfallError as error:
        raise Failed(str(error)) from error
    write_table(target, COLUMNS, (_cells(row_id, each) for row_id, each in scored))
    seconds = round(time.perf_counter() - started, 3)
    click.echo(json.dumps({"rows": len(scored), "seconds": seconds}))


def _cells(row_id: str, each: Assessment) -> tuple[str, ...]:
    reasons = "; ".join(f"{reason.text} {reason.points:+g}" for reason in each.reasons)
    return row_id, f"{each.score:g}", str(each.band.level), each.band.name, reasons

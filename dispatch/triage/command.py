"""The command `triage IN.csv OUT.csv`: score a table of texts, for checks and for a city's own trials."""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import click

from dispatch.errors import LandfallError
from dispatch.records import Assessment
from dispatch.triage.categories import OTHER
from dispatch.triage.rules import Rules, load_rules
from dispatch.triage.score import assess_text

COLUMNS = ("id", "score", "level", "band", "reasons")
NEEDED = ("id", "text")


class TableRefused(click.ClickException):
    """The table in is not one we can score; said in a sentence, exit 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        click.echo(self.format_message(), err=True)


class Failed(TableRefused):
    exit_code = 1


def score_rows(rows: Iterable[dict[str, str | None]], rules: Rules) -> list[tuple[str, Assessment]]:
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
def triage(source: Path, target: Path, jurisdiction: str) -> None:
    """Score the texts of IN.csv (id,text[,category,language]) into OUT.csv (id,score,level,band,reasons)."""
    started = time.perf_counter()
    rows = _read(source)
    click.echo(f"Scoring {len(rows)} texts …", err=True)
    try:
        scored = score_rows(rows, load_rules(jurisdiction))
        _write(target, scored)
    except LandfallError as error:
        raise Failed(str(error)) from error
    except OSError as error:
        raise Failed(f"{target} cannot be written: {error.strerror}.") from error
    seconds = round(time.perf_counter() - started, 3)
    click.echo(json.dumps({"rows": len(scored), "seconds": seconds}))


def _read(path: Path) -> list[dict[str, str | None]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            missing = [name for name in NEEDED if name not in (table.fieldnames or ())]
            if missing:
                raise TableRefused(
                    f"{path} has no column '{missing[0]}': the first line must name id and text."
                )
            return list(table)
    except OSError as error:
        raise TableRefused(f"{path} cannot be read: {error.strerror}. Name an existing CSV file.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableRefused(f"{path} is not a CSV table in UTF-8: {error}.") from error


def _write(path: Path, scored: Iterable[tuple[str, Assessment]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(COLUMNS)
        for row_id, each in scored:
            reasons = "; ".join(f"{reason.text} {reason.points:+g}" for reason in each.reasons)
            table.writerow((row_id, f"{each.score:g}", each.band.level, each.band.name, reasons))

"""The tables that commands read and write: CSV in UTF-8, and what is wrong with one in a sentence."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

TableRow = dict[str, str | None]


class TableRefused(click.ClickException):
    """The table in is not one we can work on; said in a sentence, exit 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        click.echo(self.format_message(), err=True)


class Failed(TableRefused):
    exit_code = 1


def read_table(path: Path, needed: Sequence[str]) -> list[TableRow]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            missing = [name for name in needed if name not in (table.fieldnames or ())]
            if missing:
                names = f"{', '.join(needed[:-1])} and {needed[-1]}"
                raise TableRefused(f"{path} has no column '{missing[0]}': the first line must name {names}.")
            return list(table)
    except OSError as error:
        raise TableRefused(f"{path} cannot be read: {error.strerror}. Name an existing CSV file.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableRefused(f"{path} is not a CSV table in UTF-8: {error}.") from error


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as out:
            table = csv.writer(out, lineterminator="\n")
            table.writerow(columns)
            table.writerows(rows)
    except OSError as error:
        raise Failed(f"{path} cannot be written: {error.strerror}.") from error

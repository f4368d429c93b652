"""The command line: `python -m dispatch …`; every command ends with one line of JSON (interfaces.md)."""

from __future__ import annotations

import logging
import sys
from typing import Any

import click

from dispatch.commands.doctor import doctor
from dispatch.commands.log import log
from dispatch.commands.pages_apart import pages_apart
from dispatch.commands.server import server
from dispatch.commands.sync import sync
from dispatch.commands.sync_apart import sync_apart
from dispatch.errors import LandfallError
from dispatch.exercise.command import exercise
from dispatch.triage.command import triage
from dispatch.triage.duplicates_command import duplicates


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show where an error came from.")
def dispatch(debug: bool) -> None:
    """Landfall without a screen."""
    logging.basicConfig(
        level=logging.INFO if debug else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )


for command in (doctor, duplicates, exercise, log, pages_apart, server, sync, sync_apart, triage):
    dispatch.add_command(command)


def main(arguments: list[str] | None = None) -> int:
    """0: did what was asked; 2: the arguments were wrong; 1: anything else. One sentence, no traceback."""
    wants_traceback = "--debug" in (arguments if arguments is not None else sys.argv)
    try:
        outcome: Any = dispatch(args=arguments, prog_name="python -m dispatch", standalone_mode=False)
        return outcome if isinstance(outcome, int) else 0
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        return 1
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except LandfallError as error:
        if wants_traceback:
            raise
        click.echo(str(error), err=True)
        return 1
    except Exception as error:
        if wants_traceback:
            raise
        click.echo(f"Something went wrong that should not: {error!r}. --debug shows where.", err=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())

"""The command line: `python -m dispatch …`; every command ends with one line of JSON (interfaces.md)."""

from __future__ import annotations

import logging
import sys
from typing import Any

import click

from dispatch import log_lines
from dispatch.errors import LandfallError

COMMANDS = (
    "backup",
    "county-pack",
    "doctor",
    "duplicates",
    "evidence",
    "exercise",
    "form",
    "hold",
    "homes",
    "import",
    "log",
    "move",
    "pa-costs",
    "pa-indicator",
    "pages-apart",
    "people",
    "records",
    "restore",
    "retention",
    "room",
    "server",
    "snapshot",
    "sync",
    "sync-apart",
    "triage",
)


class Commands(click.Group):
    """Each command is read when it is asked for: the others take longer to import than it may take to run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        # Written out, so that whoever packs the program sees what belongs to it.
        match cmd_name:
            case "backup":
                from dispatch.commands.backup import backup as found
            case "county-pack":
                from dispatch.commands.county_pack import county_pack as found
            case "doctor":
                from dispatch.commands.doctor import doctor as found
            case "duplicates":
                from dispatch.triage.duplicates_command import duplicates as found
            case "evidence":
                from dispatch.commands.evidence import evidence as found
            case "exercise":
                from dispatch.exercise.command import exercise as found
            case "form":
                from dispatch.commands.form import form as found
            case "hold":
                from dispatch.commands.hold import hold as found
            case "homes":
                from dispatch.commands.homes import homes as found
            case "import":
                from dispatch.commands.import_ import import_ as found
            case "log":
                from dispatch.commands.log import log as found
            case "move":
                from dispatch.commands.move import move as found
            case "pa-costs":
                from dispatch.commands.pa_costs import pa_costs as found
            case "pa-indicator":
                from dispatch.commands.pa_indicator import pa_indicator as found
            case "pages-apart":
                from dispatch.commands.pages_apart import pages_apart as found
            case "people":
                from dispatch.commands.people import people as found
            case "records":
                from dispatch.commands.records import records as found
            case "restore":
                from dispatch.commands.restore import restore as found
            case "retention":
                from dispatch.commands.retention import retention as found
            case "room":
                from dispatch.commands.room import room as found
            case "server":
                from dispatch.commands.server import server as found
            case "snapshot":
                from dispatch.commands.snapshot import snapshot as found
            case "sync":
                from dispatch.commands.sync import sync as found
            case "sync-apart":
                from dispatch.commands.sync_apart import sync_apart as found
            case "triage":
                from dispatch.triage.command import triage as found
            case _:
                return None
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show where an error came from.")
def dispatch(debug: bool) -> None:
    """Landfall without a screen."""
    log_lines.begin(logging.INFO if debug else logging.WARNING)


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

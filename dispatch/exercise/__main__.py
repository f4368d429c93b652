"""`python -m dispatch.exercise`: the exercise's server by itself, without loading the rest of the core."""

from __future__ import annotations

import sys

import click

from dispatch.exercise.command import exercise


def main() -> int:
    try:
        exercise(standalone_mode=False, prog_name="python -m dispatch.exercise")
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The command line: every command is there, and one that must be up at once brings only what it needs."""

from __future__ import annotations

import subprocess
import sys

import click

from dispatch.__main__ import COMMANDS, dispatch
from tests.city import ROOT

SAID = """
import sys, click
from dispatch.__main__ import dispatch
dispatch.get_command(click.Context(dispatch), "pages-apart")
print(*sorted({"sqlalchemy", "numpy", "shapely", "dispatch.assembly"} & sys.modules.keys()))
"""


def test_every_command_is_found_by_its_name_and_no_other() -> None:
    context = click.Context(dispatch)

    assert [command.name for name in COMMANDS if (command := dispatch.get_command(context, name))] == list(
        COMMANDS
    )
    assert dispatch.get_command(context, "nonsense") is None


def test_the_process_that_fetches_pages_starts_without_store_and_triage() -> None:
    done = subprocess.run([sys.executable, "-c", SAID], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []

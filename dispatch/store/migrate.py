"""Brings an older database forward with Alembic; imported only when the stored revision differs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from dispatch.errors import StoreUnusable
from dispatch.store import roles
from dispatch.store.schema import metadata

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, stored: str) -> None:
    """Run the steps from the stored revision to ours in one transaction.

    Raises StoreUnusable for a database made by a newer console.
    """
    if not knows(stored):
        raise StoreUnusable(
            f"This database was made by a newer version of Landfall (its revision is {stored}). "
            "Start that version, or choose another data folder."
        )
    with engine.begin() as connection:
        bring_forward(connection)


def knows(revision: str) -> bool:
    """Whether there is a way from there to ours. By its whole name: Alembic would take a part of one."""
    return any(step.revision == revision for step in _scripts().walk_revisions())


def bring_forward(connection: Connection) -> None:
    """The steps from where this database stands to ours, within the caller's transaction."""
    scripts = _scripts()
    _run(connection, scripts, lambda revision, _: scripts._upgrade_revs("head", revision))
    if roles.is_installed(connection):
        roles.install(connection)


def take_back(connection: Connection, revision: str) -> None:
    """The steps from ours back to an earlier form of the tables. What only the later form holds is gone: it
    is for an empty database, into which an old backup goes before it is brought forward."""
    scripts = _scripts()
    _run(connection, scripts, lambda stands_at, _: scripts._downgrade_revs(revision, stands_at))


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return ScriptDirectory.from_config(config)


def _run(connection: Connection, scripts: ScriptDirectory, steps: Callable[[Any, Any], Any]) -> None:
    roles.put_away_views(connection)
    with EnvironmentContext(Config(), scripts, fn=steps) as context:
        context.configure(connection=connection, target_metadata=metadata)
        context.run_migrations()

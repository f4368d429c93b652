"""Brings an older database forward with Alembic; imported only when the stored revision differs."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine

from dispatch.errors import StoreUnusable
from dispatch.store.schema import metadata

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, stored: str) -> None:
    """Run the steps from the stored revision to ours in one transaction.

    Raises StoreUnusable for a database made by a newer console.
    """
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    scripts = ScriptDirectory.from_config(config)
    try:
        scripts.get_revision(stored)
    except CommandError as error:
        raise StoreUnusable(
            f"This database was made by a newer version of Landfall (its revision is {stored}). "
            "Start that version, or choose another data folder."
        ) from error

    def steps(revision: str, _context: object) -> object:
        return scripts._upgrade_revs("head", revision)

    with EnvironmentContext(config, scripts, fn=steps) as context, engine.begin() as connection:
        context.configure(connection=connection, target_metadata=metadata)
        context.run_migrations()

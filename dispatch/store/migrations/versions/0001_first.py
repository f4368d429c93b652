"""The first revision: `schema.py` as it stood then; a new database is made from `schema.py` at once."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Nothing is older than this."""

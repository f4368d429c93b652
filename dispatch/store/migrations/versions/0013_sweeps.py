"""Area sweeps, and the facts that the city can tell residents."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "sweep",
        sa.Column("sweep_id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        *map(_text, ("body", "person", "position", "seat")),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("sweep_activation", "sweep", ["activation_id"])
    op.create_table(
        "city_fact",
        sa.Column("fact_id", sa.Text, primary_key=True),
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        _text("value"),
        sa.Column("room", sa.Integer),
        *map(_text, ("note", "source")),
        sa.Column("until_at", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("is_gone", sa.Integer, nullable=False, server_default="0"),
        *map(_text, ("person", "position", "seat")),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("city_fact_activation", "city_fact", ["activation_id"])


def downgrade() -> None:
    op.drop_table("city_fact")
    op.drop_table("sweep")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")

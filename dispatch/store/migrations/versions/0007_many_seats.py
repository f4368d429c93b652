"""A room of many seats: people, presence, asking for a claim, acts done once, who syncs."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("login", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        _text("password_hash"),
        sa.Column("is_active", sa.Integer, nullable=False, server_default="1"),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "presence",
        sa.Column("seat", sa.Text, primary_key=True),
        *map(_text, ("person", "position")),
        sa.Column("site_id", sa.BigInteger),
        _text("doing"),
        sa.Column("since_at", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "claim_ask",
        sa.Column("site_id", sa.BigInteger, sa.ForeignKey("site.site_id"), primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        *map(_text, ("position", "seat")),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "done",
        sa.Column("act_id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "syncing",
        sa.Column("one", sa.Integer, primary_key=True),
        *map(_text, ("holder", "seat")),
        sa.Column("beat_at", sa.BigInteger, nullable=False, server_default="0"),
        _text("calls"),
    )
    op.execute("INSERT INTO syncing (one) VALUES (1)")


def downgrade() -> None:
    for name in ("person", "presence", "claim_ask", "done", "syncing"):
        op.drop_table(name)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")

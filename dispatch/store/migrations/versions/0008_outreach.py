"""The outreach log of neighborhoods that are not heard."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "outreach",
        sa.Column("outreach_id", sa.Text, primary_key=True),
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), nullable=False),
        _text("corrects"),
        sa.Column("is_taken_back", sa.Integer, nullable=False, server_default="0"),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("area", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        *map(_text, ("place", "partner")),
        sa.Column("reached", sa.Integer),
        *map(_text, ("materials", "owner", "next_step")),
        sa.Column("due_at", sa.BigInteger, nullable=False, server_default="0"),
        *map(_text, ("note", "person", "position", "seat")),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("outreach")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")

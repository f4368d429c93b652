"""Alarms set aside for a while, with reason and end."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "alarm_shelf",
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("site_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("reason", sa.Text, nullable=False),
        *map(_text, ("note", "who", "position", "seat")),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("alarm_shelf")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")

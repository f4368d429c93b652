"""Steps of the storm plan."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "plan_step",
        sa.Column("step_id", sa.Text, primary_key=True),
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        _text("item_key"),
        sa.Column("at", sa.BigInteger, nullable=False, server_default="0"),
        *map(_text, ("note", "advisory")),
        sa.Column("hours", sa.Integer, nullable=False, server_default="0"),
        *map(_text, ("owner", "takes_back", "person", "position", "seat")),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("plan_step")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")

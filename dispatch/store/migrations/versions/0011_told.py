"""Which range of days was told to which report."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "told",
        sa.Column("told_id", sa.Text, primary_key=True),
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), nullable=False),
        sa.Column("request_key", sa.BigInteger, sa.ForeignKey("request.request_key"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        _text("category"),
        sa.Column("low_days", sa.Integer, nullable=False),
        sa.Column("high_days", sa.Integer),
        *(
            sa.Column(name, sa.Integer, nullable=False)
            for name in ("normal_days", "open", "closed_day", "closed_week")
        ),
        sa.Column("is_correction", sa.Integer, nullable=False, server_default="0"),
        sa.Column("outbox_id", sa.Text, nullable=False),
        *map(_text, ("person", "position", "seat", "by_rule")),
    )
    op.create_index("told_request", "told", ["request_key"])


def downgrade() -> None:
    op.drop_table("told")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")

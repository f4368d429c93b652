"""Rules that write to residents, what they have sent, and in which lane a message waits."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "rule",
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("is_on", sa.Integer, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        *map(_text, ("person", "position", "seat")),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "rule_sent",
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("request_key", sa.BigInteger, sa.ForeignKey("request.request_key"), primary_key=True),
        sa.Column("round", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("outbox_id", sa.Text, nullable=False, unique=True),
        _text("reporter_id"),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("rule_sent_at", "rule_sent", ["at"])
    op.add_column("outbox", sa.Column("lane", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP POLICY IF EXISTS rule ON outbox")  # it looks into a table that goes
    op.drop_column("outbox", "lane")
    op.drop_table("rule_sent")
    op.drop_table("rule")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")

"""What came back down the channels."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "incoming",
        sa.Column("incoming_key", sa.Text, primary_key=True),
        sa.Column("escalation_id", sa.Text, sa.ForeignKey("escalation.escalation_id")),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False, server_default=""),
    )
    op.create_index("incoming_state", "incoming", ["state"])

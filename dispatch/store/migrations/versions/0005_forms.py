"""ICS forms as people left them, every version of each."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "form",
        sa.Column("form_id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        _text("number"),
        _text("subject"),
        sa.Column("at", sa.BigInteger, nullable=False),
        _text("person"),
        _text("position"),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("form_subject", "form", ["kind", "subject"])


def downgrade() -> None:
    op.drop_table("form")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")

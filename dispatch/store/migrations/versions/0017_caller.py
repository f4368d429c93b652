"""Who called, kept apart from what was said."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "caller",
        sa.Column(
            "request_key",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            sa.ForeignKey("request.request_key"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        *map(_text, ("name", "phone", "language")),
        sa.Column("may_call", sa.Integer),
        *map(_text, ("note", "paste_id", "who")),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("activation_id", "number", name="caller_number"),
    )
    op.create_index("caller_paste", "caller", ["paste_id"])


def downgrade() -> None:
    op.drop_table("caller")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")

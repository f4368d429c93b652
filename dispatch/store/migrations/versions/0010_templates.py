"""The city's own texts to residents; messages that the server changed or moderated later."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "template",
        sa.Column("template_id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("intent", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        *map(_text, ("variant", "text", "categories", "bands", "approved_by")),
        sa.Column("approved_at", sa.BigInteger, nullable=False, server_default="0"),
        *map(_text, ("person", "position", "seat")),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.add_column("message", sa.Column("is_moderated", sa.Integer, nullable=False, server_default="0"))
    op.add_column("message", _text("first_text"))
    op.add_column("message", sa.Column("edited_at", sa.BigInteger, nullable=False, server_default="0"))


def downgrade() -> None:
    for name in ("edited_at", "first_text", "is_moderated"):
        op.drop_column("message", name)
    op.drop_table("template")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")

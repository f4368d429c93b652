"""What the public can report under: the live list, and what storm mode wants of it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column(
        "activation", sa.Column("storm_mode_public", sa.Integer, nullable=False, server_default="0")
    )
    op.create_table(
        "offered_category",
        sa.Column("server_id", sa.Integer, sa.ForeignKey("server.server_id"), primary_key=True),
        sa.Column("category_id", sa.Text, primary_key=True),
        _text("title"),
        sa.Column("is_offered", sa.Integer, nullable=False),
        _number("can_switch"),
        _number("place"),
    )
    op.create_table(
        "category_look",
        sa.Column("server_id", sa.Integer, sa.ForeignKey("server.server_id"), primary_key=True),
        sa.Column("seen_at", sa.BigInteger),
        *(sa.Column(name, sa.BigInteger, nullable=False, server_default="0") for name in TRIED),
        _text("error"),
    )
    op.create_table(
        "category_switch",
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("category_id", sa.Text, primary_key=True),
        sa.Column("server_id", sa.Integer, sa.ForeignKey("server.server_id"), nullable=False),
        _text("title"),
        sa.Column("phase", sa.Text, nullable=False),
        sa.Column("was_offered", sa.Integer, nullable=False),
        sa.Column("wanted", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        _text("error"),
        _number("attempts"),
        sa.Column("due_at", sa.BigInteger, nullable=False, server_default="0"),
        *map(_text, ("person", "position")),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("done_at", sa.BigInteger),
        _text("ticked_by"),
        sa.Column("ticked_at", sa.BigInteger),
    )
    op.create_index("category_switch_state", "category_switch", ["state"])


def downgrade() -> None:
    for table in ("category_switch", "category_look", "offered_category"):
        op.drop_table(table)
    op.drop_column("activation", "storm_mode_public")


TRIED = ("tried_at", "wanted_at")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")

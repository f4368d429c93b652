"""Packs by which one shift hands the room over to the next."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "shift_pack",
        sa.Column("pack_id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("edit", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("since_at", sa.BigInteger, nullable=False),
        sa.Column("since_is_hand_over", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("until_at", sa.BigInteger, nullable=False),
        *map(_text, ("made_by", "made_position")),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        *map(_text, ("out_person", "out_position")),
        sa.Column("out_at", sa.BigInteger),
        *map(_text, ("to_person", "to_position", "in_person", "in_position")),
        sa.Column("in_at", sa.BigInteger),
        sa.Column("totals", sa.Text, nullable=False),
        *map(_text, ("body", "remarks")),
    )
    op.create_index("shift_pack_number", "shift_pack", ["activation_id", "number"])


def downgrade() -> None:
    op.drop_table("shift_pack")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")

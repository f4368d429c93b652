"""Notices: who wrote and approved them, when they hold, their history, and where they stand."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

WORDS = ("number", "kind", "drafted_by", "edited_by", "approved_by", "second_by", "published_by")
MORE_WORDS = ("ended_why", "sent_back_why", "cancel_texts", "updates")
TIMES = ("submitted_at", "approved_at", "second_at", "published_at", "ended_at")
NUMBERS = (
    ("version", sa.Integer, "1"),
    ("starts_at", sa.BigInteger, "0"),
    ("expires_at", sa.BigInteger, "0"),
)


def upgrade() -> None:
    for name, kind, first in NUMBERS:
        op.add_column("notice", sa.Column(name, kind, nullable=False, server_default=first))
    for name in (*WORDS, *MORE_WORDS):
        op.add_column("notice", _text(name))
    for name in TIMES:
        op.add_column("notice", sa.Column(name, sa.BigInteger))
    op.create_table(
        "notice_version",
        sa.Column("notice_id", sa.Text, sa.ForeignKey("notice.notice_id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        *map(_text, ("person", "position")),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "notice_place",
        sa.Column("notice_id", sa.Text, sa.ForeignKey("notice.notice_id"), primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("language", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        *map(_text, ("person", "link", "error")),
        sa.Column("due_at", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    )


def downgrade() -> None:
    op.drop_table("notice_place")
    op.drop_table("notice_version")
    for name in (*TIMES, *WORDS, *MORE_WORDS, *(each[0] for each in NUMBERS)):
        op.drop_column("notice", name)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")

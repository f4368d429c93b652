"""What a server can do and how far its walks have come; what other kinds of servers say of a request."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for name in ("capabilities", "progress"):
        op.add_column("server", _text(name))
    op.add_column("server", sa.Column("swept_at", sa.BigInteger))
    for name in ("agency", "status_notes", "duplicate_of", "assignee_id", "doubts", "token"):
        op.add_column("request", _text(name))
    for name in ("expected_at", "missing_at", "gone_at"):
        op.add_column("request", sa.Column(name, sa.BigInteger))
    op.add_column("outbox", _text("detail"))
    for table, name in (("server", "is_current"), ("request", "is_private"), ("message", "is_internal")):
        op.add_column(table, sa.Column(name, sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    for name in ("capabilities", "progress", "swept_at", "is_current"):
        op.drop_column("server", name)
    for name in ("agency", "status_notes", "duplicate_of", "assignee_id", "doubts", "token"):
        op.drop_column("request", name)
    for name in ("expected_at", "missing_at", "gone_at", "is_private"):
        op.drop_column("request", name)
    op.drop_column("outbox", "detail")
    op.drop_column("message", "is_internal")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")

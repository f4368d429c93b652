"""Requests for public records, what is redacted in them, and legal holds on a storm's records."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

KEPT = "what was collected for a records request stays as it is"
# (table, verb, when, words)
TRIGGERS = (
    ("records_request", "update", "", KEPT),
    ("records_request", "delete", "", KEPT),
    ("redaction", "update", " WHEN OLD.withdrawn_at IS NOT NULL", "a withdrawn redaction stays as it is"),
    ("redaction", "delete", "", "a redaction is withdrawn, never deleted"),
    ("legal_hold", "update", " WHEN OLD.lifted_at IS NOT NULL", "a lifted hold stays as it is"),
    ("legal_hold", "delete", "", "a legal hold is lifted, never deleted"),
)


def upgrade() -> None:
    op.create_table(
        "records_request",
        sa.Column("records_id", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False, unique=True),
        _of_a_storm(),
        _text("requester"),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("records", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        *_by_whom(),
    )
    op.create_table(
        "redaction",
        sa.Column("redaction_id", sa.Text, primary_key=True),
        sa.Column("records_id", sa.Text, sa.ForeignKey("records_request.records_id"), nullable=False),
        sa.Column("record_id", sa.Text, nullable=False),
        _text("field"),
        sa.Column("start_char", sa.Integer, nullable=False),
        sa.Column("end_char", sa.Integer, nullable=False),
        sa.Column("statute", sa.Text, nullable=False),
        _text("reason"),
        *_by_whom(),
        sa.Column("withdrawn_at", sa.BigInteger),
        *map(_text, ("withdrawn_by", "withdrawn_why")),
    )
    op.create_index("redaction_records", "redaction", ["records_id"])
    op.create_table(
        "legal_hold",
        sa.Column("hold_id", sa.Text, primary_key=True),
        _of_a_storm(),
        sa.Column("since_at", sa.BigInteger, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        *_by_whom(),
        sa.Column("lifted_at", sa.BigInteger),
        *map(_text, ("lifted_by", "lifted_why")),
    )
    op.create_index("legal_hold_activation", "legal_hold", ["activation_id"])
    if op.get_bind().dialect.name == "sqlite":
        for table, verb, when, words in TRIGGERS:
            op.execute(
                f"CREATE TRIGGER {table}_{verb} BEFORE {verb.upper()} ON {table}{when}"
                f" BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )


def downgrade() -> None:
    for table in ("legal_hold", "redaction", "records_request"):
        op.drop_table(table)


def _of_a_storm() -> sa.Column[str]:
    return sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), nullable=False)


def _by_whom() -> tuple[sa.Column[str] | sa.Column[int], ...]:
    return (
        *map(_text, ("person", "position", "seat")),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")

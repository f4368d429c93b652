"""Versions of snapshots, and what heads them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "storm_fact",
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        *map(_text, ("contact", "disaster_number", "declared_area", "incident_period")),
        *map(_text, ("activation_level", "local_emergency", "person", "position", "seat")),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "snapshot_version",
        sa.Column("version_id", sa.Text, primary_key=True),
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        *map(_count, ("number", "replaces")),
        sa.Column("from_at", sa.BigInteger, nullable=False),
        sa.Column("to_at", sa.BigInteger, nullable=False),
        _text("area"),
        _count("only_storm"),
        _text("digest"),
        *map(_count, ("reports", "sites")),
        sa.Column("content", sa.LargeBinary, nullable=False),
        *map(_text, ("why", "made_by", "made_position")),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        *map(_text, ("reviewed_by", "reviewed_position")),
        sa.Column("reviewed_at", sa.BigInteger),
        *map(_text, ("published_by", "published_position")),
        sa.Column("published_at", sa.BigInteger),
    )
    op.create_index("snapshot_version_activation", "snapshot_version", ["activation_id"])
    op.create_index(
        "snapshot_version_number",
        "snapshot_version",
        ["activation_id", "number"],
        unique=True,
        sqlite_where=sa.text("number > 0"),
        postgresql_where=sa.text("number > 0"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for name in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER snapshot_version_{name} BEFORE {name.upper()} ON snapshot_version"
                " WHEN OLD.state IN ('published', 'discarded')"
                " BEGIN SELECT RAISE(ABORT, 'a published or discarded snapshot stays as it is'); END"
            )


def downgrade() -> None:
    op.drop_table("snapshot_version")
    op.drop_table("storm_fact")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")

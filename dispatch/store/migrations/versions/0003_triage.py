"""A storm's own profile and its times, why a site stands where it stands, and what it may repeat."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    for name in ("storm_mode_from", "storm_mode_until"):
        op.add_column("activation", sa.Column(name, sa.BigInteger))
    op.add_column("site", _text("why"))
    op.create_table(
        "profile",
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        _text("person"),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "rescoring",
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), primary_key=True),
        sa.Column("made_with", sa.Text, nullable=False),
        sa.Column("below_key", Key, nullable=False),
        _text("categories"),
        sa.Column("suggested_key", Key, nullable=False, server_default="0"),
    )
    op.create_table(
        "suggestion",
        sa.Column("site_id", Key, sa.ForeignKey("site.site_id"), primary_key=True),
        sa.Column("other_id", Key, sa.ForeignKey("site.site_id"), primary_key=True),
        sa.Column("likeness", sa.Double, nullable=False),
        sa.Column("is_link", sa.Integer, nullable=False, server_default="0"),
        _text("why"),
        _text("decided"),
        _text("who"),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("suggestion_other", "suggestion", ["other_id"])


def downgrade() -> None:
    for name in ("storm_mode_from", "storm_mode_until"):
        op.drop_column("activation", name)
    op.drop_column("site", "why")
    for name in ("profile", "rescoring", "suggestion"):
        op.drop_table(name)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")

"""Surveys of others: the files that were imported, and their rows."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "survey",
        sa.Column("survey_id", sa.Text, primary_key=True),
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        *map(_text, ("file_name", "sha256", "person", "position", "seat")),
        sa.Column("at", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("rows_read", "rows_taken", "rows_joined")),
        sa.Column("is_taken_back", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_index("survey_activation", "survey", ["activation_id"])
    op.create_table(
        "survey_row",
        sa.Column("survey_id", sa.Text, sa.ForeignKey("survey.survey_id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("original", sa.Text, nullable=False),
        sa.Column("is_taken", sa.Integer, nullable=False),
        _text("address"),
        sa.Column("lat", sa.Double),
        sa.Column("lng", sa.Double),
        *map(_text, ("level", "pa_line")),
        sa.Column("cost_cents", sa.BigInteger),
        *map(_text, ("cost_by", "cost_source", "photo", "photo_sha256")),
        sa.Column(
            "site_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.ForeignKey("site.site_id")
        ),
        *map(_text, ("how_joined", "why_not")),
    )
    op.create_index("survey_row_site", "survey_row", ["site_id"])


def downgrade() -> None:
    op.drop_table("survey_row")
    op.drop_table("survey")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")

"""What came back down the channels, hand-overs of several sites as one, and who is on which desk."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "incoming",
        sa.Column("incoming_key", sa.Text, primary_key=True),
        sa.Column("escalation_id", sa.Text, sa.ForeignKey("escalation.escalation_id")),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False, server_default=""),
    )
    op.create_index("incoming_state", "incoming", ["state"])
    op.create_table(
        "escalation_of_site",
        sa.Column("escalation_id", sa.Text, sa.ForeignKey("escalation.escalation_id"), primary_key=True),
        sa.Column("site_id", Key, sa.ForeignKey("site.site_id"), primary_key=True),
    )
    op.create_index("escalation_of_site_site", "escalation_of_site", ["site_id"])
    op.create_table(
        "roster",
        sa.Column("activation_id", sa.Text, sa.ForeignKey("activation.activation_id"), primary_key=True),
        sa.Column("desk", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False, server_default=""),
        sa.Column("contact", sa.Text, nullable=False, server_default=""),
        sa.Column("since_at", sa.BigInteger, nullable=False),
    )
    op.execute("INSERT INTO escalation_of_site SELECT escalation_id, site_id FROM escalation")


def downgrade() -> None:
    for name in ("incoming", "escalation_of_site", "roster"):
        op.drop_table(name)

"""Submissions that got another writer."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("submission", sa.Integer, sa.ForeignKey("submission.number"), nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("giver", sa.Integer, nullable=False),
        sa.Column("receiver", sa.Integer, nullable=False),
        sa.Column("handed_at", sa.String, nullable=False),
        sa.Column("handed_by", sa.Integer, nullable=False),
        sa.Column("note", sa.String, nullable=False),
    )

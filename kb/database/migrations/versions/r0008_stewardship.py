"""Searches that found nothing are counted by month; edits of taxonomy and lexicon, each with the text before it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE missed_search RENAME COLUMN day TO month")
    op.create_table(
        "reference_edit",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("path", sa.String, nullable=False, index=True),
        sa.Column("deed", sa.String, nullable=False),
        sa.Column("sha256_before", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("text_before", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("proposed_at", sa.String, nullable=False),
        sa.Column("proposed_by", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False, index=True),
        sa.Column("written_at", sa.String, nullable=False),
        sa.Column("written_by", sa.Integer, nullable=False),
        sa.Column("effect", sa.String, nullable=False),
        sa.Column("undoes", sa.Integer, nullable=False),
    )

"""Zips of files that were sent in together, and the report on each."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("owner", sa.Integer, sa.ForeignKey("account.number"), nullable=False, index=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("sent_at", sa.String, nullable=False),
        sa.Column("files", sa.String, nullable=False),
        sa.Column("read", sa.Integer, nullable=False),
        sa.Column("ended_at", sa.String, nullable=False),
        sa.Column("lines", sa.String, nullable=False),
    )

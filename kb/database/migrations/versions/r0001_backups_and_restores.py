"""Backups made and restores tried."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backup_run",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("ended_at", sa.String, nullable=False, index=True),
        sa.Column("file", sa.String, nullable=False),
        sa.Column("files", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("problem", sa.String, nullable=False),
    )
    op.create_table(
        "restore_trial",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("ended_at", sa.String, nullable=False, index=True),
        sa.Column("file", sa.String, nullable=False),
        sa.Column("made_at", sa.String, nullable=False),
        sa.Column("files", sa.Integer, nullable=False),
        sa.Column("cases", sa.Integer, nullable=False),
        sa.Column("problem", sa.String, nullable=False),
    )

"""Folders imported."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("ended_at", sa.String, nullable=False, index=True),
        sa.Column("folder", sa.String, nullable=False),
        sa.Column("drafts", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
    )

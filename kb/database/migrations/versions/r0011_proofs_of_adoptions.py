"""Files that prove an adoption; one that was taken away stays, with who did it and when."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adoption_proof",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("adoption", sa.Integer, sa.ForeignKey("adoption.number"), nullable=False, index=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("media_type", sa.String, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("added_at", sa.String, nullable=False),
        sa.Column("added_by", sa.Integer, nullable=False),
        sa.Column("removed_at", sa.String, nullable=False),
    )

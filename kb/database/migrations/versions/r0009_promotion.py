"""推广一个: adoptions, plans, supervision, wanted problems, usefulness, messages, unit sheets, themes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COUNTED = ("adoption", "promotion_plan", "wanted_problem", "wanted_join", "theme", "revision")
"""A change of one of these shows on pages and feeds that are kept for guests."""


def upgrade() -> None:
    op.create_table(
        "adoption",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("unit", sa.String, nullable=False, index=True),
        sa.Column("mechanism", sa.String, nullable=False, index=True),
        sa.Column("case_id", sa.String, nullable=False, index=True),
        sa.Column("plan", sa.Integer, nullable=False, index=True),
        sa.Column("manner", sa.String, nullable=False),
        sa.Column("stage", sa.String, nullable=False, index=True),
        sa.Column("intended_on", sa.String, nullable=False),
        sa.Column("trial_on", sa.String, nullable=False),
        sa.Column("landed_on", sa.String, nullable=False, index=True),
        sa.Column("stopped_on", sa.String, nullable=False),
        sa.Column("changes", sa.String, nullable=False),
        sa.Column("results", sa.String, nullable=False),
        sa.Column("proof", sa.String, nullable=False),
        sa.Column("stop_reason", sa.String, nullable=False),
        sa.Column("judged", sa.String, nullable=False, server_default="[]"),
        sa.Column("confirmed_unit", sa.String, nullable=False),
        sa.Column("confirmed_on", sa.String, nullable=False),
        sa.Column("confirmed_by", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("news_at", sa.String, nullable=False, index=True),
        sa.Column("made_at", sa.String, nullable=False),
        sa.Column("made_by", sa.Integer, nullable=False),
    )
    op.create_index("adoption_of_unit", "adoption", ["unit", "stage"])
    op.create_index("adoption_waiting", "adoption", ["stage", "confirmed_unit", "landed_on"])
    op.create_table(
        "adoption_event",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("adoption", sa.Integer, sa.ForeignKey("adoption.number"), nullable=False, index=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("by", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("before", sa.String, nullable=False),
    )
    op.create_table(
        "promotion_plan",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("mechanism", sa.String, nullable=False, index=True),
        sa.Column("case_id", sa.String, nullable=False, index=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("units", sa.String, nullable=False),
        sa.Column("levels", sa.String, nullable=False),
        sa.Column("fields", sa.String, nullable=False),
        sa.Column("must_follow", sa.String, nullable=False),
        sa.Column("may_adapt", sa.String, nullable=False),
        sa.Column("start_kit", sa.String, nullable=False),
        sa.Column("starts_on", sa.String, nullable=False),
        sa.Column("target_on", sa.String, nullable=False),
        sa.Column("answerable", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("made_at", sa.String, nullable=False),
        sa.Column("made_by", sa.Integer, nullable=False),
    )
    op.create_table(
        "supervision",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False, index=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("plan", sa.Integer, nullable=False, index=True),
        sa.Column("adoption", sa.Integer, nullable=False, index=True),
        sa.Column("responsible", sa.String, nullable=False),
        sa.Column("due_on", sa.String, nullable=False, index=True),
        sa.Column("step", sa.String, nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("made_at", sa.String, nullable=False),
        sa.Column("made_by", sa.Integer, nullable=False),
    )
    op.create_table(
        "supervision_step",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("supervision", sa.Integer, sa.ForeignKey("supervision.number"), nullable=False, index=True),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("done_on", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("by", sa.Integer, nullable=False),
    )
    op.create_table(
        "wanted_problem",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("ticket", sa.String, nullable=False, unique=True),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("problem", sa.String, nullable=False, index=True),
        sa.Column("level", sa.String, nullable=False, index=True),
        sa.Column("field", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False, index=True),
        sa.Column("merged_into", sa.Integer, nullable=False, index=True),
        sa.Column("assigned_to", sa.String, nullable=False),
        sa.Column("answer_case", sa.String, nullable=False, index=True),
        sa.Column("answer", sa.String, nullable=False),
        sa.Column("answered_at", sa.String, nullable=False),
        sa.Column("answered_by", sa.Integer, nullable=False),
        sa.Column("asked_at", sa.String, nullable=False),
        sa.Column("asked_by", sa.Integer, nullable=False),
        sa.Column("asked_unit", sa.String, nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "wanted_join",
        sa.Column("wanted", sa.Integer, sa.ForeignKey("wanted_problem.number"), primary_key=True),
        sa.Column("unit", sa.String, primary_key=True),
        sa.Column("joined_at", sa.String, nullable=False),
        sa.Column("joined_by", sa.Integer, nullable=False),
    )
    op.create_table(
        "usefulness",
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("unit", sa.String, primary_key=True),
        sa.Column("is_useful", sa.Boolean, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("said_at", sa.String, nullable=False),
        sa.Column("said_by", sa.Integer, nullable=False),
    )
    op.create_table(
        "message",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), nullable=False, index=True),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("read_at", sa.String, nullable=False),
        sa.Column("mailed_at", sa.String, nullable=False),
    )
    op.create_table(
        "account_mail",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("address", sa.String, nullable=False),
    )
    op.create_table(
        "unit_sheet",
        sa.Column("unit", sa.String, primary_key=True),
        sa.Column("fields", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.String, nullable=False),
        sa.Column("changed_by", sa.Integer, nullable=False),
    )
    op.create_table(
        "unit_indicator",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("unit", sa.String, nullable=False, index=True),
        sa.Column("made_at", sa.String, nullable=False),
        sa.Column("made_by", sa.Integer, nullable=False),
        sa.Column("indicators", sa.String, nullable=False),
        sa.Column("is_taken_back", sa.Boolean, nullable=False),
    )
    op.create_table(
        "theme",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("intro", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("query", sa.String, nullable=False),
        sa.Column("case_ids", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("made_at", sa.String, nullable=False),
        sa.Column("made_by", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.String, nullable=False, index=True),
    )
    op.create_table(
        "promotion_state",
        sa.Column("one", sa.Integer, primary_key=True),
        sa.Column("generation", sa.Integer, nullable=False),
    )
    counted = ("unit", "stage", "case_id", "confirmed_unit", "intended_on", "trial_on", "landed_on", "confirmed_on")
    op.create_index("adoption_counted", "adoption", ["mechanism", *counted])
    op.create_index("message_once", "message", ["account", "key"], unique=True)
    for table in COUNTED:
        for event in ("INSERT", "UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{event.lower()}_counted AFTER {event} ON {table} "
                "BEGIN INSERT INTO promotion_state (one, generation) VALUES (1, 1) "
                "ON CONFLICT (one) DO UPDATE SET generation = generation + 1; END"
            )

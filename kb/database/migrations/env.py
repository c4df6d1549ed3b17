"""Runs the revisions on the connection it is given, inside that connection's one transaction."""

from alembic import context

from kb.database.kept_tables import Kept

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Kept.metadata, render_as_batch=True
)
context.run_migrations()

"""Drafts as one request works on them: a writer of drafts in a transaction of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from kb.services.write_draft import DraftWriter
from kb.web.acting import desk, source
from kb.web.reading import reading, today


@contextmanager
def writing() -> Iterator[DraftWriter]:
    """To change drafts: committed when the block ends well. Nothing slow belongs inside."""
    reading()  # may wait for files; the lock must not
    with desk().writing() as session:
        yield _writer(session)


@contextmanager
def looking() -> Iterator[DraftWriter]:
    """To read drafts."""
    with desk().session() as session:
        yield _writer(session)


def _writer(session: Session) -> DraftWriter:
    return DraftWriter(
        desk().submissions(session),
        desk().audit(session, source()),
        reading().reference,
        now=desk().now,
        today=today,
    )

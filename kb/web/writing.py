"""Drafts as one request works on them: a writer of drafts in a transaction of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from kb.services.hand_over import DraftHandover
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


@contextmanager
def handing_over() -> Iterator[DraftHandover]:
    """To give drafts on: committed when the block ends well."""
    with desk().writing() as session:
        yield _handover(session)


@contextmanager
def looking_at_handovers() -> Iterator[DraftHandover]:
    """To see what could be given on, and to whom."""
    with desk().session() as session:
        yield _handover(session)


def _handover(session: Session) -> DraftHandover:
    accounts, trail = desk().accounts(session), desk().audit(session, source())
    return DraftHandover(desk().submissions(session), accounts, trail, now=desk().now)


def _writer(session: Session) -> DraftWriter:
    return DraftWriter(
        desk().submissions(session),
        desk().audit(session, source()),
        reading().reference,
        now=desk().now,
        today=today,
    )

"""Wanted problems, words on usefulness and messages of one library: services put together from the kept database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from kb.bootstrap.desk import Desk
from kb.database.messages import SqlMailbox, SqlMessages, SqlPeople
from kb.database.usefulness import SqlWords
from kb.database.wanted import SqlWantedProblems
from kb.services.answer_wanted import WantedAnswering
from kb.services.ask_for_case import CaseWanting
from kb.services.judge_usefulness import Words
from kb.services.messages import Inbox
from kb.services.send_mail import Mailbox


class Asking:
    """What the pages of 待征集, 有用没用 and 消息 work with; used from many threads. What `writes` commits at its end."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def has_kept(self) -> bool:
        """Whether anything was kept so far; guests are not to wait for a database to be made."""
        return self._desk.path.exists()

    @property
    def now(self) -> datetime:
        return self._desk.now()

    @contextmanager
    def wanting(self, source: str = "", *, writes: bool = False) -> Iterator[CaseWanting]:
        with self._desk.writing() if writes else self._desk.session() as session:
            yield CaseWanting(SqlWantedProblems(session), self._desk.audit(session, source), now=self._desk.now)

    @contextmanager
    def answering(self, source: str = "", *, writes: bool = False) -> Iterator[WantedAnswering]:
        with self._desk.writing() if writes else self._desk.session() as session:
            yield WantedAnswering(
                SqlWantedProblems(session),
                SqlMessages(session),
                SqlPeople(session),
                self._desk.audit(session, source),
                now=self._desk.now,
            )

    @contextmanager
    def words(self, *, writes: bool = False) -> Iterator[Words]:
        with self._desk.writing() if writes else self._desk.session() as session:
            yield SqlWords(session)

    @contextmanager
    def inbox(self, *, writes: bool = False) -> Iterator[Inbox]:
        with self._desk.writing() if writes else self._desk.session() as session:
            yield Inbox(SqlMessages(session), self._desk.now().isoformat(timespec="seconds"))

    def mailbox_of(self, session: Session) -> Mailbox:
        """In a transaction that does more besides."""
        return SqlMailbox(session)

    @contextmanager
    def mailbox(self, *, writes: bool = False) -> Iterator[Mailbox]:
        with self._desk.writing() if writes else self._desk.session() as session:
            yield SqlMailbox(session)

"""A kept database with made-up accounts, and a writer of drafts on it; nobody here is real."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from kb.bootstrap.desk import Desk
from kb.database.kept_tables import AccountRoleRow, AccountRow
from kb.domain.accounts import Actor, Role
from kb.domain.flagged_wording import FlaggedWord, Level
from kb.repository.record_file import parse_record
from kb.services.submissions import SubmissionStore
from kb.services.write_draft import DraftWriter
from tests.made_up import CASE, CASE_TEMPLATE, REFERENCE

UNIT = "虚构镇党委"
EDITOR = Actor(1, "虚构编辑甲", UNIT, frozenset({Role.EDITOR}))
COLLEAGUE = Actor(2, "虚构编辑乙", UNIT, frozenset({Role.EDITOR}))
STRANGER = Actor(3, "虚构编辑丙", "别的单位", frozenset({Role.EDITOR}))
REVIEWER = Actor(4, "虚构审核丁", UNIT, frozenset({Role.REVIEWER}), frozenset({"first_review"}))
READER = Actor(5, "虚构读者戊", UNIT, frozenset({Role.READER}))
EVERYBODY = (EDITOR, COLLEAGUE, STRANGER, REVIEWER, READER)

FIELDS: dict[str, Any] = {
    key: value for key, value in parse_record(CASE.encode(), CASE_TEMPLATE).fields.items()
    if key not in ("id", "status", "review_by")
}  # fmt: skip
FIELDS["sources"] = [
    {"title": "虚构的报道", "publisher": "虚构报", "date": "2020-01-02", "url": "https://example.invalid/report"}
]
"""A case that can be submitted as it is."""
RULES = (FlaggedWord("虚构错词", "虚构正词", Level.RED, "虚构的依据"),)


class WritingDesk:
    """Each `writer()` is a task of its own: committed at its end, rolled back when it fails."""

    def __init__(self, folder: Path) -> None:
        self.moment = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
        self.kept = Desk(folder, now=lambda: self.moment)
        with self.kept.writing() as session:
            session.add_all(_account(actor) for actor in EVERYBODY)
            session.flush()
            session.add_all(
                AccountRoleRow(account=actor.number, role=role.value, step=next(iter(actor.steps), ""))
                for actor in EVERYBODY
                for role in actor.roles
            )

    @contextmanager
    def store(self) -> Iterator[SubmissionStore]:
        with self.kept.writing() as session:
            yield self.kept.submissions(session)

    @contextmanager
    def writer(self) -> Iterator[DraftWriter]:
        with self.kept.writing() as session:
            yield self.writer_on(session)

    def writer_on(self, session: Session) -> DraftWriter:
        """A writer in a transaction that does more besides."""
        return DraftWriter(
            self.kept.submissions(session),
            self.kept.audit(session),
            replace(REFERENCE, flagged_wording=RULES),
            now=self.kept.now,
            today=lambda: date(2026, 11, 25),
        )

    @property
    def notes(self) -> list[tuple[str, str, str]]:
        """Kind, subject and detail of what the audit trail holds."""
        with self.kept.session() as session:
            return [(entry.kind, entry.subject, entry.detail) for entry in self.kept.audit_store(session).all()]


def begun(desk: WritingDesk, **changes: object) -> int:
    with desk.writer() as writer:
        return writer.start(EDITOR, {**FIELDS, **changes}, tray=("没有归到哪一项的一段",)).number


def _account(actor: Actor) -> AccountRow:
    return AccountRow(
        number=actor.number,
        name=f"account-{actor.number}",
        display_name=actor.name,
        unit=actor.unit,
        password_hash="",
        is_active=True,
        must_change=False,
        epoch=1,
        made_at="",
        password_set_at="",
        last_seen_at="",
    )

"""A kept database with made-up people of five units, and the services of wanted problems on it; nobody here is real."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from kb.bootstrap.asking import Asking
from kb.bootstrap.desk import Desk
from kb.database.kept import NAME, copy_kept
from kb.database.kept_tables import AccountRoleRow, AccountRow, MessageRow
from kb.domain.accounts import Actor, Role
from kb.domain.wanted import WantedProblem
from kb.services.answer_wanted import WantedAnswering
from kb.services.ask_for_case import CaseWanting, WantedWish

UNITS = ("虚构镇党委", "虚构村党支部", "虚构社区党委", "虚构厂党总支", "虚构校党支部")
READERS = tuple(
    Actor(number, f"虚构读者{number}", unit, frozenset({Role.READER})) for number, unit in enumerate(UNITS, 1)
)
EDITORS = tuple(
    Actor(number, f"虚构编辑{number}", unit, frozenset({Role.EDITOR})) for number, unit in enumerate(UNITS, 6)
)
STEWARD = Actor(11, "虚构库管员", "", frozenset({Role.STEWARD}))
UNITLESS = Actor(12, "虚构读者无单位", "", frozenset({Role.READER}))
REVIEWER = Actor(13, "虚构审核员", "", frozenset({Role.REVIEWER}))
EVERYBODY = (*READERS, *EDITORS, STEWARD, UNITLESS, REVIEWER)
GONE = Actor(14, "虚构停用的人", UNITS[0], frozenset({Role.READER}))


class WantedDesk:
    """Each `wanting()` and `answering()` is a task of its own: committed at its end, rolled back when it fails."""

    def __init__(self, folder: Path) -> None:
        (folder / NAME).write_bytes(_kept())
        self.moment = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
        self.kept = Desk(folder, now=lambda: self.moment)
        self.asking = Asking(self.kept)

    @contextmanager
    def wanting(self) -> Iterator[CaseWanting]:
        with self.asking.wanting(writes=True) as wanting:
            yield wanting

    @contextmanager
    def answering(self) -> Iterator[WantedAnswering]:
        with self.asking.answering(writes=True) as answering:
            yield answering

    def file(self, actor: Actor, text: str = "虚构的支部两年没有开会怎么办", **wish: str) -> WantedProblem:
        with self.wanting() as wanting:
            return wanting.file(actor, WantedWish(text, **wish))

    def get(self, number: int) -> WantedProblem:
        """As the steward sees it."""
        with self.wanting() as wanting:
            return wanting.open(STEWARD, number).problem

    def units(self, number: int) -> list[str]:
        with self.wanting() as wanting:
            return list(wanting.open(STEWARD, number).units)

    def told(self, *accounts: int) -> list[tuple[int, str]]:
        """Account and text of every message given, in order; of these accounts, if any are named."""
        with self.kept.session() as session:
            rows = session.query(MessageRow).order_by(MessageRow.number).all()
        return [(row.account, row.text) for row in rows if not accounts or row.account in accounts]

    @property
    def notes(self) -> list[tuple[str, str, str]]:
        """Kind, subject and detail of what the audit trail holds."""
        with self.kept.session() as session:
            return [(entry.kind, entry.subject, entry.detail) for entry in self.kept.audit_store(session).all()]


def _account(actor: Actor) -> AccountRow:
    at = "2026-11-25T10:00:00+00:00"
    return AccountRow(
        number=actor.number, name=f"account{actor.number}", display_name=actor.name, unit=actor.unit, password_hash="",
        is_active=actor is not GONE, must_change=False, epoch=1, made_at=at, password_set_at=at, last_seen_at=at,
    )  # fmt: skip


@cache
def _kept() -> bytes:
    """A kept database with everybody in it, made once."""
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        with desk.writing() as session:
            session.add_all(_account(actor) for actor in (*EVERYBODY, GONE))
            session.flush()
            session.add_all(
                AccountRoleRow(account=actor.number, role=role.value, step="")
                for actor in (*EVERYBODY, GONE)
                for role in actor.roles
            )
        desk.close()
        return copy_kept(desk.path)

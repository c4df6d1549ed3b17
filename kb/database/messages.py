"""Messages to accounts, and who they go to, in the kept database."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from kb.database.kept_tables import AccountMailRow, AccountRoleRow, AccountRow, MessageRow
from kb.domain.accounts import RIGHTS, Right
from kb.services.messages import Message
from kb.services.send_mail import Letter

CHUNK = 500
"""Values of one statement; SQLite takes 32,766 of them."""


class SqlMessages:
    """Messages on a session of the caller, who commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def give(self, accounts: Collection[int], key: str, text: str, address: str, at: str) -> frozenset[int]:
        told = {"key": key, "text": text, "address": address, "at": at, "read_at": "", "mailed_at": ""}
        given = set()
        for account in sorted(accounts):
            row = insert(MessageRow).values(account=account, **told)
            done = self._session.execute(row.on_conflict_do_nothing(index_elements=["account", "key"]))
            assert isinstance(done, CursorResult)
            if done.rowcount:
                given.add(account)
        return frozenset(given)

    def of(self, account: int, limit: int) -> Sequence[Message]:
        query = select(MessageRow).where(MessageRow.account == account)
        query = query.order_by(MessageRow.read_at != "", MessageRow.number.desc()).limit(limit)
        return [_message(row) for row in self._session.scalars(query)]

    def get(self, number: int) -> Message | None:
        row = self._session.get(MessageRow, number)
        return _message(row) if row else None

    def unread(self, account: int) -> int:
        query = select(func.count(MessageRow.number)).where(MessageRow.account == account, MessageRow.read_at == "")
        return self._session.scalar(query) or 0

    def mark_read(self, account: int, at: str, *, first: int, last: int) -> None:
        query = update(MessageRow).where(MessageRow.account == account, MessageRow.read_at == "")
        query = query.where(MessageRow.number.between(first, last))
        self._session.execute(query.values(read_at=at).execution_options(synchronize_session=False))


class SqlPeople:
    """People on a session of the caller."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_units(self, units: Iterable[str], right: Right | None = None) -> frozenset[int]:
        wanted = sorted({unit for unit in units if unit})
        found: set[int] = set()
        for start in range(0, len(wanted), CHUNK):
            query = select(AccountRow.number).where(
                AccountRow.is_active, AccountRow.unit.in_(wanted[start : start + CHUNK])
            )
            found.update(self._session.scalars(query))
        return frozenset(found) if right is None else frozenset(found & self.with_right(right))

    def with_right(self, right: Right) -> frozenset[int]:
        roles = [role.value for role, rights in RIGHTS.items() if right in rights]
        held = select(AccountRoleRow.account).where(AccountRoleRow.role.in_(roles))
        return frozenset(
            self._session.scalars(select(AccountRow.number).where(AccountRow.is_active, AccountRow.number.in_(held)))
        )


class SqlMailbox:
    """Mailbox on a session of the caller, who commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def address_of(self, account: int) -> str:
        return self._session.scalar(select(AccountMailRow.address).where(AccountMailRow.account == account)) or ""

    def set_address(self, account: int, address: str) -> None:
        row = insert(AccountMailRow).values(account=account, address=address)
        self._session.execute(row.on_conflict_do_update(index_elements=["account"], set_={"address": address}))

    def waiting(self, since: str, limit: int) -> Sequence[Letter]:
        turn = func.row_number().over(partition_by=MessageRow.account, order_by=MessageRow.number)
        query = (
            select(MessageRow.number, AccountMailRow.address, MessageRow.text, MessageRow.address)
            .join(AccountMailRow, AccountMailRow.account == MessageRow.account)
            .join(AccountRow, AccountRow.number == MessageRow.account)
            .where(AccountRow.is_active, AccountMailRow.address != "")
            .where(MessageRow.mailed_at == "", MessageRow.read_at == "", MessageRow.at >= since)
            .order_by(turn, MessageRow.number)
            .limit(limit)
        )
        return [Letter(*row) for row in self._session.execute(query)]

    def mark_mailed(self, numbers: Sequence[int], at: str) -> None:
        for start in range(0, len(numbers), CHUNK):
            query = update(MessageRow).where(MessageRow.number.in_(numbers[start : start + CHUNK]))
            self._session.execute(query.values(mailed_at=at).execution_options(synchronize_session=False))


def _message(row: MessageRow) -> Message:
    return Message(row.number, row.account, row.key, row.text, row.address, row.at, row.read_at, row.mailed_at)

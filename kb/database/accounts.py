"""Accounts, set-up links and attempts to sign in, in the kept database."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from kb.database.kept_tables import AccountRoleRow, AccountRow, OldPasswordRow, SetupLinkRow, SignInAttemptRow
from kb.domain.accounts import Role
from kb.services.account_records import Account, SetupLink

OWN = ("name", "display_name", "unit", "password_hash", "is_active", "must_change", "epoch", "made_at",
       "password_set_at", "last_seen_at")  # fmt: skip
CHANGED = ("display_name", "unit", "is_active", "must_change", "epoch")
KEPT_FOR = 24 * 3600
"""Seconds an attempt is kept to be counted; the audit trail keeps it for good."""
KNOWN = {role.value: role for role in Role}


class SqlAccounts:
    """Accounts over one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, number: int) -> Account | None:
        row = self._session.get(AccountRow, number)
        return self._account(row) if row else None

    def find(self, name: str) -> Account | None:
        row = self._session.scalar(select(AccountRow).where(AccountRow.name == name))
        return self._account(row) if row else None

    def all(self) -> Sequence[Account]:
        return [self._account(row) for row in self._session.scalars(select(AccountRow).order_by(AccountRow.name))]

    def is_empty(self) -> bool:
        return self._session.execute(select(AccountRow.number).limit(1)).first() is None

    def add(self, account: Account) -> Account:
        row = AccountRow(**{name: getattr(account, name) for name in OWN})
        self._session.add(row)
        self._session.flush()
        self._set_roles(row.number, account)
        return account._replace(number=row.number)

    def change(self, account: Account) -> None:
        values = {name: getattr(account, name) for name in CHANGED}
        self._session.execute(update(AccountRow).where(AccountRow.number == account.number).values(values))
        self._set_roles(account.number, account)

    def set_password(self, number: int, password_hash: str, at: str) -> None:
        values = {"password_hash": password_hash, "password_set_at": at, "must_change": False}
        query = update(AccountRow).where(AccountRow.number == number)
        self._session.execute(query.values(**values, epoch=AccountRow.epoch + 1))
        self._session.add(OldPasswordRow(account=number, password_hash=password_hash, set_at=at))
        self._session.flush()

    def old_passwords(self, number: int, most: int) -> Sequence[str]:
        query = select(OldPasswordRow.password_hash).where(OldPasswordRow.account == number)
        return self._session.scalars(query.order_by(OldPasswordRow.number.desc()).limit(most)).all()

    def note_seen(self, number: int, at: str) -> None:
        self._session.execute(update(AccountRow).where(AccountRow.number == number).values(last_seen_at=at))

    def add_link(self, link: SetupLink) -> None:
        self._session.add(SetupLinkRow(**link._asdict()))
        self._session.flush()

    def find_link(self, secret_hash: str) -> SetupLink | None:
        row = self._session.get(SetupLinkRow, secret_hash)
        return SetupLink(row.secret_hash, row.account, row.expires_at, row.used_at) if row else None

    def use_links(self, account: int, at: str) -> None:
        query = update(SetupLinkRow).where(SetupLinkRow.account == account, SetupLinkRow.used_at == "")
        self._session.execute(query.values(used_at=at))

    def _set_roles(self, number: int, account: Account) -> None:
        self._session.execute(delete(AccountRoleRow).where(AccountRoleRow.account == number))
        for role in account.roles:
            steps = sorted(account.steps) if role is Role.REVIEWER and account.steps else [""]
            for step in steps:
                self._session.add(AccountRoleRow(account=number, role=role.value, step=step))
        self._session.flush()

    def _account(self, row: AccountRow) -> Account:
        self._session.refresh(row)
        query = select(AccountRoleRow.role, AccountRoleRow.step).where(AccountRoleRow.account == row.number)
        held = self._session.execute(query).all()
        return Account(
            number=row.number,
            roles=frozenset(KNOWN[role] for role, _ in held if role in KNOWN),
            steps=frozenset(step for _, step in held if step),
            **{name: getattr(row, name) for name in OWN},
        )


class SqlAttempts:
    """Attempts over one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, name: str, source: str, seconds: float) -> int:
        self._session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.seconds < seconds - KEPT_FOR))
        row = SignInAttemptRow(name=name, source=source, seconds=seconds, is_good=False)
        self._session.add(row)
        self._session.flush()
        return row.number

    def mark_good(self, number: int, name: str) -> None:
        self._session.execute(update(SignInAttemptRow).where(SignInAttemptRow.number == number).values(is_good=True))
        self.forget(name)

    def failures(self, *, name: str = "", source: str = "", since: float, until: float) -> int:
        query = select(func.count(SignInAttemptRow.number)).where(
            SignInAttemptRow.is_good.is_(False), SignInAttemptRow.seconds.between(since, until)
        )
        if name:
            query = query.where(SignInAttemptRow.name == name)
        if source:
            query = query.where(SignInAttemptRow.source == source)
        return self._session.scalar(query) or 0

    def forget(self, name: str) -> None:
        self._session.execute(
            delete(SignInAttemptRow).where(SignInAttemptRow.name == name, SignInAttemptRow.is_good.is_(False))
        )

    def names_failing(self, since: float, until: float) -> Collection[tuple[str, int]]:
        count = func.count(SignInAttemptRow.number)
        query = select(SignInAttemptRow.name, count).where(
            SignInAttemptRow.is_good.is_(False), SignInAttemptRow.seconds.between(since, until)
        )
        rows = self._session.execute(query.group_by(SignInAttemptRow.name)).all()
        return [(name, number) for name, number in rows]

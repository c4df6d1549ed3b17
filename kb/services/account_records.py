"""Accounts as they are kept, and where; asked by sign-in, by the page of accounts and by every request."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from kb.domain.accounts import Actor, Role
from kb.services.keep_audit import AuditTrail


class Account(NamedTuple):
    """Somebody who can sign in. `password_hash` is "" until the first password is set; times are UTC in ISO form.

    `epoch` grows when all sessions are to end; `steps` are the review steps held.
    """

    number: int
    name: str
    display_name: str
    unit: str
    roles: frozenset[Role]
    steps: frozenset[str]
    password_hash: str
    is_active: bool
    must_change: bool
    epoch: int
    made_at: str
    password_set_at: str
    last_seen_at: str

    @property
    def actor(self) -> Actor:
        """Who acts when this account is signed in; nobody with rights while the password must be changed."""
        if self.must_change:
            return Actor(self.number, self.display_name, self.unit)
        return Actor(self.number, self.display_name, self.unit, self.roles, self.steps)


class SetupLink(NamedTuple):
    """A link that may be used once to set a password; `account` 0 makes the first administrator."""

    secret_hash: str
    account: int
    expires_at: str
    used_at: str


class Accounts(Protocol):
    """Where accounts are kept; everything belongs to one transaction."""

    def get(self, number: int) -> Account | None: ...

    def find(self, name: str) -> Account | None: ...

    def all(self) -> Sequence[Account]:
        """By name."""
        ...

    def is_empty(self) -> bool: ...

    def add(self, account: Account) -> Account:
        """Keeps a new account and gives it its number."""
        ...

    def change(self, account: Account) -> None:
        """Everything of it but its number, name and password."""
        ...

    def set_password(self, number: int, password_hash: str, at: str) -> None:
        """The new one goes to the old ones too; ends the duty to change it and all sessions."""
        ...

    def old_passwords(self, number: int, most: int) -> Sequence[str]:
        """Hashes, newest first."""
        ...

    def note_seen(self, number: int, at: str) -> None: ...

    def add_link(self, link: SetupLink) -> None: ...

    def find_link(self, secret_hash: str) -> SetupLink | None: ...

    def use_links(self, account: int, at: str) -> None:
        """No link of this account can be used from now on."""
        ...


class Attempts(Protocol):
    """Attempts to sign in, counted for all processes; `seconds` since 1970."""

    def add(self, name: str, source: str, seconds: float) -> int:
        """Counts one, as failed until told otherwise; returns its number."""
        ...

    def mark_good(self, number: int, name: str) -> None:
        """It was right: this one counts as good, and those before it under the name are forgotten."""
        ...

    def failures(self, *, name: str = "", source: str = "", since: float, until: float) -> int: ...

    def forget(self, name: str) -> None:
        """Failures under this name no longer count."""
        ...

    def names_failing(self, since: float, until: float) -> Collection[tuple[str, int]]:
        """Names with failures, and how many."""
        ...


class AccountWork(NamedTuple):
    """What one transaction on accounts has at hand."""

    accounts: Accounts
    attempts: Attempts
    audit: AuditTrail


Working = Callable[[], AbstractContextManager[AccountWork]]
"""Opens such a transaction, the only one that writes at its time; hashes are made outside of it."""

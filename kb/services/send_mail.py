"""消息也发到邮箱: unread messages go out by e-mail to accounts that gave an address; what fails is tried again."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from kb.config import MAIL_ADDRESS
from kb.domain.accounts import Actor, Right, require
from kb.domain.audited import Deed, Outcome
from kb.errors import AskedWrongly, Forbidden
from kb.services.keep_audit import AuditTrail

MOST_AT_ONCE = 200
"""Letters of one run; the rest goes with the next."""
TRIED_FOR = timedelta(days=7)
"""How long a message is news: one that could not be sent for so long is only read in the application."""
LONGEST_ADDRESS = 254


class Letter(NamedTuple):
    """A message to go out: its number, where to, its text and the path it is about."""

    number: int
    to: str
    text: str
    path: str


class Mailbox(Protocol):
    """Addresses of accounts and what is still to be sent to them, in the transaction of whoever calls."""

    def address_of(self, account: int) -> str: ...

    def set_address(self, account: int, address: str) -> None: ...

    def waiting(self, since: str, limit: int) -> Sequence[Letter]:
        """Unread, not yet mailed, given since then, to accounts in use that have an address.

        The oldest of each account first: one whose address takes nothing holds nobody else up.
        """
        ...

    def mark_mailed(self, numbers: Sequence[int], at: str) -> None: ...


class Mailer(Protocol):
    """Sends letters."""

    def send(self, letters: Iterable[Letter]) -> Iterator[tuple[int, str]]:
        """The number of each letter that was tried, with "" when the server took it, else why not, without secrets.

        Stops when the server cannot be spoken to any more, so that the rest waits for the next run.
        """
        ...


class Sent(NamedTuple):
    """How many went out; and the first reason why others did not, "" for none."""

    sent: int
    failed: int
    reason: str = ""


def check_address(text: str) -> str:
    """The address, or "" for none; raises AskedWrongly for what is none."""
    text = text.strip()
    if text and (len(text) > LONGEST_ADDRESS or not MAIL_ADDRESS.fullmatch(text)):
        raise AskedWrongly("邮箱地址写得不对。", advice="写成例如 name@example.cn；不要邮件的留空。")
    return text


def set_own_address(actor: Actor, text: str, mailbox: Mailbox) -> str:
    """Where one's own messages go besides; "" for nowhere. Raises Forbidden for guests, AskedWrongly."""
    if actor.is_guest:
        raise Forbidden("这一步要先登录。", advice="登录后再试。")
    address = check_address(text)
    mailbox.set_address(actor.number, address)
    return address


def set_address_of(actor: Actor, account: int, name: str, text: str, mailbox: Mailbox, trail: AuditTrail) -> str:
    """An administrator sets another's; noted without the address, which is a private detail."""
    require(actor, Right.KEEP_ACCOUNTS)
    address = check_address(text)
    mailbox.set_address(account, address)
    trail.note(actor, Deed.ACCOUNT_CHANGED, name, Outcome.DONE, "改邮箱" if address else "去掉邮箱")
    return address


def send_waiting(
    looking: Callable[[], AbstractContextManager[Mailbox]],
    writing: Callable[[], AbstractContextManager[Mailbox]],
    mailer: Mailer,
    now: Callable[[], datetime],
) -> Sent:
    """Sends what waits, outside of any transaction; each letter is noted as soon as the server has taken it."""
    since = (now() - TRIED_FOR).isoformat(timespec="seconds")
    with looking() as mailbox:
        letters = mailbox.waiting(since, MOST_AT_ONCE)
    sent = failed = 0
    first = ""
    for number, reason in mailer.send(letters) if letters else ():
        if reason:
            failed, first = failed + 1, first or reason
            continue
        with writing() as mailbox:
            mailbox.mark_mailed([number], now().isoformat(timespec="seconds"))
        sent += 1
    return Sent(sent, len(letters) - sent if first else failed, first)

"""消息: what somebody is told in the application, once, until it is read; and who is to be told."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, Protocol

from kb.domain.accounts import Actor, Right
from kb.errors import Forbidden, NotFound

MOST_SHOWN = 200
LONGEST_QUOTED = 40
"""Characters of a title that a message repeats."""
INNER = str.maketrans("“”", "‘’")


class Message(NamedTuple):
    """`key` says what it is about: an account is given one message of a key, whatever comes. Times are UTC in ISO form.

    address: a path of this site; read_at "" until read, mailed_at "" until it has gone out by e-mail.
    """

    number: int
    account: int
    key: str
    text: str
    address: str
    at: str
    read_at: str = ""
    mailed_at: str = ""


class Messages(Protocol):
    """Where messages are kept, in the transaction of whoever calls."""

    def give(self, accounts: Collection[int], key: str, text: str, address: str, at: str) -> frozenset[int]:
        """One to each of these accounts that has none of this key yet; returns to which."""
        ...

    def of(self, account: int, limit: int) -> Sequence[Message]:
        """Unread ones first, then the newest."""
        ...

    def get(self, number: int) -> Message | None: ...

    def unread(self, account: int) -> int: ...

    def mark_read(self, account: int, at: str, *, first: int, last: int) -> None:
        """Those of the account with a number from first to last."""
        ...


class People(Protocol):
    """Accounts in use, told by what they are for."""

    def of_units(self, units: Iterable[str], right: Right | None = None) -> frozenset[int]:
        """Of these units; those with the right, if one is named."""
        ...

    def with_right(self, right: Right) -> frozenset[int]: ...


class Inbox:
    """What somebody does with messages of his own. The caller commits."""

    def __init__(self, messages: Messages, at: str) -> None:
        self._messages = messages
        self._at = at

    def open(self, actor: Actor) -> Sequence[Message]:
        """Raises Forbidden for guests."""
        return self._messages.of(_account(actor), MOST_SHOWN)

    def unread(self, actor: Actor) -> int:
        return self._messages.unread(_account(actor))

    def read(self, actor: Actor, number: int) -> Message:
        """Marks it as read; raises NotFound for another's."""
        account, found = _account(actor), self._messages.get(number)
        if found is None or found.account != account:
            raise NotFound("没有这条消息。", advice="从“消息”页里选。")
        self._messages.mark_read(found.account, self._at, first=number, last=number)
        return found

    def read_all(self, actor: Actor, last: int) -> None:
        """All up to that number: what came since the page was made is still news."""
        self._messages.mark_read(_account(actor), self._at, first=1, last=last)


def quoted(text: str, most: int = LONGEST_QUOTED) -> str:
    """A title as a message repeats it: one line, not too long, its own quotation marks single."""
    line = " ".join(text.split()).translate(INNER)
    return f"“{line if len(line) <= most else f'{line[: most - 1]}…'}”"


def _account(actor: Actor) -> int:
    if actor.is_guest:
        raise Forbidden("这一步要先登录。", advice="登录后再试。")
    return actor.number

"""设置账号: a link that may be used once to set a password; no account ever has one that somebody else chose."""

import hashlib
import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from kb.domain.accounts import Actor, Role
from kb.domain.audited import Deed, Outcome
from kb.errors import AskedWrongly, Conflict, NotFound
from kb.services.account_records import Account, AccountWork, SetupLink, Working
from kb.services.passwords import OLD_ONES, check_new_password, hash_password
from kb.services.sign_in import clean_name

FIRST_HOURS = 24
"""How long the link of a first run can be used."""
HOURS = 72
SECRET_BYTES = 24
NAME_SHAPE = re.compile(r"[a-z0-9一-鿿][a-z0-9._\-一-鿿]{1,31}")
LONGEST_TEXT = 60
Clock = Callable[[], datetime]


def build_account(name: str, display_name: str, unit: str, roles: frozenset[Role], now: Clock) -> Account:
    """A new account without a password; raises AskedWrongly for a name that cannot be one."""
    name = clean_name(name)
    if not NAME_SHAPE.fullmatch(name):
        raise AskedWrongly(
            "用户名不能用。", advice="2 到 32 位，用小写字母、数字、汉字和 . _ -，以字母、数字或汉字开头。"
        )
    shown = display_name.strip()
    if not shown or len(shown) > LONGEST_TEXT or not shown.isprintable():
        raise AskedWrongly("姓名没有填，或者太长。", advice=f"写真实姓名，{LONGEST_TEXT} 字以内。")
    at = now().isoformat(timespec="seconds")
    return Account(0, name, shown, unit, roles, frozenset(), "", True, False, 1, at, "", "")


def give_first_link(working: Working, now: Clock) -> str:
    """The secret of a new link that makes the first administrator; "" when there are accounts already."""
    with working() as work:
        return "" if not work.accounts.is_empty() else _give(work, 0, FIRST_HOURS, now)


def give_link(acting: Actor, account: Account, work: AccountWork, now: Clock) -> str:
    """The secret of a new link for this account; older ones can no longer be used."""
    work.audit.note(acting, Deed.LINK_GIVEN, account.name, Outcome.DONE)
    return _give(work, account.number, HOURS, now)


def _give(work: AccountWork, number: int, hours: int, now: Clock) -> str:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    work.accounts.use_links(number, now().isoformat(timespec="seconds"))
    work.accounts.add_link(SetupLink(_digest(secret), number, (now() + timedelta(hours=hours)).isoformat(), ""))
    return secret


def open_link(secret: str, work: AccountWork, now: Clock) -> Account | None:
    """The account whose password it sets, None for the first administrator; raises NotFound when it cannot be used."""
    link = work.accounts.find_link(_digest(secret))
    is_usable = link is not None and not link.used_at and now() < _time(link.expires_at)
    if link is not None and is_usable:
        if link.account == 0 and work.accounts.is_empty():
            return None
        found = work.accounts.get(link.account)
        if found and found.is_active:
            return found
    raise NotFound(
        "这个链接用过了、过期了或不完整。", advice="请管理员再给一个；第一次使用时，重新运行 kb serve 会给出新的。"
    )


def use_link(secret: str, name: str, display_name: str, password: str, working: Working, now: Clock) -> Account:
    """Sets the password (and makes the first administrator of that name); raises NotFound, AskedWrongly, Conflict."""
    with working() as work:
        found = open_link(secret, work, now)
        old_ones = work.accounts.old_passwords(found.number, OLD_ONES) if found else ()
    wanted = found or build_account(name, display_name, "", frozenset({Role.ADMINISTRATOR}), now)
    check_new_password(password, wanted.name, old_ones)
    hashed = hash_password(password)
    with working() as work:
        _use_up(secret, work, now)
        owner = found or work.accounts.add(wanted)
        work.attempts.forget(owner.name)
        work.accounts.set_password(owner.number, hashed, now().isoformat(timespec="seconds"))
        work.accounts.note_seen(owner.number, now().isoformat(timespec="seconds"))
        work.audit.note(owner.actor, Deed.LINK_USED, owner.name, Outcome.DONE, "" if found else "第一个管理员")
        return work.accounts.get(owner.number) or owner


def _use_up(secret: str, work: AccountWork, now: Clock) -> None:
    """Of two who use a link at once one is refused."""
    link = work.accounts.find_link(_digest(secret))
    if link is None or link.used_at or (link.account == 0 and not work.accounts.is_empty()):
        raise Conflict("这个链接刚刚被人用过了。", advice="不是你用的，请马上告诉管理员。")
    work.accounts.use_links(link.account, now().isoformat(timespec="seconds"))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _time(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)

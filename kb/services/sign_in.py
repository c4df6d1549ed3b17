"""登录: who somebody is, by name and password; the first of which nobody learns whether it exists.

An attempt is counted in the database before its password is looked at, so that neither many processes nor many
requests at once get more tries than one; and only then the hash is made, which is slow for a name that does not exist
as well.
"""

from collections.abc import Callable
from datetime import datetime

from kb.domain.accounts import GUEST, Actor
from kb.domain.audited import Deed, Outcome
from kb.errors import AskedWrongly, Forbidden
from kb.services.account_records import Account, AccountWork, Working
from kb.services.passwords import OLD_ONES, check_new_password, hash_password, is_password

MOST_FAILURES = 5
"""Wrong passwords for one name, from wherever, until it is locked."""
MOST_FROM_SOURCE = 30
"""Wrong passwords from one address, for whatever names, until it is locked."""
WINDOW = 15 * 60
"""Seconds a wrong password counts, and therefore how long a lock lasts at most."""
LONGEST_NAME = 64
Clock = Callable[[], datetime]


class WrongPassword(AskedWrongly):
    """Name and password do not belong together; says not which is wrong."""


class Locked(Forbidden):
    """Too many wrong passwords for this name or from this address."""


def clean_name(text: str) -> str:
    """A sign-in name as it is kept: no white space around it, small letters."""
    return text.strip()[:LONGEST_NAME].casefold()


def sign_in(name: str, password: str, working: Working, now: Clock, source: str) -> Account:
    """The account; raises WrongPassword, Locked, NotReady. Takes as long whatever is wrong, but for a lock."""
    name = clean_name(name)
    found, number = _count_attempt(name, working, now, source)
    looked_at = found.password_hash if found else ""
    is_right = is_password(password, looked_at)
    with working() as work:
        found = work.accounts.find(name)
        if is_right and found is not None and found.is_active and found.password_hash == looked_at:
            work.attempts.mark_good(number, name)
            work.accounts.note_seen(found.number, now().isoformat(timespec="seconds"))
            work.audit.note(found.actor, Deed.SIGNED_IN, found.name, Outcome.DONE)
            return found
        _refuse(name, work, now, source, Deed.SIGNED_IN)
    raise WrongPassword("用户名或密码不对。", advice=f"核对后再试；连错 {MOST_FAILURES} 次，这个用户名要等 15 分钟。")


def confirm(acting: Actor, password: str, working: Working, now: Clock, source: str) -> Account:
    """The acting account, if this is its password: asked again before rights change. Raises as `sign_in` does."""
    with working() as work:
        found = work.accounts.get(acting.number)
    if found is None:
        raise Forbidden("这一步要先登录。", advice="登录后再试。")
    found, number = _count_attempt(found.name, working, now, source)
    is_right = found is not None and is_password(password, found.password_hash)
    with working() as work:
        if found is not None and is_right:
            work.attempts.mark_good(number, found.name)
            return found
        _refuse(found.name if found else "", work, now, source, Deed.PASSWORD_CONFIRMED)
    raise WrongPassword("你的密码不对，没有改动。", advice=f"核对后再填一次；连错 {MOST_FAILURES} 次要等 15 分钟。")


def sign_out(acting: Actor, working: Working) -> None:
    """Ends every session of the account: a copy of the cookie is worth nothing afterwards."""
    with working() as work:
        found = work.accounts.get(acting.number)
        if found:
            work.accounts.change(found._replace(epoch=found.epoch + 1))
            work.audit.note(acting, Deed.SIGNED_OUT, found.name, Outcome.DONE)


def change_password(acting: Actor, old: str, new: str, working: Working, now: Clock, source: str) -> Account:
    """Sets a new password and ends all sessions; raises WrongPassword, Locked, AskedWrongly (it may not be the next)."""
    found = confirm(acting, old, working, now, source)
    with working() as work:
        old_ones = work.accounts.old_passwords(found.number, OLD_ONES)
    check_new_password(new, found.name, old_ones)
    hashed = hash_password(new)
    with working() as work:
        work.accounts.set_password(found.number, hashed, now().isoformat(timespec="seconds"))
        work.audit.note(acting, Deed.PASSWORD_CHANGED, found.name, Outcome.DONE)
        return work.accounts.get(found.number) or found


def _count_attempt(name: str, working: Working, now: Clock, source: str) -> tuple[Account | None, int]:
    seconds = now().timestamp()
    with working() as work:
        if is_locked(name, source, work, seconds):
            raise Locked("密码连续输错，暂时锁住了。", advice="15 分钟后再试；急用请管理员在“账号”页解锁。")
        return work.accounts.find(name), work.attempts.add(name, source, seconds)


def is_locked(name: str, source: str, work: AccountWork, seconds: float) -> bool:
    """What lies in the future, after the clock was set back, does not count: no lock lasts for ever."""
    since = seconds - WINDOW
    by_name = work.attempts.failures(name=name, since=since, until=seconds)
    by_source = work.attempts.failures(source=source, since=since, until=seconds) if source else 0
    return by_name >= MOST_FAILURES or by_source >= MOST_FROM_SOURCE


def _refuse(name: str, work: AccountWork, now: Clock, source: str, kind: Deed) -> None:
    work.audit.note(GUEST, kind, name, Outcome.FAILED)
    if is_locked(name, source, work, now().timestamp()):
        work.audit.note(
            GUEST,
            Deed.ACCOUNT_LOCKED,
            name,
            Outcome.DONE,
            f"15 分钟内错了 {MOST_FAILURES} 次，或同一地址错了 {MOST_FROM_SOURCE} 次",
        )

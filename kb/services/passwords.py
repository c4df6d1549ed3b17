"""Passwords: what a new one must be, and hashes of them (argon2id, the library's default cost)."""

from collections.abc import Iterable
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kb.errors import AskedWrongly

LEAST, MOST = 8, 128
KINDS = 3
OLD_ONES = 5
"""Passwords an account has had that it may not take again."""
WIDELY_KNOWN = frozenset(
    {"admin@123", "admin123!", "admin_123", "abc@1234", "abc@12345", "aa123456!", "aa@123456", "a123456!", "password1!",
     "password@1", "p@ssw0rd", "p@ssword1", "passw0rd!", "qwer1234!", "qwer@1234", "qwer!234", "1qaz@wsx", "1qaz!qaz",
     "zaq1@wsx", "test@123", "root@123", "huawei@123", "welcome@1", "changeme1!", "dangjian@123", "dj@123456"}
)  # fmt: skip
"""Found on every list that is tried first; written small."""
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$R92rBqvMNsHn/MfT/L5lxw$empYdqe+5RkjknB9tRy2iAUVL6tvD8bCWOwfhVfUv00"
"""A hash no password is known for, checked where there is no account, so that this takes as long."""
AT_ONCE = 2
"""Hashes made at the same time: each takes 64 MiB and all of a core for a third of a second."""

_hasher = PasswordHasher()
_turns = BoundedSemaphore(AT_ONCE)


def hash_password(password: str) -> str:
    """Takes a third of a second."""
    with _turns:
        return _hasher.hash(password)


def is_password(password: str, password_hash: str) -> bool:
    """Whether the hash is of this password; takes as long for an account without one ("")."""
    with _turns:
        try:
            return _hasher.verify(password_hash or NOBODY, password[: 4 * MOST]) and bool(password_hash)
        except (VerificationError, InvalidHashError):
            return False


def check_new_password(password: str, name: str, old_hashes: Iterable[str] = ()) -> None:
    """Raises AskedWrongly with all that is wrong with it as a new password of the account of this name."""
    faults = [*_faults(password, name)]
    if not faults and any(is_password(password, old) for old in old_hashes):
        faults.append(f"最近 {OLD_ONES} 次用过的密码不能再用")
    if faults:
        advice = f"密码要 {LEAST} 位以上，大写字母、小写字母、数字、符号至少有其中 {KINDS} 种，不含用户名。"
        raise AskedWrongly("新密码不合要求：" + "；".join(faults) + "。", advice=advice)


def _faults(password: str, name: str) -> Iterable[str]:
    if len(password) < LEAST:
        yield f"不足 {LEAST} 位"
    if len(password) > MOST:
        yield f"超过 {MOST} 位"
    found = len({_kind(one) for one in password})
    if found < KINDS:
        yield f"只有 {found} 种字符"
    if name and name.casefold() in password.casefold():
        yield "含有用户名"
    if password.casefold() in WIDELY_KNOWN:
        yield "是人人都会先试的密码"


def _kind(one: str) -> str:
    return "lower" if one.islower() else "upper" if one.isupper() else "digit" if one.isdecimal() else "other"

"""Wrong passwords: counted before they are looked at, for all processes, and telling nothing."""

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from kb.bootstrap.desk import Desk
from kb.domain.accounts import Role
from kb.errors import AskedWrongly
from kb.services import passwords
from kb.services.account_records import Account, AccountWork
from kb.services.passwords import NOBODY, check_new_password, hash_password, is_password
from kb.services.set_up_account import build_account
from kb.services.sign_in import (
    MOST_FAILURES,
    MOST_FROM_SOURCE,
    WINDOW,
    Locked,
    WrongPassword,
    change_password,
    confirm,
    sign_in,
)

RIGHT = "Made-up-2026"
NAME = "zhang"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Room:
    """A kept database with one account, and a clock one can set."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 11, 23, 8, tzinfo=UTC)
        self.desk = Desk(folder, lambda: self.now)
        with self.desk.account_work() as work:
            made = work.accounts.add(build_account(NAME, "虚构的张", "", frozenset({Role.READER}), self.desk.now))
            work.accounts.set_password(made.number, hash_password(RIGHT), self.now.isoformat())
        self.number = made.number

    def work(self) -> AbstractContextManager[AccountWork]:
        return self.desk.account_work("10.0.0.1")

    def try_in(self, password: str, name: str = NAME, source: str = "10.0.0.1") -> str:
        """What came of it."""
        try:
            sign_in(name, password, self.work, lambda: self.now, source)
        except (WrongPassword, Locked) as error:
            return type(error).__name__
        return "in"

    def account(self) -> Account:
        with self.desk.account_work() as work:
            found = work.accounts.get(self.number)
        assert found
        return found

    def audited(self) -> list[tuple[str, str, str]]:
        with self.desk.session() as session:
            return [(entry.kind, entry.subject, entry.result) for entry in self.desk.audit_store(session).all()]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", QUICK)
    monkeypatch.setattr(passwords, "NOBODY", QUICK.hash("nobody's"))


@pytest.fixture
def room(quick: None, tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.desk.close()


def test_the_fifth_wrong_password_locks_and_time_opens(room: Room) -> None:
    assert [room.try_in("wrong") for _ in range(MOST_FAILURES)] == ["WrongPassword"] * MOST_FAILURES
    assert room.try_in(RIGHT) == "Locked"
    room.now += timedelta(seconds=WINDOW - 1)
    assert room.try_in(RIGHT) == "Locked"
    room.now += timedelta(seconds=2)
    assert room.try_in(RIGHT) == "in"
    assert ("account_locked", NAME, "done") in room.audited()
    assert room.audited().count(("signed_in", NAME, "failed")) == MOST_FAILURES


def test_a_right_password_forgets_the_wrong_ones_before(room: Room) -> None:
    for _ in range(3):
        assert [room.try_in("wrong") for _ in range(MOST_FAILURES - 1)] == ["WrongPassword"] * (MOST_FAILURES - 1)
        assert room.try_in(RIGHT) == "in"


def test_many_addresses_are_one_account(room: Room) -> None:
    for number in range(MOST_FAILURES):
        assert room.try_in("wrong", source=f"10.0.1.{number}") == "WrongPassword"
    assert room.try_in(RIGHT, source="10.0.2.1") == "Locked"


def test_one_address_is_locked_for_all_names(room: Room) -> None:
    for number in range(MOST_FROM_SOURCE):
        assert room.try_in("wrong", name=f"name{number}", source="10.9.9.9") == "WrongPassword"
    assert (room.try_in(RIGHT, source="10.9.9.9"), room.try_in(RIGHT, source="10.0.0.2")) == ("Locked", "in")


def test_a_name_nobody_has_is_locked_like_any_other(room: Room) -> None:
    assert [room.try_in(RIGHT, name="nobody") for _ in range(MOST_FAILURES + 1)] == [
        *["WrongPassword"] * MOST_FAILURES,
        "Locked",
    ]


def test_two_processes_count_together(room: Room, tmp_path: Path) -> None:
    other = Desk(tmp_path, lambda: room.now)
    for _ in range(MOST_FAILURES):
        with pytest.raises(WrongPassword):
            sign_in(NAME, "wrong", other.account_work, lambda: room.now, "10.0.0.3")
    assert room.try_in(RIGHT) == "Locked"


def test_of_twenty_tries_at_once_five_are_looked_at(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []

    def slow(password: str, password_hash: str) -> bool:
        looked_at.append(password)
        time.sleep(0.2)
        return False

    monkeypatch.setattr("kb.services.sign_in.is_password", slow)
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda number: room.try_in(f"guess {number}"), range(20)))
    assert (found.count("WrongPassword"), found.count("Locked"), len(looked_at)) == (5, 15, 5)


@pytest.mark.parametrize("days", [365, -365])
def test_a_clock_that_jumps_locks_nobody_for_ever(room: Room, days: int) -> None:
    for _ in range(MOST_FAILURES):
        room.try_in("wrong")
    room.now += timedelta(days=days)
    assert room.try_in(RIGHT) == "in"


def test_the_own_password_asked_again_is_counted_too(room: Room) -> None:
    acting = room.account().actor
    for _ in range(MOST_FAILURES):
        with pytest.raises(WrongPassword):
            confirm(acting, "wrong", room.work, lambda: room.now, "10.0.0.1")
    with pytest.raises(Locked):
        confirm(acting, RIGHT, room.work, lambda: room.now, "10.0.0.1")


def test_a_disabled_account_and_one_without_password_are_told_the_same(room: Room) -> None:
    disabled = room.account()._replace(is_active=False)
    with room.desk.account_work() as work:
        work.accounts.change(disabled)
        work.accounts.add(build_account("waiting", "虚构的李", "", frozenset({Role.READER}), room.desk.now))
    told = []
    for name, password in ((NAME, RIGHT), ("waiting", ""), ("nobody", RIGHT)):
        with pytest.raises(WrongPassword) as found:
            sign_in(name, password, room.work, lambda: room.now, "10.0.0.1")
        told.append((found.value.message, found.value.advice))
    assert len(set(told)) == 1


def test_the_last_five_passwords_are_barred(room: Room) -> None:
    acting, current = room.account().actor, RIGHT
    for number in range(5):
        change_password(acting, current, f"Another-{number}", room.work, lambda: room.now, "10.0.0.1")
        current = f"Another-{number}"
    for barred in ("Another-4", "Another-0"):
        with pytest.raises(AskedWrongly, match="最近 5 次用过"):
            change_password(acting, current, barred, room.work, lambda: room.now, "10.0.0.1")
    change_password(acting, current, RIGHT, room.work, lambda: room.now, "10.0.0.1")
    assert room.try_in(RIGHT) == "in"


@pytest.mark.parametrize(
    ("password", "fault"),
    [("Ab1-", "不足 8 位"), ("A1-" + "a" * 130, "超过 128 位"), ("abcdefgh1", "只有 2 种字符"),
     ("my-ZHANG-2026", "含有用户名"), ("P@ssw0rd", "人人都会先试")],
)  # fmt: skip
def test_a_weak_password_is_refused_by_name(password: str, fault: str) -> None:
    with pytest.raises(AskedWrongly, match=fault):
        check_new_password(password, NAME)


def test_a_password_may_hold_any_characters() -> None:
    for password in ("Abcdefg1", "abc-1234", "党建创新党建创新A1", "a B 1 c d e"):
        check_new_password(password, NAME)


def test_nobodys_hash_costs_what_a_real_one_does() -> None:
    assert not PasswordHasher().check_needs_rehash(NOBODY)
    assert not is_password("", "")


@pytest.mark.slow
def test_a_name_nobody_has_takes_as_long(tmp_path: Path) -> None:
    """Medians of alternating tries, within 20 %."""
    room = Room(tmp_path)
    seconds: dict[str, list[float]] = {NAME: [], "nobody": []}
    for number in range(12):
        name = (NAME, "nobody")[number % 2]
        with room.desk.account_work() as work:
            work.attempts.forget(name)
        began = time.process_time()
        assert room.try_in("Wrong-pass-1", name=name) == "WrongPassword"
        seconds[name].append(time.process_time() - began)
    known, unknown = (statistics.median(seconds[name]) for name in (NAME, "nobody"))
    assert 0.8 < unknown / known < 1.25, seconds

"""Accounts are kept by administrators, who say that it is they, and stay apart from reviewers and auditors."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from kb.bootstrap.desk import Desk
from kb.domain.accounts import Actor, Role
from kb.errors import AskedWrongly, Conflict, Forbidden, NotFound
from kb.services import passwords
from kb.services.account_records import Account
from kb.services.manage_accounts import (
    AccountWish,
    add_account,
    change_account,
    describe_rights,
    list_accounts,
    renew_link,
    unlock,
)
from kb.services.set_up_account import build_account, give_first_link, use_link
from kb.services.sign_in import WrongPassword, sign_in

RIGHT, UNIT = "Made-up-2026", "虚构镇党委"
UNITS = {UNIT}


class Office:
    """A kept database with one administrator."""

    def __init__(self, folder: Path) -> None:
        self.time = datetime(2026, 11, 23, 8, tzinfo=UTC)
        self.desk = Desk(folder, self.now)
        secret = give_first_link(self.desk.account_work, self.now)
        self.chief = use_link(secret, "guan", "虚构的管理员", RIGHT, self.desk.account_work, self.now).actor

    def now(self) -> datetime:
        return self.time

    def add(
        self, name: str, wish: AccountWish, acting: Actor | None = None, password: str = RIGHT
    ) -> tuple[Account, str]:
        return add_account(acting or self.chief, name, wish, password, UNITS, self.desk.account_work, self.now, "")

    def change(self, number: int, wish: AccountWish) -> Account:
        return change_account(self.chief, number, wish, RIGHT, UNITS, self.desk.account_work, self.now, "")

    def audited(self) -> list[tuple[str, str, str, str]]:
        with self.desk.session() as session:
            return [(one.actor, one.kind, one.subject, one.detail) for one in self.desk.audit_store(session).all()]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made = Office(tmp_path)
    yield made
    made.desk.close()


def wish(*roles: Role, unit: str = UNIT, steps: tuple[str, ...] = (), is_active: bool = True) -> AccountWish:
    return AccountWish("虚构的人", unit, frozenset(roles), frozenset(steps), is_active)


def test_a_new_account_has_no_password_until_its_owner_sets_one(office: Office) -> None:
    made, secret = office.add("Zhang", wish(Role.REVIEWER, steps=("first_review",)))
    assert (made.name, made.password_hash, made.roles, made.steps) == (
        "zhang", "", frozenset({Role.REVIEWER}), frozenset({"first_review"}),
    )  # fmt: skip
    with pytest.raises(WrongPassword):
        sign_in("zhang", "", office.desk.account_work, office.now, "")
    use_link(secret, "other-name", "", "Another-2026", office.desk.account_work, office.now)
    found = sign_in("zhang", "Another-2026", office.desk.account_work, office.now, "")
    assert (found.actor.roles, found.actor.steps) == (frozenset({Role.REVIEWER}), frozenset({"first_review"}))
    with pytest.raises(NotFound):
        use_link(secret, "", "", "Third-2026", office.desk.account_work, office.now)


@pytest.mark.parametrize(
    ("bad", "words"),
    [(wish(Role.ADMINISTRATOR, Role.REVIEWER), "不能是同一个账号"), (wish(Role.REVIEWER, Role.AUDITOR), "不能是同一个账号"),
     (wish(Role.ADMINISTRATOR, Role.AUDITOR), "不能是同一个账号"), (wish(), "没有选角色"),
     (wish(Role.EDITOR, unit=""), "编辑要有单位"), (wish(Role.EDITOR, unit="没有的单位"), "单位名册里没有")],
)  # fmt: skip
def test_a_wish_that_cannot_be_is_refused_and_nothing_is_kept(office: Office, bad: AccountWish, words: str) -> None:
    with pytest.raises(AskedWrongly, match=words):
        office.add("zhang", bad)
    made, _ = office.add("li", wish(Role.READER))
    with pytest.raises(AskedWrongly, match=words):
        office.change(made.number, bad)
    with office.desk.account_work() as work:
        assert [(one.name, one.roles) for one in work.accounts.all()] == [
            ("guan", frozenset({Role.ADMINISTRATOR})), ("li", frozenset({Role.READER})),
        ]  # fmt: skip


@pytest.mark.parametrize("name", ["", "a", "../x", "a b", "<script>", "a" * 33, "张\u202e三", "-abc"])
def test_a_name_that_is_none_is_refused(office: Office, name: str) -> None:
    with pytest.raises(AskedWrongly, match="用户名不能用"):
        office.add(name, wish(Role.READER))


def test_a_name_is_had_once(office: Office) -> None:
    office.add("zhang", wish(Role.READER))
    with pytest.raises(Conflict, match="已经有人用了"):
        office.add(" ZHANG ", wish(Role.READER))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_keeps_accounts(office: Office, role: Role) -> None:
    made, secret = office.add("zhang", wish(role))
    acting = use_link(secret, "", "", "Another-2026", office.desk.account_work, office.now).actor
    with pytest.raises(Forbidden):
        office.add("li", wish(Role.READER), acting, "Another-2026")
    with pytest.raises(Forbidden):
        renew_link(acting, made.number, "Another-2026", office.desk.account_work, office.now, "")
    with pytest.raises(Forbidden):
        unlock(acting, made.number, office.desk.account_work)
    with office.desk.account_work() as work, pytest.raises(Forbidden):
        list_accounts(acting, work, office.now)
    with pytest.raises(Forbidden):
        describe_rights(acting)


def test_rights_change_only_with_the_administrators_own_password(office: Office) -> None:
    with pytest.raises(WrongPassword):
        office.add("zhang", wish(Role.READER), password="wrong")
    with office.desk.account_work() as work:
        assert work.accounts.find("zhang") is None


def test_an_administrator_cannot_shut_himself_out(office: Office) -> None:
    for bad in (wish(Role.READER), wish(Role.ADMINISTRATOR, is_active=False)):
        with pytest.raises(AskedWrongly, match="不能停用自己"):
            office.change(office.chief.number, bad)


def test_disabling_ends_the_sessions_and_enabling_does_not_revive_them(office: Office) -> None:
    made, _ = office.add("zhang", wish(Role.READER))
    off = office.change(made.number, wish(Role.READER, is_active=False))
    on = office.change(made.number, wish(Role.READER))
    assert (off.is_active, off.epoch, on.is_active, on.epoch) == (False, made.epoch + 1, True, made.epoch + 1)


def test_accounts_unused_for_ninety_days_are_named(office: Office) -> None:
    office.add("zhang", wish(Role.READER))
    office.time += timedelta(days=89)
    sign_in("guan", RIGHT, office.desk.account_work, office.now, "")
    office.time += timedelta(days=2)
    with office.desk.account_work() as work:
        rows = list_accounts(office.chief, work, office.now)
    assert [(row.account.name, row.is_unused, row.is_waiting) for row in rows] == [
        ("guan", False, False), ("zhang", True, True),
    ]  # fmt: skip


def test_an_unlocked_account_gets_in_at_once(office: Office) -> None:
    made, secret = office.add("zhang", wish(Role.READER))
    use_link(secret, "", "", "Another-2026", office.desk.account_work, office.now)
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_in("zhang", "wrong", office.desk.account_work, office.now, "")
    with office.desk.account_work() as work:
        assert [row.is_locked for row in list_accounts(office.chief, work, office.now)] == [False, True]
    unlock(office.chief, made.number, office.desk.account_work)
    assert sign_in("zhang", "Another-2026", office.desk.account_work, office.now, "").name == "zhang"


def test_every_deed_is_in_the_audit_trail(office: Office) -> None:
    made, _ = office.add("zhang", wish(Role.EDITOR))
    office.change(made.number, wish(Role.READER))
    renew_link(office.chief, made.number, RIGHT, office.desk.account_work, office.now, "")
    unlock(office.chief, made.number, office.desk.account_work)
    chief = "虚构的管理员#1"
    assert office.audited() == [
        (chief, "link_used", "guan", "第一个管理员"),
        (chief, "account_added", "zhang", "虚构的人；虚构镇党委；编辑；启用"),
        (chief, "link_given", "zhang", ""),
        (chief, "account_changed", "zhang", "虚构的人；虚构镇党委；读者；启用"),
        (chief, "link_given", "zhang", ""),
        (chief, "account_unlocked", "zhang", ""),
    ]


def test_of_two_first_administrators_at_once_one_is_made(office: Office, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "another", office.now)
    secret = give_first_link(desk.account_work, office.now)
    use_link(secret, "guan", "甲", RIGHT, desk.account_work, office.now)
    with pytest.raises(NotFound):
        use_link(secret, "guan2", "乙", RIGHT, desk.account_work, office.now)
    assert build_account("li", "丙", "", frozenset({Role.READER}), office.now).password_hash == ""
    desk.close()

"""账号: who has one, with which roles, in which unit; kept by administrators, who confirm changes with their password."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from kb.domain.accounts import RIGHTS, SEPARATE, Actor, Right, Role, require
from kb.domain.audited import Deed, Outcome
from kb.errors import AskedWrongly, Conflict, NotFound
from kb.services.account_records import Account, AccountWork, Working
from kb.services.set_up_account import build_account, give_link
from kb.services.sign_in import MOST_FAILURES, WINDOW, confirm

UNUSED_DAYS = 90
ROLE_LABELS = {
    Role.READER: "读者", Role.EDITOR: "编辑", Role.REVIEWER: "审核员", Role.PUBLICITY: "宣传员", Role.STEWARD: "库管员",
    Role.ADMINISTRATOR: "管理员", Role.AUDITOR: "审计员",
}  # fmt: skip
RIGHT_LABELS = {
    Right.READ_INTERNAL: "看“系统内”和本单位的案例", Right.WRITE: "投稿、改自己单位的稿件", Right.REVIEW: "审核（不审自己写的）",
    Right.INCLUDE: "把审过的案例纳入库中", Right.ARCHIVE: "归档、合并案例", Right.ANSWER_CORRECTIONS: "答复内容纠错",
    Right.PICK_HIGHLIGHTS: "摘编亮点", Right.KEEP_TAXONOMY: "维护问题类型、单位、词典", Right.KEEP_ACCOUNTS: "管理账号",
    Right.READ_AUDIT: "查阅审计记录", Right.SEE_STATUS: "看系统状态",
    Right.HAND_OVER: "把停用账号的稿件转给同单位的编辑",
    Right.ADOPT: "填报本单位的采用（推广台账）", Right.CONFIRM_ADOPTIONS: "确认别的单位的落地",
    Right.PROMOTE: "定推广计划，办督导和督查", Right.ANSWER_WANTED: "办理待征集问题",
    Right.KEEP_UNIT_SHEET: "填本单位的单位表", Right.KEEP_THEMES: "编专题", Right.KEEP_LAYOUTS: "上传本单位的文件版式",
}  # fmt: skip
Clock = Callable[[], datetime]


class AccountRow(NamedTuple):
    """A line of the list: `is_unused` for more than 90 days, `is_locked` by wrong passwords."""

    account: Account
    roles: str
    is_unused: bool
    is_locked: bool
    is_waiting: bool


class AccountWish(NamedTuple):
    """What an administrator wants an account to be."""

    display_name: str
    unit: str
    roles: frozenset[Role]
    steps: frozenset[str]
    is_active: bool = True


def list_accounts(acting: Actor, work: AccountWork, now: Clock) -> tuple[AccountRow, ...]:
    """All accounts by name; raises Forbidden."""
    require(acting, Right.KEEP_ACCOUNTS)
    seconds = now().timestamp()
    failing = dict(work.attempts.names_failing(seconds - WINDOW, seconds))
    before = (now() - timedelta(days=UNUSED_DAYS)).isoformat(timespec="seconds")
    return tuple(
        AccountRow(
            account=account,
            roles="、".join(label for role, label in ROLE_LABELS.items() if role in account.roles),
            is_unused=account.is_active and (account.last_seen_at or account.made_at) < before,
            is_locked=failing.get(account.name, 0) >= MOST_FAILURES,
            is_waiting=not account.password_hash,
        )
        for account in work.accounts.all()
    )


def get_account(acting: Actor, number: int, work: AccountWork) -> Account:
    """Raises Forbidden, NotFound."""
    require(acting, Right.KEEP_ACCOUNTS)
    found = work.accounts.get(number)
    if found is None:
        raise NotFound("没有这个账号。", advice="从“账号”页里选。")
    return found


def add_account(
    acting: Actor, name: str, wish: AccountWish, password: str, units: Collection[str], working: Working, now: Clock, source: str
) -> tuple[Account, str]:  # fmt: skip
    """A new account and the secret of the link with which its owner sets a password. Raises Forbidden, AskedWrongly,
    Conflict (the name is taken), WrongPassword (`password` is the administrator's own)."""
    require(acting, Right.KEEP_ACCOUNTS)
    check_wish(wish, units)
    account = build_account(name, wish.display_name, wish.unit, wish.roles, now)._replace(steps=wish.steps)
    confirm(acting, password, working, now, source)
    with working() as work:
        if work.accounts.find(account.name):
            raise Conflict(f"用户名“{account.name}”已经有人用了。", advice="换一个，例如加上单位简称。")
        made = work.accounts.add(account)
        work.audit.note(acting, Deed.ACCOUNT_ADDED, made.name, Outcome.DONE, _in_words(wish))
        return made, give_link(acting, made, work, now)


def change_account(
    acting: Actor, number: int, wish: AccountWish, password: str, units: Collection[str], working: Working, now: Clock, source: str
) -> Account:  # fmt: skip
    """Takes effect at the account's next request. Raises as `add_account` does, and NotFound."""
    require(acting, Right.KEEP_ACCOUNTS)
    check_wish(wish, units)
    confirm(acting, password, working, now, source)
    with working() as work:
        found = get_account(acting, number, work)
        changed = found._replace(
            display_name=wish.display_name.strip() or found.display_name, unit=wish.unit, roles=wish.roles,
            steps=wish.steps, is_active=wish.is_active, epoch=found.epoch + (not wish.is_active),
        )  # fmt: skip
        _keep_an_administrator(acting, found, changed)
        work.accounts.change(changed)
        work.audit.note(acting, Deed.ACCOUNT_CHANGED, found.name, Outcome.DONE, _in_words(wish))
        return changed


def renew_link(
    acting: Actor, number: int, password: str, working: Working, now: Clock, source: str
) -> tuple[Account, str]:
    """A new link to set a password, for somebody who forgot it; sessions and the old password last until it is used."""
    require(acting, Right.KEEP_ACCOUNTS)
    confirm(acting, password, working, now, source)
    with working() as work:
        found = get_account(acting, number, work)
        return found, give_link(acting, found, work, now)


def demand_new_password(acting: Actor, number: int, working: Working) -> None:
    """The account must set another password before anything else."""
    with working() as work:
        found = get_account(acting, number, work)
        work.accounts.change(found._replace(must_change=True))
        work.audit.note(acting, Deed.PASSWORD_DEMANDED, found.name, Outcome.DONE)


def unlock(acting: Actor, number: int, working: Working) -> None:
    """Wrong passwords so far no longer count."""
    with working() as work:
        found = get_account(acting, number, work)
        work.attempts.forget(found.name)
        work.audit.note(acting, Deed.ACCOUNT_UNLOCKED, found.name, Outcome.DONE)


def check_wish(wish: AccountWish, units: Collection[str]) -> None:
    """Raises AskedWrongly for roles one account may not have together and for what a role needs."""
    for apart in SEPARATE:
        both = [ROLE_LABELS[role] for role in ROLE_LABELS if role in wish.roles & apart]
        if len(both) > 1:
            raise AskedWrongly(
                f"{'、'.join(both)}不能是同一个账号。", advice="各用各的账号：管账号的不审稿，审计的只审计。"
            )
    if not wish.roles:
        raise AskedWrongly("没有选角色。", advice="至少选一个；只看“系统内”案例的选“读者”。")
    if wish.unit and wish.unit not in units:
        raise AskedWrongly(f"单位名册里没有“{wish.unit}”。", advice="从名册里选；没有的先登记到名册。")
    if Role.EDITOR in wish.roles and not wish.unit:
        raise AskedWrongly("编辑要有单位。", advice="选一个单位：同单位的编辑一起改稿。")


def _keep_an_administrator(acting: Actor, found: Account, changed: Account) -> None:
    """Nobody shuts the door behind himself: the one who acts stays an administrator, so there is always one."""
    loses = not changed.is_active or Role.ADMINISTRATOR not in changed.roles
    if acting.number == found.number and loses:
        raise AskedWrongly("不能停用自己，也不能去掉自己的管理员角色。", advice="请另一个管理员来改。")


def _in_words(wish: AccountWish) -> str:
    roles = "、".join(label for role, label in ROLE_LABELS.items() if role in wish.roles)
    steps = f"（{'、'.join(sorted(wish.steps))}）" if wish.steps else ""
    return f"{wish.display_name}；{wish.unit or '无单位'}；{roles}{steps}；{'启用' if wish.is_active else '停用'}"


class RightsTable(NamedTuple):
    """Roles across, rights down; `rows` hold the right's words and, by role, whether the role has it."""

    roles: tuple[str, ...]
    rows: tuple[tuple[str, tuple[bool, ...]], ...]
    apart: tuple[str, ...]


def describe_rights(acting: Actor) -> RightsTable:
    """The table the program asks, as it is; raises Forbidden."""
    require(acting, Right.KEEP_ACCOUNTS)
    return RightsTable(
        roles=tuple(ROLE_LABELS.values()),
        rows=tuple(
            (label, tuple(right in RIGHTS[role] for role in ROLE_LABELS)) for right, label in RIGHT_LABELS.items()
        ),
        apart=tuple("、".join(ROLE_LABELS[role] for role in ROLE_LABELS if role in apart) for apart in SEPARATE),
    )

"""账号: the list, one account, a new one, and the table of rights; for administrators."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right, Role, require
from kb.domain.submission import ReviewStep
from kb.errors import AskedWrongly
from kb.services.account_records import Account
from kb.services.manage_accounts import (
    ROLE_LABELS,
    UNUSED_DAYS,
    AccountWish,
    add_account,
    change_account,
    demand_new_password,
    describe_rights,
    get_account,
    list_accounts,
    renew_link,
    unlock,
)
from kb.services.send_mail import LONGEST_ADDRESS, set_address_of
from kb.services.set_up_account import HOURS
from kb.services.sign_in import Locked
from kb.web.acting import actor, desk, looking, source, working
from kb.web.reading import library, reading
from kb.web.writing import looking_at_handovers

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")


@blueprint.get("")
def show() -> str:
    require(actor(), Right.KEEP_ACCOUNTS)
    with looking() as work:
        rows = list_accounts(actor(), work, desk().now)
    return render_template("accounts/show.html", rows=rows, unused_days=UNUSED_DAYS)


@blueprint.get("/rights")
def show_rights() -> str:
    return render_template("accounts/rights.html", table=describe_rights(actor()))


@blueprint.get("/new")
def show_new() -> str:
    require(actor(), Right.KEEP_ACCOUNTS)
    return _render(None, AccountWish("", "", frozenset(), frozenset()))


@blueprint.post("/new")
def add() -> ResponseReturnValue:
    wish, name = _wish(is_active=True), request.form.get("name", "")
    try:
        made, secret = add_account(
            actor(), name, wish, request.form.get("confirm", ""), _units(), working, desk().now, source()
        )
    except Locked:
        raise
    except AskedWrongly as error:
        require(actor(), Right.KEEP_ACCOUNTS)
        return _render(None, wish, name=name, fault=error), 400
    return _render_link(made, secret)


@blueprint.get("/<int:number>")
def show_one(number: int) -> str:
    require(actor(), Right.KEEP_ACCOUNTS)
    account = _account(number)
    return _render(account, _as_it_is(account))


@blueprint.post("/<int:number>")
def change(number: int) -> ResponseReturnValue:
    wish = _wish(is_active="is_active" in request.form)
    try:
        changed = change_account(
            actor(), number, wish, request.form.get("confirm", ""), _units(), working, desk().now, source()
        )
    except Locked:
        raise
    except AskedWrongly as error:
        require(actor(), Right.KEEP_ACCOUNTS)
        return _render(_account(number), wish, fault=error), 400
    with looking_at_handovers() as handover:
        left = sum(len(one.submissions) for one in handover.left_behind(actor()) if one.account == number)
    left_told = f"对方还有 {left} 份没写完的稿件，都留着，到“稿件转交”里转给同事。" if left else ""
    flash(f"“{changed.name}”改好了，从对方下一次点击起生效。{left_told}")
    return redirect(url_for("accounts.show"), code=303)


@blueprint.post("/<int:number>/link")
def give_link(number: int) -> ResponseReturnValue:
    try:
        found, secret = renew_link(actor(), number, request.form.get("confirm", ""), working, desk().now, source())
    except Locked:
        raise
    except AskedWrongly as error:
        require(actor(), Right.KEEP_ACCOUNTS)
        account = _account(number)
        return _render(account, _as_it_is(account), fault=error), 400
    return _render_link(found, secret)


@blueprint.post("/<int:number>/unlock")
def lift_lock(number: int) -> ResponseReturnValue:
    unlock(actor(), number, working)
    flash("解锁了，可以马上再登录。")
    return redirect(url_for("accounts.show"), code=303)


@blueprint.post("/<int:number>/demand")
def demand(number: int) -> ResponseReturnValue:
    demand_new_password(actor(), number, working)
    flash("对方下一次点击时，要先改密码。")
    return redirect(url_for("accounts.show"), code=303)


@blueprint.post("/<int:number>/address")
def set_address(number: int) -> ResponseReturnValue:
    """Where the account's messages go besides, as it can set itself."""
    require(actor(), Right.KEEP_ACCOUNTS)
    found = _account(number)
    try:
        with desk().writing() as session:
            mailbox, trail = library().asking.mailbox_of(session), desk().audit(session, source())
            address = set_address_of(actor(), number, found.name, request.form.get("address", ""), mailbox, trail)
    except AskedWrongly as error:
        return _render(found, _as_it_is(found), fault=error), 400
    flash("邮箱改好了。" if address else "邮箱去掉了，不再给这个账号发邮件。")
    return redirect(url_for("accounts.show_one", number=number), code=303)


def _wish(*, is_active: bool) -> AccountWish:
    form = request.form
    roles = {role for role in Role if role.value in form.getlist("role")}
    steps = {step.id for step in _steps() if step.id in form.getlist("step")} if Role.REVIEWER in roles else set()
    unit = form.get("unit", "").strip()
    return AccountWish(form.get("display_name", ""), unit, frozenset(roles), frozenset(steps), is_active)


def _as_it_is(account: Account) -> AccountWish:
    return AccountWish(account.display_name, account.unit, account.roles, account.steps, account.is_active)


def _steps() -> tuple[ReviewStep, ...]:
    """The steps of the review in this library."""
    return reading().reference.review_rules.steps


def _units() -> frozenset[str]:
    return frozenset(reading().reference.references.taxonomy.units)


def _account(number: int) -> Account:
    with looking() as work:
        return get_account(actor(), number, work)


def _render(account: Account | None, wish: AccountWish, *, name: str = "", fault: AskedWrongly | None = None) -> str:
    return render_template(
        "accounts/one.html",
        account=account,
        wish=wish,
        name=name,
        fault=fault,
        roles=ROLE_LABELS,
        steps=_steps(),
        units=sorted(_units()),
        hours=HOURS,
        address=_address(account) if account else "",
        longest_address=LONGEST_ADDRESS,
    )


def _address(account: Account) -> str:
    with library().asking.mailbox() as mailbox:
        return mailbox.address_of(account.number)


def _render_link(account: Account, secret: str) -> str:
    address = library().settings.address or request.host_url.rstrip("/")
    link = address + url_for("signing_in.show_setup", secret=secret)
    return render_template("accounts/link.html", account=account, link=link, hours=HOURS)

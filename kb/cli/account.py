"""kb account: what the server's own keyboard can do about accounts."""

import click

from kb.bootstrap.desk import Desk
from kb.cli.setup_links import first_link, setup_address
from kb.config import load_settings
from kb.domain.accounts import Actor
from kb.errors import NotFound
from kb.services.set_up_account import HOURS, give_link
from kb.services.sign_in import clean_name

KEYBOARD = Actor(0, "服务器命令行")


@click.group()
def account() -> None:
    """账号：给出设置密码的链接。"""


@account.command()
@click.argument("name", default="")
def link(name: str) -> None:
    """给出一个只能用一次的链接：NAME 用它设新密码（同时解锁）；还没有账号时不写 NAME，用它设置第一个管理员。"""
    settings = load_settings()
    desk = Desk(settings.data_folder)
    try:
        if not name:
            words = first_link(desk, settings)
            click.echo(words or "已经有账号了；写明给谁：kb account link 用户名。")
            return
        with desk.account_work("kb account link") as work:
            found = work.accounts.find(clean_name(name))
            if found is None:
                raise NotFound(f"没有用户名“{name}”。", advice="核对用户名；管理员能在“账号”页看到全部。")
            secret = give_link(KEYBOARD, found, work, desk.now)
        click.echo(f"交给 {found.display_name}，{HOURS} 小时内打开，只能用一次：\n{setup_address(settings, secret)}")
    finally:
        desk.close()

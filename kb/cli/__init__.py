"""The kb command: one module per verb."""

import gc
import sys
from functools import cache
from importlib import import_module

import click

from kb.cli.library_option import add_library_option
from kb.errors import KbError
from search import IndexFault, SearchError

COMMANDS = {  # verb: where it is, what it does in a line
    "init": ("init:init", "新建一个案例库文件夹"),
    "import": ("import_:import_", "把一个文件夹或压缩包的 Word 和文字文件收作草稿"),
    "backup": ("backup:backup", "备份案例库，服务照常"),
    "restore": ("restore:restore", "从备份恢复一个案例库文件夹"),
    "doctor": ("doctor:doctor", "检查案例库的运行状况，给出办法"),
    "check": ("check:check", "检查案例和机制文件"),
    "sync": ("sync:sync", "把文件的变动同步到目录和索引"),
    "index": ("index:index", "维护检索索引"),
    "show": ("show:show", "显示一个案例或机制"),
    "search": ("search:search", "检索案例"),
    "serve": ("serve:serve", "启动服务"),
    "account": ("account:account", "账号：给出设置密码的链接"),
    "remind": ("remind:remind_", "催报：提醒没有进展和到期的事"),
    "report": ("report:report", "编一年的推广工作年度报告"),
    "eval": ("eval:evaluate", "评测检索质量"),
    "explain": ("explain:explain", "说明一次检索是怎样得出的"),
    "new": ("new:new", "新建案例或机制的骨架"),
    "sources": ("sources:sources", "核对出处记录"),
}


class _Verbs(click.Group):
    """Loads the module of the verb that is asked for, and no other."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _load(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(verb, line) for verb, (_, line) in COMMANDS.items()])


@cache
def _load(verb: str) -> click.Command:
    module, _, name = COMMANDS[verb][0].partition(":")
    gc.disable()  # nothing that is imported becomes garbage; looking for it takes a fifth of the time of importing
    try:
        command: click.Command = getattr(import_module(f"kb.cli.{module}"), name)
        gc.freeze()
    finally:
        gc.enable()
    add_library_option(command)
    return command


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """党建创新案例库：检查、同步、检索、服务。"""


add_library_option(commands)


def main() -> None:
    """Runs kb; exit status 0 done, 1 findings or nothing found, 2 used wrongly or impossible."""
    try:
        commands()
    except KbError as error:
        click.echo(f"错误：{error.message}{error.advice}", err=True)
        sys.exit(2)
    except IndexFault as fault:
        click.echo(f"错误：{fault}。请运行 kb sync。", err=True)
        sys.exit(2)
    except SearchError as error:
        click.echo(f"错误：{error}", err=True)
        sys.exit(2)

"""The kb command: one module per verb."""

import sys
from functools import cache
from importlib import import_module

import click

from kb.cli.library_option import add_library_option
from kb.errors import KbError
from search import IndexFault, SearchError

COMMANDS = {
    "init": "kb.cli.init:init",
    "import": "kb.cli.import_:import_",
    "backup": "kb.cli.backup:backup",
    "restore": "kb.cli.restore:restore",
    "doctor": "kb.cli.doctor:doctor",
    "check": "kb.cli.check:check",
    "sync": "kb.cli.sync:sync",
    "index": "kb.cli.index:index",
    "show": "kb.cli.show:show",
    "search": "kb.cli.search:search",
    "serve": "kb.cli.serve:serve",
    "account": "kb.cli.account:account",
    "remind": "kb.cli.remind:remind_",
    "report": "kb.cli.report:report",
    "eval": "kb.cli.eval:evaluate",
    "explain": "kb.cli.explain:explain",
    "new": "kb.cli.new:new",
    "sources": "kb.cli.sources:sources",
}


class _Verbs(click.Group):
    """Loads the module of the verb that is asked for, and no other."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _load(cmd_name) if cmd_name in COMMANDS else None


@cache
def _load(verb: str) -> click.Command:
    module, _, name = COMMANDS[verb].partition(":")
    command: click.Command = getattr(import_module(module), name)
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

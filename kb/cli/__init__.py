"""The kb command: one module per verb."""

import sys

import click

from kb.cli.account import account
from kb.cli.backup import backup
from kb.cli.check import check
from kb.cli.eval import evaluate
from kb.cli.explain import explain
from kb.cli.index import index
from kb.cli.init import init
from kb.cli.library_option import add_library_option
from kb.cli.new import new
from kb.cli.restore import restore
from kb.cli.search import search
from kb.cli.serve import serve
from kb.cli.show import show
from kb.cli.sources import sources
from kb.cli.sync import sync
from kb.errors import KbError
from search import IndexFault, SearchError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """党建创新案例库：检查、同步、检索、服务。"""


for command in (
    init,
    backup,
    restore,
    check,
    sync,
    index,
    show,
    search,
    serve,
    account,
    evaluate,
    explain,
    new,
    sources,
):
    commands.add_command(command)
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

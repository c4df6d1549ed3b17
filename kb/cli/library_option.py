"""--library DIR, understood by every command."""

import os

import click

VARIABLE = "KB_LIBRARY"


def _choose(_: click.Context, __: click.Parameter, value: str | None) -> None:
    if value:
        os.environ[VARIABLE] = value  # a sync in a child process works on the same library


def add_library_option(command: click.Command) -> None:
    """Adds the option to a command and to all below it."""
    option = click.Option(
        ["--library"], metavar="DIR", expose_value=False, is_eager=True, callback=_choose,
        help="案例库文件夹；不写就用 KB_LIBRARY，再从当前文件夹往上找 library.toml。",
    )  # fmt: skip
    command.params.append(option)
    if isinstance(command, click.Group):
        for below in command.commands.values():
            add_library_option(below)

"""kb init: a library folder of one's own."""

import shlex
from pathlib import Path

import click

from kb.repository.library_folder import start_library


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--with-shelf/--empty", default=True, help="带上随程序的案例、机制和出处记录（默认），或不带。")
def init(folder: Path, with_shelf: bool) -> None:
    """在 DIR 建好设置文件、内容文件夹和模板。DIR 要是空的，或还不存在。"""
    start_library(folder, with_shelf=with_shelf)
    where = shlex.quote(str(folder))
    click.echo(
        f"已建好 {folder.absolute()}。\n启动：kb serve --library {where}\n备份：kb backup --library {where} 文件名"
    )

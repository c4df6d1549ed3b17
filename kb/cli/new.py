"""kb new: begin a case or a mechanism."""

import click

from kb.bootstrap import Content
from kb.config import load_settings


@click.group()
def new() -> None:
    """在内容文件夹里新建一份草稿。"""


@new.command(short_help="新建案例")
@click.option("--region", required=True, help="六位数的行政区划代码，如 110113。")
@click.option("--year", type=int, help="年份，默认今年。")
def case(region: str, year: int | None) -> None:
    """编好编号，把案例骨架放进 cases/。"""
    content = Content(load_settings())
    started = content.start_case(region, year)
    click.echo(f"已新建 {content.settings.content_folder / started.path}。填好后运行 kb check，再把 status 改为 送审。")


@new.command(short_help="新建机制")
@click.argument("slug", metavar="编号")
def mechanism(slug: str) -> None:
    """把机制骨架放进 mechanisms/；编号是英文小写短语，如 supervision-in-six-steps。"""
    content = Content(load_settings())
    started = content.start_mechanism(slug)
    click.echo(f"已新建 {content.settings.content_folder / started.path}。填好后运行 kb check。")

"""kb explain: why the search answers as it does."""

import click

from kb.bootstrap import open_library
from kb.config import load_settings


@click.command(short_help="说明一次检索是怎样得出的")
@click.argument("text")
def explain(text: str) -> None:
    """显示查询树、词语、词项权重和得分。"""
    click.echo(open_library(load_settings()).explain(text))

"""kb explain: why the search answers as it does."""

import click

from kb.bootstrap import Holdings
from kb.config import load_settings


@click.command()
@click.argument("text")
def explain(text: str) -> None:
    """显示查询树、词语、词项权重和得分。"""
    click.echo(Holdings(load_settings()).explain(text))

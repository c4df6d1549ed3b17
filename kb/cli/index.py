"""kb index: care for the search index."""

import click

from kb.bootstrap import open_library
from kb.cli.progress import show_progress
from kb.config import load_settings


@click.group(short_help="维护检索索引")
def index() -> None:
    """维护检索索引。"""


@index.command(short_help="重建索引")
def rebuild() -> None:
    """在旧索引旁边建好新索引，再换上；期间检索照常。"""
    with show_progress() as progress:
        count = open_library(load_settings()).rebuild_index(progress)
    click.echo(f"索引已重建，共 {count} 个案例。", err=True)

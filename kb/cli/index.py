"""kb index: care for the search index."""

import sys

import click

from kb.bootstrap import Holdings
from kb.cli.progress import show_progress
from kb.config import load_settings


@click.group()
def index() -> None:
    """维护检索索引。"""


@index.command(short_help="重建索引")
def rebuild() -> None:
    """在旧索引旁边建好新索引，再换上；期间检索照常。"""
    with show_progress() as progress:
        count = Holdings(load_settings()).rebuild_index(progress)
    click.echo(f"索引已重建，共 {count} 个案例。", err=True)


@index.command(short_help="索引里有什么")
def status() -> None:
    """显示索引中的案例数、等待更新的案例数和索引的由来。"""
    found = Holdings(load_settings()).index_status()
    click.echo(f"索引中的案例：{found.documents}（目录中 {found.cases}）")
    click.echo(f"等待更新：{found.waiting}")
    click.echo(f"内容更新于：{found.updated_on}")
    click.echo(f"由来：{found.stamp}")
    click.echo(f"位置：{found.folder}")


@index.command(short_help="核对索引是否完好")
def verify() -> None:
    """逐个文件核对索引。退出状态：0 完好，1 有问题（运行 kb sync 即可修复）。"""
    faults = Holdings(load_settings()).verify_index()
    for fault in faults:
        click.echo(f"{fault}。")
    click.echo("运行 kb sync 修复。" if faults else "索引完好。")
    sys.exit(1 if faults else 0)

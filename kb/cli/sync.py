"""kb sync: files → catalogue → index."""

import click

from kb.bootstrap import Library, open_library
from kb.cli.progress import show_progress
from kb.config import load_settings


@click.command(short_help="把文件的变动同步到目录和索引")
def sync() -> None:
    """只处理改动、新增、删除、改名的文件；读不了的文件会列出来，不影响其他案例。"""
    run_sync(open_library(load_settings()))


def run_sync(library: Library) -> None:
    """One sync, with what it did and what it could not read."""
    with show_progress() as progress:
        report = library.sync(progress)
    for finding in report.findings:
        if finding.is_error:
            place = f"{finding.path}:{finding.line}" if finding.line else finding.path
            click.echo(f"未收入 {place} {finding.message}{finding.advice}", err=True)
    click.echo(f"读取 {report.read} 个文件，移除 {report.removed} 个；库中现有 {report.cases} 个案例。", err=True)

"""kb sync: files → catalogue → index."""

import sys
import threading
from contextlib import suppress

import click

from kb.bootstrap import Bell, Holdings, watch
from kb.cli.progress import show_progress
from kb.config import load_settings
from kb.errors import KbError
from kb.services.ports import Renderer
from kb.services.sync_library import SyncReport

MOST_NAMED = 5


@click.command()
@click.option("--watch", "is_watching", is_flag=True, help="同步后不退出：文件一有变动就再同步，直到标准输入结束。")
def sync(is_watching: bool) -> None:
    """只处理改动、新增、删除、改名的文件；读不了的文件会列出来，不影响其他案例。

    退出状态：0 全部收入，1 有文件因错误没有收入。
    """
    if is_watching:
        run_watch()
    else:
        report = run_sync(Holdings(load_settings()))
        sys.exit(1 if any(finding.is_error for finding in report.findings) else 0)


def run_sync(library: Holdings, renderer: Renderer | None = None) -> SyncReport:
    """One sync, with what it did and what it could not read."""
    with show_progress() as progress:
        report = library.sync(progress, renderer)
    for finding in report.findings:
        if finding.is_error:
            place = f"{finding.path}:{finding.line}" if finding.line else finding.path
            click.echo(f"未收入 {place} {finding.message}{finding.advice_in_files}", err=True)
    click.echo(f"读取 {report.read} 个文件，移除 {report.removed} 个；库中现有 {report.cases} 个案例。", err=True)
    if report.withheld:
        shown = "、".join(report.withheld[:MOST_NAMED]) + ("……" if len(report.withheld) > MOST_NAMED else "")
        words = f"另有 {len(report.withheld)} 个文件读者看不到：{shown}。"
        click.echo(f"{words}阶段改为“纳入”、可见范围为“公开”后才显示。", err=True)
    return report


def run_watch() -> None:
    """The resident indexer: a line of input asks for a sync, the end of input ends it; a line of output ends a sync."""
    bell = Bell()
    threading.Thread(target=_listen, args=(bell,), daemon=True).start()

    def sync_once(library: Holdings, renderer: Renderer) -> None:
        try:
            run_sync(library, renderer)
        except KbError as error:
            click.echo(f"同步没有完成：{error.message}{error.advice}", err=True)
            click.echo("failed")
            raise
        click.echo("synced")

    with suppress(KeyboardInterrupt):
        watch(lambda: Holdings(load_settings()), bell, sync_once)


def _listen(bell: Bell) -> None:
    for _ in sys.stdin:
        bell.ask()
    bell.end()

"""kb restore: a library folder from a backup."""

import sys
from pathlib import Path

import click

from kb.bootstrap.backups import restore_backup, try_restore
from kb.cli.progress import show_progress
from kb.config import load_settings
from kb.errors import AskedWrongly


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path), required=False)
@click.option("--try", "as_trial", is_flag=True, help="恢复到临时文件夹，核对后删去：这份备份能不能用？")
def restore(file: Path, folder: Path | None, as_trial: bool) -> None:
    """先把备份从头到尾核对一遍，再恢复到 DIR（空的，或还不存在），重建目录和索引，逐个文件核对。

    残缺的、不是本程序的、更新的程序做的备份都不恢复，什么也不动。
    退出状态：0 全部恢复，1 文件都恢复了但目录或索引没有建成，2 没有恢复。
    """
    if as_trial == bool(folder):
        raise AskedWrongly("要写恢复到哪个文件夹，或者写 --try。", advice="例如 kb restore 备份.zip /srv/kb。")
    settings = load_settings()
    with show_progress() as progress:
        restored = restore_backup(settings, file, folder, progress) if folder else try_restore(settings, file, progress)
    found = restored.manifest
    click.echo(
        f"{'试恢复成功' if as_trial else f'已恢复到 {folder}'}：{len(found.files)} 个文件逐个核对一致，"
        f"其中案例 {found.cases} 个、机制 {found.mechanisms} 个；读者能看到的案例 {restored.cases} 个。备份做于 {found.made_at}。"
    )
    if restored.rebuilt:
        click.echo(f"目录和索引还没有建成：{restored.rebuilt}改正后运行 kb sync。", err=True)
        sys.exit(1)

"""kb backup: one file with everything that cannot be made anew."""

import shlex
import sys
from pathlib import Path

import click

from kb.bootstrap.backups import back_up, back_up_dated
from kb.bootstrap.unclaimed_uploads import KEPT_DAYS, forget_unclaimed
from kb.config import Settings, load_settings
from kb.errors import AskedWrongly, KbError
from kb.paths import program_words
from kb.repository.backup_writing import WrittenBackup

KEEP = 14


@click.command()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path), required=False)
@click.option("--keep", type=click.IntRange(min=1), help="FILE 是文件夹：文件按时间取名，只留最新的几份。")
@click.option("--schedule", is_flag=True, help="不备份，只给出每天自动备份的 cron 一行和 systemd 定时器。")
def backup(target: Path | None, keep: int | None, schedule: bool) -> None:
    """把内容、模板、设置、留存的数据和上传的文件写成一个文件，读回核对之后才放到位。

    不含目录和索引，恢复时重建。备份好以后，清去上传后三十天没有稿件、采用和批量投稿用到的文件（这份备份里还有）。退出状态：0 全部备份，1 写成了但有文件没有放进去，2 没有备份。
    """
    settings = load_settings()
    if schedule:
        click.echo(_schedule(settings, target, keep or KEEP))
        return
    if target is None:
        raise AskedWrongly(
            "没有写备份到哪里。", advice="例如 kb backup /backup/kb.zip，或 kb backup /backup --keep 14。"
        )
    if keep:
        target, written = back_up_dated(settings, target, keep)
    else:
        written = back_up(settings, target)
    _clear(settings)
    _report(target, written)


def _clear(settings: Settings) -> None:
    """The backup stands whatever becomes of this."""
    try:
        cleared = forget_unclaimed(settings)
    except KbError as error:
        click.echo(f"{error.message}{error.advice}", err=True)
        return
    if cleared.files:
        click.echo(f"清去了 {KEPT_DAYS} 天没有人用的上传文件 {cleared.files} 个，{cleared.size} 字节；这份备份里还有。")


def _report(target: Path, written: WrittenBackup) -> None:
    found = written.manifest
    click.echo(
        f"已备份到 {target}：{len(found.files)} 个文件，其中案例 {found.cases} 个、机制 {found.mechanisms} 个；"
        f"{target.stat().st_size} 字节，已读回核对。"
    )
    for name, reason in written.left_out:
        click.echo(f"没有放进去：{name}（{reason}）。改名或换成文件本身，再备份。", err=True)
    sys.exit(1 if written.left_out else 0)


def _schedule(settings: Settings, target: Path | None, keep: int) -> str:
    folder = (target or Path("/var/backups/kb")).absolute()
    where = f" --library {shlex.quote(str(settings.library_folder))}" if settings.library_folder else ""
    command = f"{program_words()} backup {shlex.quote(str(folder))} --keep {keep}{where}"
    return f"""# 每天 2 点备份，留最新 {keep} 份。下面两种办法选一种。

# 一、cron：运行 crontab -e，加入这一行
0 2 * * * {command.replace("%", chr(92) + "%")}

# 二、systemd：存为 /etc/systemd/system/kb-backup.service
[Unit]
Description=Backup of the case library
[Service]
Type=oneshot
ExecStart={command.replace("%", "%%")}

# 存为 /etc/systemd/system/kb-backup.timer，再运行 systemctl enable --now kb-backup.timer
[Unit]
Description=Daily backup of the case library
[Timer]
OnCalendar=*-*-* 02:00:00
Persistent=true
[Install]
WantedBy=timers.target

# 备份要放到另一台机器或另一块磁盘上才算数；每季度用 kb restore 备份文件 --try 试一次。"""

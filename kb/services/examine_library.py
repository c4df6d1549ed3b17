"""kb doctor and 系统状态: what is wrong with a library as it stands on this machine, and the steps that mend it.

Facts are gathered elsewhere; what they mean is decided here, so that the command and the page say the same.
"""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from kb.services.operations import BackupRun, RestoreTrial

LOW_DISK = 500_000_000
"""Bytes below which the next sync, backup or log line may fail."""
OLD_BACKUP = timedelta(days=2)
OLD_TRIAL = timedelta(days=100)
LONG_LOCK = 3600.0
"""Seconds after which a sync is more likely stuck than busy: 100,000 cases take less."""
AHEAD = timedelta(days=1)
"""Of the clock, before a date counts as in the future: files may come from another time zone."""


class Trouble(NamedTuple):
    """Something wrong: its name, what it is, and the steps that mend it (`commands` can be run as they stand)."""

    name: str
    message: str
    advice: str
    commands: tuple[str, ...] = ()
    is_error: bool = True


class HeldLock(NamedTuple):
    """A writer at work: for how many seconds, and its process (0 when unknown)."""

    seconds: float
    process: int


@dataclass(frozen=True)
class Facts:
    """How a library stands. Texts say what is wrong and are "" when nothing is; `kb` is the command with its library."""

    now: datetime
    kb: str
    content_folder: Path
    data_folder: Path
    versions: dict[str, str]
    content_fault: str = ""
    content_advice: str = ""
    errors: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    files: int = 0
    waiting: int = 0
    cases: int = 0
    catalogue_fault: str = ""
    index_faults: tuple[str, ...] = ()
    indexed: int = 0
    kept_fault: str = ""
    kept_file: Path = Path()
    kept_is_damaged: bool = False
    unwritable: dict[Path, str] = field(default_factory=dict)
    open_to_all: tuple[Path, ...] = ()
    free: int = LOW_DISK
    leftovers: tuple[Path, ...] = ()
    staged: tuple[Path, ...] = ()
    lock: HeldLock | None = None
    from_the_future: tuple[Path, ...] = ()
    has_fonts: bool = True
    backup: BackupRun | None = None
    trial: RestoreTrial | None = None


def examine(facts: Facts) -> list[Trouble]:
    """All troubles at once, the gravest kind first."""
    return [
        *_content(facts),
        *_derived(facts),
        *_kept(facts),
        *_disk(facts),
        *_machine(facts),
        *_backups(facts),
    ]


def _content(facts: Facts) -> Iterator[Trouble]:
    if facts.content_fault:
        yield Trouble("内容读不了", facts.content_fault, facts.content_advice)
    if facts.errors:
        words = f"{len(facts.errors)} 个文件有错，没有收入：{_some(facts.errors)}。"
        yield Trouble(
            "有文件没有收入", words, "逐条看原因，改正后同步。", (f"{facts.kb} check", f"{facts.kb} sync"), False
        )
    for stage in facts.staged:
        place, cases = shlex.quote(str(stage)), shlex.quote(str(facts.content_folder / "cases"))
        words = f"一次导入停在半路，草稿已写好，还没有都放进 {cases}。"
        yield Trouble("导入没有完成", words, "把其余的放进去。", (f"mv -n {place}/*.md {cases}/", f"rm -r {place}"))
    if facts.passed_over:
        words = f"{len(facts.passed_over)} 处没有读取（链接或文件名不对）：{_some(facts.passed_over)}。"
        yield Trouble("有文件没有读取", words, "把文件本身放进来，或改名，再同步。", (), False)


def _derived(facts: Facts) -> Iterator[Trouble]:
    sync = (f"{facts.kb} sync",)
    if facts.catalogue_fault:
        yield Trouble("目录不能用", facts.catalogue_fault, "同步一次就会重建。", sync)
    elif facts.waiting:
        yield Trouble("目录落后于内容", f"{facts.waiting} 个文件改动后没有同步。", "同步一次。", sync)
    if facts.index_faults and not facts.catalogue_fault:
        yield Trouble("索引不能用", f"{_some(facts.index_faults)}。", "同步一次就会修复。", sync)
    if facts.lock and facts.lock.seconds > LONG_LOCK:
        words = f"一个同步占着锁已有 {facts.lock.seconds / 60:.0f} 分钟（进程 {facts.lock.process}），多半卡住了。"
        yield Trouble(
            "同步卡住", words, "结束它，再同步；写了一半的会在同步时补上。", (f"kill {facts.lock.process}", *sync)
        )


def _kept(facts: Facts) -> Iterator[Trouble]:
    if not facts.kept_fault:
        return
    if not facts.kept_is_damaged:
        yield Trouble("留存的数据不能用", facts.kept_fault, "")
        return
    damaged = shlex.quote(str(facts.kept_file))
    aside = f"mv {damaged} {damaged}.damaged && rm -f {damaged}-wal {damaged}-shm"
    words = f"{facts.kept_fault}案例不受影响。"
    if facts.backup:
        temporary = shlex.quote(f"{facts.data_folder}/.restored")
        back = f"{facts.kb} restore {shlex.quote(facts.backup.file)} {temporary}"
        commands = (aside, back, f"cp {temporary}/data/{facts.kept_file.name} {damaged}", f"rm -r {temporary}")
        yield Trouble("留存的数据损坏", words, "挪开损坏的文件，从备份取回。", commands)
    else:
        yield Trouble(
            "留存的数据损坏",
            words,
            "挪开损坏的文件，再从最近的备份取回 data/kept.sqlite3；没有备份的就重新开始。",
            (aside,),
        )


def _disk(facts: Facts) -> Iterator[Trouble]:
    for folder, reason in facts.unwritable.items():
        place = shlex.quote(str(folder))
        if reason == "read-only":
            command = f'mount -o remount,rw "$(findmnt -no TARGET --target {place})"'
            yield Trouble(
                "磁盘只读",
                f"{folder} 所在的磁盘是只读的；还能查阅，不能收入新案例。",
                "查明原因后重新挂载。",
                (command,),
            )
        else:
            yield Trouble("不能写入", f"{folder} 不允许写入（{reason}）。", "把它交给运行服务的用户。", (f'chown -R "$(id -un)" {place}', f"chmod -R u+rwX {place}"))  # fmt: skip
    for path in facts.open_to_all:
        yield Trouble("权限太宽", f"{path} 人人可写。", "收回权限。", (f"chmod o-w {shlex.quote(str(path))}",))
    if facts.free < LOW_DISK:
        words = f"数据所在的磁盘只剩 {facts.free // 1_000_000} MB。"
        yield Trouble("磁盘快满了", words, f"删去旧的备份和 {facts.data_folder}/logs 里的旧日志，或换大一些的磁盘。")
    if facts.leftovers:
        words = f"上次中断留下 {len(facts.leftovers)} 个临时文件：{_some(facts.leftovers)}。"
        remove = tuple(f"rm -r {shlex.quote(str(path))}" for path in facts.leftovers)
        yield Trouble("有残留的临时文件", words, "没有程序在运行时删去。", remove, False)


def _machine(facts: Facts) -> Iterator[Trouble]:
    if facts.from_the_future:
        words = f"{len(facts.from_the_future)} 个文件的时间在现在（{facts.now:%Y-%m-%d %H:%M} UTC）之后：{_some(facts.from_the_future)}。"
        touch = tuple(f"touch {shlex.quote(str(path))}" for path in facts.from_the_future)
        yield Trouble("时钟或文件时间不对", words, "先核对系统时间（date）；时间没错，就改正文件的时间。", touch, False)
    if not facts.has_fonts:
        words = "这台机器没有中文字体：在本机打印或导出时会缺字（用别的电脑浏览不受影响）。"
        yield Trouble("没有中文字体", words, "安装一种。", ("apt-get install -y fonts-noto-cjk fontconfig",), False)


def _backups(facts: Facts) -> Iterator[Trouble]:
    backup = (f"{facts.kb} backup {shlex.quote(str(backup_folder(facts.content_folder)))} --keep 14",)
    if facts.kept_fault:
        return  # it holds what would be judged here
    if facts.backup is None:
        yield Trouble(
            "没有备份",
            "还没有做过备份。",
            "现在做一份（最好放到另一块磁盘），再定时去做（kb backup --schedule）。",
            backup,
        )
        return
    age = facts.now - _moment(facts.backup.ended_at)
    if age > OLD_BACKUP or age < -AHEAD:
        yield Trouble(
            "备份太旧", f"上次备份在 {facts.backup.ended_at}。", "现在做一份，并检查定时备份为什么没有运行。", backup
        )
    if facts.trial is None or facts.now - _moment(facts.trial.ended_at) > OLD_TRIAL or facts.trial.problem:
        words = (
            "还没有试过从备份恢复。"
            if facts.trial is None
            else f"上次试恢复在 {facts.trial.ended_at}。{facts.trial.problem}"
        )
        command = f"{facts.kb} restore {shlex.quote(facts.backup.file)} --try"
        yield Trouble("恢复没有试过", words, "试一次：不动现有的任何东西。", (command,), False)


def backup_folder(content_folder: Path) -> Path:
    """Where backups go unless told otherwise; another disk is better."""
    return content_folder.parent / "backups"


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _some(things: tuple[object, ...]) -> str:
    return "、".join(map(str, things[:3])) + ("……" if len(things) > 3 else "")

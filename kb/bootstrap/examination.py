"""Gathers how a library stands, without changing anything, also when parts of it cannot be opened."""

import errno
import os
import platform
import secrets
import shlex
import shutil
import sqlite3
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kb import __version__
from kb.bootstrap.backups import DATED
from kb.bootstrap.holdings import Holdings
from kb.config import Settings
from kb.database.faults import DamagedDatabase
from kb.database.kept import NAME, revision_of
from kb.database.kept_tables import HEAD
from kb.database.models import SCHEMA_VERSION
from kb.database.operations_log import SqlOperationsLog
from kb.errors import KbError, why
from kb.paths import program_words
from kb.repository import drafts_folder
from kb.repository.content_folder import MarkdownContentRepository
from kb.services.examine_library import AHEAD, Facts, HeldLock, backup_folder
from kb.services.operations import BackupRun
from search import IndexFault

LEFTOVERS = (".*.tmp", ".*.partial", ".restored")
STAGED = f"{drafts_folder.STAGED}*"


def gather_facts(settings: Settings) -> Facts:
    """Everything `examine` judges; takes as long as hashing the content folder and the index once."""
    facts: dict[str, Any] = {}
    facts |= _kept_facts(settings)
    facts |= _content_facts(settings)
    facts |= _machine_facts(settings)
    place = f" --library {shlex.quote(str(settings.library_folder))}" if settings.library_folder else ""
    return Facts(
        now=datetime.now(UTC),
        kb=program_words() + place,
        content_folder=settings.content_folder,
        data_folder=settings.data_folder,
        versions=_versions(),
        **facts,
    )


def _versions() -> dict[str, str]:
    return {
        "程序": __version__,
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "留存数据": HEAD,
        "系统": platform.platform(terse=True),
    }


def _content_facts(settings: Settings) -> dict[str, Any]:
    found: dict[str, Any] = {"catalogue_fault": _catalogue_fault(settings.data_folder / "catalogue.sqlite3")}
    try:
        files, passed_over = MarkdownContentRepository(settings.content_folder, settings.templates_folder).list_files()
        found |= {"files": len(files), "passed_over": tuple(finding.path for finding in passed_over)}
        if found["catalogue_fault"]:
            return found
        library = Holdings(settings)
        try:
            with library.reading() as reading:
                known = reading.catalogue.files()
                unread = {finding.path for finding in reading.catalogue.findings() if finding.is_error}
                found["cases"] = len(reading.catalogue.case_ids())
            changed = {file.path for file in files if file.path not in known or known[file.path].digest != file.digest}
            waiting = changed - {path for path, state in known.items() if not state.digest}
            found |= {
                "waiting": len(waiting | (known.keys() - {file.path for file in files})),
                "errors": tuple(sorted(unread)),
            }
            found |= _index_facts(library)
        finally:
            library.close()
    except KbError as error:
        found |= {"content_fault": error.message, "content_advice": error.advice}
    return found


def _index_facts(library: Holdings) -> dict[str, Any]:
    try:
        faults = library.verify_index()
        return {"index_faults": tuple(faults), "indexed": 0 if faults else library.index_status().documents}
    except IndexFault as fault:
        return {"index_faults": fault.faults}


def _catalogue_fault(path: Path) -> str:
    if not path.is_file():
        return "目录还没有建立。"
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                return "目录数据库已损坏。"
            if str(connection.execute("PRAGMA user_version").fetchone()[0]) != SCHEMA_VERSION:
                return "目录是另一版程序建立的。"
            row = connection.execute("SELECT value FROM stamp WHERE key = 'content'").fetchone()
            return "" if row else "目录还是空的。"
    except sqlite3.DatabaseError as error:
        return "" if "unable to open" in str(error) else "目录数据库已损坏。"


def _kept_facts(settings: Settings) -> dict[str, Any]:
    path = settings.data_folder / NAME
    found: dict[str, Any] = {"kept_file": path}
    log = SqlOperationsLog(settings.data_folder)
    try:
        if path.exists():
            revision_of(path)
            found |= {"backup": log.last_backup(), "trial": log.last_restore()}
    except KbError as error:
        is_damaged = isinstance(error, DamagedDatabase)
        found |= {"kept_fault": error.message + ("" if is_damaged else error.advice), "kept_is_damaged": is_damaged}
        if is_damaged:
            found["backup"] = _newest_backup(settings, log)
    return found


def _newest_backup(settings: Settings, log: SqlOperationsLog) -> BackupRun | None:
    """From what can still be read of a damaged log, else from the folder where backups are made unless told otherwise."""
    with suppress(KbError):
        return log.last_backup()
    files = sorted(path for path in backup_folder(settings.content_folder).glob("*.zip") if DATED.fullmatch(path.name))
    return BackupRun("", str(files[-1]), 0, 0) if files else None


def _machine_facts(settings: Settings) -> dict[str, Any]:
    folders = [folder for folder in (settings.content_folder, settings.data_folder) if folder.is_dir()]
    return {
        "unwritable": {folder: reason for folder in folders if (reason := _reason_against_writing(folder))},
        "open_to_all": tuple(_open_to_all(settings, folders)),
        "free": shutil.disk_usage(folders[-1] if folders else Path.cwd()).free,
        "leftovers": tuple(_leftovers(settings, folders)),
        "staged": tuple(sorted(path for path in settings.content_folder.glob(STAGED) if path.suffix != ".tmp")),
        "lock": _held_lock(settings.data_folder / "sync.lock"),
        "from_the_future": tuple(_from_the_future(folders)),
        "has_fonts": _has_fonts(),
    }


def _reason_against_writing(folder: Path) -> str:
    """Tried, not asked: root may write whatever the mode says, unless the file system is read-only."""
    probe = folder / f".kb-doctor-{secrets.token_hex(4)}.tmp"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        return "read-only" if error.errno == errno.EROFS else why(error)
    return ""


def _open_to_all(settings: Settings, folders: list[Path]) -> Iterator[Path]:
    for path in (*folders, settings.data_folder / NAME):
        if os.name == "posix" and path.exists() and path.stat().st_mode & stat.S_IWOTH:
            yield path


def _leftovers(settings: Settings, folders: list[Path]) -> Iterator[Path]:
    for folder in folders:
        for pattern in LEFTOVERS:
            yield from sorted(folder.glob(pattern))
    for below in ("cases", "mechanisms"):
        yield from sorted((settings.content_folder / below).glob(".*.tmp"))
    if settings.library_folder:
        beside = settings.library_folder
        for task in ("restore", "init"):
            yield from sorted(beside.parent.glob(f".{beside.name}.{task}-*"))


def _from_the_future(folders: list[Path]) -> Iterator[Path]:
    latest = time.time() + AHEAD.total_seconds()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and path.stat().st_mtime > latest:
                yield path


def _held_lock(path: Path) -> HeldLock | None:
    """The writer that holds the lock file, told by the kernel (Linux); a lock ends with its process."""
    try:
        status = path.stat()
        place = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
        for line in Path("/proc/locks").read_text().splitlines():
            words = line.split()
            if "->" not in words and words[5] == place:
                return HeldLock(time.time() - status.st_mtime, max(int(words[4]), 0))
    except (OSError, AttributeError, IndexError, ValueError):
        pass
    return None


def _has_fonts() -> bool:
    fc_list = shutil.which("fc-list")
    if fc_list is None:
        return False
    try:
        done = subprocess.run([fc_list, ":lang=zh", "family"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return bool(done.stdout.strip())

"""Backup and restore of one library: files, kept database and log put together."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from kb import __version__
from kb.bootstrap.holdings import Holdings
from kb.config import Settings
from kb.database.kept import NAME, copy_kept, open_kept, revision_of
from kb.database.kept_tables import HEAD
from kb.database.operations_log import SqlOperationsLog
from kb.errors import AskedWrongly, KbError, NotReady, why
from kb.paths import LIBRARY_FILE, shipped
from kb.repository.backup_format import Manifest, RefusedBackup
from kb.repository.backup_reading import check_backup, extract_backup, place_of
from kb.repository.backup_writing import BackupSources, WrittenBackup, portable_settings, write_backup
from kb.repository.content_folder import digest_of_file
from kb.repository.durable import building_folder, check_target
from kb.repository.library_folder import SETTINGS
from kb.services.operations import BackupRun, RestoreTrial
from kb.services.ports import Progress

DATED = re.compile(r"kb-backup-\d{8}T\d{6}Z\.zip")
SPARE = 2
"""Times the unpacked size that must be free: the rebuilt catalogue and index take about as much again."""


class Restored(NamedTuple):
    """What a restore brought back; `rebuilt` is "" or why catalogue and index could not be made yet."""

    manifest: Manifest
    cases: int
    rebuilt: str


def back_up(settings: Settings, target: Path) -> WrittenBackup:
    """Writes one backup and notes it; raises KbError when there is none afterwards."""
    kept = (settings.data_folder / "uploads", settings.data_folder / "layouts")
    for folder in (settings.content_folder, settings.templates_folder, *kept):
        if target.resolve().is_relative_to(folder):
            raise AskedWrongly(f"备份不能放在 {folder} 里面：它自己也会被备份。", advice="放到另一块磁盘上。")
    log = SqlOperationsLog(settings.data_folder)
    try:
        written = write_backup(target.absolute(), _sources(settings))
    except KbError as error:
        with suppress(NotReady):
            log.note_backup(BackupRun(_now(), str(target.absolute()), 0, 0, error.message))
        raise
    size = target.stat().st_size
    log.note_backup(BackupRun(_now(), str(target.absolute()), len(written.manifest.files), size))
    return written


def back_up_dated(settings: Settings, folder: Path, keep: int) -> tuple[Path, WrittenBackup]:
    """Writes a backup named after the moment into `folder`, then removes all but the newest `keep` of that name."""
    target = folder / f"kb-backup-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip"
    written = back_up(settings, target)
    older = sorted(path for path in folder.iterdir() if DATED.fullmatch(path.name) and not path.is_symlink())
    older.remove(target)  # the one just made stays, whatever the clock called it
    for path in older[: max(0, len(older) - keep + 1)]:
        path.unlink()
    return target, written


def _sources(settings: Settings) -> BackupSources:
    kept_file = settings.data_folder / NAME
    kept = copy_kept(kept_file)
    # Not the shipped one: it comes with the program.
    templates = settings.templates_folder if settings.templates_folder != shipped("templates").resolve() else None
    uploads, layouts = settings.data_folder / "uploads", settings.data_folder / "layouts"
    settings_file = settings.library_folder / LIBRARY_FILE if settings.library_folder else None
    text = settings_file.read_text(encoding="utf-8-sig") if settings_file else SETTINGS
    return BackupSources(
        content=settings.content_folder,
        templates=templates,
        uploads=uploads if uploads.is_dir() else None,
        layouts=layouts if layouts.is_dir() else None,
        settings=portable_settings(text, has_templates=templates is not None),
        kept=kept,
        schema=revision_of(kept_file) if kept else "",
        program=__version__,
    )


def restore_backup(settings: Settings, file: Path, target: Path, progress: Progress) -> Restored:
    """Makes a library folder of a backup, wholly or not at all, with catalogue and index built anew.

    Raises RefusedBackup (damaged, foreign, newer), AskedWrongly (something stands at `target`), NotReady (no room).
    """
    check_target(target)
    try:
        restored = _restore(file, target, progress)
    except KbError as error:
        _note(settings, RestoreTrial(_now(), str(file.absolute()), "", 0, 0, error.message))
        raise
    trial = RestoreTrial(
        _now(), str(file.absolute()), restored.manifest.made_at, len(restored.manifest.files), restored.cases
    )
    SqlOperationsLog(target / "data").note_restore(trial)
    _note(settings, trial)
    return restored


def try_restore(settings: Settings, file: Path, progress: Progress) -> Restored:
    """A restore into a temporary place that is gone afterwards: does this backup bring everything back?"""
    with tempfile.TemporaryDirectory(prefix="kb-restore-trial-") as folder:
        return restore_backup(settings, file, Path(folder) / "library", progress)


def _restore(file: Path, target: Path, progress: Progress) -> Restored:
    manifest = check_backup(file)
    if manifest.schema > HEAD:
        words = f"备份里留存的数据是第 {manifest.schema[:20]} 版，本程序到第 {HEAD} 版。"
        raise RefusedBackup(words, advice="先升级程序，再恢复。")
    _check_room(target, manifest)
    with _told_plainly(), building_folder(target, "restore") as folder:
        extract_backup(file, folder)
        kept = folder / "data" / NAME
        if kept.exists():
            _take_kept(kept, manifest.schema)
        cases, rebuilt = _rebuild(folder, progress)
        _compare(folder, manifest)
        return Restored(manifest, cases, rebuilt)


def _take_kept(kept: Path, schema: str) -> None:
    try:
        found = revision_of(kept)
    except NotReady as error:
        raise RefusedBackup("备份里留存的数据读不了。", advice="换一份备份。") from error
    if found != schema:
        raise RefusedBackup("备份里留存的数据与清单不符。", advice="换一份备份。")
    open_kept(kept)


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotReady(f"没有恢复成：{why(error)}。", advice="检查目标磁盘的空间和权限，再恢复一次。") from error


def _check_room(target: Path, manifest: Manifest) -> None:
    parent = next(folder for folder in target.absolute().parents if folder.is_dir())
    free, wanted = shutil.disk_usage(parent).free, SPARE * manifest.size
    if free < wanted:
        raise NotReady(
            f"{parent} 只剩 {free // 1_000_000} MB，恢复要 {wanted // 1_000_000} MB。", advice="腾出空间再恢复。"
        )


def _rebuild(folder: Path, progress: Progress) -> tuple[int, str]:
    """Cases readers now have, and why catalogue and index could not be made ("" when they were)."""
    templates = folder / "templates"
    settings = Settings(
        folder / "content", folder / "data", templates if templates.is_dir() else shipped("templates"), library_folder=folder
    )  # fmt: skip
    (folder / "content").mkdir(exist_ok=True)
    try:
        library = Holdings(settings)
        try:
            cases = library.sync(progress).cases
            return cases, "；".join(library.verify_index())
        finally:
            library.close()
    except KbError as error:
        # The files are what must come back; a taxonomy that was faulty then is faulty now, and can be mended here.
        return 0, error.message


def _compare(folder: Path, manifest: Manifest) -> None:
    for file in manifest.files:
        if file.path != NAME and digest_of_file(folder / place_of(file.path)) != file.sha256:
            raise NotReady(f"恢复出来的 {file.path} 与备份不符。", advice="检查磁盘，再恢复一次。")


def _note(settings: Settings, trial: RestoreTrial) -> None:
    """On the library one stands in, if one does: a restore must not make data where there were none."""
    if settings.library_folder or (settings.data_folder / NAME).exists():
        with suppress(NotReady):
            SqlOperationsLog(settings.data_folder).note_restore(trial)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

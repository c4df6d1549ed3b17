"""New drafts put into the content folder all together: staged beside, then moved in; never over a file that is there."""

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from kb.errors import NotReady, why
from kb.repository.durable import flush_folder, write_file

STAGED = ".import-"
"""Of a folder in the content folder whose files are all written and only have to be moved (kb doctor says how)."""


def add_drafts(content: Path, drafts: Mapping[str, str]) -> None:
    """Adds files (name in cases/ → text); raises NotReady when the disk does not take them, and then none was added."""
    stage = content / f"{STAGED}{secrets.token_hex(4)}"
    unfinished = stage.with_name(f"{stage.name}.tmp")
    try:
        unfinished.mkdir()
        for name, text in drafts.items():
            write_file(unfinished / name, text.encode())
        flush_folder(unfinished)
        unfinished.rename(stage)
        _move(stage, content / "cases", list(drafts))
    except OSError as error:
        raise NotReady(
            f"导入没有完成：{why(error)}，一个也没有收进来。", advice="检查磁盘空间和权限，再导入一次。"
        ) from error
    finally:
        for folder in (unfinished, stage):
            shutil.rmtree(folder, ignore_errors=True)


def _move(stage: Path, target: Path, names: list[str]) -> None:
    target.mkdir(exist_ok=True)
    done: list[Path] = []
    try:
        for name in names:
            os.link(stage / name, target / name)  # unlike a rename, it never replaces a file made meanwhile
            done.append(target / name)
        flush_folder(target)
    except OSError:
        for path in done:
            path.unlink()
        raise

"""The key that signs session cookies: made once, kept beside the data, readable by the server's user alone."""

import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path

from kb.errors import NotReady
from kb.repository.durable import flush_folder

NAME = "secret-key"
BYTES = 32
LEAST_KINDS = 8
"""Different characters of a key; fewer is a sample ("changeme", zeros), not a key."""
log = logging.getLogger(__name__)


def read_secret_key(data_folder: Path) -> str:
    """The key, made when there is none; raises NotReady when what stands there is no key but a sample.

    Where nothing can be written the key lives as long as the process: pages go on, sign-ins end with it.
    """
    path = data_folder / NAME
    try:
        if not path.exists():
            _make(path)
        key = path.read_text(encoding="ascii", errors="replace").strip()
        if os.name == "posix" and path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        log.warning("no secret key can be kept (%s); sign-ins end when the server stops", error)
        return secrets.token_hex(BYTES)
    if len(key) < 2 * BYTES or len(set(key)) < LEAST_KINDS:
        raise NotReady(
            f"{path} 里不是一把可用的密钥。", advice="删掉这个文件再启动，程序会重新生成；已登录的人要重新登录。"
        )
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{NAME}.{secrets.token_hex(4)}")
    try:
        with open(beside, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secrets.token_hex(BYTES).encode())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(beside, path)  # wholly there, and of two that start at once the first wins
        flush_folder(path.parent)
    finally:
        beside.unlink(missing_ok=True)

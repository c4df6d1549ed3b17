"""Bytes of uploaded files, each once, under their SHA-256."""

import hashlib
from pathlib import Path

from kb.errors import NotFound
from kb.repository.durable import replace_file, writing


class UploadFolder:
    """`<folder>/<first two figures>/<SHA-256>`; a file is wholly there or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Keeps the bytes and returns their SHA-256 in hex; raises NotReady when the disk does not take them."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(sha256)
        with writing("上传的文件"):
            if not path.exists():
                replace_file(path, data)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Raises NotFound when the file is gone or is no longer what was kept."""
        try:
            data = self._path(sha256).read_bytes()
        except OSError as error:
            raise NotFound("这个文件不在了。", advice="请管理员从备份恢复 uploads 文件夹。") from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise NotFound("这个文件已损坏。", advice="请管理员从备份恢复 uploads 文件夹。")
        return data

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

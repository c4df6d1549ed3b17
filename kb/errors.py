"""One family of errors, told apart by whose fault it is; every message is a Chinese sentence a user may see."""

import errno

REFUSALS = {
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "磁盘配额用完了",
    errno.EFBIG: "文件太大，磁盘不收",
    errno.EROFS: "磁盘是只读的",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EIO: "磁盘读写出错",
    errno.ENOENT: "文件不在了",
    errno.EISDIR: "那里是一个文件夹",
    errno.ENOTDIR: "路径里有一段不是文件夹",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.EXDEV: "不在同一块磁盘上",
    errno.EADDRINUSE: "端口已被占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
}
"""What the system refuses, in words for the middle of a sentence."""


def why(error: OSError) -> str:
    """The reason of an error of the disk, in Chinese where it is one that users meet."""
    return REFUSALS.get(error.errno or 0) or error.strerror or type(error).__name__


class KbError(Exception):
    """Anything the program refuses in plain words."""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class AskedWrongly(KbError):
    """The request cannot be answered as it was put (the asker's fault)."""


class NotFound(AskedWrongly):
    """What was asked for is not there, or not for this reader."""


class Forbidden(AskedWrongly):
    """The asker may not do this; said only of what the asker may know to exist, else it is NotFound."""


class Conflict(AskedWrongly):
    """Somebody else changed it meanwhile; nothing was overwritten."""


class AskedTooOften(AskedWrongly):
    """So many of these are not answered in so short a time."""


class UnreadableFile(KbError):
    """A content file cannot be read (the editor's fault); `line` counts from 1, 0 when no line is to blame."""

    def __init__(self, message: str, *, line: int = 0, field: str = "", advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.line = line
        self.field = field


class BrokenLibrary(KbError):
    """Taxonomy, templates or lexicon cannot be used (the steward's fault)."""


class NotReady(KbError):
    """The catalogue or the index is missing or damaged (ours); a rebuild mends it."""

"""The program's log: one JSON object a line in data/logs, the same in words on the error stream."""

import json
import logging
import os
import re
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from filelock import FileLock, Timeout

from kb.errors import why

MAX_BYTES = 10_000_000
BACKUPS = 9
ROLL_WAIT = 1.0
"""Seconds a process waits for another one that rolls the file over, before it goes on in the full one."""
COMPLAINT_SECONDS = 60.0
REPEAT_SECONDS = 5.0
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def start_log(data_folder: Path) -> None:
    """Sends every log record of this process to the file and to the error stream; a file that cannot be opened is said."""
    spoken = logging.StreamHandler()
    spoken.setFormatter(PlainLine("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handlers: list[logging.Handler] = [spoken]
    try:
        (data_folder / "logs").mkdir(parents=True, exist_ok=True)
        handlers.append(build_file_handler(data_folder / "logs/kb.log"))
    except OSError as error:
        print(f"日志文件写不了（{why(error)}），只写到标准错误。", file=sys.stderr)
    for handler in handlers:
        handler.addFilter(Repeated())
    logging.basicConfig(level=logging.INFO, handlers=handlers, force=True)
    spoken.addFilter(lambda record: record.name != "kb.requests" and not record.name.startswith("alembic."))


def build_file_handler(path: Path) -> logging.Handler:
    """The handler of the file, opened at once so that a fault shows now."""
    handler = SharedFile(path, maxBytes=MAX_BYTES, backupCount=BACKUPS, encoding="utf-8", errors="backslashreplace")
    handler.setFormatter(JsonLine())
    return handler


def _escape(text: str) -> str:
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class Repeated(logging.Filter):
    """Lets a message through once in REPEAT_SECONDS; a server out of files would fill the disk with one sentence."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("kb"):
            return True  # ours are a line a request at most
        key, now = (record.name, str(record.msg)), time.monotonic()
        if now - self._last.get(key, -REPEAT_SECONDS) < REPEAT_SECONDS:
            return False
        self._last[key] = now
        return True


class JsonLine(logging.Formatter):
    """Keys time (UTC), level, logger, process, message, trace, and the record's own `fields`; nothing in it ends the line."""

    def format(self, record: logging.LogRecord) -> str:
        row = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            row["trace"] = self.formatException(record.exc_info)
        return _escape(json.dumps(row, ensure_ascii=False, default=str))


class PlainLine(logging.Formatter):
    """One line to read; what could move a terminal's cursor is escaped, but for the line ends of a trace."""

    def format(self, record: logging.LogRecord) -> str:
        trace = record.exc_info
        record.exc_info, record.exc_text = None, None
        line = _escape(super().format(record))
        record.exc_info = trace
        return "\n".join([line, *map(_escape, self.formatException(trace).split("\n"))]) if trace else line


class SharedFile(RotatingFileHandler):
    """A rotated file that several processes write: one of them rolls it over, the others go on with the new one.

    A record that cannot be written (a full disk) is lost with one complaint a minute; the next is tried again.
    """

    _complained = -COMPLAINT_SECONDS

    def shouldRollover(self, record: logging.LogRecord) -> bool:
        self._follow()
        return bool(super().shouldRollover(record))

    def doRollover(self) -> None:
        """Under a lock, and not when another process was first: what it had filled is named .1 by now."""
        with suppress(Timeout), FileLock(f"{self.baseFilename}.lock", timeout=ROLL_WAIT):
            if not self._follow():
                super().doRollover()

    def _follow(self) -> bool:
        """Opens the file that stands in the place when it is another one; says whether it was."""
        try:
            is_same = self.stream is not None and os.path.samestat(
                os.fstat(self.stream.fileno()), Path(self.baseFilename).stat()
            )
        except (OSError, ValueError):  # nothing stands there; or a full disk would not have it closed
            is_same = False
        if not is_same:
            before, self.stream = self.stream, None
            with suppress(OSError):
                if before is not None:
                    before.close()
            self.stream = self._open()
        return not is_same

    def handleError(self, record: logging.LogRecord) -> None:
        if time.monotonic() - self._complained >= COMPLAINT_SECONDS:
            self._complained = time.monotonic()
            print(f"日志写不进 {self.baseFilename}：{sys.exc_info()[1]}", file=sys.stderr)

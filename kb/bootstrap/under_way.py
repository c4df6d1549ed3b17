"""Work that goes on after the request that began it: seen by every process of a server, over when its own process is.

Each piece has a number, holds a lock file as long as it lives and keeps its last words in a text beside it. The system
frees the lock with the process, however that ends: nothing is ever taken to go on that does not.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

LOOK = 0.1
"""Seconds after which a lock counts as held: another one's look holds it too, for a moment."""
BEGIN_WAIT = 1.0
TURN_POLL = 0.2


class Piece:
    """A piece of work under way in this process."""

    def __init__(self, lock: FileLock, words: Path) -> None:
        self._lock = lock
        self._words = words

    def tell(self, words: str) -> None:
        """How far it is; raises OSError."""
        beside = self._words.with_suffix(f".{os.getpid()}")
        beside.write_text(words, encoding="utf-8")
        beside.replace(self._words)  # never half of it, never none

    def end(self, words: str = "") -> None:
        """It is over; `words` stay to be read, why it failed."""
        try:
            with suppress(OSError):
                if words:
                    self.tell(words)
                else:
                    self._words.unlink(missing_ok=True)
                    Path(self._lock.lock_file).unlink(missing_ok=True)
        finally:
            self._lock.release()


class UnderWay:
    """One kind of work of one library; its folder may be deleted while nothing goes on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, number: int, words: str = "") -> Piece | None:
        """Begins the piece; None when it is under way already. Any thread may end it. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._lock_path(number), thread_local=False)
        try:
            lock.acquire(timeout=BEGIN_WAIT)
        except Timeout:
            return None
        piece = Piece(lock, self._words_path(number))
        try:
            piece.tell(words)
        except BaseException:
            lock.release()
            raise
        return piece

    def is_under_way(self, number: int) -> bool:
        """Whether it goes on now, in whatever process."""
        path = self._lock_path(number)
        if not path.exists():
            return False
        try:
            with FileLock(path, timeout=LOOK, poll_interval=LOOK / 4):
                return False
        except Timeout:
            return True
        except OSError:
            return False  # on a disk that takes nothing nothing goes on

    def words(self, number: int) -> str:
        """What it said last; of one that is over, why it failed."""
        try:
            return self._words_path(number).read_text(encoding="utf-8")
        except OSError:
            return ""

    def count(self) -> int:
        """How many are under way."""
        numbers = [int(path.stem) for path in self._folder.glob("*.lock") if path.stem.isdecimal()]
        return sum(map(self.is_under_way, numbers))

    @contextmanager
    def turn(self, name: str, seconds: float = -1) -> Iterator[None]:
        """Held by one at a time in all processes; raises filelock.Timeout after so many seconds (-1: never), or OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self._folder / f"{name}.lock", timeout=seconds, poll_interval=TURN_POLL):
            yield

    def _lock_path(self, number: int) -> Path:
        return self._folder / f"{number}.lock"

    def _words_path(self, number: int) -> Path:
        return self._folder / f"{number}.txt"

"""One child process that renders, killed when a text takes too long; the parent lives on and starts another."""

import multiprocessing
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import TracebackType

from kb.errors import NotReady, UnreadableFile, why
from kb.rendering.guard import check_markdown

TIME_LIMIT = 5.0
"""Seconds one record may take."""
START_LIMIT = 60.0
"""Seconds the child may take to start on a busy machine."""
MEMORY_LIMIT = 1024**3
"""Bytes of address space of the child, where the system can limit it."""


class RenderWorker:
    """A Renderer; close it (or use it as a context) when the sync is over."""

    def __init__(self, *, time_limit: float = TIME_LIMIT) -> None:
        self._time_limit = time_limit
        self._process: SpawnProcess | None = None
        self._connection: Connection[object, object] | None = None

    def render(self, texts: Mapping[str, str]) -> Mapping[str, str]:
        """HTML by key; raises UnreadableFile when refused, over time, or impossible to render.

        Raises NotReady when the child cannot be started, for which no text is to blame.
        """
        for text in texts.values():
            check_markdown(text)
        connection = self._start()
        connection.send(dict(texts))
        answer = self._receive(connection)
        if not isinstance(answer, dict):
            raise UnreadableFile("正文无法排版。", advice="减少列表和引用的层次后再试。")
        return answer

    def _receive(self, connection: "Connection[object, object]") -> object:
        try:
            if connection.poll(self._time_limit):
                return connection.recv()
        except (EOFError, OSError):
            pass
        self.close()
        raise UnreadableFile(
            f"正文排版超过 {self._time_limit:g} 秒，已停止。", advice="删去成串的符号，或拆成几个案例。"
        )

    def _start(self) -> "Connection[object, object]":
        if self._connection is not None and self._process is not None and self._process.is_alive():
            return self._connection
        self.close()
        reason = "太慢"
        try:
            ours = self._spawn()
            if ours.poll(START_LIMIT):
                ours.recv()
                return ours
        except EOFError:
            reason = "中途停了"
        except OSError as error:
            reason = why(error)
        self.close()
        raise NotReady(f"排版进程没有启动（{reason}）。", advice="稍后再试；机器可能太忙。")

    def _spawn(self) -> "Connection[object, object]":
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        with theirs:
            process = context.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
        self._process = process
        return self._connection

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None

    def __enter__(self) -> "RenderWorker":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _serve(connection: "Connection[object, object]") -> None:
    from kb.rendering.markdown_html import convert  # the parent never needs it (0.1 s)

    _limit_memory()
    connection.send("ready")
    while True:
        try:
            texts = connection.recv()
        except (EOFError, KeyboardInterrupt):
            return
        assert isinstance(texts, dict)
        try:
            connection.send({key: convert(text) for key, text in texts.items()})
        except Exception as error:  # whatever the parser does to one text must not end the child silently
            connection.send(type(error).__name__)


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))

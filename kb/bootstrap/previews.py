"""Text rendered while somebody waits: one child process for all, kept alive between one preview and the next."""

import threading
from collections.abc import Mapping

from kb.errors import NotReady
from kb.rendering import RenderWorker

WAIT = 15.0
"""Seconds one preview waits for another."""


class PreviewRenderer:
    """A Renderer that many threads share."""

    def __init__(self) -> None:
        self._worker = RenderWorker()
        self._turn = threading.Lock()

    def render(self, texts: Mapping[str, str]) -> Mapping[str, str]:
        """Raises UnreadableFile for a text that cannot be shown, NotReady when others take too long."""
        if not self._turn.acquire(timeout=WAIT):
            raise NotReady("现在有很多人在预览。", advice="过一会儿再试。")
        try:
            return self._worker.render(texts)
        finally:
            self._turn.release()

    def close(self) -> None:
        self._worker.close()

"""The resident indexer: a process that keeps dictionary, records and renderer warm and syncs whatever changes.

It runs as `kb sync --watch`, beside a server or by itself. Files that are being written are left alone until the folder
has been still for two looks. What goes wrong unforeseen (a full disk) ends the process, so that it can hold no lock.
"""

import threading
import time
from collections.abc import Callable

from kb.bootstrap.holdings import Holdings
from kb.errors import KbError, NotReady
from kb.rendering import RenderWorker

LOOK = 0.5
"""Seconds between two looks at the content folder."""
SHARE = 25
"""A look takes at most a 25th of the time: in a very large folder looks are further apart."""
LONGEST_UNREST = 10.0
"""Seconds of unbroken change after which a sync begins all the same."""
RETRY = 5.0
"""Seconds until a sync that another one kept out is tried again."""


class Bell:
    """What the process is told from outside: sync now and trust nothing, or end."""

    def __init__(self) -> None:
        self._rung = threading.Event()
        self.has_ended = False
        self.is_asked = False

    def ask(self) -> None:
        self.is_asked = True
        self._rung.set()

    def end(self) -> None:
        self.has_ended = True
        self._rung.set()

    def wait(self, seconds: float) -> None:
        """Until it rings, or the time is over."""
        self._rung.wait(seconds)
        self._rung.clear()


def watch(open_anew: Callable[[], Holdings], bell: Bell, sync: Callable[[Holdings, RenderWorker], None]) -> None:
    """Syncs at once, then after every change and every ring, until told to end.

    A ring opens the library anew, which reads and verifies every file of the index. Raises what a sync raises besides
    KbError.
    """
    library = open_anew()
    taken: int | None = None
    with RenderWorker() as renderer:
        while not bell.has_ended:
            state, cost = _look(library)
            if bell.is_asked:
                bell.is_asked = False
                library.close()
                library, taken = open_anew(), None
            if state == taken:
                bell.wait(max(LOOK, SHARE * cost))
                continue
            state = state if taken is None else _still(library, bell)
            try:
                sync(library, renderer)
                taken = state
                renderer.render({})  # starts it, so that the next case does not wait for that
            except NotReady:
                bell.wait(RETRY)
            except KbError:
                taken = state  # what is broken stands in the folder: no use before that changes
    library.close()


def _look(library: Holdings) -> tuple[int, float]:
    began = time.process_time()
    return library.content_state(), time.process_time() - began


def _still(library: Holdings, bell: Bell) -> int:
    """The state of the folder when it was the same in two looks."""
    deadline = time.monotonic() + LONGEST_UNREST
    state = library.content_state()
    while time.monotonic() < deadline and not bell.has_ended:
        bell.wait(LOOK)
        before, state = state, library.content_state()
        if state == before:
            break
    return state

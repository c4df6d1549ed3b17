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
"""Seconds between two looks at every file of the content folder."""
GLANCE = 0.1
"""Seconds between two glances at the times of its folders, which tell of every file that is new, moved or gone."""
BREATH = 5
"""A look that a glance calls for comes no sooner than five times what the last one took, for files may come without end."""
STILL = 0.3
"""Seconds without a change after which what was written is taken to be whole."""
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

    def wait(self, seconds: float) -> bool:
        """Until it rings, or the time is over; says whether it rang."""
        has_rung = self._rung.wait(seconds)
        self._rung.clear()
        return has_rung


def watch(open_anew: Callable[[], Holdings], bell: Bell, sync: Callable[[Holdings, RenderWorker], None]) -> None:
    """Syncs at once, then after every change and every ring, until told to end.

    A ring opens the library anew, which reads and verifies every file of the index. Raises what a sync raises besides
    KbError.
    """
    library = open_anew()
    taken: int | None = None
    with RenderWorker() as renderer:
        while not bell.has_ended:
            times = library.folder_times()
            state, cost = _look(library)
            if bell.is_asked:
                bell.is_asked = False
                library.close()
                library, taken = open_anew(), None
            if state == taken:
                _rest(library, bell, times, cost)
                continue
            state = state if taken is None else _still(library, bell, state)
            try:
                sync(library, renderer)
                taken = state
                renderer.render({})  # starts it, so that the next case does not wait for that
                library.get_ready()
            except NotReady:
                bell.wait(RETRY)
            except KbError:
                taken = state  # what is broken stands in the folder: no use before that changes
    library.close()


def _look(library: Holdings) -> tuple[int, float]:
    began = time.process_time()
    return library.content_state(), time.process_time() - began


def _rest(library: Holdings, bell: Bell, times: tuple[int, ...], cost: float) -> None:
    """Until the next look is due, the bell rings or the folders have other times; `cost`: seconds of the last look."""
    deadline = time.monotonic() + max(LOOK, SHARE * cost)
    while (left := deadline - time.monotonic()) > 0:
        if bell.wait(min(max(GLANCE, BREATH * cost), left)) or library.folder_times() != times:
            return


def _still(library: Holdings, bell: Bell, state: int) -> int:
    """The state of the folder when it was the same in two looks, the first of which found `state`."""
    deadline = time.monotonic() + LONGEST_UNREST
    while time.monotonic() < deadline and not bell.has_ended:
        bell.wait(STILL)
        before, state = state, library.content_state()
        if state == before:
            break
    return state

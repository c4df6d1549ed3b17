"""Answers kept for as long as the library does not change, each worked out once however many ask at the same time."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock

from kb.services.find_cases import Answer

MOST_ANSWERS = 1000
"""Kept at once; an answer of ten hits takes some 20 kB."""


class ResultCache:
    """Least recently used answers go first. The key must name the state of the library, the question and who asks."""

    def __init__(self, most: int = MOST_ANSWERS) -> None:
        self._most = most
        self._answers: OrderedDict[Hashable, Future[Answer]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, find: Callable[[], Answer]) -> Answer:
        """The answer kept under `key`, or the one `find` gives; an error is raised to all who wait and not kept."""
        with self._lock:
            kept = self._answers.get(key)
            if kept is not None:
                self._answers.move_to_end(key)
            else:
                mine: Future[Answer] = Future()
                self._answers[key] = mine
                while len(self._answers) > self._most:
                    self._answers.popitem(last=False)
        return kept.result() if kept is not None else self._work_out(key, mine, find)

    def _work_out(self, key: Hashable, mine: Future[Answer], find: Callable[[], Answer]) -> Answer:
        try:
            mine.set_result(find())
        except BaseException as error:
            with self._lock:
                self._answers.pop(key, None)
            mine.set_exception(error)
            raise
        return mine.result()

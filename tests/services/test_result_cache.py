"""The result cache: once per question, never an error kept, bounded."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from kb.services.find_cases import Answer, Question
from kb.services.result_cache import ResultCache


def answer(text: str) -> Answer:
    return Answer(Question(text), 0, (), (), (), None, (), 0.0)


def test_many_askers_at_once_cost_one_search() -> None:
    cache, calls, lock = ResultCache(), [], threading.Lock()

    def find() -> Answer:
        with lock:
            calls.append(1)
        time.sleep(0.05)
        return answer("甲")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: cache.get("key", find), range(32)))
    assert (len(calls), set(map(id, found))) == (1, {id(found[0])})


def test_an_error_is_raised_and_not_kept() -> None:
    cache = ResultCache()

    def fail() -> Answer:
        raise ValueError("x")

    with pytest.raises(ValueError):
        cache.get("key", fail)
    assert cache.get("key", lambda: answer("乙")).question.text == "乙"


def test_the_least_recently_used_goes_first() -> None:
    cache = ResultCache(most=2)
    for key in ("a", "b", "a", "c"):
        cache.get(key, lambda: answer("old"))
    found = {key: cache.get(key, lambda: answer("new")).question.text for key in ("a", "c", "b")}
    assert found == {"a": "old", "c": "old", "b": "new"}

"""What is kept of a state is made once for it, and again for the next."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from kb.bootstrap.latest import Latest


def test_made_once_for_a_state_by_however_many_threads() -> None:
    kept: Latest[str] = Latest()
    made: list[int] = []

    def make(state: int) -> str:
        made.append(state)
        return f"虚构的数 {state}"

    for state in (1, 2):
        with ThreadPoolExecutor(8) as threads:
            told = set(threads.map(lambda _, at=state: kept.of(at, lambda: make(at)), range(50)))
        assert told == {f"虚构的数 {state}"}
    assert made == [1, 2]


def test_what_could_not_be_made_is_made_by_the_next() -> None:
    kept: Latest[int] = Latest()
    with pytest.raises(ZeroDivisionError):
        kept.of(1, lambda: 1 // 0)
    assert kept.of(1, lambda: 7) == 7


def test_the_state_that_is_kept_is_given_while_the_next_one_is_made() -> None:
    kept: Latest[str] = Latest()
    kept.of(1, lambda: "虚构的数 1")
    begun, goes_on = Event(), Event()

    def make_slowly() -> str:
        begun.set()
        assert goes_on.wait(10)
        return "虚构的数 2"

    with ThreadPoolExecutor(3) as threads:
        newer = threads.submit(kept.of, 2, make_slowly)
        assert begun.wait(10)
        older = threads.submit(kept.of, 1, lambda: "made again")
        newer_too = threads.submit(kept.of, 2, lambda: "made twice")
        try:
            assert older.result(timeout=5) == "虚构的数 1"
            assert not newer_too.done()  # never an older value than that of the state one asks for
        finally:
            goes_on.set()
        assert (newer.result(), newer_too.result()) == ("虚构的数 2", "虚构的数 2")

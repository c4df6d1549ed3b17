"""What is kept of a state is made once for it, and again for the next."""

from concurrent.futures import ThreadPoolExecutor

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

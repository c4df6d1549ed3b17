"""Addresses of the find page: the same question with one thing changed."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlencode

from kb.services.find_cases import FACET_LABELS, Question

AROUND = 2
"""Page numbers shown on each side of the current one."""


class Chip(NamedTuple):
    """A chosen condition: its group, its words, and what to toggle to be rid of it."""

    facet: str
    group: str
    value: str
    label: str


class Addresses:
    """Makes local addresses from one question; a change of conditions starts at page 1 again."""

    def __init__(self, path: str, question: Question) -> None:
        self._path = path
        self._question = question

    def page(self, number: int) -> str:
        return self._address(replace(self._question, page=number))

    def order(self, name: str) -> str:
        return self._address(replace(self._question, order=name, page=1))

    def toggle(self, facet: str, value: str) -> str:
        """Takes the condition in, or out when it is in."""
        before = self._question.chosen.get(facet, ())
        after = tuple(v for v in before if v != value) if value in before else (*before, value)
        return self._address(replace(self._question, chosen={**self._question.chosen, facet: after}, page=1))

    def without_conditions(self) -> str:
        return self._address(replace(self._question, chosen={}, page=1))

    def only_conditions(self) -> str:
        return self._address(replace(self._question, text="", page=1))

    def with_question(self, path: str) -> str:
        """The address of another page, given the words and the conditions."""
        pairs = [("q", self._question.text), *_conditions(self._question)]
        return f"{path}?{'&'.join(_encoded(*pair) for pair in pairs)}"

    def pairs(self) -> list[tuple[str, str]]:
        """The question itself as a form sends it, without its page."""
        return _pairs(replace(self._question, page=1))

    def _address(self, question: Question) -> str:
        pairs = _pairs(question)
        return f"{self._path}?{'&'.join(_encoded(*pair) for pair in pairs)}" if pairs else self._path


def _pairs(question: Question) -> list[tuple[str, str]]:
    pairs = [("q", question.text)] if question.text else []
    pairs += _conditions(question)
    pairs += [("order", question.order)] if question.order != ("relevance" if question.text else "-year") else []
    pairs += [("page", str(question.page))] if question.page > 1 else []
    return pairs


def _conditions(question: Question) -> list[tuple[str, str]]:
    return [(name, value) for name, values in question.chosen.items() for value in values]


@lru_cache(maxsize=500)  # the addresses of a page repeat the question some fifty times
def _encoded(name: str, value: str) -> str:
    return urlencode({name: value})


def build_chips(question: Question, label_of: Callable[[str, str], str]) -> tuple[Chip, ...]:
    """One chip per chosen value, in the order of the groups."""
    return tuple(
        Chip(facet, FACET_LABELS[facet], value, label_of(facet, value))
        for facet, values in question.chosen.items()
        for value in values
    )


def page_numbers(current: int, last: int) -> tuple[int, ...]:
    """The first, the last and those around the current page; 0 stands for a gap."""
    shown = sorted({1, last, *range(max(1, current - AROUND), min(last, current + AROUND) + 1)})
    numbers: list[int] = []
    for number in shown:
        if numbers and number - numbers[-1] > 1:
            numbers.append(0)
        numbers.append(number)
    return tuple(numbers)

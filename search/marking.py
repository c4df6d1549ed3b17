"""Marking words in a text, and cutting out the part of it that shows most of them.

Works on the stored text by longest match of the folded words, so whatever an index did to the text cannot move a mark.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from search.analysis import fold, fold_stored

ELLIPSIS = "…"
STOPS = "。！？；!?;\n"


class Segment(NamedTuple):
    text: str
    is_match: bool


class Mark(NamedTuple):
    """A found word: where it stands in the original text, and which word it is."""

    start: int
    end: int
    word: str


def highlight(text: str, words: Iterable[str], aliases: Iterable[str] = ()) -> tuple[Segment, ...]:
    """The whole text in segments, every character as it was; those of a word or alias are matches."""
    return _segments(text, 0, len(text), find_marks(text, (*words, *aliases)))


def snippet(text: str, words: Iterable[str], width: int = 120, aliases: Iterable[str] = ()) -> tuple[Segment, ...]:
    """About `width` characters around the place with most different words; an ellipsis stands where text was cut."""
    width = max(width, 1)
    marks = find_marks(text, (*words, *aliases))
    start = _start(text, marks, width)
    end = min(len(text), start + width)
    segments = _segments(text, start, end, marks)
    before = (Segment(ELLIPSIS, False),) if start > 0 else ()
    after = (Segment(ELLIPSIS, False),) if end < len(text) else ()
    return (*before, *segments, *after)


def find_marks(text: str, words: Iterable[str]) -> list[Mark]:
    """Places of the words from left to right, the longest first where several begin, none overlapping."""
    folded = fold_stored(text)
    found = [(place, -len(word), word) for word in _known(tuple(words)) for place in _places(folded.text, word)]
    found.sort()
    marks: list[Mark] = []
    free = 0
    for place, negative, word in found:
        if place < free:
            continue
        free = place - negative
        start, end = folded.origin(place, free)
        if not marks or start >= marks[-1].end:  # two words may meet inside one sign such as ㈠
            marks.append(Mark(start, end, word))
    return marks


def _places(text: str, word: str) -> Iterator[int]:
    """Where the word begins in the text. A pattern of all words was compiled anew for each question and was slower."""
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


@lru_cache(maxsize=64)  # the texts of one page are marked with the same words
def _known(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset({fold(word).strip() for word in words} - {""})


def _start(text: str, marks: list[Mark], width: int) -> int:
    """Where the window opens: a little before its first mark, at a sentence if one begins there."""
    if len(text) <= width or not marks:
        return 0
    first = _densest(marks, width)
    room = width // 4
    earliest = max(0, first - room)
    opening = max((text.rfind(stop, earliest, first) for stop in STOPS), default=-1)
    start = opening + 1 if opening >= 0 else (0 if first <= room else earliest)
    return max(0, min(start, len(text) - width))


def _densest(marks: list[Mark], width: int) -> int:
    """Start of the first mark of the window with most different words, weighed by their length."""
    inside: Counter[str] = Counter()
    weight, best, best_weight, last = 0, 0, -1, 0
    reach = width * 3 // 4
    for first, mark in enumerate(marks):
        while last < len(marks) and marks[last].end <= mark.start + reach:
            entering = marks[last].word
            weight += 0 if inside[entering] else len(entering)
            inside[entering] += 1
            last += 1
        if weight > best_weight:
            best, best_weight = first, weight
        inside[mark.word] -= 1
        weight -= 0 if inside[mark.word] else len(mark.word)
    return marks[best].start


def _segments(text: str, start: int, end: int, marks: list[Mark]) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    place = start
    for mark in marks:
        left, right = max(mark.start, place), min(mark.end, end)
        if left >= right:
            continue
        if left > place:
            segments.append(Segment(text[place:left], False))
        segments.append(Segment(text[left:right], True))
        place = right
    if place < end:
        segments.append(Segment(text[place:end], False))
    return tuple(segments)

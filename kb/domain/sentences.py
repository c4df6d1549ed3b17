"""The sentences of a text as readers see it: numbers of a list, Markdown and citations taken away, nothing else.

A sentence ends at 。！？ outside quotation marks, brackets and book-title marks, and at a line end.
"""

import re

from kb.domain.plain_text import plain_text

_ENDS = "。！？"
_OPENING, _CLOSING = "“‘（(《「【", "”’）)》」】"
_ITEM_NUMBER = re.compile(r"^\s*(?:\d{1,2}[.．、]\s*(?=\D))")
_NO_SENTENCE = re.compile(r"^\s*(?:\||#{1,6}\s)")


def split_sentences(markdown: str) -> tuple[str, ...]:
    """In their order, headings and table lines left out; joined they are the plain text of each line."""
    found: list[str] = []
    for line in markdown.split("\n"):
        if not _NO_SENTENCE.match(line):
            found += _split_line(_ITEM_NUMBER.sub("", plain_text(line)))
    return tuple(found)


def _split_line(text: str) -> list[str]:
    sentences, start, depth = [], 0, 0
    for place, character in enumerate(text):
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(0, depth - 1)
        ended = place > start and character in _CLOSING and text[place - 1] in _ENDS
        # Of several ends in a row (？！) the last one counts; a mark that was never closed must not swallow the rest.
        if depth == 0 and (character in _ENDS or ended) and text[place + 1 : place + 2] not in (*_ENDS, *_CLOSING):
            sentences.append(text[start : place + 1].strip())
            start = place + 1
    rest = text[start:].strip()
    return [one for one in (*sentences, rest) if one]

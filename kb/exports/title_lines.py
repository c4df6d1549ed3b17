"""A long title in lines of like length, broken where its words allow: 公文 titles stand as a trapezoid, not with one character left over."""

import re
from math import ceil

_AFTER, _BEFORE = "，、：；。！？》”）—", "《“（"
_NOT_FIRST = "，、：；。！？》”’）—％%"
_INSIDE = re.compile(r"[0-9A-Za-z.%-]")
REACH = 5
"""Characters from the even place within which a better one is looked for."""


def title_lines(title: str, longest: int) -> list[str]:
    """The title in the fewest lines of at most `longest` characters; line ends it has are kept."""
    return [line for part in title.splitlines() or [title] for line in _broken(part, longest)]


def _broken(text: str, longest: int) -> list[str]:
    count = ceil(len(text) / longest)
    if count <= 1:
        return [text]
    even = ceil(len(text) / count)
    most = min(longest, len(text) - 1)
    least = max(1, len(text) - longest * (count - 1))
    places = range(max(least, even - REACH), min(most, even + REACH) + 1)
    place = min(places or (most,), key=lambda at: (_cost(text, at), abs(at - even)))
    return [text[:place], *_broken(text[place:], longest)]


def _cost(text: str, place: int) -> int:
    before, after = text[place - 1], text[place]
    if after in _NOT_FIRST or before in _BEFORE or (_INSIDE.match(before) and _INSIDE.match(after)):
        return 3
    if before in _AFTER or after in _BEFORE:
        return 0
    return 1 if before == "的" or after in "与和及" else 2

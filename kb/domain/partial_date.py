"""Dates as sources give them: a year, a month or a day."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from kb.domain.template import UNSTATED

_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_IN_WORDS = re.compile(r"(\d{4})\s*年\s*(?:(\d{1,2})\s*月份?\s*(?:(\d{1,2})\s*[日号]?)?)?", re.ASCII)
_IN_FIGURES = re.compile(r"(\d{4})(?:\s*([./-])\s*(\d{1,2})(?:\s*\2\s*(\d{1,2}))?)?", re.ASCII)
"""One sign throughout: 2017.4-6 is two months."""
_TO = re.compile(r"\s*(?:—+|－|–|~|～|至|到|-{1,2}(?=\s*\d{4}))\s*")


@dataclass(frozen=True, order=True)
class PartialDate:
    """`text` is YYYY, YYYY-MM or YYYY-MM-DD; ordering is by text, so a year sorts before its months."""

    text: str

    @property
    def year(self) -> int:
        return int(self.text[:4])

    @property
    def earliest(self) -> date:
        """The first day it can mean."""
        parts = [int(part) for part in self.text.split("-")]
        return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)

    def in_words(self) -> str:
        """As Chinese reads it: 2017年10月17日."""
        parts = self.text.split("-")
        return "".join(f"{int(part)}{name}" for part, name in zip(parts, "年月日", strict=False))


def find_date(text: str) -> PartialDate | None:
    """The date written in `text`, or None when it is no date of the calendar."""
    if not _SHAPE.fullmatch(text) or not text.isascii():
        return None
    found = PartialDate(text)
    try:
        _ = found.earliest
    except ValueError:
        return None
    return found


def iso_date(text: str) -> str:
    """A date as offices write it (2025年3月, 2025.3, 2025/3/5) in the shape files hold; any other text as it is."""
    plain = unicodedata.normalize("NFKC", text).strip()
    written = _IN_WORDS.fullmatch(plain) or _IN_FIGURES.fullmatch(plain)
    if written is None:
        return text
    year, *parts = (part for part in written.groups() if part and part.isdecimal())
    found = find_date("-".join([year, *(part.zfill(2) for part in parts)]))
    return found.text if found else text


def split_period(text: str) -> tuple[str, ...]:
    """One or two dates in the shape files hold, out of 2017年4月至2018年; nothing when a part of it is no date."""
    whole = iso_date(text)
    if find_date(whole):
        return (whole,)
    ends = tuple(iso_date(end) for end in _TO.split(text.strip()))
    return ends if len(ends) <= 2 and all(map(find_date, ends)) else ()


def date_in_words(text: str) -> str:
    """A date as Chinese reads it; any other text as it is."""
    found = find_date(text)
    return found.in_words() if found else text


@dataclass(frozen=True)
class Period:
    """From `start` to `end`; None where the source does not say."""

    start: PartialDate | None
    end: PartialDate | None

    def in_words(self, unstated: str = UNSTATED) -> str:
        if self.start is None and self.end is None:
            return ""
        if self.start is not None and self.start == self.end:
            return self.start.in_words()
        start = self.start.in_words() if self.start else f"开始时间{unstated}"
        end = self.end.in_words() if self.end else f"结束时间{unstated}"
        return f"{start}—{end}"

"""What a text as a whole seems to say of kind, field, unit, keywords, summary and period."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from kb.domain.answers import count_han
from kb.domain.partial_date import find_date
from kb.domain.taxonomy import Unit
from kb.services.propose_answers.sentences import paragraphs, sentences

FIELD_WORDS: Mapping[str, tuple[str, ...]] = {
    "rural": ("村", "农户", "农民"),
    "community": ("社区", "居民", "小区", "网格"),
    "government": ("机关", "处室", "科室"),
    "state_firm": ("国企", "国有企业", "集团公司"),
    "private_firm": ("非公", "民营", "私营"),
    "social_organisation": ("社会组织", "协会", "商会"),
    "school": ("学校", "师生", "教师", "学生"),
    "hospital": ("医院", "患者", "医护"),
}
LEAST_NAMED = 3
"""Times a field must be named before it is proposed."""
MOST_KEYWORDS, IN_TITLE = 5, 5
"""A word of the title counts as often as this many in the text."""
SUMMARY = (60, 360)
"""Han characters of a paragraph before the first heading that may be a summary."""
LONGEST_SUMMARY = 300
_QUOTED = re.compile(r"[“《]([^“”《》，。]{2,6})[”》]")
_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})年(?:(\d{1,2})月)?")


def guess_field(text: str) -> tuple[str, str, int]:
    """Id of the field named most, the word it was named by most, and how often; ("", "", 0) for none."""
    counted = {name: {word: text.count(word) for word in words} for name, words in FIELD_WORDS.items()}
    best = max(counted, key=lambda name: sum(counted[name].values()))
    word = max(counted[best], key=lambda word: counted[best][word])
    times = sum(counted[best].values())
    return (best, word, times) if times >= LEAST_NAMED else ("", "", 0)


def is_lesson(title: str) -> bool:
    return any(word in title for word in ("教训", "反思", "失败"))


def find_unit(text: str, units: Iterable[Unit]) -> Unit | None:
    """The unit of the register with the longest name that the text has."""
    named = [unit for unit in units if unit.label in text]
    return max(named, key=lambda unit: len(unit.label), default=None)


def find_keywords(title: str, text: str, known: Iterable[str]) -> list[str]:
    """What the title sets in quotation marks, the known words the text has most of, then what the text sets in them.

    None is part of another.
    """
    counts = {word: text.count(word) + IN_TITLE * (word in title) for word in set(known) if len(word) >= 2}
    by_weight = sorted(
        (word for word in counts if counts[word]), key=lambda word: (-counts[word] * len(word), -len(word), word)
    )
    kept: list[str] = []
    for word in (*_QUOTED.findall(title), *by_weight, *_QUOTED.findall(text)):
        if not any(word in one or one in word for one in kept):
            kept.append(word)
    return kept[:MOST_KEYWORDS]


def find_summary(tray: Sequence[str], sections: Sequence[str]) -> tuple[str, str]:
    """A summary, and the piece of the tray it is ("" when it is the first sentence of each section)."""
    for piece in tray:
        if SUMMARY[0] <= count_han(piece) <= SUMMARY[1] and piece.endswith("。"):
            return " ".join(piece.split()), piece
    firsts: list[str] = []
    for section in sections:
        said = [sentence for sentence in sentences(section) if sentence.endswith("。")]
        if said and count_han("".join((*firsts, said[0]))) <= LONGEST_SUMMARY:
            firsts.append(said[0])
    return "".join(firsts), ""


def find_dates(text: str, today: date) -> list[str]:
    """Years and months the text names up to today, as dates are written in a case, earliest first."""
    written = (f"{year}-{int(month):02}" if month else year for year, month in _DATE.findall(text))
    found = {known.text: known.earliest for one in written if (known := find_date(one)) and known.earliest <= today}
    return sorted(found, key=lambda text: (found[text], -len(text)))


def find_period(text: str, today: date) -> dict[str, str]:
    """From the earliest to the latest date of what was done; a year whose months are named does not count."""
    dates = find_dates(text, today)
    exact = [one for one in dates if len(one) > 4 or not any(other.startswith(f"{one}-") for other in dates)]
    return {"start": exact[0], "end": exact[-1]} if exact else {}


def plain_text(sections: Iterable[str]) -> str:
    return "\n".join(paragraph.text for section in sections for paragraph in paragraphs(section))

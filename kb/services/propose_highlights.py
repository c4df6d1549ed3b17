"""亮点: what of a case is worth quoting, by rule, and every sentence of it to choose from.

Four rules propose: result rows, sentences that say from what to what, quotes, and sentences that stand alone: the
library's or the source's own statement, short, whole, best with a figure. Nothing is reworded: a passage is a sentence
as it stands, or the cells of a row side by side.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kb.domain.case import Case
from kb.domain.kinds import Row
from kb.domain.passage import QUOTES, RESULTS, SUMMARY, Passage, PassageKind, SourceRevision
from kb.domain.sentences import split_sentences
from kb.domain.template import UNSTATED, Template

MOST_SENTENCES = 5
"""Sentences proposed of one case besides its rows, changes and quotes."""
SHORTEST, LONGEST = 12, 70
"""Characters of a sentence that is quoted by itself."""
WHERE = {"effect": 3, "forming": 2, "practice": 2, "lessons": 2, "carrying": 1, "situation": 1}
"""Sections a sentence is proposed of, and what that adds to its rank."""
_FIGURE = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_CHANGE = re.compile(
    r"(?:由|从|原来|原先|此前|过去)[^。！？；，0-9]{0,10}[0-9][0-9.]*(?![0-9.]*年)%?[^。！？；，0-9]{0,8}，?[^。！？；，0-9]{0,8}"
    r"(?:到|至|为|成)[^。！？；，0-9]{0,6}[0-9]"
)
_DEPENDENT = re.compile(
    r"但|而|且|其|该|这|此|那|它|他|她|另|同时|因此|所以|于是|然后|随后|接着|并|也|又|还|即|如|见|分别|以上|上述|前者|后者|对此|为此"
)
"""How a sentence begins that leans on the one before it."""
_NOT_OWN = re.compile(r"编者|所见部分|原文|未载|没有写|照录|来源|须核|目标是|写到|一栏")
_BARE_FIGURE = re.compile(r"[0-9](?:[多余几]|[百千万亿](?:[多余])?)?$")
_ABOUT_FIGURE = re.compile(r"[0-9](?:左右|以上|以下|上下)$")
_PAIRS = (("“", "”"), ("‘", "’"), ("（", "）"), ("《", "》"))


class Proposed(NamedTuple):
    """A case's highlights, best first within each kind."""

    source: SourceRevision
    passages: tuple[Passage, ...]


class CaseSentences(NamedTuple):
    """A section with its heading and all its sentences."""

    section: str
    heading: str
    passages: tuple[Passage, ...]


def propose_highlights(case: Case, source: SourceRevision) -> Proposed:
    """By rule; none twice. `source` tells the text `case` was read from."""
    rows = tuple(_row_passages(case, source))
    quotes = tuple(_passage(source, QUOTES, place, text, PassageKind.QUOTE) for place, text in enumerate(case.quotes))
    told = {_bare(quote) for quote in case.quotes}
    changes, alone = [], []
    for section in WHERE:
        for place, text in enumerate(sentences_of(case, section)):
            if _bare(text) in told or _NOT_OWN.search(text) or not SHORTEST <= len(text) <= LONGEST:
                continue
            told.add(_bare(text))
            if _CHANGE.search(text):
                changes.append(_passage(source, section, place, text, PassageKind.CHANGE))
            elif _stands_alone(text):
                alone.append(_passage(source, section, place, text, PassageKind.SENTENCE))
    alone.sort(key=_rank)
    return Proposed(source, (*rows, *changes, *quotes, *alone[:MOST_SENTENCES]))


def list_sentences(case: Case, template: Template, source: SourceRevision) -> tuple[CaseSentences, ...]:
    """Everything that may be picked of a case: summary, sections, result rows, quotes, in the order of reading."""
    kinds = {(one.section, one.position): one.kind for one in propose_highlights(case, source).passages}
    found = []
    for section, heading in _places(template):
        if section == RESULTS:
            passages = tuple(_row_passages(case, source))
        else:
            texts = sentences_of(case, section)
            passages = tuple(
                _passage(source, section, place, text, kinds.get((section, place), PassageKind.PICKED))
                for place, text in enumerate(texts)
            )
        if passages:
            found.append(CaseSentences(section, heading, passages))
    return tuple(found)


def all_places(case: Case, source: SourceRevision) -> Iterator[Passage]:
    """Every sentence, row and quote, as picked."""
    for section in (SUMMARY, *_SECTIONS, QUOTES):
        for place, text in enumerate(sentences_of(case, section)):
            yield _passage(source, section, place, text, PassageKind.PICKED)
    yield from _row_passages(case, source)


def find_passage(case: Case, source: SourceRevision, section: str, position: int) -> Passage | None:
    """What stands at a place now."""
    if section == RESULTS:
        return next((one for one in _row_passages(case, source) if one.position == position), None)
    texts = sentences_of(case, section)
    return _passage(source, section, position, texts[position], PassageKind.PICKED) if position < len(texts) else None


def sentences_of(case: Case, section: str) -> tuple[str, ...]:
    """None of an unknown section, and none of one that says 原文未载."""
    if section == QUOTES:
        return case.quotes
    if section not in (SUMMARY, *_SECTIONS) or section in case.unstated:
        return ()
    return split_sentences(str(getattr(case, section)))


_SECTIONS = ("situation", "causes", "practice", "forming", "effect", "carrying", "lessons")


def _places(template: Template) -> Iterator[tuple[str, str]]:
    yield SUMMARY, template[SUMMARY].label
    for slot in template.sections:
        yield slot.key, slot.heading
        if slot.key == "effect":
            yield RESULTS, template[RESULTS].label
    yield QUOTES, template[QUOTES].label


def _row_passages(case: Case, source: SourceRevision) -> Iterator[Passage]:
    for place, row in enumerate(case.results):
        text = row_text(row)
        if text:
            dated = _cell(row, "now_on")
            yield Passage(*_of(source), RESULTS, place, text, PassageKind.RESULT, dated)


def row_text(row: Row) -> str:
    """Measure, figure before and now with the unit, and the row's note: cells as they stand, "" without a figure."""
    measure, before, now = _cell(row, "measure"), _cell(row, "before"), _cell(row, "now")
    if not (measure and now):
        return ""
    unit = _cell(row, "counted_in")
    figures = " → ".join(_with_unit(value, unit) for value in (before, now) if value)
    note = _cell(row, "note")
    return f"{measure}：{figures}（{note}）" if note else f"{measure}：{figures}"


def _with_unit(value: str, unit: str) -> str:
    """The unit stands behind a bare figure; what is worded already is left as it is."""
    if not unit or value.endswith(unit):
        return value
    if _BARE_FIGURE.search(value):
        return f"{value}{unit}"
    return f"{value}（{unit}）" if _ABOUT_FIGURE.search(value) else value


def _cell(row: Mapping[str, object], key: str) -> str:
    value = str(row.get(key, ""))
    return "" if value == UNSTATED else value


def _passage(source: SourceRevision, section: str, place: int, text: str, kind: PassageKind) -> Passage:
    return Passage(*_of(source), section, place, text, kind)


def _of(source: SourceRevision) -> tuple[str, int, str]:
    return source.record_id, source.number, source.digest


def _stands_alone(text: str) -> bool:
    is_whole = text.endswith(("。", "！")) and all(
        text.count(opening) == text.count(closing) for opening, closing in _PAIRS
    )
    return is_whole and not _DEPENDENT.match(text)


def _rank(passage: Passage) -> tuple[int, int, str, int]:
    """Figures first, then the section, then a length that is read at a glance."""
    points = WHERE[passage.section] + 3 * bool(_FIGURE.search(passage.text)) + (18 <= len(passage.text) <= 48)
    return -points, len(passage.text), passage.section, passage.position


def _bare(text: str) -> str:
    return text.rstrip("。！？；")

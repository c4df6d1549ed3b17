"""From the plain values of a file to the answers a template asks for, with all faults at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb.domain.finding import Report
from kb.domain.kinds import EMPTY, READERS, Plain
from kb.domain.partial_date import PartialDate, Period
from kb.domain.records import SourceReference
from kb.domain.template import UNSTATED, Need, Slot, Template

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")


@dataclass(frozen=True)
class Answers:
    """Typed values by slot key (every slot present), and the slots answered with 原文未载."""

    values: Mapping[str, Any]
    unstated: frozenset[str]


def count_han(text: str) -> int:
    """How many Han characters stand in the text."""
    return len(_HAN.findall(text))


def read_answers(template: Template, plain: Mapping[str, Plain], report: Report) -> Answers:
    """Reads every slot; a missing or faulty one gets its kind's empty value and a finding."""
    for key in plain:
        if key not in template.keys:
            report.warn(key, f"模板里没有“{key[:30]}”这一项，它不会显示。", "改成模板中的名称，或删去。")
    values: dict[str, Any] = {}
    unstated: set[str] = set()
    for slot in template.slots:
        raw = _without_blanks(plain.get(slot.key, ""))
        empty = EMPTY.get(slot.kind, "")
        if _is_unstated(raw):
            values[slot.key] = empty
            unstated.add(slot.key)
            if not slot.unstated:
                report.error(slot.key, f"“{slot.label}”不能答“{UNSTATED}”。", slot.help)
        elif raw in ("", [], {}):
            values[slot.key] = empty
        else:
            values[slot.key] = READERS[slot.kind](raw, slot, report)
            _check_size(slot, values[slot.key], report)
    return Answers(values, frozenset(unstated))


def _without_blanks(raw: Plain) -> Plain:
    """As a form left blank reads: rows nobody filled at the end of a list are not there, a blank group is "".

    Blank rows before filled ones stay, so that the lines of findings stay right.
    """
    if isinstance(raw, list):
        kept = [_without_blanks(entry) for entry in raw]
        while kept and kept[-1] in ("", [], {}):
            kept.pop()
        return kept
    if isinstance(raw, dict) and all(_without_blanks(value) in ("", [], {}) for value in raw.values()):
        return ""
    return raw


def _is_unstated(raw: Plain) -> bool:
    return raw == [UNSTATED] or (isinstance(raw, str) and raw.strip() == UNSTATED)


def _check_size(slot: Slot, value: Any, report: Report) -> None:
    if slot.han and isinstance(value, str):
        least, most = slot.han
        length = count_han(value)
        if not least <= length <= most:
            report.warn(slot.key, f"“{slot.label}”有 {length} 个汉字，宜在 {least} 到 {most} 个之间。", "增补或删减。")
    if slot.count and isinstance(value, tuple):
        least, most = slot.count
        if not least <= len(value) <= most:
            tell = report.error if slot.strict else report.warn
            tell(slot.key, f"“{slot.label}”有 {len(value)} 条，应当是 {least} 到 {most} 条。", "增补或删减。")


def check_needs(template: Template, answers: Answers, report: Report, *, wanted: Need) -> None:
    """Reports every slot that must be answered for `wanted` (SUBMIT or INCLUDE) and is not."""
    asked = {Need.SUBMIT} if wanted is Need.SUBMIT else {Need.SUBMIT, Need.INCLUDE}
    for slot in template.slots:
        if slot.need in asked and slot.key not in answers.unstated and answers.values[slot.key] in ("", (), {}, None):
            hint = f"；来源没有写的答“{UNSTATED}”" if slot.unstated else ""
            report.error(slot.key, f"缺少“{slot.label}”。", f"补上：{slot.help}{hint}。")


def plain_answers(template: Template, answers: Answers) -> dict[str, Plain]:
    """The plain values `read_answers` gives these answers for; what is not answered is left out."""
    plain: dict[str, Plain] = {}
    for slot in template.slots:
        if slot.key in answers.unstated:
            plain[slot.key] = UNSTATED
        elif answers.values[slot.key] not in ("", (), {}, None):
            value = answers.values[slot.key]
            plain[slot.key] = slot.label_of(value) if slot.kind == "choice" else _plain(value)
    return plain


def _plain(value: Any) -> Plain:
    if isinstance(value, PartialDate):
        return value.text
    if isinstance(value, Period):
        ends = {"start": value.start, "end": value.end}
        return {key: end.text if end else UNSTATED for key, end in ends.items()}
    if isinstance(value, SourceReference):
        return _plain_source(value)
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items() if entry not in ("", ())}
    return value


def _plain_source(source: SourceReference) -> Plain:
    given = {
        "record": source.record, "parts": list(source.parts), "title": source.title, "publisher": source.publisher,
        "date": source.published_on, "url": source.url, "file": source.file,
    }  # fmt: skip
    return {key: value for key, value in given.items() if value}

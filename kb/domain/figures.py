"""Every figure of a case stands in the part of the source it names.

A citation is the name of a part in tortoise-shell brackets: 〔二(四)〕. A figure belongs to the next citation after it in
the same paragraph; in a row, to the row's `part`; in any other field, to one of the parts the case names.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kb.domain.case import Case
from kb.domain.finding import Report
from kb.domain.mechanism import Mechanism
from kb.domain.records import SourceRecord
from kb.domain.template import Slot, Template

CITATION = re.compile(r"〔([^〔〕\n]{1,12})〕")
_FIGURE = re.compile(r"\d+(?:\.\d+)?%?")
_DOCUMENT = re.compile(r"《[^《》]{2,60}》")
_UNCHECKED = {"id", "period", "review_by", "sources", "expected"}
_UNCHECKED_CELLS = {"before_on", "now_on", "look_again_on", "part"}
UNCITED = "?"
"""The part of a piece of a section that no citation follows."""


class Claim(NamedTuple):
    """Figures or document names of one field, and the part that must hold them ("" = any named part, UNCITED = none)."""

    field: str
    text: str
    part: str


def check_figures(
    template: Template, record: Case | Mechanism, records: Mapping[str, SourceRecord], report: Report
) -> None:
    """Reports every figure and named document that does not stand in the part it names."""
    facts = _facts(record.named_parts, records)
    if not facts:
        return
    for claim in find_claims(template, record):
        if claim.part == UNCITED:
            for token in _tokens(claim.text):
                report.error(
                    claim.field, f"“{token}”没有注明出自来源的哪一部分。", "在这句话后面加〔部分名〕，如〔二(四)〕。"
                )
        elif claim.part and claim.part not in facts:
            report.error(
                claim.field,
                f"引用的“{claim.part}”不在所列的来源部分中。",
                "在来源的“所用部分”里补上，或改正引用。",
                in_files="parts",
            )
        else:
            _check_claim(claim, facts, report)


def _check_claim(claim: Claim, facts: Mapping[str, str], report: Report) -> None:
    known = facts[claim.part] if claim.part else "\n".join(facts.values())
    place = claim.part or "、".join(facts)
    for token in _tokens(claim.text):
        if not _stands_in(token, known):
            report.error(claim.field, f"“{token}”在出处“{place}”中找不到。", "照抄来源的数字和名称，或改正所引部分。")


def count_facts(template: Template, record: Case | Mechanism) -> int:
    """How many figures and document names a record states."""
    return sum(len(_tokens(claim.text)) for claim in find_claims(template, record))


def find_claims(template: Template, record: Case | Mechanism) -> Iterator[Claim]:
    """All the text of a record that makes claims, cut by the part each piece names."""
    for slot in template.slots:
        if slot.key not in _UNCHECKED and slot.kind not in (
            "choice",
            "problem",
            "problems",
            "indicators",
            "mechanism",
            "loop",
        ):
            yield from _claims(slot, getattr(record, slot.key))
    if isinstance(record, Mechanism):
        yield from _section_claims("notes", record.notes)


def _claims(slot: Slot, value: object) -> Iterator[Claim]:
    if slot.is_section:
        yield from _section_claims(slot.key, str(value))
    elif isinstance(value, str):
        yield Claim(slot.key, value, "")
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from _entry_claims(f"{slot.key}.{index}", entry)
    elif isinstance(value, Mapping):
        yield from _entry_claims(slot.key, value)


def _entry_claims(path: str, entry: object) -> Iterator[Claim]:
    if isinstance(entry, str):
        yield Claim(path, entry, "")
    elif isinstance(entry, Mapping):
        for key, cell in entry.items():
            if key not in _UNCHECKED_CELLS:
                text = cell if isinstance(cell, str) else "\n".join(cell)
                yield Claim(f"{path}.{key}", text, entry.get("part", ""))


def _section_claims(key: str, text: str) -> Iterator[Claim]:
    for paragraph in re.split(r"\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.\s))", text):
        body = re.sub(r"^\s*\d+\.\s", "", paragraph)
        start = 0
        for citation in CITATION.finditer(body):
            yield Claim(key, body[start : citation.start()], citation[1])
            start = citation.end()
        yield Claim(key, body[start:], UNCITED)


def _facts(named: Mapping[str, Iterable[str]], records: Mapping[str, SourceRecord]) -> dict[str, str]:
    facts: dict[str, str] = {}
    for record_id, parts in named.items():
        record = records.get(record_id)
        for part in parts if record else ():
            if record and part in record.parts:
                # Two records may have parts of one name; a citation then means both.
                facts[part] = facts.get(part, "") + "\n" + _plain("\n".join(record.parts[part].facts))
    return facts


def _tokens(text: str) -> list[str]:
    plain = _plain(text)
    return _FIGURE.findall(plain) + _DOCUMENT.findall(plain)


def _plain(text: str) -> str:
    return re.sub(r"(?<=\d),(?=\d{3})", "", unicodedata.normalize("NFKC", text))


def _stands_in(token: str, known: str) -> bool:
    if token.startswith("《"):
        return token in known
    return re.search(rf"(?<![\d.]){re.escape(token)}(?![\d%]|\.\d)", known) is not None

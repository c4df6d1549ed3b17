"""Of a source that was read in part nobody may say that it does not say something."""

from dataclasses import replace
from datetime import date

import pytest

from kb.repository.record_file import parse_record
from kb.services.build_records import judge_case
from tests.made_up import CASE, CASE_TEMPLATE, RECORD, REFERENCE

PART = replace(RECORD, extent="部分")
SEEN_IN_PART = replace(REFERENCE, references=replace(REFERENCE.references, records={"made-up": PART}))


def denials(text: str, reference=REFERENCE) -> list[str]:
    plain = parse_record(text.encode(), CASE_TEMPLATE)
    found = judge_case(plain, reference, "cases/000000-2020-01.md", today=date(2026, 11, 23)).findings
    return [finding.field for finding in found if "只读到一部分" in finding.message]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("时间一长便散了。", "来源没有写原因。", "causes"),
        ("时间一长便散了。", "何时开始，原文未载。", "causes"),
        ("counted_in: 个, part: 二}", "counted_in: 个, part: 二, note: 来源也没有说怎么数的}", "results.0.note"),
        ("scope: [有支部不开会的镇]", "scope: [多大的镇原文未载]", "promotion.scope"),
    ],
)
def test_a_denial_in_prose_is_an_error_unless_the_whole_was_read(old: str, new: str, field: str) -> None:
    text = CASE.replace(old, new)
    assert text != CASE
    assert denials(text, SEEN_IN_PART) == [field]
    assert denials(text) == []


def test_the_answer_by_itself_is_no_denial() -> None:
    assert "preconditions: 原文未载" in CASE
    assert denials(CASE, SEEN_IN_PART) == []

"""Plain values of every kind as lines a person reads."""

from typing import Any

import pytest

from kb.domain.field_text import field_text
from tests.made_up import CASE_TEMPLATE, REFERENCE


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("title", "虚构的标题", "虚构的标题"),
        ("title", "", ""),
        ("kind", "experience", "经验"),
        ("kind", "经验", "经验"),
        ("keywords", ["结对", "支部"], "结对\n支部"),
        ("problem", "P5.1", "P5.1 软弱涣散"),
        ("period", {"start": "2019-01", "end": "原文未载"}, "开始：2019-01\n结束：原文未载"),
        ("sources", [{"record": "made-up", "parts": ["一", "二"]}], "出处记录：虚构的报道；所用部分：一、二"),
        ("sources", [{"record": "unknown"}], "出处记录：unknown"),
        ("indicators", ["I01", "I99"], "I01 组织\nI99"),
        ("steps", [{"action": "摸底", "responsible": "镇党委", "due": ""}], "步骤：摸底；责任方：镇党委"),
        ("promotion", {"scope": ["甲", "乙"], "risks": "原文未载"}, "适用范围：甲\n适用范围：乙\n风险：原文未载"),
        ("practice", "第一段。\n\n第二段。", "第一段。\n\n第二段。"),
        ("steps", "原文未载", "原文未载"),
    ],
)
def test_a_value_reads_as_lines(key: str, value: Any, expected: str) -> None:
    assert field_text(CASE_TEMPLATE[key], value, REFERENCE.references) == expected

"""The evidence grade, by the rows a case has and the age of its newest figure."""

from dataclasses import replace
from datetime import date

import pytest

from kb.domain.case import Case
from kb.domain.evidence import Evidence, grade
from kb.repository.record_file import parse_record
from kb.services.build_records import restore_case
from tests.made_up import CASE, CASE_TEMPLATE, REFERENCE

ROW = {"measure": "会", "now": "3", "now_on": "2026-01", "part": "一"}


@pytest.fixture
def case() -> Case:
    return restore_case(parse_record(CASE.encode(), CASE_TEMPLATE), REFERENCE)


@pytest.mark.parametrize(
    ("row", "reproduced_by", "today", "expected"),
    [
        ({"measure": "会"}, 0, date(2026, 2, 1), Evidence.DESCRIBED),
        ({**ROW, "now": "原文未载"}, 0, date(2026, 2, 1), Evidence.DESCRIBED),
        ({**ROW, "part": ""}, 0, date(2026, 2, 1), Evidence.DESCRIBED),
        (ROW, 0, date(2026, 2, 1), Evidence.FIGURE),
        ({**ROW, "before": "9"}, 0, date(2026, 2, 1), Evidence.FIGURE),
        ({**ROW, "before": "9", "verified_by": "县督查室"}, 0, date(2026, 2, 1), Evidence.COMPARED),
        (ROW, 1, date(2026, 2, 1), Evidence.FIGURE),
        (ROW, 2, date(2026, 2, 1), Evidence.REPRODUCED),
        (ROW, 0, date(2028, 1, 31), Evidence.FIGURE),
        (ROW, 0, date(2028, 2, 1), Evidence.DESCRIBED),
        (ROW, 2, date(2030, 1, 1), Evidence.COMPARED),
        ({**ROW, "now_on": ""}, 0, date(2026, 2, 1), Evidence.DESCRIBED),
    ],
)
def test_grade(case: Case, row: dict[str, str], reproduced_by: int, today: date, expected: Evidence) -> None:
    assert grade(replace(case, results=(row,)), today=today, reproduced_by=reproduced_by) is expected

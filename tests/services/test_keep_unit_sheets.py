"""单位表: kept by its unit, version by version; a table of many comes back equal and is taken whole or not at all. Made up."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.domain.accounts import GUEST, Actor, Role
from kb.domain.drafting import tidy
from kb.domain.sheet_import import SheetReport, Verdict
from kb.domain.spreadsheet import ReadSheet, SheetRow
from kb.domain.taxonomy import Taxonomy, Unit
from kb.domain.unit_sheet import UnitSheet, check_unit_sheet, key_of_unit
from kb.domain.unit_table import fields_of_row, labels_of, told_cells
from kb.errors import AskedWrongly, Forbidden, NotFound
from kb.services.keep_unit_sheets import SheetConflict, UnitFilter, UnitSheetKeeping
from tests.made_up import TAXONOMY, UNIT_TEMPLATE
from tests.services.memory_ledger import ADOPTER, OTHER, OTHER_VILLAGE, STEWARD, VILLAGE, MemoryAdoptions, MemoryTrail
from tests.services.test_exchange_ledger import read_back

UNITS = {"虚构镇党委": Unit("虚构镇党委", "000000", "镇街"), VILLAGE: Unit(VILLAGE, "000001", "村社区")}
PLACES = Taxonomy(TAXONOMY.problems, TAXONOMY.retired, UNITS)
SHEET: dict[str, Any] = {
    "unit_kind": "村", "as_of": "2026-06", "party": {"party_form": "党支部", "established_on": "1999-07", "superior": "虚构镇党委"},
    "people": {"staff": "12", "members": "3"}, "mass_organisations": ["工会", "妇联"], "problems": ["P5.1"],
    "contacts": [{"office": "虚构的办公室", "phone": "010-00000000"}],
}  # fmt: skip


class MemoryUnitSheets:
    def __init__(self) -> None:
        self.rows: dict[str, UnitSheet] = {}

    def find(self, unit: str) -> UnitSheet | None:
        return self.rows.get(unit)

    def all(self) -> Mapping[str, UnitSheet]:
        return dict(self.rows)

    def adopted(self) -> Mapping[str, Sequence[str]]:
        return {VILLAGE: ["pair-up"]}

    def put(self, sheet: UnitSheet) -> bool:
        known = self.rows.get(sheet.unit)
        if (known.version if known else 0) != sheet.version:
            return False
        self.rows[sheet.unit] = replace(sheet, version=sheet.version + 1)
        return True


class Desk:
    def __init__(self) -> None:
        self.sheets, self.trail = MemoryUnitSheets(), MemoryTrail()
        now = datetime(2026, 11, 26, 8, tzinfo=UTC)
        self.keeping = UnitSheetKeeping(
            self.sheets, MemoryAdoptions(), self.trail, UNIT_TEMPLATE, PLACES, now=lambda: now
        )

    def keep(self, fields: Mapping[str, Any] = SHEET, *, actor: Actor = ADOPTER, version: int = 0) -> UnitSheet:
        return self.keeping.keep(actor, key_of_unit(VILLAGE), version, fields)

    def table(self, actor: Actor = STEWARD) -> ReadSheet:
        return read_back([self.keeping.take_out(actor, UnitFilter(), {"pair-up": "结对"})])[0]


def row(sheet: ReadSheet, unit: str, **cells: str) -> ReadSheet:
    """The table with the row of that unit alone, some of its cells changed."""
    found = next(one for one in sheet.rows if one.texts["单位"] == unit)
    return sheet._replace(rows=(SheetRow(2, {**found.texts, **cells}),))


def findings(report: SheetReport) -> list[str]:
    return [finding for one in report.rows for finding in one.findings]


def test_a_sheet_is_kept_version_by_version_and_told_to_the_trail() -> None:
    desk = Desk()
    first = desk.keep()
    assert (first.fields, first.version, first.kind) == (SHEET, 1, "村")
    assert desk.keep(version=1) == first
    second = desk.keep({**SHEET, "people": {"staff": "12", "members": "4"}}, version=1)
    assert desk.sheets.rows == {VILLAGE: second}
    assert desk.trail.notes[-1] == ("unit_sheet_changed", f"unit-sheet:{VILLAGE}", "党员数：3 → 4")
    with pytest.raises(SheetConflict) as conflict:
        desk.keep({**SHEET, "remark": "晚来的"}, version=1)
    assert conflict.value.theirs == second


def test_a_unit_keeps_its_own_sheet_and_who_promotes_every_one() -> None:
    desk = Desk()
    for actor, error in (
        (OTHER, Forbidden),
        (GUEST, Forbidden),
        (Actor(7, "x", VILLAGE, frozenset({Role.AUDITOR})), Forbidden),
    ):
        with pytest.raises(error):
            desk.keep(actor=actor)
    assert desk.keep(actor=STEWARD).version == 1
    with pytest.raises(NotFound):
        desk.keeping.open(ADOPTER, key_of_unit("没有的单位"))
    own = [line.sheet.unit for line in desk.keeping.lines(OTHER, UnitFilter())]
    assert own == [OTHER_VILLAGE, "虚构镇党委", VILLAGE]


@pytest.mark.parametrize(
    ("wanted", "units"),
    [
        (UnitFilter(), ["虚构镇党委", VILLAGE]),
        (UnitFilter(kind="村"), [VILLAGE]),
        (UnitFilter(level="镇街"), ["虚构镇党委"]),
        (UnitFilter(region="000001"), [VILLAGE]),
        (UnitFilter(name="村"), [VILLAGE]),
        (UnitFilter(filled="no"), ["虚构镇党委"]),
        (UnitFilter(filled="yes", level="镇街"), []),
    ],
)
def test_units_are_filtered(wanted: UnitFilter, units: list[str]) -> None:
    desk = Desk()
    desk.keep()
    assert [line.sheet.unit for line in desk.keeping.lines(STEWARD, wanted)] == units


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"unit_kind": ""}, "缺少“单位类别”。补上：照登记证书或批复写。"),
        ({"unit_kind": "公司"}, "“单位类别”没有“公司”这一项。"),
        ({"as_of": "去年"}, "“数据截至”不是日历上的日期"),
        ({"people": {"members": "三"}}, "人员 党员数：“党员数”应当是不小于零的数：三。"),
        ({"party": {"party_form": "小组"}}, "党组织 党组织形式：“党组织形式”没有“小组”这一项。"),
        ({"problems": ["P77"]}, "没有“P77”这个问题类型"),
        ({"contacts": [{"office": "x", "phone": "13800001234"}]}, "这里是个人手机号。"),
        ({"remark": "找我 13800001234"}, "“备注”里有手机号（138****1234）"),
        ({"business": "长" * 1001}, "“主要业务或职责”超过 1000 字"),
        ({"mass_organisations": ["长" * 101]}, "“群团组织”超过 100 字"),
    ],
)
def test_what_cannot_be_kept_is_named_with_what_to_do(changes: dict[str, Any], fault: str) -> None:
    faults = check_unit_sheet(UNIT_TEMPLATE, {**SHEET, **changes}, PLACES)
    assert any(fault in told for told in faults), faults
    with pytest.raises(AskedWrongly):
        Desk().keep({**SHEET, **changes})


WORD = st.text(st.sampled_from("甲乙丙 =-1a"), min_size=1, max_size=6).filter(lambda text: text.strip() != "")
FIELDS = st.fixed_dictionaries(
    {"unit_kind": st.sampled_from(("村", "社区")), "as_of": st.just("2026")},
    optional={
        "business": WORD, "remark": WORD, "mass_organisations": st.lists(WORD, max_size=3),
        "people": st.fixed_dictionaries({}, optional={"staff": st.integers(0, 99).map(str), "members": st.just("1.5")}),
        "party": st.fixed_dictionaries({}, optional={"party_form": st.just("党委"), "superior": WORD}),
        "problems": st.lists(st.sampled_from(("P5.1", "P1.1")), max_size=2, unique=True),
        "contacts": st.lists(st.fixed_dictionaries({"office": WORD}, optional={"phone": st.just("010-00000000")}), max_size=2),
    },
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(FIELDS)
def test_a_table_gives_back_the_answers_it_was_made_of(fields: dict[str, Any]) -> None:
    tidied = tidy(UNIT_TEMPLATE, fields)
    texts = {label: text.strip() for label, text in told_cells(UNIT_TEMPLATE, tidied, PLACES).items()}
    assert tidy(UNIT_TEMPLATE, fields_of_row(UNIT_TEMPLATE, texts, PLACES)) == tidied


def test_a_workbook_of_many_is_looked_over_and_then_taken() -> None:
    desk = Desk()
    desk.keep()
    table = desk.table()
    assert [one.texts["采用的机制（不读入）"] for one in table.rows] == ["", "结对"]
    assert desk.keeping.look_over(STEWARD, [table]).counts == {
        Verdict.NEW: 0, Verdict.CHANGED: 0, Verdict.UNCHANGED: 2, Verdict.REFUSED: 0,
    }  # fmt: skip
    filled = {
        "单位类别": "机关",
        "数据截至": "2026-11-01",
        "现有问题": "软弱涣散、P1.1",
        "联系科室": "办公室：010-00000001",
    }
    both = table._replace(rows=(*row(table, "虚构镇党委", **filled).rows, *row(table, VILLAGE, 党员数="5").rows))
    report = desk.keeping.take_in(STEWARD, [both])
    assert [(one.subject, one.verdict) for one in report.rows] == [
        ("虚构镇党委", Verdict.NEW),
        (VILLAGE, Verdict.CHANGED),
    ]
    assert desk.sheets.rows["虚构镇党委"].fields == {
        "unit_kind": "机关", "as_of": "2026-11-01", "problems": ["P5.1", "P1.1"],
        "contacts": [{"office": "办公室", "phone": "010-00000001"}],
    }  # fmt: skip
    assert desk.sheets.rows[VILLAGE].fields["people"] == {"staff": "12", "members": "5"}


@pytest.mark.parametrize(
    ("unit", "cells", "actor", "finding"),
    [
        ("虚构镇党委", {"备注": "改"}, ADOPTER, "这是别的单位的表，你不能改：删去这一行。"),
        (VILLAGE, {"版本": "7", "备注": "改"}, ADOPTER, "导出以后有人改过（现在是第 1 版）：重新下载，在新的表上改。"),
        (VILLAGE, {"单位": "没有的单位"}, STEWARD, "名册里没有“没有的单位”：写名册里的全称，或先请库管员登记。"),
        (VILLAGE, {"单位": ""}, STEWARD, "没有写单位：写名册里的全称。"),
        (VILLAGE, {"现有问题": "没有的问题"}, ADOPTER, "没有“没有的问题”这个问题类型：从问题类型里选。"),
        (VILLAGE, {"联系科室": "办公室：13800001234"}, ADOPTER, "联系科室 第1行 电话：这里是个人手机号。改成科室的办公电话，本库不登个人手机。"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_taken_says_why_and_keeps_all_out(
    unit: str, cells: dict[str, str], actor: Actor, finding: str
) -> None:
    desk = Desk()
    kept = desk.keep()
    table = row(desk.table(), unit, **cells)
    assert finding in findings(desk.keeping.look_over(actor, [table]))
    with pytest.raises(AskedWrongly, match="一行也没有收"):
        desk.keeping.take_in(actor, [table])
    assert desk.sheets.rows == {VILLAGE: kept}


def test_the_same_unit_twice_and_a_table_without_its_columns_are_refused() -> None:
    desk = Desk()
    table = row(desk.table(), VILLAGE)
    twice = table._replace(rows=(*table.rows, SheetRow(9, table.rows[0].texts)))
    assert findings(desk.keeping.look_over(STEWARD, [twice])) == ["和第 2 行是同一个单位：留一行。"]
    for columns, fault in ((("单位",), "表里没有“版本”这一列"), (("单位", "版本"), "表里少了“单位类别”")):
        report = desk.keeping.look_over(STEWARD, [ReadSheet("单位表", columns, ())])
        assert [told.startswith(fault) for told in report.faults] == [True]
    empty = desk.keeping.look_over(STEWARD, [ReadSheet("单位表", labels_of(UNIT_TEMPLATE), ())])
    assert empty.faults == ("表里没有一行数据。",)

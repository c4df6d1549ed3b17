"""台账导出导入: what goes out comes back equal; a sheet is taken whole or not at all, and never over somebody's change."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.bootstrap.office_files import sheet_reader
from kb.domain.accounts import Actor, Role
from kb.domain.adoption import Adoption, AdoptionStage, Manner
from kb.domain.ledger_table import LEDGER, READ_COLUMNS, RESULTS, plain_cell, read_ledger, texts_of
from kb.domain.sheet_import import CellChange, RowReport, SheetReport, Verdict
from kb.domain.spreadsheet import ReadSheet, Sheet, SheetRow
from kb.errors import AskedWrongly, Forbidden
from kb.exports import build_workbook
from kb.services import exchange_ledger
from kb.services.adoptions import EventKind, LedgerFilter
from kb.services.confirm_adoption import UnitsByMechanism
from kb.services.exchange_ledger import LedgerExchange
from kb.services.keep_adoptions import RESULT_COLUMNS
from kb.services.ports import Catalogue
from tests.made_up import CASE_TEMPLATE, FILES, MECHANISM, REFERENCE
from tests.services.memory_ledger import (
    ADOPTER,
    CONFIRMER,
    OTHER,
    OTHER_VILLAGE,
    SOURCE_UNIT,
    STEWARD,
    UNITS,
    VILLAGE,
    MemoryPlans,
)
from tests.services.memory_shelf import build_catalogue, build_shelf
from tests.services.test_keep_adoptions import INTENDED, LANDED, STOPPED, TODAY, TRIAL, Ledger

LABELS = {column.key: column.label for column in CASE_TEMPLATE["results"].columns if column.key in RESULT_COLUMNS}
AUDITOR = Actor(9, "虚构审计员", "", frozenset({Role.AUDITOR}))
CATALOGUE = build_shelf(REFERENCE, FILES).catalogue
Change = Callable[[dict[str, str]], None]


class Desk(Ledger):
    """A ledger in memory and its exchange."""

    def __init__(self) -> None:
        super().__init__()
        self.exchange = self.over(CATALOGUE)

    def over(self, catalogue: Catalogue, units: UnitsByMechanism = lambda _: UNITS) -> LedgerExchange:
        """The exchange for somebody who sees this catalogue."""
        return LedgerExchange(
            self.adoptions, MemoryPlans(), self.trail, catalogue, units, REFERENCE, now=self.now, today=lambda: TODAY
        )

    def sheets(self, actor: Actor = ADOPTER) -> list[ReadSheet]:
        return read_back(self.exchange.take_out(actor, LedgerFilter()))


def read_back(sheets: Sequence[Sheet]) -> list[ReadSheet]:
    """As a reader gives them: every cell a text, rows from 2."""
    return [
        ReadSheet(
            sheet.name,
            sheet.columns,
            tuple(
                SheetRow(number, dict(zip(sheet.columns, (plain_cell(str(cell)) for cell in row), strict=True)))
                for number, row in enumerate(sheet.rows, 2)
                if any(str(cell).strip() for cell in row)
            ),
        )
        for sheet in sheets
    ]


def with_rows(sheets: Sequence[ReadSheet], name: str, *rows: Mapping[str, str]) -> list[ReadSheet]:
    """The sheets with these rows in one of them instead of its own."""
    return [
        sheet._replace(
            rows=tuple(SheetRow(2 + n, {**dict.fromkeys(sheet.columns, ""), **row}) for n, row in enumerate(rows))
        )
        if sheet.name == name
        else sheet
        for sheet in sheets
    ]


def changed(sheets: Sequence[ReadSheet], **cells: str) -> list[ReadSheet]:
    """The sheets with these cells in the first row of the ledger."""
    first = next(sheet for sheet in sheets if sheet.name == LEDGER).rows[0]
    return with_rows(sheets, LEDGER, {**first.texts, **cells})


def findings(report: SheetReport) -> list[str]:
    return [finding for row in report.rows for finding in row.findings]


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=30)
DAY = st.sampled_from(("", "2026-01-31", "2025-12-01"))
RESULT = st.dictionaries(
    st.sampled_from(RESULT_COLUMNS), TEXT.filter(lambda text: plain_cell(text) == text != ""), min_size=1
)
ADOPTION = st.builds(
    Adoption,
    number=st.just(0), unit=st.sampled_from((VILLAGE, OTHER_VILLAGE)), mechanism=st.sampled_from(("pair-up", "=other")),
    case_id=st.sampled_from(("", "000000-2020-01")), plan=st.integers(0, 3), manner=st.sampled_from(Manner),
    stage=st.sampled_from(AdoptionStage), intended_on=DAY, trial_on=DAY, landed_on=DAY, stopped_on=DAY, changes=TEXT,
    results=st.lists(RESULT, max_size=3).map(tuple), proof=TEXT, stop_reason=TEXT, judged=st.lists(TEXT, max_size=2).map(tuple),
    confirmed_unit=st.sampled_from(("", "虚构学校党支部")), confirmed_on=DAY, version=st.integers(1, 9),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(ADOPTION, min_size=1, max_size=6))
def test_whatever_goes_out_comes_back_equal(adoptions: list[Adoption]) -> None:
    desk = Desk()
    kept = [desk.adoptions.add(one) for one in adoptions]
    sheets = desk.sheets(STEWARD)
    lines, faults = read_ledger(sheets, LABELS)
    assert faults == []
    assert [(line.number, line.version, line.texts, line.results) for line in lines] == [
        (
            str(one.number),
            str(one.version),
            {key: plain_cell(text) for key, text in texts_of(one).items()},
            one.results,
        )
        for one in kept
    ]
    assert {row.verdict for row in desk.exchange.take_in(STEWARD, sheets, "x").rows} == {Verdict.UNCHANGED}
    assert list(desk.adoptions.rows.values()) == kept
    assert desk.adoptions.events == []


def test_a_workbook_of_the_ledger_comes_back_equal() -> None:
    desk = Desk()
    kept = desk.report(INTENDED, TRIAL, replace(LANDED, changes="=1+1\n第二行", judged=("有可派的干部", "+86")))
    data = build_workbook(desk.exchange.take_out(ADOPTER, LedgerFilter()))
    sheets = sheet_reader().read("虚构.xlsx", data, READ_COLUMNS)
    assert [sheet.name for sheet in sheets] == ["推广台账", "成效数据", "填表说明"]
    assert desk.exchange.take_in(ADOPTER, sheets, "x").counts[Verdict.UNCHANGED] == 1
    assert desk.adoptions.rows == {1: kept}


def test_a_new_line_becomes_what_the_reports_of_a_form_would_have_made_of_it() -> None:
    desk, other = Desk(), Ledger()
    expected = other.report(INTENDED, TRIAL, LANDED)
    row = {
        "编号": "新1", "机制编号": "pair-up", "案例编号": "000000-2020-01", "阶段": "落地", "拟学日期": INTENDED.on,
        "试行日期": TRIAL.on, "落地日期": LANDED.on, "因地制宜改了什么": LANDED.changes, "凭据": LANDED.proof,
    }  # fmt: skip
    figures = {"编号": "新1", **{LABELS[key]: text for key, text in LANDED.results[0].items()}}
    sheets = with_rows(with_rows(desk.sheets(), LEDGER, row), RESULTS, figures)
    report = desk.exchange.look_over(ADOPTER, sheets)
    assert desk.adoptions.rows == {}
    assert [(row.number, row.subject, row.verdict) for row in report.rows] == [
        (2, f"{VILLAGE} · 干部与支部结对", Verdict.NEW)
    ]
    assert CellChange("阶段", "", "落地") in report.rows[0].changes
    assert desk.exchange.take_in(ADOPTER, sheets, "x") == report
    kept = desk.adoptions.rows[1]
    # of its own the form keeps a draft first, which is one version and one report more
    assert replace(kept, version=0, news_at="", made_at="") == replace(expected, version=0, news_at="", made_at="")
    assert [(event.kind, event.before and event.before.stage) for event in desk.adoptions.events] == [
        (EventKind.RECORDED, None),
        (EventKind.REPORTED, AdoptionStage.INTENDED),
        (EventKind.REPORTED, AdoptionStage.TRIAL),
    ]
    assert [note[0] for note in desk.trail.notes] == [
        "ledger_exported", "adoption_recorded", "adoption_reported", "adoption_reported", "ledger_imported",
    ]  # fmt: skip


def test_a_line_goes_on_by_reports_and_can_then_be_taken_back() -> None:
    desk = Desk()
    kept = desk.report(INTENDED)
    sheets = changed(desk.sheets(), 阶段="试行", 试行日期="2026-05-01", 因地制宜改了什么="改了人数")
    report = desk.exchange.take_in(ADOPTER, sheets, "x")
    assert report.rows == (
        RowReport(
            2, f"第 1 号 {VILLAGE} · 干部与支部结对", Verdict.CHANGED,
            (CellChange("阶段", "拟学", "试行"), CellChange("试行日期", "", "2026-05-01"), CellChange("因地制宜改了什么", "虚构的改动", "改了人数")),
        ),
    )  # fmt: skip
    moved = desk.adoptions.rows[1]
    assert moved == replace(
        kept,
        stage=AdoptionStage.TRIAL,
        trial_on="2026-05-01",
        changes="改了人数",
        version=kept.version + 1,
        news_at=moved.news_at,
    )
    assert desk.adoptions.events[-1].detail == "从表里报：拟学 → 试行（2026-05-01）"
    back = desk.keeping.take_back(ADOPTER, 1, moved.version, "报错了")
    assert (back.stage, back.trial_on) == (AdoptionStage.INTENDED, "")


def test_result_rows_alone_are_an_amendment_and_a_file_without_their_sheet_leaves_them() -> None:
    desk = Desk()
    kept = desk.report(INTENDED, TRIAL)
    figures = {"编号": "1", "成效指标": "会", "现值": "12"}
    report = desk.exchange.take_in(ADOPTER, with_rows(desk.sheets(), RESULTS, figures), "x")
    assert report.rows[0].changes == (CellChange("成效数据", "", "成效指标 会，现值 12"),)
    assert desk.adoptions.rows[1].results == ({"measure": "会", "now": "12"},)
    assert desk.adoptions.events[-1].kind is EventKind.AMENDED
    alone = [sheet for sheet in desk.sheets() if sheet.name == LEDGER]
    desk.exchange.take_in(ADOPTER, changed(alone, 凭据="新的凭据"), "x")
    after = desk.adoptions.rows[1]
    assert (after.results, after.proof, kept.proof) == (({"measure": "会", "now": "12"},), "新的凭据", "")


def test_one_row_that_cannot_be_taken_keeps_all_others_out() -> None:
    desk = Desk()
    desk.report(INTENDED)
    first = desk.sheets()[0].rows[0].texts
    sheets = with_rows(
        desk.sheets(),
        LEDGER,
        {**first, "阶段": "试行", "试行日期": "2026-05-01"},
        {"机制编号": "no-such", "阶段": "草稿"},
    )
    before = dict(desk.adoptions.rows)
    assert [row.verdict for row in desk.exchange.look_over(ADOPTER, sheets).rows] == [Verdict.CHANGED, Verdict.REFUSED]
    with pytest.raises(AskedWrongly, match="一行也没有收"):
        desk.exchange.take_in(ADOPTER, sheets, "x")
    assert (desk.adoptions.rows, len(desk.adoptions.events)) == (before, 2)


def test_a_row_changed_since_the_export_is_a_named_conflict() -> None:
    desk = Desk()
    kept = desk.report(INTENDED)
    sheets = changed(desk.sheets(), 凭据="表里的凭据")
    desk.keeping.report(ADOPTER, 1, kept.version, replace(INTENDED, stage=None, on="", proof="页面上的凭据"))
    assert findings(desk.exchange.look_over(ADOPTER, sheets)) == [
        "导出以后有人改过（现在是第 3 版）：重新下载，在新的表上改。"
    ]
    same = changed(desk.sheets(), 版本="1")
    assert desk.exchange.look_over(ADOPTER, same).rows[0].verdict is Verdict.UNCHANGED


@pytest.mark.parametrize(
    ("cells", "finding"),
    [
        ({"阶段": "落成"}, "没有“落成”这个阶段：从草稿、拟学、试行、落地、停用里写一个。"),
        ({"阶段": "落地", "试行日期": "2026-05-01", "落地日期": "2026-06-01"}, "报“落地”至少要有一行写了现值的成效数据；报“落地”要写凭据（台账、文件名、记录存放在哪里）：改好再导入。"),
        ({"阶段": "试行"}, "没有写哪一天，或不是日历上的日期（写成 2026-11-26）：改好再导入。"),
        ({"阶段": "试行", "试行日期": "2026-02-30"}, "没有写哪一天，或不是日历上的日期（写成 2026-11-26）：改好再导入。"),
        ({"阶段": "试行", "试行日期": "2027-01-01"}, "日期在今天以后：改好再导入。"),
        ({"阶段": "试行", "试行日期": "2026-01-01"}, "日期早于“拟学”的日期 2026-03-01：改好再导入。"),
        ({"阶段": "草稿"}, "“拟学”之后不能直接报“草稿”。接下来可以报：试行、停用。"),
        ({"拟学日期": "2026-02-01"}, "“拟学日期”和阶段“拟学”对不上：没有到的阶段不写日期和原因；报过的日期要改，到台账页上撤回。"),
        ({"落地日期": "2026-06-01", "停用原因": "无"}, "“落地日期”“停用原因”和阶段“拟学”对不上：没有到的阶段不写日期和原因；报过的日期要改，到台账页上撤回。"),
        ({"单位": "别处", "来由": "部署"}, "“单位”“来由”登记以后不能改：恢复原样；要换的，先停用这一条，再另登记一条。"),
        ({"确认单位": "虚构学校党支部"}, "确认不能从表里填：恢复“确认单位”“确认日期”的原样。"),
        ({"编号": "77"}, "台账里没有编号“77”：新增的一行，编号空着或写“新1”。"),
        ({"编号": "一号"}, "台账里没有编号“一号”：新增的一行，编号空着或写“新1”。"),
        ({"因地制宜改了什么": "长" * 3001}, "“因地制宜改了什么”超过 3000 字：改好再导入。"),
    ],
)  # fmt: skip
def test_each_fault_of_a_known_row_says_what_to_do(cells: dict[str, str], finding: str) -> None:
    desk = Desk()
    desk.report(INTENDED)
    assert findings(desk.exchange.look_over(ADOPTER, changed(desk.sheets(), **cells))) == [finding]


@pytest.mark.parametrize(
    ("cells", "actor", "finding"),
    [
        ({"机制编号": "no-such"}, ADOPTER, "没有找到这个机制。从“机制”列表里选一个。"),
        ({"案例编号": "000000-1999-01"}, ADOPTER, "没有找到这个案例。核对编号，或到“查案例”里检索。"),
        ({"单位": OTHER_VILLAGE}, ADOPTER, "只能填报本单位的采用：改成本单位，或删去这一行。"),
        ({"单位": "没有登记的单位"}, STEWARD, "名册里没有“没有登记的单位”：写名册里的全称，或先请库管员登记。"),
        ({"单位": ""}, STEWARD, "没有写单位：写名册里的全称。"),
        ({"版本": "2"}, ADOPTER, "新增的一行不写版本：把“版本”空着。"),
        ({"计划编号": "甲"}, ADOPTER, "“计划编号”是数字：写推广计划的编号，自主采用的空着。"),
        ({"计划编号": "5"}, ADOPTER, "这个推广计划不在推广中，或不是这个机制的。选“自主”，或从推广计划里选一个。"),
        ({"来由": "部署"}, ADOPTER, "“来由”应当是“自主”：有计划编号的是部署，没有的是自主。"),
        ({"确认单位": "虚构学校党支部"}, ADOPTER, "确认不能从表里填：把“确认单位”“确认日期”空着。"),
        ({"单位": SOURCE_UNIT}, STEWARD, "这是本单位自己的案例，不用采用：删去这一行。"),
    ],
)  # fmt: skip
def test_each_fault_of_a_new_row_says_what_to_do(cells: dict[str, str], actor: Actor, finding: str) -> None:
    desk = Desk()
    row = {"机制编号": "pair-up", **cells}
    assert findings(desk.exchange.look_over(actor, with_rows(desk.sheets(), LEDGER, row))) == [finding]


def test_the_same_line_twice_and_a_mechanism_already_in_use_are_named_by_row() -> None:
    desk = Desk()
    sheets = with_rows(
        desk.sheets(), LEDGER, {"机制编号": "pair-up"}, {"编号": "新2", "机制编号": "pair-up"}, {"编号": "新2"}
    )
    assert findings(desk.exchange.look_over(ADOPTER, sheets)) == [
        "和第 2 行是同一个单位、同一个机制：留一行。",
        "和第 3 行编号相同：留一行。",
    ]
    desk.report(INTENDED)
    assert findings(desk.exchange.look_over(ADOPTER, with_rows(desk.sheets(), LEDGER, {"机制编号": "pair-up"}))) == [
        "这个单位已经在采用这个机制（第 1 号）：在那一行上改。"
    ]


def test_a_stopped_line_is_not_taken_up_again_beside_a_running_one() -> None:
    desk = Desk()
    desk.report(INTENDED, TRIAL, LANDED, STOPPED)
    alone = changed(desk.sheets(), 阶段="试行", 试行日期="2026-11-01", 停用日期="", 停用原因="", 落地日期="")
    assert desk.exchange.look_over(ADOPTER, alone).is_sound
    desk.start(INTENDED)
    assert findings(desk.exchange.look_over(ADOPTER, alone)) == [
        "这个单位已经在采用这个机制（第 2 号）：在那一行上改。"
    ]


def test_no_more_lines_are_taken_than_go_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_ledger, "MOST_ROWS", 1)
    desk = Desk()
    rows = [{"机制编号": "pair-up"}, {"机制编号": "no-such"}]
    report = desk.exchange.look_over(ADOPTER, with_rows(desk.sheets(), LEDGER, *rows))
    assert report == SheetReport((), ("超过 1 条，一次收不下：分几次导入。",))
    assert desk.exchange.look_over(ADOPTER, with_rows(desk.sheets(), LEDGER, rows[0])).is_sound


def test_a_unit_changes_its_own_lines_alone_and_a_steward_any() -> None:
    desk = Desk()
    desk.report(INTENDED)
    sheets = changed(desk.sheets(OTHER), 凭据="别人写的")
    assert findings(desk.exchange.look_over(OTHER, sheets)) == [
        "这是别的单位的采用，你不能改：恢复原样，或删去这一行。"
    ]
    assert desk.exchange.take_in(STEWARD, sheets, "x").counts[Verdict.CHANGED] == 1
    assert (desk.adoptions.rows[1].unit, desk.adoptions.rows[1].proof) == (VILLAGE, "别人写的")
    # whose lines moved on meanwhile keeps nobody from bringing their own
    assert desk.exchange.look_over(CONFIRMER, sheets).rows[0].verdict is Verdict.UNCHANGED
    with pytest.raises(Forbidden):
        desk.exchange.look_over(AUDITOR, sheets)


def test_a_draft_of_another_unit_neither_goes_out_nor_is_known_of() -> None:
    desk = Desk()
    desk.start()
    assert [len(desk.sheets(actor)[0].rows) for actor in (ADOPTER, OTHER, STEWARD)] == [1, 0, 1]
    sheets = changed(desk.sheets(), 凭据="猜的")
    assert findings(desk.exchange.look_over(OTHER, sheets)) == ["台账里没有编号“1”：新增的一行，编号空着或写“新1”。"]


def test_a_case_one_may_not_see_is_not_named_and_a_line_that_comes_back_without_it_keeps_it() -> None:
    desk = Desk()
    kept = desk.report(INTENDED)
    blind = desk.over(build_catalogue(REFERENCE, {"mechanisms/pair-up.md": MECHANISM}))
    sheets = read_back(blind.take_out(ADOPTER, LedgerFilter()))
    assert [row.texts["案例编号"] for row in sheets[0].rows] == [""]
    assert blind.look_over(ADOPTER, sheets).rows[0].verdict is Verdict.UNCHANGED
    blind.take_in(ADOPTER, changed(sheets, 凭据="新的凭据"), "x")
    after = desk.adoptions.rows[1]
    assert (after.case_id, after.proof) == (kept.case_id, "新的凭据") == ("000000-2020-01", "新的凭据")
    assert findings(desk.exchange.look_over(ADOPTER, changed(desk.sheets(), 案例编号=""))) == [
        "“案例编号”登记以后不能改：恢复原样；要换的，先停用这一条，再另登记一条。"
    ]


def test_sources_are_those_of_the_form_and_asked_once_for_all_lines() -> None:
    asked: list[set[str]] = []

    def units(mechanisms: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        asked.append(set(mechanisms))
        return {"pair-up": {"000000-2020-01": SOURCE_UNIT, "000000-2021-01": VILLAGE}}

    desk = Desk()
    both = replace(ADOPTER, roles=ADOPTER.roles | STEWARD.roles)
    rows = ({"机制编号": "pair-up", "案例编号": "000000-2020-01", "单位": unit} for unit in (VILLAGE, SOURCE_UNIT))
    report = desk.over(CATALOGUE, units).look_over(both, with_rows(desk.sheets(), LEDGER, *rows))
    assert [row.findings for row in report.rows] == [(), ("这是本单位自己的案例，不用采用：删去这一行。",)]
    assert asked == [{"pair-up"}]


@pytest.mark.parametrize(
    ("sheets", "fault"),
    [
        ([ReadSheet("随便", ("单位",), (SheetRow(2, {"单位": "甲"}),))], "“推广台账”表里少了“编号”“版本”"),
        ([ReadSheet(LEDGER, READ_COLUMNS, ())], "表里没有一行数据"),
        (
            [
                ReadSheet(LEDGER, READ_COLUMNS, (SheetRow(2, dict.fromkeys(READ_COLUMNS, "")),)),
                ReadSheet(RESULTS, ("编号",), (SheetRow(2, {"编号": "1"}),)),
            ],
            "“成效数据”表里少了“成效指标”",
        ),
        (
            [
                ReadSheet(LEDGER, READ_COLUMNS, (SheetRow(2, dict.fromkeys(READ_COLUMNS, "")),)),
                ReadSheet(
                    RESULTS,
                    ("编号", *LABELS.values()),
                    (SheetRow(2, {**dict.fromkeys(LABELS.values(), "1"), "编号": "9"}),),
                ),
            ],
            "“成效数据”表里有编号“9”的行",
        ),
    ],
)
def test_a_sheet_that_is_none_of_ours_is_refused_whole(sheets: list[ReadSheet], fault: str) -> None:
    report = Desk().exchange.look_over(ADOPTER, sheets)
    assert not report.is_sound
    assert [told.startswith(fault) for told in report.faults] == [True]

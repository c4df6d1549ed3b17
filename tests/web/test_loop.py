"""The pages of the loop: what stands on a page is what was counted, its drawing and its sheet say the same, units are named to few."""

import io
import re
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from kb.bootstrap import Library
from kb.bootstrap.desk import Desk
from kb.domain.accounts import Role
from kb.services.measure_loop import HeatCell, HeatMap
from kb.services.measure_loop.counts import PlanFact
from kb.services.measure_loop.loop import Row
from kb.services.measure_loop.progress import PlanProgress
from kb.web.loop.figures import BAR_WIDTH, FUNNEL_WIDTH, PLAN_WIDTH, bar_chart, funnel_steps, heat_figure, plan_bars
from tests.services.loop_rows import History, MadeAdoption, MadePlan, MadeWanted, put_ledger
from tests.web.conftest import open_synced
from tests.web.page import Page
from tests.web.signed_in import open_app, signed_in

VILLAGE, TOWN = "虚构村党支部", "虚构镇党委"
CASE = "000000-2020-01"
LANDED = MadeAdoption(
    VILLAGE, "pair-up", CASE, "landed", "2025-01-01", "2025-02-01", "2025-03-01", "虚构县委", "2025-04-01"
)
LEDGER = History(
    adoptions=(
        LANDED,
        MadeAdoption(TOWN, "pair-up", "", "trial", "2026-01-01", "2026-02-01"),
        MadeAdoption(TOWN, "pair-up", "", "draft"),
    ),
    plans=(MadePlan("pair-up", units=(VILLAGE, TOWN), target_on="2026-12-31"),),
    wanted=(MadeWanted("P1.1", "town", unit=TOWN), MadeWanted("P5.1", "village", state="held")),
)
EVERY = ("", "/cell", "/turns", "/funnel", "/progress", "/analysis", "/ranking", "/indicators", "/indicators/own")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    opened = open_synced(tmp_path_factory.mktemp("loop"))
    with opened.desk.writing() as session:
        put_ledger(session, LEDGER)
    return opened


@pytest.fixture(scope="module")
def reader(library: Library) -> FlaskClient:
    return signed_in(library, "reader", Role.READER, unit=TOWN)


def sheet(client: FlaskClient, address: str) -> list[tuple[object, ...]]:
    answer = client.get(address)
    assert answer.status_code == 200
    rows = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True)
    return [tuple(row) for row in rows]


def test_the_drawing_the_table_and_the_sheet_of_the_map_say_the_same(reader: FlaskClient) -> None:
    rows = {(row[1], row[2]): row[3:] for row in sheet(reader, "/loop/heat-map.xlsx")[1:]}
    assert {place: numbers for place, numbers in rows.items() if any(numbers)} == {
        ("责任落实", "镇街"): (0, 0, 0, 1),
        ("组织功能", "镇街"): (1, 1, 1, 0),
        ("组织功能", "村社区"): (1, 1, 1, 0),
    }
    page = Page(reader.get("/loop").text)
    assert page.says("责任落实 空，去征集 空，去征集 空，去征集 0 / 0 / 0 / 1 空，去征集")
    assert page.says("组织功能 空，去征集 空，去征集 空，去征集 1 / 1 / 1 / 0 1 / 1 / 1 / 0 空，去征集 2 / 1 / 2 / 0")
    drawn = {
        measure: re.findall(r'class="number h\d"[^>]*>(\d+)<', reader.get(f"/loop?show={measure}").text)
        for measure in ("cases", "mechanisms", "adoptions", "wanted")
    }
    assert drawn == {"cases": ["1", "1"], "mechanisms": ["1", "1"], "adoptions": ["1", "1"], "wanted": ["1"]}


def test_an_empty_cell_asks_for_cases_and_fills_in_where(reader: FlaskClient) -> None:
    page = Page(reader.get("/loop/cell?problem=P1.1&level=town").text)
    assert page.says("这一格还没有案例，已有 1 个问题在征集")
    assert ("提一个待征集问题", "/wanted/new?problem=P1.1&level=town") in page.links
    form = reader.get("/wanted/new?problem=P1.1&level=town").text
    assert re.findall(r'<option value="([^"]+)" selected>', form)[:2] == ["P1.1", "town"]


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("/loop/funnel.xlsx", [("纳入", 1, 1), ("形成机制", 1, 1), ("推广", 1, 1), ("试行", 1, 1), ("落地", 1, 1), ("确认落地", 1, 1)]),
        ("/loop/analysis.xlsx?by=level", [("镇街", 1, 1, 1, 0, 0, 0, 1), ("村社区", 1, 1, 1, 1, 1, 0, 0)]),
        ("/loop/analysis.xlsx?by=year", [("2026", 0, 1, 1, 0, 0, 0, 0), ("2025", 0, 1, 1, 1, 1, 0, 1), ("2021", 1, 0, 0, 0, 0, 0, 0), ("2019", 1, 0, 0, 0, 0, 0, 0)]),
        ("/loop/analysis.xlsx?by=level&year=2026", [("镇街", 0, 1, 1, 0, 0, 0, 0)]),
        ("/loop/ranking.xlsx", [("镇街", "不排", TOWN, 0, 1, 0, "", 1), ("村社区", "不排", VILLAGE, 1, 1, 1, "", 0)]),
    ],
)  # fmt: skip
def test_what_a_sheet_says(reader: FlaskClient, address: str, rows: list[tuple[object, ...]]) -> None:
    found = [tuple("" if cell is None else cell for cell in row) for row in sheet(reader, address)[1:]]
    assert [row for row in found if any(row[1:])] == rows


def test_progress_names_who_has_not_moved_to_who_may_be_told(library: Library, reader: FlaskClient) -> None:
    guest = open_app(library).test_client()
    expected = [("虚构的计划 1", "干部与支部结对", "推广中", "2025-01-01", "2026-12-31", 2, 1, 0, 1, 0, 0, 0, "落后")]
    assert sheet(guest, "/loop/progress.xlsx")[1:] == expected
    assert [row[:13] for row in sheet(reader, "/loop/progress.xlsx")[1:]] == expected
    assert sheet(reader, "/loop/progress.xlsx")[0][13:] == ("由谁负责", "没有动的单位")
    assert Page(reader.get("/loop/progress").text).says("落后")


def test_a_guest_is_told_numbers_and_no_unit(library: Library) -> None:
    guest = open_app(library).test_client()
    answers = {path: guest.get(f"/loop{path}") for path in EVERY}
    refused = {path for path, answer in answers.items() if answer.status_code == 303}
    assert refused == {"/ranking", "/indicators/own"}
    for path in EVERY:
        if path not in refused:
            assert not re.search(
                f"{VILLAGE}|{TOWN}|虚构的科室",
                re.sub(r"<title>.*?</title>|虚构镇用结对|虚构村催", "", answers[path].text),
            ), path
    assert guest.get(f"/loop/analysis.xlsx?by=level&unit={TOWN}").data  # the unit is passed over
    assert sheet(guest, f"/loop/analysis.xlsx?by=level&unit={TOWN}") == sheet(guest, "/loop/analysis.xlsx?by=level")


def test_an_empty_library_says_what_to_do(empty_library: Library) -> None:
    client = signed_in(empty_library, "reader", Role.READER, unit=TOWN)
    told = {
        "": "投一篇案例", "/turns": "编辑投稿时写", "/funnel": "投一篇案例", "/progress": "库管员在机制页定推广计划",
        "/ranking": "再由第三方确认", "/indicators/own": "在下面上传一份",
    }  # fmt: skip
    assert {path: Page(client.get(f"/loop{path}").text).says(words) for path, words in told.items()} == dict.fromkeys(
        told, True
    )


@pytest.mark.parametrize(
    "query",
    ["?year=99999&level=zz&field=zz&problem=zz&page=-1&by=zz&show=zz", "?page=999999999999", "?unit=" + "长" * 500],
)
def test_odd_addresses_are_passed_over(reader: FlaskClient, query: str) -> None:
    assert {path: reader.get(f"/loop{path}{query}").status_code for path in EVERY} == dict.fromkeys(EVERY, 200)
    assert reader.get("/loop/no-such-chart.xlsx").status_code == 404


QUESTIONS = {
    "": 3, "/cell": 6, "/turns": 2, "/funnel": 3, "/progress": 3, "/analysis?by=unit": 3, "/ranking": 4,
    "/indicators": 2, "/indicators/own": 1,
}  # fmt: skip
"""Statements a page asks of the counted tables, however many rows they have."""


def asked(library: Library, client: FlaskClient, path: str) -> int:
    counted = re.compile(
        r"case_record|case_problem|case_indicator|mechanism_|adoption|promotion_plan|wanted_problem|unit_sheet"
    )
    statements: list[str] = []

    def note(*given: object) -> None:
        if counted.search(str(given[2])):
            statements.append(str(given[2]))

    engines = (library._database, library.desk.engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(f"/loop{path}").status_code == 200
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
    return len(statements)


def test_a_page_asks_as_often_for_one_row_as_for_three(tmp_path: Path) -> None:
    library = open_synced(tmp_path)
    client = signed_in(library, "reader", Role.READER, unit=TOWN)
    one = History((), (), (LANDED,), (MadePlan("pair-up", units=(VILLAGE,)),), (MadeWanted("P5.1", "town"),))
    found = []
    for _ in range(2):
        with library.desk.writing() as session:
            put_ledger(session, one._replace(wanted=()) if found else one)
            if found:
                put_ledger(session, one._replace(wanted=()))
        reads = asked(library, client, "")
        found.append(({path: asked(library, client, path) for path in QUESTIONS}, reads - QUESTIONS[""]))
    # What is counted by, and what mechanisms are called, is read by the first page, and the ledger's part by the first after a change.
    assert found == [(QUESTIONS, 8), (QUESTIONS, 2)]


def test_what_another_process_reported_is_on_the_next_page(tmp_path: Path) -> None:
    library = open_synced(tmp_path)
    client = signed_in(library, "reader", Role.READER, unit=TOWN)
    numbers = []
    for more in (0, 1, 0, 2):
        other = Desk(library.settings.data_folder)
        with other.writing() as session:
            put_ledger(session, History(adoptions=(LANDED,) * more))
        other.close()
        heads, *rows = sheet(client, "/loop/analysis.xlsx?by=unit")
        numbers.append(sum(row[heads.index("采用")] for row in rows))
    assert numbers == [0, 1, 1, 3]


def test_bars_are_to_scale_and_carry_their_numbers() -> None:
    chart = bar_chart([("甲", (4, 10, 5)), ("乙", (2, 0, 0))], ("案例", "采用", "确认"), scales=(0, 1, 1))
    assert [[(bar.width / BAR_WIDTH, bar.words) for bar in row.bars] for row in chart.rows] == [
        [(1, "案例 4"), (1, "采用 10"), (0.5, "确认 5")],
        [(0.5, "案例 2"), (0, "采用 0"), (0, "确认 0")],
    ]


def test_a_funnel_narrows_about_one_middle_and_a_plan_fills_its_bar() -> None:
    steps = funnel_steps([("纳入", 8), ("推广", 4), ("落地", 0), ("确认", 0)])
    assert [(step.width / FUNNEL_WIDTH, step.share) for step in steps] == [(1, None), (0.5, 50), (0, 0), (0, None)]
    assert len({step.x + step.width / 2 for step in steps}) == 1
    plan = PlanFact(1, "虚构的计划", "m", "", (), (), (), "2026-01-01", "2026-12-31", "", True)
    reached = {"confirmed": 1, "landed": 0, "trial": 1, "intended": 0, "stopped": 0, "none": 2}
    (bar,) = plan_bars([PlanProgress(plan, 4, reached, 0.5, "落后", ())])
    assert [(part.stage, part.x / PLAN_WIDTH, part.width / PLAN_WIDTH) for part in bar.segments] == [
        ("confirmed", 0, 0.25), ("trial", 0.25, 0.25), ("none", 0.5, 0.5),
    ]  # fmt: skip
    assert bar.mark == PLAN_WIDTH / 2


def test_a_square_is_the_darker_the_more_and_marks_what_is_looked_for() -> None:
    rows, columns = [Row("P1", "一"), Row("P2", "二")], [Row("town", "镇街")]
    cells = {("P1", "town"): HeatCell(cases=8), ("P2", "town"): HeatCell(wanted=1)}
    heat = HeatMap(rows, columns, cells, {}, HeatCell())
    assert [(one.number, one.shade, one.is_wanted) for one in heat_figure(heat, "cases").squares] == [
        (8, 4, False), (0, 0, True),
    ]  # fmt: skip
    assert heat.gaps == 1


SYSTEM = "编码,名称,上级编码,层级,类别,计量单位,对应编号\nA,虚构的组织指标,,一级,组织,项,I01\nA1,虚构的开会指标,A,二级,组织,次,P5.1\n"


def send(client: FlaskClient, text: str) -> str:
    file = (io.BytesIO(text.encode()), "indicators.csv")
    answer = client.post("/loop/indicators/own", data={"file": file}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_a_unit_s_indicators_are_taken_in_whole_covered_and_taken_back(library: Library, reader: FlaskClient) -> None:
    token = send(reader, SYSTEM)
    assert Page(reader.get(token).text).says("虚构的开会指标")
    assert reader.post(token).status_code == 303
    found = {row[0]: (row[7], row[9], row[14]) for row in sheet(reader, "/loop/indicators/own.xlsx")[1:]}
    assert found == {"A": (2, 1, 0), "A1": (2, 1, 0)}
    assert Page(signed_in(library, "other", Role.READER, unit=VILLAGE).get("/loop/indicators/own").text).says(
        "还没有指标体系"
    )
    number = re.findall(r'name="number" value="(\d+)"', reader.get("/loop/indicators/own").text)[0]
    assert reader.post("/loop/indicators/own/back", data={"number": number}).status_code == 303
    assert reader.get("/loop/indicators/own.xlsx").status_code == 404
    assert reader.post("/loop/indicators/own/back", data={"number": number}).status_code == 400


def test_a_broken_list_is_refused_row_by_row_and_nothing_is_taken(reader: FlaskClient) -> None:
    broken = "编码,名称,上级编码,对应编号\nA,甲,B,\nB,乙,A,\nC,丙,,\nC,丁,,X9\n,戊,没有,\n"
    token = send(reader, broken)
    page = Page(reader.get(token).text)
    for words in (
        "上级绕了一圈又回到自己",
        "编码与前面的行重复",
        "库里没有编号为“X9”的",
        "没有写“编码”",
        "表里没有编码为“没有”的上级",
    ):
        assert page.says(words), words
    assert reader.post(token).status_code == 400
    assert Page(reader.get("/loop/indicators/own").text).says("本单位还没有指标体系")

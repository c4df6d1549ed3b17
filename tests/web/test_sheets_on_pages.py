"""台账表格, 单位表, 年度报告 on their pages: sent, looked over, taken in; one account's upload is nobody else's. Made up."""

import io

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from kb.bootstrap import Library
from kb.database.adoptions import SqlAdoptions
from kb.domain.accounts import Role
from kb.domain.adoption import Adoption, AdoptionStage, Manner
from kb.domain.unit_sheet import key_of_unit
from tests.web.conftest import open_synced
from tests.web.page import Page
from tests.web.signed_in import open_app, signed_in

VILLAGE = "虚构村党支部"
KEY = key_of_unit(VILLAGE)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    made = open_synced(tmp_path_factory.mktemp("sheets"))
    with made.desk.writing() as session:
        SqlAdoptions(session).add(
            Adoption(
                0, VILLAGE, "pair-up", "", 0, Manner.OWN, AdoptionStage.LANDED, "2026-03-01", "2026-04-01", "2026-09-01",
                results=({"measure": "会", "now": "约12"},), proof="虚构的台账", confirmed_unit="虚构学校",
                confirmed_on="2026-10-01", news_at="2026-09-01T00:00:00+00:00",
            )
        )  # fmt: skip
    return made


@pytest.fixture(scope="module")
def app(library: Library) -> Flask:
    return open_app(library)


@pytest.fixture
def villager(library: Library, app: Flask) -> FlaskClient:
    return signed_in(library, "villager", Role.READER, unit=VILLAGE, app=app)


def workbook(client: FlaskClient, address: str, **cells: str) -> bytes:
    """What that address exports, with these cells in the row of the village."""
    response = client.post(address, data={"whose": "all"})
    assert response.mimetype.endswith("spreadsheetml.sheet")
    book = openpyxl.load_workbook(io.BytesIO(response.data))
    page = book.worksheets[0]
    columns = {cell.value: cell.column for cell in page[1]}
    row = next(cell.row for cell in page[openpyxl.utils.get_column_letter(columns["单位"])] if cell.value == VILLAGE)
    for label, text in cells.items():
        page.cell(row, columns[label]).value = text
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def send(client: FlaskClient, address: str, data: bytes, name: str = "虚构.xlsx") -> TestResponse:
    return client.post(address, data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def test_a_ledger_is_sent_looked_over_and_taken_in(library: Library, app: Flask, villager: FlaskClient) -> None:
    data = workbook(villager, "/ledger-sheet/export", 阶段="停用", 停用日期="2026-11-01", 停用原因="不再需要")
    sent = send(villager, "/ledger-sheet", data)
    assert sent.status_code == 303
    address = sent.headers["Location"]
    page = villager.get(address).text
    assert Page(page).says("虚构村党支部 · 干部与支部结对") and "pair-up" not in page
    assert "确认导入（新增 0 条，改动 1 条）" in page and "<ins>不再需要</ins>" in page
    with library.desk.session() as session:
        assert SqlAdoptions(session).numbered([1])[1].stage is AdoptionStage.LANDED
    other = signed_in(library, "another", Role.READER, unit=VILLAGE, app=app)
    assert [other.get(address).status_code, other.post(address).status_code] == [404, 404]
    assert villager.post(address).headers["Location"] == "/ledger-sheet"
    assert "导入好了：新增 0 条，改动 1 条。" in villager.get("/ledger-sheet").text
    with library.desk.session() as session:
        kept = SqlAdoptions(session).numbered([1])[1]
    assert (kept.stage, kept.stop_reason, kept.confirmed_unit) == (AdoptionStage.STOPPED, "不再需要", "虚构学校")
    again = villager.post(address)
    assert again.status_code == 303  # the same once more changes nothing
    with library.desk.session() as session:
        assert SqlAdoptions(session).numbered([1])[1] == kept


def test_what_cannot_be_read_or_taken_is_said_on_the_page(villager: FlaskClient) -> None:
    for name, data, words in (
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "请用 Excel 或 WPS 打开，另存为 xlsx 再上传。"),
        ("x.csv", "甲,乙\n1,2\n".encode(), ""),
    ):
        sent = send(villager, "/ledger-sheet", data, name)
        text = villager.get(sent.headers["Location"]).text if sent.status_code == 303 else sent.text
        assert (words or "整份表不能收：") in text
        assert "确认导入（" not in text
    nothing = villager.post("/ledger-sheet", data={})
    assert (nothing.status_code, "没有选文件。" in nothing.text) == (400, True)


def test_a_unit_fills_its_sheet_and_two_at_once_lose_nothing(villager: FlaskClient) -> None:
    form = {
        "version": "0", "unit_kind": "村", "as_of": "2026-10", "people.members": "31", "problems": "P5.1",
        "contacts.0.office": "党建办", "contacts.0.phone": "010-00000000", "mass_organisations": "工会\r\n妇联\r\n",
    }  # fmt: skip
    wrong = villager.post(
        f"/units/{KEY}/edit", data={**form, "people.members": "很多", "contacts.0.phone": "13800001234"}
    )
    assert wrong.status_code == 400
    assert "“党员数”应当是不小于零的数：很多。" in wrong.text and "这里是个人手机号。" in wrong.text
    assert 'value="很多"' in wrong.text
    assert villager.post(f"/units/{KEY}/edit", data=form).headers["Location"] == f"/units/{KEY}"
    late = villager.post(f"/units/{KEY}/edit", data={**form, "remark": "晚来的"})
    assert (late.status_code, "现在库里的内容（第 1 版）" in late.text, "晚来的" in late.text) == (409, True, True)
    shown = Page(villager.get(f"/units/{KEY}").text)
    assert [words for _, words in shown.headings] == [VILLAGE, "现有问题", "采用的机制"]
    assert ("干部与支部结对", "/mechanisms/pair-up") in shown.links


def test_unit_sheets_come_in_by_a_workbook(library: Library, app: Flask) -> None:
    steward = signed_in(library, "steward", Role.STEWARD, app=app)
    data = workbook(steward, "/units/export", 单位类别="村", 数据截至="2026-11", 备注="从表里来")
    address = send(steward, "/units/sheet", data).headers["Location"]
    assert "备注" in steward.get(address).text
    assert steward.post(address).status_code == 303
    assert "从表里来" in steward.get(f"/units/{KEY}").text
    assert [
        one for one in ('<td data-label="类别"><span>村</span>',) if one not in steward.get("/units?kind=村").text
    ] == []


def test_a_year_s_report_is_a_page_and_a_file(library: Library, app: Flask) -> None:
    steward = signed_in(library, "steward", Role.STEWARD, app=app)
    page = steward.get("/reports?year=2026").text
    assert "会：约12" in page and "数字出处和统计办法：" in page
    assert steward.get("/reports?year=2030").status_code == 400
    file = steward.post("/reports/2026.md")
    assert file.mimetype == "text/markdown" and "经确认的落地" in file.get_data(as_text=True)
    assert steward.post("/reports/2026.docx").data.startswith(b"PK")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_units_asks_the_same_whatever_its_length(
    library: Library, app: Flask, villager: FlaskClient, rows: int
) -> None:
    with library.desk.writing() as session:
        for number in range(rows):
            SqlAdoptions(session).add(
                Adoption(0, f"虚构单位{rows}{number}", "pair-up", "", 0, Manner.OWN, AdoptionStage.TRIAL, "2026-03-01")
            )
    asked: list[str] = []
    villager.get("/units")

    def note(*args: object) -> None:
        if "unit_sheet" in str(args[2]) or "adoption" in str(args[2]):
            asked.append(str(args[2]))

    event.listen(library.desk.engine, "before_cursor_execute", note)
    try:
        villager.get("/units")
    finally:
        event.remove(library.desk.engine, "before_cursor_execute", note)
    assert len(asked) == 2

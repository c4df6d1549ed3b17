"""下载 Word: a case and the blank form as files to save; only what readers may see."""

import io
import re
from urllib.parse import quote

import docx
from flask.testing import FlaskClient

from kb.intake.word_document import read_word
from kb.repository.record_file import parse_record
from kb.services.import_document import fill_fields
from tests.exports.word_file import WordFile
from tests.made_up import CASE, CASE_TEMPLATE
from tests.web.page import Page

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def doors(text: str) -> list[str]:
    """Where the buttons of a page's menu of downloads lead."""
    return re.findall(r'formaction="([^"]+)"', text)


def test_a_case_page_offers_its_files_in_one_menu(client: FlaskClient) -> None:
    text = client.get("/cases/000000-2020-01").text
    here = "/cases/000000-2020-01"
    assert doors(text) == [f"{here}/official.docx", f"{here}/official.pdf", f"{here}.docx"]
    assert '<summary class="action">下载</summary>' in text
    assert re.findall(r'<option value="(\w+)"( selected)?>', text) == [
        ("official", " selected"), ("windows", ""), ("open", "")
    ]  # fmt: skip


def test_the_word_file_holds_the_whole_case_under_its_title(client: FlaskClient) -> None:
    answer = client.get("/cases/000000-2020-01.docx")
    assert (answer.status_code, answer.mimetype) == (200, WORD)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    name = quote("案例表-虚构镇用结对办法帮三个软弱涣散支部开起会来.docx")
    assert f"attachment; filename*=UTF-8''{name}" in answer.headers["Content-Disposition"].replace(
        "filename=-.docx; ", ""
    )
    filled = fill_fields(read_word(answer.data), CASE_TEMPLATE, takes_automatic=True)
    assert filled.fields == parse_record(CASE.encode(), CASE_TEMPLATE).fields
    assert filled.tray == ()
    texts = [p.text for t in docx.Document(io.BytesIO(answer.data)).tables for c in t._cells for p in c.paragraphs]
    assert {"P5.1（软弱涣散）", "pair-up（干部与支部结对）", "made-up（虚构的报道，虚构报，2020-01-02）"} <= set(texts)


def test_what_readers_may_not_see_is_not_there(client: FlaskClient) -> None:
    unknown = "/cases/000000-1999-01"
    for address in (
        f"{unknown}.docx",
        f"{unknown}/official.docx",
        "/cases/..docx",
        "/cases/.docx",
        "/mechanisms/x.docx",
    ):
        assert client.get(address).status_code == 404, address


def test_the_blank_form_is_linked_and_downloads(client: FlaskClient) -> None:
    page = Page(client.get("/template").text)
    assert ("下载案例投稿表（Word）", "/template/case.docx") in page.links
    answer = client.get("/template/case.docx")
    assert (answer.status_code, answer.mimetype) == (200, WORD)
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(answer.data)).paragraphs]
    assert texts[0] == "案例投稿表"
    lists = [text for text in texts if text.startswith("〔清单〕")]
    assert (lists[0], lists[-1]) == (
        "〔清单〕P1 责任落实：P1.1 虚化弱化",
        "〔清单〕解决组织功能问题的机制：干部与支部结对",
    )


def paragraphs(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, WORD), address
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(answer.data)).paragraphs]


def test_the_official_layout_has_the_sections_and_the_sources_and_names_the_faces_asked_for(
    client: FlaskClient,
) -> None:
    texts = paragraphs(client, "/cases/000000-2020-01/official.docx")
    assert texts[0].replace("\n", "") == "虚构镇用结对办法帮三个软弱涣散支部开起会来"
    assert [text for text in texts if re.match("[一二三四五六七]、", text)] == [
        slot.heading for slot in CASE_TEMPLATE.sections if f"## {slot.heading}" in CASE
    ]
    assert texts[-1].startswith("来源：《虚构的报道》，虚构报，2020年1月2日")
    for faces, face in (("official", "仿宋_GB2312"), ("windows", "仿宋"), ("open", "Noto Serif SC")):
        answer = client.get(f"/cases/000000-2020-01/official.docx?faces={faces}")
        assert WordFile(answer.data).style("OfficeText", "rPr/rFonts")["eastAsia"] == face
    assert client.get("/cases/000000-2020-01/official.docx?faces=comic").status_code == 400


def _downloads_form(page: str) -> str:
    return page.partition("downloads-in")[2].partition("</form>")[0]


def test_a_search_becomes_a_list_of_the_same_cases(client: FlaskClient) -> None:
    page = client.get("/find?q=支部&order=id")
    assert doors(page.text) == ["/find/list.docx", "/find/list.pdf"]
    assert re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', _downloads_form(page.text)) == [
        ("q", "支部"), ("order", "id")
    ]  # fmt: skip
    answer = client.get("/find/list.docx?q=支部&order=id")
    table = docx.Document(io.BytesIO(answer.data)).tables[0]
    shown = re.findall(r'card-title"><a href="/cases/([^"]+)"', page.text)
    assert [row.cells[1].text.rpartition("\n")[2] for row in table.rows] == ["案例", *shown]
    assert "检索词：支部。" in docx.Document(io.BytesIO(answer.data)).paragraphs[1].text


def test_a_mechanism_becomes_a_document_and_one_page(client: FlaskClient) -> None:
    here = "/mechanisms/pair-up"
    assert doors(client.get(here).text) == [
        f"{here}/one-page.docx",
        f"{here}/one-page.pdf",
        f"{here}.docx",
        f"{here}.pdf",
    ]
    assert "一、解决什么问题，为什么有效" in paragraphs(client, f"{here}.docx")
    page = docx.Document(io.BytesIO(client.get(f"{here}/one-page.docx").data))
    assert [row.cells[0].text for row in page.tables[0].rows][:3] == ["解决的问题", "为什么有效", "步骤"]
    assert client.get(f"{here}.md").text.startswith("# 干部与支部结对")

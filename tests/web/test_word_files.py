"""下载 Word: a case and the blank form as files to save; only what readers may see."""

import io
from urllib.parse import quote

import docx
from flask.testing import FlaskClient

from kb.intake.word_document import read_word
from kb.repository.record_file import parse_record
from kb.services.import_document import fill_fields
from tests.made_up import CASE, CASE_TEMPLATE
from tests.web.page import Page

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def test_a_case_page_links_its_word_file_beside_print(client: FlaskClient) -> None:
    page = Page(client.get("/cases/000000-2020-01").text)
    assert ("下载 Word", "/cases/000000-2020-01.docx") in page.links


def test_the_word_file_holds_the_whole_case_under_its_title(client: FlaskClient) -> None:
    answer = client.get("/cases/000000-2020-01.docx")
    assert (answer.status_code, answer.mimetype) == (200, WORD)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    name = quote("虚构镇用结对办法帮三个软弱涣散支部开起会来.docx")
    assert f"attachment; filename*=UTF-8''{name}" in answer.headers["Content-Disposition"].replace(
        "filename=.docx; ", ""
    )
    filled = fill_fields(read_word(answer.data), CASE_TEMPLATE, takes_automatic=True)
    assert filled.fields == parse_record(CASE.encode(), CASE_TEMPLATE).fields
    assert filled.tray == ()
    texts = [p.text for t in docx.Document(io.BytesIO(answer.data)).tables for c in t._cells for p in c.paragraphs]
    assert {"P5.1（软弱涣散）", "pair-up（干部与支部结对）", "made-up（虚构的报道，虚构报，2020-01-02）"} <= set(texts)


def test_what_readers_may_not_see_is_not_there(client: FlaskClient) -> None:
    for address in ("/cases/000000-1999-01.docx", "/cases/..docx", "/cases/.docx"):
        assert client.get(address).status_code == 404, address


def test_the_blank_form_is_linked_and_downloads(client: FlaskClient) -> None:
    page = Page(client.get("/template").text)
    assert ("下载案例投稿表（Word）", "/template/case.docx") in page.links
    answer = client.get("/template/case.docx")
    assert (answer.status_code, answer.mimetype) == (200, WORD)
    assert docx.Document(io.BytesIO(answer.data)).paragraphs[0].text == "案例投稿表"

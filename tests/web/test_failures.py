"""Errors become pages that say what to do next, with a code one can read out and find in the log."""

import logging
import re

import pytest
from flask.testing import FlaskClient

from kb.bootstrap import Library
from kb.errors import AskedWrongly, BrokenLibrary, NotReady
from kb.services.find_cases import CaseFinder
from kb.web import create_app, home
from kb.web.failures import ALPHABET
from search import IndexDamaged
from tests.web.page import Page

CODE = re.compile(rf"""请报出代码 <strong class="code">([{ALPHABET}]{{6}})<""")


def code_of(html: str) -> str:
    found = CODE.search(html)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "address",
    ["/nowhere", "/cases/none", "/cases/%00", "/cases/..%2f..%2fetc", "/problems/%27", "/mechanisms/zzz",
     "/mechanisms/zzz/checklist", "/template/evil.md", "/static/../app.py", "/static/none.css", "/cases/" + "x" * 5000,
     "/<script>alert(1)</script>", "/%ff%fe"],
)  # fmt: skip
def test_what_is_not_there_gives_404_with_ways_out(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    page = Page(answer.text)
    assert answer.status_code == 404
    assert len(code_of(answer.text)) == 6
    assert {"查案例", "按问题找", "回首页"} <= {words for words, _ in page.links}
    assert "<script>alert" not in answer.text


def test_a_number_no_row_can_have_is_no_address(client: FlaskClient) -> None:
    rules = [rule for rule in client.application.url_map.iter_rules() if "<int:" in rule.rule]
    addresses = {re.sub("<[^>]+>", "9" * 25, rule.rule): "GET" in (rule.methods or set()) for rule in rules}
    assert len(addresses) > 10
    found = {
        address: client.open(address, method="GET" if is_read else "POST").status_code
        for address, is_read in addresses.items()
    }
    assert {address: code for address, code in found.items() if code != 404} == {}


def test_a_refusal_says_its_own_words(client: FlaskClient) -> None:
    page = Page(client.get("/cases/000000-1999-01").text)
    assert page.says("404 找不到这一页 没有找到这个案例。 核对编号，或到“查案例”里检索。")


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.post("/find")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_body_too_large_is_refused(client: FlaskClient) -> None:
    answer = client.post("/display", data={"back": "/" + "x" * 300_000})
    assert answer.status_code == 413
    assert "内容太长" in answer.text


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (ValueError("secret detail"), 500, "500 出错了"),
        (
            NotReady("目录数据库读不出来。", advice="运行 kb sync 重建。"),
            503,
            "目录数据库读不出来。 运行 kb sync 重建。",
        ),
        (BrokenLibrary("缺少文件 units.yaml。"), 503, "503 暂时不能用 缺少文件 units.yaml。"),
        (AskedWrongly("不能这样问。"), 400, "400 请求有误 不能这样问。 退回上一页"),
    ],
)
def test_a_fault_is_a_page_without_detail_and_a_log_line_with_it(
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    status: int,
    words: str,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(home, "show_home", fail)
    with caplog.at_level(logging.INFO, "kb.web"):
        answer = create_app(library).test_client().get("/")
    assert answer.status_code == status
    assert Page(answer.text).says(words)
    assert "secret detail" not in answer.text
    assert code_of(answer.text) in caplog.text
    if status == 500:
        assert "secret detail" in caplog.text


def test_a_catalogue_that_cannot_be_read_still_gives_an_error_page(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise NotReady("目录数据库读不出来。")

    monkeypatch.setattr(Library, "reading", fail)
    for address in ("/", "/find?q=a", "/about", "/display"):
        answer = create_app(library).test_client().get(address)
        assert answer.status_code == 503
        assert "目录数据库读不出来。" in answer.text


def test_a_damaged_index_stops_only_the_search(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise IndexDamaged("缺少文件")

    monkeypatch.setattr(CaseFinder, "find", fail)
    client = create_app(library).test_client()
    assert client.get("/find?q=a").status_code == 503
    assert client.get("/cases/000000-2020-01").status_code == 200

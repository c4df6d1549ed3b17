"""数据来源与说明: every record, every gap, every file that could not be taken in."""

from pathlib import Path

from flask.testing import FlaskClient

from kb.web import create_app
from tests.made_up import CASE
from tests.web.conftest import open_synced
from tests.web.page import Page


def test_the_page_names_sources_parts_and_notes(client: FlaskClient) -> None:
    page = Page(client.get("/about").text)
    for words in (
        "现有 2 个案例、1 个机制，数据更新于 2026年11月23日",
        "虚构的报道 虚构报，2020年1月2日",
        "两个数字对不上，照录。",
        "据此写成：2 个案例，1 个机制",
        "〔一〕 开头 （记下 3 条事实）",
    ):
        assert page.says(words), words
    assert not page.says("没有收入的文件")


def test_files_kept_out_are_listed_with_line_and_reason(tmp_path: Path) -> None:
    more = {
        "cases/broken.md": "---\ntitle: [\n---\n",
        "cases/000000-2020-03.md": CASE.replace("000000-2020-01", "000000-2020-03").replace(
            "kind: 经验", "kind: <b>什么"
        ),
    }
    client = create_app(open_synced(tmp_path, more)).test_client()
    answer = client.get("/about")
    page = Page(answer.text)
    assert page.says("1 个文件有错，没有收入案例库。")
    assert page.says("cases/broken.md 第")
    assert "b&gt;什么" not in answer.text  # what was read may be a draft: its faults are for kb check alone
    assert client.get("/cases/000000-2020-01").status_code == 200


def test_an_address_no_browser_should_follow_is_no_link(tmp_path: Path) -> None:
    from tests.web.made_up_folder import RECORD

    record = RECORD.replace("https://example.invalid/report", "javascript:alert(1)")
    client = create_app(open_synced(tmp_path, {"sources/made-up.yaml": record})).test_client()
    for address in ("/about", "/cases/000000-2020-01"):
        assert 'href="javascript:' not in client.get(address).text

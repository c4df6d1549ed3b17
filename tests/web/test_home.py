"""首页: one box, the problems, what is new, what has proven itself."""

from flask.testing import FlaskClient

from tests.web.page import Page


def test_the_start_page_offers_all_three_ways(client: FlaskClient) -> None:
    page = Page(client.get("/").text)
    assert page.headings == [(1, "你遇到了什么问题？"), (2, "按问题找"), (2, "最近收录"), (2, "有案例支撑的机制")]
    for link in (
        ("软弱涣散 2 个案例", "/problems/P5.1"),
        ("虚化弱化 还没有案例", "/problems/P1.1"),
        ("虚构镇用结对办法帮三个软弱涣散支部开起会来", "/cases/000000-2020-01"),
        ("干部与支部结对", "/mechanisms/pair-up"),
        ("全部 2 个案例", "/find"),
        ("全部 1 个机制", "/mechanisms"),
    ):
        assert link in page.links
    assert page.says("数据更新于 2026年11月23日")

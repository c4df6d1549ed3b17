"""按问题找: the tree with its counts, a type with what is known of it, and gaps that are named."""

from flask.testing import FlaskClient

from tests.web.page import Page


def test_the_tree_names_types_definitions_counts_and_gaps(client: FlaskClient) -> None:
    page = Page(client.get("/problems").text)
    assert page.says("责任落实 责任有没有人担。 虚化弱化 责任写在纸上，没有人管。 还没有案例")
    assert page.says("软弱涣散 支部开不成会，办不成事。 2 个案例 1 个机制")


def test_a_type_shows_signs_aliases_remedies_cases_and_mechanisms(client: FlaskClient) -> None:
    page = Page(client.get("/problems/P5.1").text)
    assert [words for level, words in page.headings if level <= 2] == [
        "软弱涣散",
        "表现",
        "来源中的办法",
        "机制",
        "案例",
    ]
    for words in ("也叫 后进整顿", "表现 开不成会", "派人结对 〔一〕 编者判断 按办法检查 〔一〕 出处：虚构的报道。"):
        assert page.says(words), words
    assert ("虚构镇用结对办法帮三个软弱涣散支部开起会来", "/cases/000000-2020-01") in page.links
    assert ("干部与支部结对", "/mechanisms/pair-up") in page.links
    assert [words for words, _ in page.links if words in ("首页", "按问题找", "组织功能")].count("组织功能") == 1


def test_a_type_without_cases_says_so_and_where_to_look(client: FlaskClient) -> None:
    page = Page(client.get("/problems/P1.1").text)
    assert page.says("本类问题还没有案例。")
    assert page.says("本类问题还没有机制。")
    assert ("用“虚化弱化”检索全文", "/find?q=%E8%99%9A%E5%8C%96%E5%BC%B1%E5%8C%96") in page.links


def test_a_first_level_type_lists_its_children(client: FlaskClient) -> None:
    page = Page(client.get("/problems/P5").text)
    assert page.says("包含的问题类型 软弱涣散")
    assert not page.says("还没有案例")


def test_a_retired_id_gives_its_successor(client: FlaskClient) -> None:
    assert Page(client.get("/problems/P9.9").text).says("问题类型 P5.1")

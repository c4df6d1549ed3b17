"""案例阅读: the whole of a case, and what its source does not say."""

from pathlib import Path

from flask.testing import FlaskClient

from kb.bootstrap import Library
from kb.services.cite_case import cite_case
from kb.services.read_case import read_case
from kb.web import create_app
from tests.made_up import CASE
from tests.web.conftest import TODAY, open_synced
from tests.web.made_up_folder import RECORD
from tests.web.page import Page

EXPERIENCE = "/cases/000000-2020-01"
LESSON = "/cases/000000-2021-02"


def test_a_case_shows_everything_its_file_says(client: FlaskClient) -> None:
    page = Page(client.get(EXPERIENCE).text)
    assert page.headings == [
        (1, "虚构镇用结对办法帮三个软弱涣散支部开起会来"),
        (2, "一、问题"), (2, "二、成因"), (2, "三、做法"), (2, "四、机制"), (2, "五、成效"), (2, "六、推广"),
        (3, "适用范围"), (3, "前提条件"),
        (2, "证据与完整度"), (2, "来源"), (2, "相似的案例"), (3, "虚构村催报表催出一堆空台账的教训"),
    ]  # fmt: skip
    for words in (
        "来源：虚构报 2020年1月2日 虚构镇党委 镇街 农村",
        "一个问题 软弱涣散",
        "一套做法 1 个步骤",
        "一个机制 干部与支部结对 派干部与不开会的支部结对",
        "起止时间 2019年1月—结束时间原文未载",
        "1 摸底 镇党委 一月 名单 〔一〕",
        "不开会的支部 3 个 0 个 2019年12月 〔二〕",
        "前提条件 原文未载",
        "模板要求的 22 项已答 22 项",
        "虚构的报道 虚构报 · 2020年1月2日",
        "所用部分： 〔一〕 开头 〔二〕 结尾",
        "形成同一个机制",
    ):
        assert page.says(words), words


def test_of_a_source_read_in_part_the_page_says_only_what_was_seen(tmp_path: Path) -> None:
    library = open_synced(tmp_path, {"sources/made-up.yaml": RECORD.replace("extent: 全文", "extent: 部分")})
    client = create_app(library).test_client()
    case, mechanism = Page(client.get(EXPERIENCE).text), Page(client.get("/mechanisms/pair-up").text)
    assert case.says("起止时间 2019年1月—结束时间所见部分未载")
    assert case.says("前提条件 所见部分未载")
    assert case.says("来源没有读到全文，所以没有见到的标为 所见部分未载")
    assert mechanism.says("适用边界 所见部分未载")
    assert not case.says("原文未载")
    assert not mechanism.says("原文未载")


def test_citations_and_sections_are_html_and_nothing_else_is(client: FlaskClient) -> None:
    html = client.get(EXPERIENCE).text
    assert '两年没有开会<span class="cite">〔一〕</span>' in html
    assert "&lt;span" not in html


def test_a_lesson_says_that_it_cannot_be_adopted_and_that_it_is_due(client: FlaskClient) -> None:
    page = Page(client.get(LESSON).text)
    assert page.says("案例 · 教训（只供对照，不能采用）")
    assert page.says("待复核： 纳入已满十二个月（复核日期 2022年1月1日）")
    assert page.says("金句 一年收上来三百张表，没有办成一件事")


def test_an_aged_figure_says_what_its_age_has_cost(client: FlaskClient) -> None:
    page = Page(client.get(EXPERIENCE).text)
    assert page.says(
        "E0 只有叙述 本来够得上 E1（有注明来源的现值），因为最新的数据已超过 24 个月或没有日期，按规则降一级。"
    )


def test_what_the_source_does_not_say_is_said(tmp_path: Path) -> None:
    silent = CASE.replace("id: 000000-2020-01", "id: 000000-2020-09")
    head, body = silent.split("steps:\n", 1)
    rest = body.split("promotion:\n", 1)[1].split("visibility:", 1)[1]
    text = f"{head}steps: 原文未载\nresults: 原文未载\npromotion: 原文未载\ncost: 原文未载\nvisibility:{rest}"
    text = text.replace(text.split("## 二、成因\n\n")[1].split("\n\n## 三")[0], "原文未载")
    library = open_synced(tmp_path, {"cases/000000-2020-09.md": text})
    page = Page(create_app(library).test_client().get("/cases/000000-2020-09").text)
    for words in (
        "二、成因 原文未载",
        "分步骤的责任方、时限和产出： 原文未载",
        "成效数据： 原文未载",
        "适用范围、前提条件、必须照做、可以调整、风险： 原文未载",
        "投入 原文未载",
        "E0 只有叙述 成效只有文字叙述，没有注明来源的现值数据。",
        "来源没有写明： 步骤 成效数据 推广条件 投入 成因",
        "模板要求的 22 项已答 18 项",
    ):
        assert page.says(words), words


def test_a_citation_names_library_case_day_and_source(library: Library) -> None:
    with library.reading() as now:
        page = read_case("000000-2020-01", now.catalogue, now.reference, now.similar, today=TODAY)
    assert cite_case(page.entry.case, page.sources, TODAY) == (
        "党建创新案例库. 虚构镇用结对办法帮三个软弱涣散支部开起会来: 案例 000000-2020-01[DB/OL]. [2026-11-23]. "
        "据: 虚构报. 虚构的报道[EB/OL]. (2020-01-02). https://example.invalid/report."
    )

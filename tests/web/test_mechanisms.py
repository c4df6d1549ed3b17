"""机制: the list, one mechanism with its place in the loop, and the sheet to check against."""

from pathlib import Path

from flask.testing import FlaskClient

from kb.web import create_app
from tests.made_up import MECHANISM
from tests.web.conftest import open_synced
from tests.web.page import Page


def test_the_list_names_problems_steps_and_cases(client: FlaskClient) -> None:
    page = Page(client.get("/mechanisms").text)
    assert page.says("共 1 个机制")
    assert page.says(
        "干部与支部结对 派干部与不开会的支部结对，逐月到场帮助，直到支部能自己开会。 软弱涣散 3 个步骤 2 个案例"
    )


def test_the_list_is_narrowed_to_a_first_level_problem(client: FlaskClient) -> None:
    chosen = client.get("/mechanisms?problem=P5").text
    assert "这一类 <strong>1</strong> 个机制" in chosen and 'problem=P5" aria-current="true"' in chosen
    assert client.get("/mechanisms?problem=P5.1").text.count('class="card"') == 1  # no first-level type: all of them


def test_a_mechanism_shows_everything_its_file_says(client: FlaskClient) -> None:
    page = Page(client.get("/mechanisms/pair-up").text)
    assert [words for level, words in page.headings if level == 2] == [
        "解决什么问题，为什么有效", "步骤", "在“四上四下”中的位置", "照搬之前", "配套文件", "长效保障", "适用边界",
        "补充说明", "对照本单位自查", "形成这个机制的案例", "来源",
    ]  # fmt: skip
    for words in (
        "为什么有效 因为没有人召集",
        "2 结对 镇党委 二月 原文未载 〔一〕",
        "一上一下 ↑ 问题上来 ● 起作用 ↓ 部署下去 ● 起作用",
        "二上二下 ↑ 进展上来 — ↓ 督导下去 —",
        "✓ 已闭环",
        "编者判断",
        "前提条件 有可派的干部 必须照做 逐月到场 可以调整 结对的人数",
        "1 《虚构镇支部工作办法》 原文未载 原文未载 〔一〕",
        "长效保障 记录备查",
        "适用边界 原文未载",
    ):
        assert page.says(words), words


def test_the_check_list_has_a_box_for_each_condition_and_step(client: FlaskClient) -> None:
    html = client.get("/mechanisms/pair-up/checklist").text
    page = Page(html)
    assert html.count('<span class="box"') == 5
    assert page.says("前提条件 这些条件本单位具备吗？ 有可派的干部")
    assert page.says("结对 原责任方：镇党委；原时限：二月 本单位：")
    assert page.says("结论 可以采用 补齐条件后采用 不适用")


def test_an_open_loop_and_silent_conditions_are_said(tmp_path: Path) -> None:
    text = MECHANISM.replace("loop: [1U, 1D]", "loop: [2D]").replace(
        "preconditions: [有可派的干部]", "preconditions: 原文未载"
    )
    client = create_app(open_synced(tmp_path, {"mechanisms/pair-up.md": text})).test_client()
    page = Page(client.get("/mechanisms/pair-up").text)
    assert page.says("! 未闭环 只有下的环节，还缺上的环节。")
    sheet = Page(client.get("/mechanisms/pair-up/checklist").text)
    assert sheet.says("这些条件本单位具备吗？ 原文未载，请结合本单位情况判断。")


def test_a_fork_names_what_it_came_from(tmp_path: Path) -> None:
    fork = MECHANISM.replace("id: pair-up", "id: pair-up-online").replace("title: 干部与支部结对", "title: 远程结对")
    fork = fork.replace("status: 纳入", "fork_of: pair-up\nfork_reason: 改成远程，因为路远。\nstatus: 纳入")
    client = create_app(open_synced(tmp_path, {"mechanisms/pair-up-online.md": fork})).test_client()
    page = Page(client.get("/mechanisms/pair-up-online").text)
    assert page.says("改自干部与支部结对。改成远程，因为路远。")
    assert ("干部与支部结对", "/mechanisms/pair-up") in page.links

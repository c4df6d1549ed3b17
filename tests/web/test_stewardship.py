"""The steward's pages: a form, its preview with the effect, 确认, 撤销; in use, changed meanwhile, without scripts."""

import io
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.bootstrap import Library
from kb.bootstrap.effects import EffectMeasuring
from kb.domain.accounts import Role
from kb.services.measure_effect import Effect, Moved, broken, write_effect
from kb.services.reference_edits import ReferenceEdit
from kb.web import create_app
from tests.made_up import CASE
from tests.web.conftest import open_synced
from tests.web.made_up_folder import INDICATORS, UNITS
from tests.web.page import Page
from tests.web.reviewing import notes
from tests.web.signed_in import make_account, sign_in, signed_in

QUESTIONS = "questions:\n  - {id: q1, text: 支部开不成会怎么办, expect: [000000-2020-01]}\n"
RULES = "错,正,级别,依据,有效期,例外\n甲甲,乙乙,红,书,2026-01-31,\n"
DRAFT = CASE.replace("000000-2020-01", "000000-2022-09").replace("status: 纳入", "status: 草稿").replace(
    "unit: 虚构镇党委", "unit: 虚构山党委"
)  # fmt: skip
MORE = {
    "questions/kept.yaml": QUESTIONS,
    "lexicon/flagged-wording.csv": RULES,
    "lexicon/synonyms.yaml": "# 同义词\ngroups:\n  - [支部, 党支部]\n",
    "taxonomy/units.yaml": UNITS + '  - {label: 虚构山党委, region: "000000", level: 镇街}\n',
    "cases/000000-2022-09.md": DRAFT,
}
BETTER = write_effect(Effect(1, (0, 1), (1, 1), (Moved("支部开不成会怎么办", 2, 1),), 1, ()))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return open_synced(tmp_path, MORE)


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return signed_in(library, "steward", Role.STEWARD)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every change is measured at once, and is better."""

    def start(self: EffectMeasuring, edit: ReferenceEdit) -> None:
        self._keep(edit.number, BETTER)

    monkeypatch.setattr(EffectMeasuring, "start", start)


def text_of(library: Library, path: str) -> str:
    return (library.settings.content_folder / path).read_text(encoding="utf-8")


def post(client: FlaskClient, address: str, **form: str) -> tuple[int, Page, str]:
    """Status, page and address of the answer, after redirects."""
    answer = client.post(address, data=form, follow_redirects=True)
    return answer.status_code, Page(answer.text), answer.request.path


def wait_for_effect(client: FlaskClient, address: str) -> Page:
    """The preview as 再看一次 shows it, once the child is done."""
    for _ in range(2400):
        page = Page(client.get(address).text)
        if not page.says("正在测算"):
            return page
        time.sleep(0.1)
    raise AssertionError("the measurement did not end")


def test_a_change_is_measured_by_a_child_and_faults_bar_it(library: Library, client: FlaskClient) -> None:
    """One of two changes is sound; the other would break a draft in the folder, which no catalogue knows."""
    good, bad = (
        post(client, "/steward/synonyms/edit", was="支部、党支部", words="支部、党支部、党小组")[2],
        post(client, "/steward/units/edit", was="虚构山党委", do="remove")[2],
    )
    page = wait_for_effect(client, good)
    assert page.says("检查通过") and page.says("第一条就是1→1（不变）") and page.says("没有一个常备问题的名次有变化")
    assert wait_for_effect(client, bad).says("这样改会出错，不能写入")
    assert post(client, f"{bad}/confirm")[0] == 400
    status, page, _ = post(client, f"{good}/confirm")
    assert (status, page.says("写好了：修改同义词“支部”一组")) == (200, True)
    assert text_of(library, "lexicon/synonyms.yaml") == "# 同义词\ngroups:\n  - [支部, 党支部, 党小组]\n"
    assert text_of(library, "taxonomy/units.yaml") == MORE["taxonomy/units.yaml"]
    assert notes(library) == [("reference_changed", "lexicon/synonyms.yaml", "第 1 次修改：修改同义词“支部”一组")]
    library.close()


def test_a_measurement_that_ends_while_its_page_is_made_is_on_it(
    library: Library, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What asks how far it is finds it over; the page is then to show the effect that was kept a moment before."""
    monkeypatch.setattr(EffectMeasuring, "start", lambda *_: None)
    address = post(client, "/steward/synonyms/edit", was="支部、党支部", words="支部、党支部、党小组")[2]
    number = int(address.rpartition("/")[2])

    def ends_now(_: int) -> str:
        library.stewarding.effects._keep(number, write_effect(broken("虚构的结果")))
        return ""

    monkeypatch.setattr(library.stewarding.effects, "stage_of", ends_now)
    assert Page(client.get(address).text).says("虚构的结果")


KINDS = (
    ("types", {"was": "P1.1", "label": "虚化弱化", "aliases": "党建虚化、走过场", "definition": "责任写在纸上，没有人管。", "signs": "没有人管"}, "taxonomy/problem-types.yaml", "        aliases: [党建虚化, 走过场]"),
    ("types", {"parent": "P5", "label": "虚构新类", "definition": "虚构。"}, "taxonomy/problem-types.yaml", "      - id: P5.2"),
    ("types", {"was": "P1.1", "do": "retire", "successor": "P5.1"}, "taxonomy/problem-types.yaml", "  P1.1: P5.1"),
    ("units", {"label": "虚构新单位", "region": "000001", "level": "镇街"}, "taxonomy/units.yaml", '  - {label: 虚构新单位, region: "000001", level: 镇街}'),
    ("terms", {"word": "虚构新词"}, "lexicon/terms.txt", "虚构新词"),
    ("synonyms", {"words": "虚构、杜撰"}, "lexicon/synonyms.yaml", "  - [虚构, 杜撰]"),
    ("wording", {"wrong": "丙丙", "right": "丁丁", "level": "黄", "basis": "书", "until": "2027-12-31"}, "lexicon/flagged-wording.csv", "丙丙,丁丁,黄,书,2027-12-31,"),
)  # fmt: skip


@pytest.mark.usefixtures("measured")
def test_each_kind_is_proposed_confirmed_and_taken_back(library: Library, client: FlaskClient) -> None:
    for address, form, path, line in KINDS:
        before = text_of(library, path)
        status, page, preview = post(client, f"/steward/{address}/edit", **form)
        assert (status, text_of(library, path), page.says(f"content/{path}")) == (200, before, True)
        assert post(client, f"{preview}/confirm")[0] == 200
        assert line in text_of(library, path).split("\n")
        status, page, undo = post(client, f"{preview}/undo")
        assert (status, page.says("撤销第")) == (200, True)
        assert post(client, f"{undo}/confirm")[0] == 200
        assert text_of(library, path) == before
    listed = Page(client.get("/steward/edits").text)
    headings = [words for level, words in listed.headings if level == 3]
    assert (len(headings), headings[0].startswith("撤销第 13 次修改")) == (14, True)


@pytest.mark.usefixtures("measured")
def test_the_preview_tells_what_moves(client: FlaskClient) -> None:
    _, page, _ = post(client, "/steward/terms/edit", word="虚构新词")
    assert page.says("第一条就是0→1（多1）") and page.says("名次有变的问题1个")
    assert page.says("支部开不成会怎么办第2第1靠前了")
    listed = Page(client.get("/steward/edits").text)
    assert listed.says("还没有确认的（1）") and ("新增词语“虚构新词”", "/steward/edits/1") in listed.links


@pytest.mark.usefixtures("measured")
def test_a_file_changed_by_hand_after_the_form_or_the_preview_is_left_alone(
    library: Library, client: FlaskClient
) -> None:
    path = library.settings.content_folder / "lexicon/terms.txt"
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', client.get("/steward/terms/edit").text)
    assert found is not None
    path.write_text("软弱涣散\n一盘棋\n", encoding="utf-8")
    status, page, _ = post(client, "/steward/terms/edit", word="虚构新词", seen=found[1])
    assert (status, page.says("有人改过")) == (409, True)
    _, _, preview = post(client, "/steward/terms/edit", word="虚构新词")
    path.write_text("软弱涣散\n", encoding="utf-8")
    assert Page(client.get(preview).text).says("预览以后，这个文件有人改过")
    assert post(client, f"{preview}/confirm")[0] == 409
    assert path.read_text(encoding="utf-8") == "软弱涣散\n"


@pytest.mark.usefixtures("measured")
def test_what_is_in_use_stays_and_the_page_says_where(library: Library, client: FlaskClient) -> None:
    make_account(library, "villager", Role.EDITOR, unit="虚构村党支部")
    status, page, _ = post(client, "/steward/units/edit", was="虚构镇党委", do="remove")
    assert (status, page.says("还有1个案例（000000-2020-01）在用，不能去掉")) == (400, True)
    status, page, _ = post(client, "/steward/units/edit", was="虚构村党支部", do="remove")
    assert page.says("1个案例（000000-2021-02）、1个账号在用")
    status, page, _ = post(client, "/steward/types/edit", was="P5.1", do="retire", successor="P1.1")
    assert (status, page.says("还有 2 个案例或机制在用") or page.says("还有 3 个案例或机制在用")) == (400, True)
    shown = Page(client.get("/steward/units/edit?label=虚构镇党委").text)
    assert ("虚构镇用结对办法帮三个软弱涣散支部开起会来", "/revisions/000000-2020-01") in shown.links
    assert not shown.says("去掉这个单位")


def test_lists_are_looked_through_and_what_is_typed_stays_after_a_fault(client: FlaskClient) -> None:
    for kind, q, there, gone in (
        ("types", "后进", "P5.1 软弱涣散", "P1.1"), ("units", "村", "虚构村党支部", "虚构镇党委"),
        ("terms", "没有", "词典里没有含有“没有”的词", "软弱涣散软"), ("synonyms", "党", "支部、党支部", "没有含有"),
        ("wording", "乙", "甲甲", "没有这样"),
    ):  # fmt: skip
        page = Page(client.get(f"/steward/{kind}?q={q}").text)
        assert (page.says(there), page.says(gone)) == (True, False), kind
    assert Page(client.get("/steward/wording").text).says("已过")
    status, _, _ = post(client, "/steward/units/edit", label="虚构新单位", region="1", level="镇街")
    answer = client.post("/steward/units/edit", data={"label": "虚构新单位", "region": "1", "level": "镇街"})
    assert (status, 'value="虚构新单位"' in answer.text) == (400, True)


def test_a_search_that_found_nothing_leads_into_the_forms(library: Library, client: FlaskClient) -> None:
    library.missed.note("虚构说法")
    links = dict(Page(client.get("/steward/missed").text).links)
    types = Page(client.get(links["加为别名"]).text)
    form = client.get(dict(types.links)["P5.1 软弱涣散"])
    assert "后进整顿、虚构说法</textarea>" in form.text
    groups = Page(client.get(links["加为同义词"]).text)
    assert "支部、党支部、虚构说法</textarea>" in client.get(dict(groups.links)["支部、党支部"]).text
    assert ">虚构说法</textarea>" in client.get(dict(groups.links)["新增一组"]).text


def send_indicators(client: FlaskClient, *rows: str, seen: str = "") -> TestResponse:
    """Sends a sheet of these lines under the usual heads, on top of the list as it is shown."""
    page = client.get("/steward/indicators").text
    digest = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert digest
    sheet = "\n".join(("编号,名称,方面,建设领域", *rows)).encode("utf-8-sig")
    form = {"seen": seen or digest[1], "file": (io.BytesIO(sheet), "指标.csv")}
    return client.post("/steward/indicators", data=form, content_type="multipart/form-data")


@pytest.mark.usefixtures("measured")
def test_the_whole_list_of_indicators_comes_from_a_sheet_and_can_be_taken_back(
    library: Library, client: FlaskClient
) -> None:
    before = text_of(library, "taxonomy/indicators.yaml")
    sent = send_indicators(client, "I01,组织工作", "I02,宣传工作,党的建设")
    assert sent.status_code == 400 and Page(sent.text).says("“方面”没有“党的建设”")
    preview = send_indicators(client, "I01,组织工作", "I02,宣传工作").headers["Location"]
    assert text_of(library, "taxonomy/indicators.yaml") == before
    assert post(client, f"{preview}/confirm")[1].says("写好了：党建指标从表格导入：共 2 项（原来 1 项）")
    assert text_of(library, "taxonomy/indicators.yaml") == (
        "indicators:\n  - {id: I01, label: 组织工作}\n  - {id: I02, label: 宣传工作}\n"
    )
    page = Page(client.get("/steward/indicators").text)
    assert page.says("共 2 项") and page.says("I02 宣传工作")
    taken = client.get("/steward/indicators.xlsx")
    assert taken.status_code == 200 and taken.data.startswith(b"PK")
    undone = post(client, f"{preview}/undo")[2]
    post(client, f"{undone}/confirm")
    assert text_of(library, "taxonomy/indicators.yaml") == before


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (("I02,宣传工作",), "“I01 组织”有 1 个案例在用，表里不能少了它。"),
        (("I01,组织", "i 2,乙"), "编号要写成 I01 或 I01.2 这样"),
        (("I01,组织", "I01,又一个"), "编号与前面的行重复"),
        (("I01,",), "名称要写，不超过 60 字"),
        ((), "要有 1 到 500 行，这份有 0 行。"),
        (("I01,组织",), "表里的和现在的一样，没有要改的。"),
    ],
)
def test_a_sheet_of_indicators_that_cannot_be_is_refused_row_by_row_and_nothing_changes(
    tmp_path: Path, rows: tuple[str, ...], words: str
) -> None:
    uses = CASE.replace("sources:\n", "indicators: [I01]\nsources:\n", 1)
    library = open_synced(tmp_path, {"cases/000000-2020-01.md": uses})
    sent = send_indicators(signed_in(library, "steward", Role.STEWARD), *rows)
    assert sent.status_code == 400 and Page(sent.text).says(words)
    assert text_of(library, "taxonomy/indicators.yaml") == INDICATORS


def test_a_list_of_indicators_changed_meanwhile_is_not_written_over(library: Library, client: FlaskClient) -> None:
    sent = send_indicators(client, "I01,组织工作", seen="0" * 64)
    assert sent.status_code == 409 and text_of(library, "taxonomy/indicators.yaml") == INDICATORS


def test_the_entry_page_counts_everything(library: Library, client: FlaskClient) -> None:
    library.missed.note("虚构说法")
    page = Page(client.get("/steward").text)
    for words in (
        "问题类型 2 个 1 个还没有案例", "单位名册 3 个", "同义词 1 组", "分词词典 1 个", "错敏词 1 条 1 条已过有效期", "修改记录 0 次",
        "没有找到的检索 1 次", "内容纠错 0 条", "待征集问题 办理", "到期复核 1 个",
    ):  # fmt: skip
        assert page.says(words), words


def test_forms_need_their_token(library: Library) -> None:
    app = create_app(library)
    client = sign_in(app.test_client(), library, make_account(library, "steward", Role.STEWARD))
    assert client.post("/steward/terms/edit", data={"word": "虚构新词"}).status_code == 400
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/steward/terms/edit").text)
    assert token is not None
    answer = client.post("/steward/terms/edit", data={"word": "虚构新词", "csrf_token": token[1]})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/steward/edits/1")
    library.close()


def test_a_measurement_cut_off_leaves_no_temporary_folder(
    library: Library, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    post(client, "/steward/terms/edit", word="虚构新词")
    assert _until(lambda: any(folder.glob("kb-effect-*/content")))
    library.stewarding.effects.close()
    assert _until(lambda: not library.stewarding.effects.stage_of(1))
    assert list(folder.glob("kb-effect-*")) == []
    assert Page(client.get("/steward/edits/1").text).says("还没有测算")


def _until(is_so: Callable[[], bool]) -> bool:
    """Whether it comes true within four minutes."""
    deadline = time.monotonic() + 240
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_so()


def test_too_many_measurements_wait_and_can_be_asked_for_again(
    library: Library, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.bootstrap.effects.MOST_WAITING", 0)
    _, page, preview = post(client, "/steward/terms/edit", word="虚构新词")
    assert page.says("还没有测算")
    assert post(client, f"{preview}/measure")[0] == 503
    monkeypatch.setattr(
        EffectMeasuring, "start", lambda self, edit: self._keep(edit.number, write_effect(broken("读不出来")))
    )
    assert post(client, f"{preview}/measure")[1].says("读不出来")

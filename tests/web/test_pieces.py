"""我的稿子: made of a search, the basket or the favourites; put in order; written out; told when its sources change."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from docx import Document

from kb.domain.accounts import Role
from kb.services import write_piece
from tests.web.page import Page
from tests.web.publicity_desk import CASE_ID, CAUSES, EFFECT, LESSON_ID, Desk
from tests.web.signed_in import signed_in

TITLE = "结对开会的做法"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("pieces"))


@pytest.fixture
def desk(shared: Desk) -> Iterator[Desk]:
    shared.client = shared.app.test_client()
    yield shared
    shared.restore()


def made(desk: Desk, **form: object) -> str:
    """The address of a new piece, of the basket where nothing else is said."""
    answer = desk.client.post("/pieces", data={"from": "basket", "piece": "bulletin", "title": TITLE, **form})
    assert answer.status_code == 303, Page(answer.text).headings
    return str(answer.location)


def of_basket(desk: Desk) -> str:
    desk.pick(CAUSES, EFFECT)
    return made(desk)


def items(desk: Desk, address: str) -> list[str]:
    """What the items of a piece say, own words among them."""
    page = desk.client.get(address).text
    pattern = r'name="words:\d+" value="(.*?)"|<textarea[^>]*name="words:\d+"[^>]*>(.*?)</textarea>|<p class="words">(.*?)</p>'
    return ["".join(found) for found in re.findall(pattern, page)]


def version(desk: Desk, address: str) -> str:
    return desk.client.get(address).text.split('name="version" value="')[1].split('"')[0]


def change(desk: Desk, address: str, **form: str) -> int:
    form = {"version": version(desk, address), "title": TITLE, **form}
    return desk.client.post(address, data=form).status_code


def markdown(desk: Desk, address: str) -> str:
    return desk.client.get(f"{address}.md").text


@pytest.mark.parametrize(
    ("given", "kept"),
    [("“结对”做法简报", "“结对”典型案例汇编"), ("结对开会的做法", "结对开会的做法")],
    ids=["proposed for a bulletin", "the writer's own"],
)
def test_a_compilation_is_not_called_what_was_proposed_for_a_bulletin(desk: Desk, given: str, kept: str) -> None:
    address = made(desk, **{"from": "search", "q": "结对", "piece": "compilation", "title": given, "case": [CASE_ID]})
    assert Page(desk.client.get(address).text).headings[0] == (1, kept)


def test_a_piece_of_the_basket_has_its_sentences_under_the_title_of_their_case(desk: Desk) -> None:
    address = of_basket(desk)
    heading = "虚构镇用结对办法帮三个软弱涣散支部开起会来"
    assert items(desk, address) == [heading, CAUSES, EFFECT]


def test_own_words_go_between_and_passages_are_moved_and_cut_but_never_rewritten(desk: Desk) -> None:
    address = of_basket(desk)
    assert change(desk, address, do="up:2") == 303
    assert change(desk, address, do="own:2") == 303
    forged = {"words:1": "改写原文", "words:3": "镇里的经验值得一看。", "words:0": "一个镇的办法"}
    assert change(desk, address, **forged) == 303
    assert items(desk, address) == ["一个镇的办法", EFFECT, CAUSES, "镇里的经验值得一看。"]
    assert change(desk, address, do="cut:2") == 303
    assert items(desk, address) == ["一个镇的办法", EFFECT, "镇里的经验值得一看。"]
    assert change(desk, address, do="undo") == 303
    assert items(desk, address) == ["一个镇的办法", EFFECT, CAUSES, "镇里的经验值得一看。"]


def test_two_windows_on_one_piece_overwrite_nothing_and_lose_no_words(desk: Desk) -> None:
    address = of_basket(desk)
    old = version(desk, address)
    assert change(desk, address, **{"words:0": "第一个窗口写的"}) == 303
    late = desk.client.post(address, data={"version": old, "title": TITLE, "words:0": "第二个窗口写的", "do": "cut:1"})
    assert late.status_code == 409
    assert Page(late.text).says("这份稿子刚才在别处改过")
    assert Page(late.text).says("第二个窗口写的")
    assert items(desk, address) == ["第一个窗口写的", CAUSES, EFFECT]


def test_a_faulty_form_is_refused_with_the_words_still_there(desk: Desk) -> None:
    desk.pick(EFFECT)
    for form, words in (
        ({"title": " "}, "还没有写标题"),
        ({"title": "长" * 61}, "标题超过 60 字"),
        ({"name": "长" * 41}, "简报头"),
    ):
        answer = desk.client.post(
            "/pieces", data={"from": "basket", "piece": "bulletin", "title": TITLE, "unit": "虚构单位甲", **form}
        )
        assert answer.status_code == 400
        assert Page(answer.text).says(words)
        assert "虚构单位甲" in answer.text
    assert Page(desk.client.post("/pieces", data={"from": "search", "piece": "bulletin", "title": TITLE}).text).says(
        "还没有选材料"
    )


def test_own_words_of_a_piece_have_a_bound_together(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_piece, "MOST_WORDS", len(TITLE) + 40)
    address = made(desk, **{"from": "search", "case": [CASE_ID]})
    assert change(desk, address, **{"words:0": TITLE, "do": "own:0"}) == 303
    assert change(desk, address, **{"words:0": TITLE, "words:1": "长" * 40}) == 303
    page = desk.client.get(address).text
    answer = desk.client.post(
        address, data={"version": version(desk, address), "title": TITLE, "words:0": TITLE, "words:1": "长" * 41}
    )
    assert (answer.status_code, Page(answer.text).says("自己写的文字合起来超过")) == (400, True)
    assert "长" * 41 not in desk.client.get(address).text and "长" * 40 in page


def test_a_search_and_the_favourites_give_their_cases(desk: Desk) -> None:
    page = desk.client.get("/pieces/new?q=支部没有开会").text
    assert f'name="case" value="{CASE_ID}" checked' in page
    address = made(desk, **{"from": "search", "q": "支部", "case": [CASE_ID]})
    assert items(desk, address)[1:] == [EFFECT, "虚构镇有 3 个支部两年没有开会，党员不知道支部在做什么，村里的事也没有人商量，群众意见很多。",
                                        "每次会后把没有办成的事记下来，下个月接着办，直到办完为止。"]  # fmt: skip
    desk.client.post("/highlights/favourites", data={"kind": "case", "subject": LESSON_ID, "do": "add"})
    page = desk.client.get("/pieces/new?from=favourites&piece=compilation").text
    assert f'name="case" value="{LESSON_ID}" checked' in page
    whole = made(desk, **{"from": "favourites", "piece": "compilation", "case": [LESSON_ID]})
    assert "## 一、虚构村催报表催出一堆空台账的教训" in markdown(desk, whole)
    assert "### （五）成效" in markdown(desk, whole)


def test_the_document_says_word_for_word_what_was_picked_and_where_it_is_from(desk: Desk) -> None:
    desk.pick(EFFECT)
    address = made(desk, name="虚构简报", issue="第 1 期", unit="虚构镇党委", day="2026年11月26日")
    revision = re.search(r"收录文本（校验码 [0-9a-f]{8}）", markdown(desk, address))
    assert revision is not None
    assert markdown(desk, address).replace("\\", "") == (
        "虚构简报　第 1 期　虚构镇党委　2026年11月26日\n\n"
        f"# {TITLE}\n\n"
        "## 一、虚构镇用结对办法帮三个软弱涣散支部开起会来\n\n"
        f"> {EFFECT}\n>\n> ——来源1\n\n"
        "---\n\n来源\n\n"
        f"1. 案例 {CASE_ID}《虚构镇用结对办法帮三个软弱涣散支部开起会来》，虚构镇党委，{revision[0]}，2026年11月23日取用。"
        "据：《虚构的报道》，虚构报，2020年1月2日，https://example.invalid/report。\n\n"
        "标有来源号的文字和数据照录自所列案例，一字未改；其余小标题和段落是编写人的话。\n"
    )


def test_the_word_file_opens_and_holds_the_same_words(desk: Desk) -> None:
    address = of_basket(desk)
    answer = desk.client.get(f"{address}.docx")
    assert answer.headers["Content-Disposition"].endswith(
        "filename*=UTF-8''" + "".join(f"%{b:02X}" for b in f"{TITLE}.docx".encode()).replace("%2E%64%6F%63%78", ".docx")
    )
    told = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(answer.data)).paragraphs)
    for words in (TITLE, CAUSES, EFFECT, "——来源1", f"案例 {CASE_ID}"):
        assert words in told, words


def test_the_sheets_have_a_row_for_each_passage_and_no_formula(desk: Desk) -> None:
    desk.revise("时间一长便散了。", "时间一长便散了。\n\n=SUM(甲)！")
    desk.pick("=SUM(甲)！", EFFECT)
    address = made(desk)
    rows = desk.client.get(f"{address}.csv").data.decode("utf-8-sig").split("\r\n")
    assert [row.split(",")[:3] for row in rows if row] == [
        ["序号", "种类", "原话或数据"],
        ["1", "自选", "'=SUM(甲)！"],
        ["2", "前后对比", EFFECT],
    ]
    book = zipfile.ZipFile(io.BytesIO(desk.client.get(f"{address}.xlsx").data))
    sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert [one.tag for one in sheet.iter() if one.tag.endswith("}f")] == []
    assert desk.client.get(f"{address}.exe").status_code == 404


def test_a_mended_source_flags_the_piece_and_the_files_say_so_until_one_decides(desk: Desk) -> None:
    address = of_basket(desk)
    desk.revise("减到 0 个〔二〕", "变为 0 个〔二〕")
    assert Page(desk.client.get("/pieces").text).says("1 处原文变了")
    page = desk.client.get(address).text
    assert Page(page).says("原文已修订，这句话已改。现在是： 不开会的支部由 3 个变为 0 个。")
    assert Page(page).says("原文已修订，这句话没有变。")
    assert "用前请核对" in markdown(desk, address)
    seen = page.split('name="seen:2" value="')[1][:64]
    assert change(desk, address, do="replace:2", **{"seen:2": "0" * 64}) == 400
    assert change(desk, address, do="keep:2", **{"seen:2": seen}) == 303
    assert "这里是修订前的文字。" in markdown(desk, address)
    assert not Page(desk.client.get("/pieces").text).says("原文变了")
    assert change(desk, address, do="undo") == 303
    assert change(desk, address, do="replace:2", **{"seen:2": seen}) == 303
    assert items(desk, address)[2] == "不开会的支部由 3 个变为 0 个。"
    assert "修订前" not in markdown(desk, address)


def test_an_archived_source_leaves_every_page_and_file_of_the_piece(desk: Desk) -> None:
    address = of_basket(desk)
    whole = made(desk, **{"from": "search", "piece": "compilation", "case": [CASE_ID]})
    desk.revise("status: 纳入", "status: 归档")
    for one in (address, whole):
        pages = [desk.client.get(path).text for path in (one, f"{one}/rich", f"{one}.md", f"{one}.csv")]
        assert Page(pages[0]).says(f"案例 {CASE_ID} 已归档、撤下或不再对你公开。")
        assert [CAUSES in page or EFFECT in page for page in pages] == [False] * 4


def test_a_whole_case_is_written_out_as_it_stands_now(desk: Desk) -> None:
    address = made(desk, **{"from": "search", "piece": "compilation", "case": [CASE_ID]})
    desk.revise("减到 0 个〔二〕", "变为 0 个〔二〕")
    page = desk.client.get(address).text
    assert Page(page).says("这个案例在收进来之后修订过。")
    assert "不开会的支部由 3 个变为 0 个。" in markdown(desk, address)
    assert change(desk, address, do="keep:0", **{"seen:0": page.split('name="seen:0" value="')[1][:64]}) == 303
    assert not Page(desk.client.get(address).text).says("修订过")


def test_a_piece_is_its_owner_s_alone(desk: Desk) -> None:
    address = of_basket(desk)
    other = signed_in(desk.library, "publicity", Role.PUBLICITY, app=desk.app)
    for client in (other, desk.app.test_client()):
        paths = (address, f"{address}.docx", f"{address}.csv", f"{address}/rich", f"{address}/preview")
        assert [client.get(path).status_code for path in paths] == [404] * 5
        posts = (address, f"{address}/copy", f"{address}/delete", f"{address}/restore")
        assert [client.post(path, data={"version": "1"}).status_code for path in posts] == [404] * 4


def test_a_piece_is_copied_deleted_and_brought_back(desk: Desk) -> None:
    address = of_basket(desk)
    copied = desk.client.post(f"{address}/copy").location
    assert items(desk, str(copied)) == items(desk, address)
    assert desk.client.post(f"{address}/delete").location == "/pieces"
    assert desk.client.get(address).status_code == 404
    assert Page(desk.client.get("/pieces").text).says("刚删掉的")
    assert desk.client.post(f"{address}/restore").location == address
    assert desk.client.get(address).status_code == 200


def test_a_guest_has_a_bounded_number_of_pieces(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    address = of_basket(desk)
    monkeypatch.setattr(write_piece, "MOST_OF_A_GUEST", 1)
    assert desk.client.post(f"{address}/copy").status_code == 400


def test_making_a_piece_is_in_the_audit_trail(desk: Desk) -> None:
    of_basket(desk)
    auditor = signed_in(desk.library, "auditor", Role.AUDITOR, app=desk.app)
    assert Page(auditor.get("/audit").text).says(f"简报：{TITLE}")


def test_only_the_page_of_rich_text_allows_style_attributes(desk: Desk) -> None:
    address = of_basket(desk)
    policies = [desk.client.get(path).headers["Content-Security-Policy"] for path in (address, f"{address}/rich")]
    assert ["style-src-attr 'unsafe-inline'" in policy for policy in policies] == [False, True]
    assert policies[1].replace("; style-src-attr 'unsafe-inline'", "") == policies[0]


def test_an_internal_case_is_named_as_such_on_the_piece_and_in_its_sources(desk: Desk) -> None:
    desk.revise("visibility: 公开", "visibility: 系统内")
    client = signed_in(desk.library, "publicity", Role.PUBLICITY, app=desk.app)
    desk.client = client
    address = made(desk, **{"from": "search", "case": [CASE_ID]})
    assert Page(client.get(address).text).says("含有不对外的案例")
    assert "（系统内，请勿外传。）" in markdown(desk, address)


def test_one_piece_or_three_ask_the_databases_as_often(desk: Desk) -> None:
    address, found = of_basket(desk), []
    for more in (0, 2):
        for _ in range(more):
            desk.client.post(f"{address}/copy")
        desk.client.get("/pieces")
        found.append(desk.queries("/pieces"))
    assert desk.client.get("/pieces").text.count('class="piece-title"') == 3
    assert found == [9, 9]

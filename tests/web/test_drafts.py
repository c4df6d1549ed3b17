"""投稿 and 我的稿件 as a browser without scripts meets them. Everything here is made up."""

import hashlib
import io
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from kb.bootstrap import Library
from kb.domain.accounts import Role
from kb.services import attach_file
from kb.web.drafts import files
from tests.intake.test_pictures import with_position
from tests.services.writing_desk import FIELDS, UNIT
from tests.web.conftest import open_synced
from tests.web.page import Page
from tests.web.signed_in import signed_in


class Form(HTMLParser):
    """The controls of a page's draft form as a browser would post them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: list[tuple[str, str]] = []
        self.buttons: list[str] = []
        self._area = self._select = ""
        self._text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        name = named.get("name", "")
        if tag == "input" and name and name not in ("csrf_token", "back"):
            if named.get("type") in ("checkbox", "radio") and "checked" not in named:
                return
            self.values.append((name, named.get("value", "")))
        elif tag == "button" and name == "do":
            self.buttons.append(named["value"])
        elif tag == "textarea":
            self._area, self._text = name, []
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in named:
            self.values.append((self._select, named["value"]))

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.values.append((self._area, "".join(self._text)))
            self._area = ""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_synced(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def editor(shelf: Library) -> FlaskClient:
    return signed_in(shelf, "editor-a", Role.EDITOR, unit=UNIT)


@pytest.fixture
def colleague(shelf: Library) -> FlaskClient:
    return signed_in(shelf, "editor-b", Role.EDITOR, unit=UNIT)


def begin(client: FlaskClient) -> str:
    answer = client.post("/submit/blank")
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def posted(client: FlaskClient, address: str, **changes: str) -> dict[str, Any]:
    """The form as it stands, with some controls filled in anew."""
    values: dict[str, Any] = {}
    for name, value in Form(client.get(address).text).values:
        values.setdefault(name, []).append(value)
    return {**values, **changes}


FILLED = {
    "title": "虚构镇用结对办法帮三个软弱涣散支部开起会来",
    "kind": "经验",
    "origin": "据公开来源",
    "summary": str(FIELDS["summary"]),
    "keywords": "结对、支部，开会",
    "unit": UNIT,
    "level": "镇街",
    "field": "农村",
    "period.start": "2019-01",
    "period.end": "原文未载",
    "problem": "P5.1",
    "situation": str(FIELDS["situation"]),
    "practice": str(FIELDS["practice"]),
    "steps.0.action": "摸底",
    "steps.0.responsible": "镇党委",
    "sources.0.title": "虚构的报道",
    "sources.0.publisher": "虚构报",
    "sources.0.date": "2020-01-02",
    "sources.0.url": "https://example.invalid/report",
    "visibility": "公开",
}


def fill(client: FlaskClient, address: str, **changes: str) -> None:
    answer = client.post(address, data=posted(client, address, **{**FILLED, **changes}))
    assert answer.status_code == 303


def test_the_doors_tell_a_guest_to_sign_in_and_let_an_editor_through(shelf: Library, editor: FlaskClient) -> None:
    from kb.web import create_app

    guest = create_app(shelf).test_client()
    assert Page(guest.get("/submit").text).says("投稿要先登录")
    assert "<form" not in guest.get("/submit").text.split("<main")[1].replace("/display", "")
    assert [words for level, words in Page(editor.get("/submit").text).headings if level == 2] == [
        "上传 Word", "直接粘贴", "在线填写"
    ]  # fmt: skip


def test_a_new_draft_says_what_is_missing_and_knows_the_unit(editor: FlaskClient) -> None:
    page = Page(editor.get(begin(editor)).text)
    assert page.says("还差 12 项")
    assert page.says("还没有写“标题”")
    assert page.unclosed == []
    assert len(page.ids) == len(set(page.ids))
    assert f'value="{UNIT}"' in editor.get(begin(editor)).text


def test_what_is_filled_in_comes_back_and_can_be_submitted(shelf: Library, editor: FlaskClient) -> None:
    address = begin(editor)
    fill(editor, address)
    page = Page(editor.get(address).text)
    assert page.says("可以送审了")
    before = posted(editor, address)
    again = editor.post(address, data=before)
    assert again.headers["Location"].endswith("saved=1")
    assert posted(editor, address) == before  # the way through the form changes nothing
    number = address.rsplit("/", 1)[1]
    refused = editor.post(f"{address}/submit", data={"version": before["version"]})
    assert (refused.status_code, Page(refused.text).says("还没有声明内容不涉密")) == (400, True)
    done = editor.post(f"{address}/submit", data={"version": before["version"], "is_not_secret": "yes"})
    assert done.status_code == 303
    shown = Page(editor.get("/drafts").text)
    assert shown.says(f"第 {number} 号") and shown.says("撤回来改")
    assert editor.get(address).headers["Location"] == f"{address}/preview"
    assert editor.post(f"{address}/withdraw").status_code == 303
    assert editor.get(address).status_code == 200


def test_rows_are_added_moved_and_taken_away_without_a_script(editor: FlaskClient) -> None:
    address = begin(editor)
    first = posted(editor, address, **{"steps.0.action": "第一步", "do": "more:steps"})
    assert editor.post(address, data=first).headers["Location"].endswith("more=steps#field-steps")
    more = posted(editor, f"{address}?more=steps")
    assert [name for name in more if re.fullmatch(r"steps\.\d\.action", name)] == [
        f"steps.{n}.action" for n in range(5)
    ]
    editor.post(address, data={**more, "steps.1.action": "第二步", "steps.3.action": "第三步"})

    def actions() -> list[str]:
        values = posted(editor, address)
        return [values[name][0] for name in values if re.fullmatch(r"steps\.\d\.action", name)]

    assert actions() == ["第一步", "第二步", "第三步", ""]
    editor.post(address, data=posted(editor, address, do="up:steps.2"))
    assert actions() == ["第一步", "第三步", "第二步", ""]
    editor.post(address, data=posted(editor, address, do="remove:steps.0"))
    assert actions() == ["第三步", "第二步", ""]


def test_two_editors_who_changed_one_field_choose_and_nothing_is_lost(
    editor: FlaskClient, colleague: FlaskClient
) -> None:
    address = begin(editor)
    fill(editor, address)
    mine, theirs = posted(editor, address), posted(colleague, address)
    assert Page(editor.get(address).text).says("虚构的editor-b")  # sees who else is here
    colleague.post(address, data={**theirs, "title": "乙写的这个虚构标题", "causes": "乙写的成因"})
    told = editor.post(address, data={**mine, "title": "甲写的这个虚构标题", "effect": "甲写的成效"})
    assert told.status_code == 409
    page = Page(told.text)
    assert page.says("乙写的这个虚构标题") and page.says(FILLED["title"]) and page.says("有 1 项两边都改了")
    values = dict(Form(told.text).values)
    assert (values["title"], values["causes"], values["effect"]) == ("甲写的这个虚构标题", "乙写的成因", "甲写的成效")
    assert editor.post(address, data={**values, "take.title": "theirs"}).status_code == 303
    kept = posted(editor, address)
    assert [kept[key][0] for key in ("title", "causes", "effect")] == ["乙写的这个虚构标题", "乙写的成因", "甲写的成效"]


def test_changes_of_two_editors_to_different_fields_are_joined(editor: FlaskClient, colleague: FlaskClient) -> None:
    address = begin(editor)
    mine, theirs = posted(editor, address), posted(colleague, address)
    colleague.post(address, data={**theirs, "causes": "乙写的成因"})
    joined = editor.post(address, data={**mine, "effect": "甲写的成效"}, follow_redirects=True)
    assert Page(joined.text).says("虚构的editor-b：成因，是对方同时改的")
    kept = posted(editor, address)
    assert (kept["causes"][0], kept["effect"][0]) == ("乙写的成因", "甲写的成效")


def test_saving_by_itself_joins_nothing_and_says_so(editor: FlaskClient, colleague: FlaskClient) -> None:
    address = begin(editor)
    mine, theirs = posted(editor, address), posted(colleague, address)
    saved = editor.post(f"{address}/autosave", data={**mine, "causes": "甲写的成因"})
    assert (saved.status_code, saved.get_json()["version"]) == (200, 2)
    assert "虚构的editor-b" in saved.get_json()["others"]
    late = colleague.post(f"{address}/autosave", data={**theirs, "effect": "乙写的成效"})
    assert late.status_code == 409
    assert "按“保存”与对方的合在一起" in late.get_json()["message"]


def test_private_details_are_shown_before_submitting_and_the_choice_is_logged(
    shelf: Library, editor: FlaskClient
) -> None:
    address = begin(editor)
    fill(editor, address, lessons="联系人手机 13812345678。")
    look = editor.get(f"{address}/submit").text
    assert Page(look).says("1 处个人信息或错敏词") and Page(look).says("138****5678")
    version = dict(Form(look).values)["version"]
    pledge = {"version": version, "is_not_secret": "yes"}
    assert editor.post(f"{address}/submit", data=pledge).status_code == 400
    kept = {**pledge, "keeps_flagged": "yes", "reason": "对外公开的值班电话"}
    assert editor.post(f"{address}/submit", data=kept).status_code == 303
    with shelf.desk.session() as session:
        noted = [
            entry.detail for entry in shelf.desk.audit_store(session).all()
            if entry.kind == "kept_flagged" and entry.subject == f"submission:{address.rsplit('/', 1)[1]}"
        ]  # fmt: skip
    assert noted == ["1 处（手机号）；理由：对外公开的值班电话"]


TEXT = """虚构村用夜访办法听到了真话

一、问题
村里白天找不到人，干部进村见不到群众，意见传不上来。

二、做法
干部晚上进村，坐下来听，第二天交办。

附注：这一句没有归到哪一项。
"""


def test_a_text_file_becomes_a_draft_with_everything_in_a_field_or_the_tray(editor: FlaskClient) -> None:
    file = (io.BytesIO(TEXT.encode("gb18030")), "稿子.txt")
    sent = editor.post("/submit/upload", data={"file": file}, content_type="multipart/form-data")
    assert sent.status_code == 303
    page = Page(editor.get(sent.headers["Location"]).text)
    assert page.says("导入核对") and page.says("虚构村用夜访办法听到了真话") and page.says("标题“一、问题”与模板相同")
    address = sent.headers["Location"].removesuffix("/import")
    everything = editor.get(address).text
    assert [
        line for line in TEXT.split("\n") if line and not re.match("[一二]、", line) and line not in everything
    ] == []
    name, link = next(pair for pair in page.links if pair[0].startswith("原稿"))
    assert (name, editor.get(link).data) == ("原稿：稿子.txt", TEXT.encode("gb18030"))


def test_pasted_text_goes_the_same_way_and_pieces_are_put_into_fields(editor: FlaskClient) -> None:
    sent = editor.post(
        "/submit/paste",
        data={
            "text": "前面的一段没有标题也不短，说的是来由和经过，放在哪里由人来定。\n\n另外的一段也一样。\n\n" + TEXT
        },
    )
    address = sent.headers["Location"].removesuffix("/import")
    form = Form(editor.get(address).text)
    places = [button.partition(":")[2] for button in form.buttons if button.startswith("place:")]
    assert places
    values = posted(editor, address, **{f"place.{places[0]}": "causes", "do": f"place:{places[0]}"})
    assert editor.post(address, data=values).headers["Location"].endswith("#tray")
    after = editor.get(address).text
    assert f"place:{places[0]}" not in after
    assert len(posted(editor, address)["causes"][0]) > 5
    unchosen = posted(editor, address, do=f"place:{places[-1]}")
    assert Page(editor.post(address, data=unchosen).text).says("没有选放到哪一项") or len(places) == 1


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("旧稿.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为 docx"),
        ("", b"", "还没有选文件"),
        ("x.exe", b"MZ", "不认识"),
        ("一批.zip", b"PK", "到“批量投稿”页上传"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(editor: FlaskClient, name: str, data: bytes, words: str) -> None:
    sent = editor.post("/submit/upload", data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")
    assert (sent.status_code, Page(sent.text).says(words)) == (400, True)


def test_attachments_are_kept_handed_out_by_right_and_taken_away(shelf: Library, editor: FlaskClient) -> None:
    address = begin(editor)

    def send(name: str, data: bytes) -> int:
        file = {"file": (io.BytesIO(data), name)}
        return editor.post(f"{address}/files", data=file, content_type="multipart/form-data").status_code

    assert send("../..\\办法.pdf", b"%PDF-1.7 made up") == 303
    assert send("假的.pdf", b"<html>") == 400
    assert send("页面.html", b"<html>") == 400
    page = Page(editor.get(f"{address}/files").text)
    link = next(link for words, link in page.links if words == "办法.pdf")
    answer = editor.get(link)
    assert (answer.data, answer.mimetype) == (b"%PDF-1.7 made up", "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    stranger = signed_in(shelf, "editor-c", Role.EDITOR, unit="别的单位")
    reader = signed_in(shelf, "reader-d", Role.READER, unit=UNIT)
    assert [client.get(link).status_code for client in (stranger, reader)] == [404, 404]
    assert editor.post(f"{link}/remove").status_code == 303
    assert editor.get(link).status_code == 404


def test_a_draft_with_as_many_files_as_there_may_be_takes_no_more_and_keeps_no_bytes(
    shelf: Library, editor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attach_file, "MOST_FILES", 1)
    monkeypatch.setattr(files, "MOST_FILES", 1)
    address = begin(editor)

    def send(data: bytes) -> TestResponse:
        file = {"file": (io.BytesIO(data), "办法.pdf")}
        return editor.post(f"{address}/files", data=file, content_type="multipart/form-data")

    assert send(b"%PDF-1.7 the only one").status_code == 303
    assert "已有 1 个文件，不能再加" in (page := editor.get(f"{address}/files").text) and 'type="file"' not in page
    refused = send(b"%PDF-1.7 one too many")
    assert (refused.status_code, Page(refused.text).says("一份稿件最多带 1 个文件。先去掉不用的附件。")) == (400, True)
    sha256 = hashlib.sha256(b"%PDF-1.7 one too many").hexdigest()
    assert not (shelf.settings.data_folder / "uploads" / sha256[:2] / sha256).exists()


def test_an_attached_picture_is_kept_without_the_place_it_was_taken(editor: FlaskClient) -> None:
    address = begin(editor)
    photograph = with_position()
    sent = {"file": (io.BytesIO(photograph), "现场.jpg")}
    assert editor.post(f"{address}/files", data=sent, content_type="multipart/form-data").status_code == 303
    link = next(link for words, link in Page(editor.get(f"{address}/files").text).links if words == "现场.jpg")
    kept = editor.get(link)
    with Image.open(io.BytesIO(photograph)) as given, Image.open(io.BytesIO(kept.data)) as shown:
        assert (bool(given.getexif()), bool(shown.getexif()), shown.size) == (True, False, given.size)
    assert kept.mimetype == "image/jpeg"


def test_older_versions_can_be_seen_and_had_again(editor: FlaskClient) -> None:
    address = begin(editor)
    fill(editor, address)
    editor.post(address, data=posted(editor, address, title="后来改成的另一个虚构标题"))
    assert Page(editor.get(f"{address}/versions").text).says("改了：标题")
    page = Page(editor.get(f"{address}/versions/3").text)
    assert page.says("后来改成的另一个虚构标题") and page.says(FILLED["title"])
    assert editor.post(f"{address}/versions", data={"version": "2"}).status_code == 303
    assert posted(editor, address)["title"] == [FILLED["title"]]


def test_the_preview_shows_the_sections_rendered_and_nothing_runs(editor: FlaskClient) -> None:
    address = begin(editor)
    fill(editor, address, practice="**先摸底**，再结对。<script>alert(1)</script>" + FILLED["practice"])
    html = editor.get(f"{address}/preview").text
    assert "<strong>先摸底</strong>" in html
    assert "<script>alert" not in html
    assert Page(html).unclosed == []


def test_a_preview_without_a_child_to_render_it_is_ours_to_answer_for(
    shelf: Library, editor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_more_processes(self: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    address = begin(editor)
    shelf.previews.close()
    with monkeypatch.context() as patch:
        patch.setattr("multiprocessing.context.SpawnProcess.start", no_more_processes)
        refused = editor.get(f"{address}/preview")
    assert (refused.status_code, Page(refused.text).says("排版进程没有启动")) == (503, True)
    assert editor.get(f"{address}/preview").status_code == 200


def test_beside_the_text_stand_types_and_cases_it_may_already_be(editor: FlaskClient) -> None:
    address = begin(editor)
    fill(editor, address)
    page = Page(editor.get(address).text)
    assert page.says("可能已经收过") and page.says("标题相同 100%")
    assert page.says("像是这些问题") and page.says("软弱涣散")
    assert page.says("E0 只有叙述")


TWIN = "虚构乡有个支部三年没有一起学习，乡里派两名干部住下来，先听后议，再把学习搬到晚上的大树底下，老人孩子都来听，一年下来人人能讲一段。"


def test_nearly_the_same_draft_of_a_colleague_is_named_at_import_in_the_form_and_before_submitting(
    shelf: Library, editor: FlaskClient, colleague: FlaskClient
) -> None:
    first = begin(colleague)
    fill(colleague, first, title="同事先写的虚构题目", practice=TWIN, summary="", situation="")
    number = first.rpartition("/")[2]
    sent = editor.post("/submit/paste", data={"text": f"后写的虚构题目\n\n三、做法\n\n{TWIN.replace('三年', '两年')}"})
    imported = Page(editor.get(sent.headers["Location"]).text)
    assert imported.says(f"这份稿件与下面的几乎相同。第 {number} 号稿件同事先写的虚构题目")
    assert ("同事先写的虚构题目", first) in imported.links
    address = sent.headers["Location"].removesuffix("/import")
    for path in ("", "/submit"):
        assert Page(editor.get(address + path).text).says(
            f"第 {number} 号稿件同事先写的虚构题目虚构的editor-b 写，草稿"
        )
    stranger = signed_in(shelf, "editor-c", Role.EDITOR, unit="别的单位")
    hidden = stranger.post("/submit/paste", data={"text": f"后写的虚构题目\n\n三、做法\n\n{TWIN}"}).headers["Location"]
    for path in (hidden, hidden.removesuffix("/import"), hidden.replace("/import", "/submit")):
        page = stranger.get(path).text
        assert "同事先写的虚构题目" not in page and "几乎相同" not in page


@pytest.mark.parametrize("path", ["", "/preview", "/submit", "/versions", "/versions/1", "/import", "/files"])
def test_drafts_are_hidden_from_others(shelf: Library, editor: FlaskClient, path: str) -> None:
    from kb.web import create_app

    address = begin(editor) + path
    stranger = signed_in(shelf, "editor-c", Role.EDITOR, unit="别的单位")
    guest = create_app(shelf).test_client()
    assert [client.get(address).status_code for client in (stranger, guest)] == [404, 303]
    assert stranger.post(address).status_code in (400, 404, 405)


def test_odd_forms_are_refused_and_change_nothing(editor: FlaskClient) -> None:
    address = begin(editor)
    values = posted(editor, address)
    cut_off = {key: value for key, value in values.items() if key != "whole"}
    assert editor.post(address, data=cut_off).status_code == 400
    for version in ("", "x", "-1", "9" * 40, "²"):
        assert editor.post(address, data={**values, "version": version}).status_code == 400
    hostile = {"title": "\x00\u202e标题\r\n第二行", "steps.0.action": "x" * 5000, "steps.99.action": "远处的一行", "id": "110113-2017-01",
               "status": "纳入", "unknown": "x", "do": "up:nothing.7"}  # fmt: skip
    assert editor.post(address, data={**values, **hostile}).status_code == 303
    kept = posted(editor, address)
    assert "\x00" not in kept["title"][0] and "\u202e" not in kept["title"][0]
    assert Page(editor.get("/drafts").text).says("草稿")
    assert editor.post(address, data={"title": "字" * 200_000}).status_code == 413

"""批量投稿 as a browser without scripts meets it: sent in, read, reported on, opened again. Everything here is made up."""

import io
import threading
import zipfile
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.bootstrap import Library
from kb.domain.accounts import Role
from kb.intake import FileReader
from kb.web import create_app
from tests.intake.test_many_files import HOSTILE
from tests.made_up import CASE
from tests.services.writing_desk import UNIT
from tests.web.conftest import open_synced
from tests.web.page import Page
from tests.web.signed_in import make_account, signed_in

TEXT = """虚构村用夜访办法听到了真话

一、问题
村里白天找不到人，干部进村见不到群众，意见传不上来。

二、做法
干部晚上进村，坐下来听，第二天交办。
"""
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_synced(tmp_path_factory.mktemp("batches"))


@pytest.fixture
def editor(shelf: Library, request: pytest.FixtureRequest) -> FlaskClient:
    """An editor of the test's own: nobody else's batches are in the list."""
    return signed_in(shelf, f"editor-{abs(hash(request.node.name))}", Role.EDITOR, unit=UNIT)


def zipped(*files: tuple[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return whole.getvalue()


def send(client: FlaskClient, data: bytes, name: str = "一批.zip") -> TestResponse:
    file = {"file": (io.BytesIO(data), name)}
    return client.post("/batches", data=file, content_type="multipart/form-data")


def drafts(client: FlaskClient) -> int:
    return sum(address.startswith("/drafts/") for _, address in Page(client.get("/drafts").text).links)


def number_of(answer: TestResponse) -> int:
    assert answer.status_code == 303
    return int(answer.headers["Location"].rpartition("/")[2])


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """No file is read until the event is set."""
    may_read = threading.Event()
    read = FileReader.read

    def wait(self: FileReader, name: str, data: bytes) -> object:
        assert may_read.wait(20)
        return read(self, name, data)

    monkeypatch.setattr(FileReader, "read", wait)
    yield may_read
    may_read.set()


def test_a_zip_becomes_a_draft_a_file_with_a_report_that_stays(shelf: Library, editor: FlaskClient) -> None:
    number = number_of(send(editor, zipped(("村/甲.txt", TEXT.encode()), ("乙.doc", OLD_WORD))))
    shelf.batches.wait(number)
    page = Page(editor.get(f"/batches/{number}").text)
    assert page.says("2 个文件，1 个成了草稿，1 个没有收")
    assert page.says("乙.doc") and page.says("下一步：请另存为 docx")
    assert page.says("村/甲.txt") and page.says("认出 3/")
    assert (page.unclosed, len(page.ids)) == ([], len(set(page.ids)))
    link = next(link for words, link in page.links if words == "虚构村用夜访办法听到了真话")
    assert Page(editor.get(link).text).says("原稿：甲.txt")
    listed = Page(editor.get("/batches").text)
    assert ("一批.zip", f"/batches/{number}") in listed.links
    assert listed.says("2 个文件") and listed.says("1 个没有收")


TWIN = "虚构乡有个支部三年没有一起学习，乡里派两名干部住下来，先听后议，再把学习搬到晚上的大树底下，老人孩子都来听，一年下来人人能讲一段。"


def test_the_report_names_cases_drafts_and_files_that_say_nearly_the_same(shelf: Library, editor: FlaskClient) -> None:
    texts = [f"第{name}个虚构的题目\n\n三、做法\n\n{TWIN.replace('三年', name)}".encode() for name in "甲乙丙"]
    first = number_of(send(editor, zipped(("甲.txt", texts[0]))))
    shelf.batches.wait(first)
    case = CASE.replace("000000-2020-01", "000000-2026-99").encode()
    number = number_of(send(editor, zipped(("乙.txt", texts[1]), ("丙.txt", texts[2]), ("案例.md", case))))
    shelf.batches.wait(number)
    page = Page(editor.get(f"/batches/{number}").text)
    draft = next(
        link for words, link in Page(editor.get(f"/batches/{first}").text).links if words == "第甲个虚构的题目"
    )
    named = f"第 {draft.split('/')[2]} 号稿件第甲个虚构的题目"
    assert page.says(f"这份稿件与{named}几乎相同") and page.says(f"这份稿件与{named}、本批的“乙.txt”几乎相同")
    assert page.says("这份稿件与案例虚构镇用结对办法帮三个软弱涣散支部开起会来")


def test_while_it_is_read_its_page_tells_how_far_and_no_draft_is_there(
    shelf: Library, editor: FlaskClient, held: threading.Event
) -> None:
    before = drafts(editor)
    number = number_of(send(editor, zipped(("甲.txt", TEXT.encode()), ("乙.txt", TEXT.encode()))))
    page = Page(editor.get(f"/batches/{number}").text)
    assert page.says("已读 0 个，共 2 个") and ("刷新看进度", f"/batches/{number}") in page.links
    assert drafts(editor) == before
    again = send(editor, zipped(("丙.txt", TEXT.encode())))
    assert (again.status_code, Page(again.text).says("上一批还在读")) == (409, True)
    assert editor.post(f"/batches/{number}/read").status_code == 303  # is being read already: nothing is begun twice
    held.set()
    shelf.batches.wait(number)
    assert Page(editor.get(f"/batches/{number}").text).says("2 个成了草稿")
    assert drafts(editor) == before + 2


def test_what_a_stop_cut_off_is_said_and_read_to_its_end_later(
    shelf: Library, editor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("kb.bootstrap.batches.keep_batch", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
        number = number_of(send(editor, zipped(("甲.txt", TEXT.encode()))))
        shelf.batches.wait(number)
    before = drafts(editor)
    page = Page(editor.get(f"/batches/{number}").text)
    assert page.says("没有读完，一份草稿也没有建") and page.says("程序没能完成这一步")
    assert editor.post(f"/batches/{number}/read").status_code == 303
    shelf.batches.wait(number)
    assert Page(editor.get(f"/batches/{number}").text).says("1 个成了草稿")
    assert drafts(editor) == before + 1
    assert editor.post(f"/batches/{number}/read").status_code == 303
    shelf.batches.wait(number)
    assert drafts(editor) == before + 1


def test_an_account_disabled_while_its_files_are_read_makes_no_draft(
    shelf: Library, editor: FlaskClient, held: threading.Event
) -> None:
    leaver = signed_in(shelf, "leaver", Role.EDITOR, unit=UNIT)
    number = number_of(send(leaver, zipped(("甲.txt", TEXT.encode()))))
    before = drafts(editor)
    account = make_account(shelf, "leaver")
    with shelf.desk.writing() as session:
        shelf.desk.accounts(session).change(account._replace(is_active=False, epoch=account.epoch + 1))
    held.set()
    shelf.batches.wait(number)
    assert drafts(editor) == before


def test_others_know_nothing_of_a_batch(shelf: Library, editor: FlaskClient) -> None:
    number = number_of(send(editor, zipped(("甲.txt", TEXT.encode()))))
    shelf.batches.wait(number)
    colleague = signed_in(shelf, "colleague", Role.EDITOR, unit=UNIT)
    answers = [colleague.get(f"/batches/{number}"), colleague.post(f"/batches/{number}/read")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert "一批.zip" not in colleague.get("/batches").text


@pytest.mark.parametrize("name", HOSTILE)
def test_a_zip_not_in_order_is_refused_before_anything_is_kept(shelf: Library, editor: FlaskClient, name: str) -> None:
    data, reason = HOSTILE[name]
    uploads = shelf.settings.data_folder / "uploads"
    before = (sorted(uploads.rglob("*")), drafts(editor))
    answer = send(editor, data)
    page = Page(answer.text)
    assert (answer.status_code, page.says(reason), page.says("还没有批量投过稿")) == (400, True, True)
    assert (sorted(uploads.rglob("*")), drafts(editor)) == before


def test_what_is_larger_than_a_batch_may_be_is_refused_and_a_guest_may_send_next_to_nothing(
    shelf: Library, editor: FlaskClient
) -> None:
    def send_bytes(client: FlaskClient, size: int) -> int:
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n'
        body = head + bytes(size) + b"\r\n--x--\r\n"
        return client.post("/batches", data=body, content_type="multipart/form-data; boundary=x").status_code

    guest = create_app(shelf).test_client()
    assert [send_bytes(editor, size) for size in (1_000_000, 61_000_000)] == [400, 413]
    assert send_bytes(guest, 300_000) == 413


@pytest.mark.parametrize(("name", "data"), [("", b""), ("一份.docx", b"PK\x03\x04"), ("空.zip", zipped())])
def test_no_zip_or_an_empty_one_is_refused_in_words(editor: FlaskClient, name: str, data: bytes) -> None:
    answer = send(editor, data, name)
    assert (answer.status_code, Page(answer.text).says("没有")) == (400, True)

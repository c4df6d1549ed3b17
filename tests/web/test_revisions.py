"""修订记录: by hand and by desk at one case (rows 39 and 40), restore, archive, merge with its redirect. All made up."""

import errno
import hashlib
import threading
from pathlib import Path

import pytest
from filelock import FileLock
from flask.testing import FlaskClient

from kb.bootstrap import Library
from kb.domain.accounts import Role
from kb.domain.workflow import Stage
from kb.repository.record_folder import FileRecordFolder
from kb.services.publish_record import Publication
from kb.web import create_app
from tests.web.page import Page
from tests.web.reviewing import (
    FIELDS,
    SHIPPED,
    STEPS,
    UNIT,
    editor,
    find,
    guest,
    include,
    mend_and_submit,
    notes,
    open_library,
    pass_all,
    reviewer,
    steward,
    submit,
)
from tests.web.signed_in import signed_in

OTHER = "000000-2021-02"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return open_library(tmp_path)


def file_of(library: Library, record_id: str = SHIPPED) -> Path:
    return library.settings.content_folder / f"cases/{record_id}.md"


def edit(library: Library, old: str, new: str) -> str:
    """Somebody opens the file in an editor and saves it."""
    text = file_of(library).read_text("utf-8").replace(old, new)
    assert new in text
    file_of(library).write_text(text, "utf-8")
    return text


def begin_revision(library: Library) -> int:
    assert editor(library).post(f"/revisions/{SHIPPED}/start").status_code == 303
    with library.desk.session() as session:
        return max(one.submission.number for one in library.desk.submissions(session).of_writer(1, UNIT))


def revise(library: Library, title: str) -> int:
    """A submission on the newest revision that passed every step."""
    begun = find(library, begin_revision(library))
    number = submit(library, {**FIELDS, "title": title}, record_id=begun.record_id, based_on=begun.based_on)
    pass_all(library, number)
    return number


def seen(library: Library) -> str:
    return FileRecordFolder(library.settings.content_folder).digest(f"cases/{SHIPPED}.md")


def status(library: Library, path: str) -> int:
    return guest(library).get(path).status_code


def test_a_revision_begins_with_the_whole_case_and_replaces_it_once_passed(library: Library) -> None:
    before = file_of(library).read_text("utf-8")
    begun = find(library, begin_revision(library))
    assert (begun.record_id, begun.based_on, dict(begun.fields)) == (SHIPPED, 1, FIELDS)
    assert file_of(library).read_text("utf-8") == before
    number = submit(library, {"title": "虚构镇修订以后的一个新标题"}, record_id=SHIPPED, based_on=1)
    page = reviewer(library, STEPS[0]).get(f"/review/{number}").text
    assert "和已纳入的相比" in page and "<ins>" in page
    pass_all(library, number)
    assert include(library, number) == SHIPPED
    assert "虚构镇修订以后的一个新标题" in guest(library).get(f"/cases/{SHIPPED}").text
    history = Page(editor(library).get(f"/revisions/{SHIPPED}").text)
    assert [words for level, words in history.headings if level == 3] == ["第 2 次修订 现在的", "第 1 次修订"]


def test_who_includes_a_case_is_led_to_the_case_and_to_its_history(library: Library) -> None:
    number = submit(library, {"title": "虚构镇刚刚纳入的一个案例"})
    pass_all(library, number)
    page = Page(reviewer(library, STEPS[-1]).post(f"/review/{number}/include", follow_redirects=True).text)
    record_id = find(library, number).record_id
    assert page.says(f"已纳入，编号 {record_id}，读者现在就能查到。")
    assert [link for words, link in page.links if words == record_id] == [f"/cases/{record_id}"] * 2
    assert ("修订记录", f"/revisions/{record_id}") in page.links


def test_a_case_edited_in_the_folder_and_on_the_web_loses_neither(library: Library) -> None:
    number = revise(library, "虚构镇在网上改过的标题")
    by_hand = edit(library, "时间一长便散了", "时间一长便散了，这是在文件夹里补的")
    answer = reviewer(library, STEPS[-1]).post(f"/review/{number}/include")
    assert answer.status_code == 409 and "没有覆盖它" in answer.text
    assert file_of(library).read_text("utf-8") == by_hand
    assert find(library, number).fields["title"] == "虚构镇在网上改过的标题"

    client = reviewer(library, STEPS[-1])
    assert Page(client.get("/revisions").text).says("文件被改过")
    assert "<ins>，这是在文件夹里补的</ins>" in client.get(f"/revisions/{SHIPPED}").text
    assert client.post(f"/revisions/{SHIPPED}/adopt", data={"seen": seen(library)}).status_code == 303
    answer = client.post(f"/review/{number}/include")
    assert answer.status_code == 409 and "现在已是第 2 次" in answer.text
    assert file_of(library).read_text("utf-8") == by_hand

    assert client.post(f"/review/{number}/rebase", data={"version": "1"}).status_code == 303
    joined = find(library, number)
    assert (joined.stage, joined.based_on, joined.version) == (Stage.RETURNED, 2, 2)
    assert joined.fields == {
        **FIELDS,
        "title": "虚构镇在网上改过的标题",
        "causes": FIELDS["causes"].replace("时间一长便散了", "时间一长便散了，这是在文件夹里补的"),
    }
    mend_and_submit(library, number)
    pass_all(library, number)
    include(library, number)
    text = file_of(library).read_text("utf-8")
    assert "虚构镇在网上改过的标题" in text and "这是在文件夹里补的" in text


def test_where_both_changed_a_field_the_writer_keeps_his_text_and_is_told_the_other(library: Library) -> None:
    number = revise(library, "虚构镇在网上改过的标题")
    edit(library, "虚构镇用结对办法帮三个软弱涣散支部开起会来", "虚构镇在文件夹里改过的标题")
    client = reviewer(library, STEPS[-1])
    client.post(f"/revisions/{SHIPPED}/adopt", data={"seen": seen(library)})
    assert client.post(f"/review/{number}/rebase", data={"version": "1"}).status_code == 303
    assert find(library, number).fields["title"] == "虚构镇在网上改过的标题"
    with library.desk.session() as session:
        told = library.desk.submissions(session).last_notes(number)
    assert told["title"] == "第 2 次修订也改了这一项，那边写的是：虚构镇在文件夹里改过的标题"
    assert client.post(f"/review/{number}/rebase", data={"version": "2"}).status_code == 400


def test_without_the_look_at_the_file_the_hands_edit_would_be_lost(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = revise(library, "虚构镇在网上改过的标题")
    by_hand = edit(library, "时间一长便散了", "时间一长便散了，这是在文件夹里补的")
    newest = reviewer(library, STEPS[-1])
    with library.reviewing.publisher(library.reference_data()) as publisher:
        digest = publisher.ledger.latest()[SHIPPED][1]
    monkeypatch.setattr(FileRecordFolder, "digest", lambda *_: digest)
    assert newest.post(f"/review/{number}/include").status_code == 303
    assert file_of(library).read_text("utf-8") != by_hand


def test_what_changed_since_it_was_looked_at_is_not_adopted(library: Library) -> None:
    begin_revision(library)
    edit(library, "时间一长便散了", "第一次手工改动")
    looked_at = seen(library)
    edit(library, "第一次手工改动", "第二次手工改动")
    client = reviewer(library, STEPS[-1])
    assert client.post(f"/revisions/{SHIPPED}/adopt", data={"seen": looked_at}).status_code == 409
    assert client.post(f"/revisions/{SHIPPED}/restore/1", data={"seen": looked_at}).status_code == 409


def test_an_earlier_revision_comes_back_as_the_newest(library: Library) -> None:
    first = file_of(library).read_text("utf-8")
    number = revise(library, "虚构镇修订以后的一个新标题")
    include(library, number)
    client = reviewer(library, STEPS[-1])
    assert client.post(f"/revisions/{SHIPPED}/restore/1", data={"seen": seen(library)}).status_code == 303
    assert file_of(library).read_text("utf-8") == first
    page = Page(client.get(f"/revisions/{SHIPPED}").text)
    assert page.says("第 3 次修订 现在的") and page.says("恢复到第 1 次修订")


@pytest.mark.parametrize("is_renamed", [False, True], ids=["deleted", "renamed"])
def test_a_file_taken_away_by_hand_is_reported_and_can_be_brought_back(library: Library, is_renamed: bool) -> None:
    begin_revision(library)
    text = file_of(library).read_text("utf-8")
    if is_renamed:
        file_of(library).rename(file_of(library, "another-name"))
    else:
        file_of(library).unlink()
    library.sync(lambda *_: None)
    assert status(library, f"/cases/{SHIPPED}") == (200 if is_renamed else 404)
    client = reviewer(library, STEPS[-1])
    assert Page(client.get("/revisions").text).says("文件不在了（删除或改名）")
    assert editor(library).post(f"/revisions/{SHIPPED}/start").status_code == 404
    assert client.post(f"/revisions/{SHIPPED}/restore/1", data={"seen": ""}).status_code == 303
    assert file_of(library).read_text("utf-8") == text
    assert status(library, f"/cases/{SHIPPED}") == 200
    faults = [found.message for found in library.sync(lambda *_: None).findings if found.is_error]
    assert faults == ([f"编号“{SHIPPED}”与 cases/{SHIPPED}.md 重复，本文件没有收入。"] if is_renamed else [])


def test_a_file_edited_while_it_is_being_taken_in_is_taken_in_again(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(library, "时间一长便散了", "第一次手工改动")
    read, edits = type(library._repository).read, ["第二次手工改动"]

    def edit_after_reading(self: object, path: str) -> object:
        plain = read(library._repository, path)
        if path.endswith(f"{SHIPPED}.md") and edits:
            edit(library, "第一次手工改动", edits.pop())
        return plain

    monkeypatch.setattr(type(library._repository), "read", edit_after_reading)
    library.sync(lambda *_: None)
    library.sync(lambda *_: None)
    assert "第二次手工改动" in guest(library).get(f"/cases/{SHIPPED}").text


def test_an_archived_case_is_gone_for_readers_and_can_come_back(library: Library) -> None:
    client = steward(library)
    assert client.post(f"/revisions/{SHIPPED}/archive", data={"reason": " "}).status_code == 400
    assert client.post(f"/revisions/{SHIPPED}/archive", data={"reason": "单位已撤并"}).status_code == 303
    assert status(library, f"/cases/{SHIPPED}") == 404
    assert Page(client.get("/revisions").text).says("归档：单位已撤并")
    assert client.post(f"/revisions/{SHIPPED}/bring-back", data={"reason": "有人要用"}).status_code == 303
    assert status(library, f"/cases/{SHIPPED}") == 200


def test_a_case_with_faults_can_be_archived_but_not_brought_back(library: Library) -> None:
    text = file_of(library).read_text("utf-8")
    file_of(library).write_text(text[: text.index("## 五、成效")], "utf-8")
    client = steward(library)
    assert client.post(f"/revisions/{SHIPPED}/archive", data={"reason": "缺成效"}).status_code == 303
    answer = client.post(f"/revisions/{SHIPPED}/bring-back", data={"reason": "试试"})
    assert answer.status_code == 400 and "必须改正" in answer.text


def test_a_merged_case_leads_to_the_other_for_good(library: Library) -> None:
    client = steward(library)
    assert client.post(f"/revisions/{OTHER}/merge", data={"into": SHIPPED}).status_code == 303
    answer = guest(library).get(f"/cases/{OTHER}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/cases/{SHIPPED}")
    assert client.post(f"/revisions/{SHIPPED}/archive", data={"reason": "不用了"}).status_code == 303
    assert status(library, f"/cases/{OTHER}") == 404, "it leads to nothing readers may not see"


@pytest.mark.parametrize(("into", "code"), [(OTHER, 400), ("000000-1999-01", 404), ("../../etc", 400)])
def test_a_merge_that_leads_nowhere_is_refused_and_changes_nothing(library: Library, into: str, code: int) -> None:
    assert steward(library).post(f"/revisions/{OTHER}/merge", data={"into": into}).status_code == code
    assert status(library, f"/cases/{OTHER}") == 200
    assert library.reviewing.redirects.all() == {}


DEEDS = ("restore/1", "adopt", "archive", "bring-back", "merge", "start")


def test_each_deed_has_its_role(library: Library) -> None:
    clients = {
        "guest": guest(library), "editor": editor(library),
        "reviewer": reviewer(library, STEPS[0]), "steward": steward(library),
    }  # fmt: skip
    refused = {
        name: {deed for deed in DEEDS if client.post(f"/revisions/{SHIPPED}/{deed}").status_code in (403, 302)}
        for name, client in clients.items()
    }
    assert refused == {
        "guest": set(DEEDS),
        "editor": set(DEEDS) - {"start"},
        "reviewer": {"archive", "bring-back", "merge", "start"},
        "steward": {"restore/1", "adopt", "start"},
    }


@pytest.mark.parametrize(
    ("line", "editor_of_it", "other_editor"),
    [
        ("visibility: 公开", 200, 200),
        ("visibility: 系统内", 200, 200),
        ("visibility: 本单位", 200, 404),
        ("status: 草稿", 404, 404),
        ("status: 归档", 404, 404),
    ],
)
def test_a_writer_knows_the_history_of_what_a_reader_of_the_unit_sees(
    library: Library, line: str, editor_of_it: int, other_editor: int
) -> None:
    key = line.split(":")[0]
    text = "\n".join(
        line if old.startswith(f"{key}:") else old for old in file_of(library).read_text("utf-8").split("\n")
    )
    file_of(library).write_text(text, "utf-8")
    other = signed_in(library, "other-editor", Role.EDITOR, unit="虚构村党支部")
    found = [client.get(f"/revisions/{SHIPPED}").status_code for client in (editor(library), other)]
    assert found == [editor_of_it, other_editor]
    assert reviewer(library, STEPS[0]).get(f"/revisions/{SHIPPED}").status_code == 200


def test_what_a_stop_cut_off_is_ended_when_the_application_opens(library: Library) -> None:
    begin_revision(library)
    folder = FileRecordFolder(library.settings.content_folder)
    with library.reviewing.publisher(library.reference_data()) as publisher:
        (current,) = publisher.ledger.revisions(SHIPPED)
        text = current.text.replace("虚构镇用结对办法", "虚构镇改用结对办法")
        intent = publisher.ledger.begin(Publication(SHIPPED, text, current.sha256, "修订后纳入", 1), _sha256(text), "")
        folder.write_beside(intent.publication.path, text)
        folder.put_in_place(intent.publication.path, before=current.sha256)
    create_app(library)
    page = Page(editor(library).get(f"/revisions/{SHIPPED}").text)
    assert page.says("第 2 次修订 现在的")
    assert ("case_written", SHIPPED, "第 2 次修订：修订后纳入") in notes(library)


def test_two_publications_at_once_wait_for_each_other_and_one_is_told(library: Library) -> None:
    numbers = [revise(library, title) for title in ("虚构镇第一个改成的标题", "虚构镇第二个改成的标题")]
    clients = [reviewer(library, STEPS[-1]) for _ in numbers]  # two applications are not made at once: CPython trips
    answers: list[int] = []

    def press(client: FlaskClient, number: int) -> None:
        answers.append(client.post(f"/review/{number}/include").status_code)

    presses = [threading.Thread(target=press, args=pair) for pair in zip(clients, numbers, strict=True)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert sorted(answers) == [303, 409]
    with library.reviewing.publisher(library.reference_data()) as publisher:
        assert [one.number for one in publisher.ledger.revisions(SHIPPED)] == [2, 1]
        assert publisher.ledger.latest()[SHIPPED][1] == seen(library)


def test_a_publication_that_finds_another_one_writing_says_so(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.bootstrap.reviewing.LOCK_WAIT", 0.1)
    with FileLock(library.settings.data_folder / "publish.lock"):
        answer = steward(library).post(f"/revisions/{SHIPPED}/archive", data={"reason": "试试"})
    assert answer.status_code == 503 and "另一个案例正在写入" in answer.text


def test_a_publication_on_a_disk_that_takes_nothing_is_refused_in_words(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    text = seen(library)
    for place in ("kb.repository.record_folder.write_file", "kb.bootstrap.reviewing.FileLock.acquire"):
        with monkeypatch.context() as patch:
            patch.setattr(place, refuse)
            answer = steward(library).post(f"/revisions/{SHIPPED}/archive", data={"reason": "试试"})
        assert (answer.status_code, seen(library)) == (503, text)
        assert "磁盘" in answer.text and "Read-only" not in answer.text


def test_a_publication_stands_when_the_index_cannot_follow(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    number = submit(library, {"title": "虚构镇索引跟不上时纳入的一篇"})
    pass_all(library, number)
    with monkeypatch.context() as patch:
        patch.setattr(Library, "sync", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        answer = reviewer(library, STEPS[-1]).post(f"/review/{number}/include", follow_redirects=True)
    assert "目录和索引稍后跟上" in answer.text
    record_id = find(library, number).record_id
    library.sync(lambda *_: None)
    assert status(library, f"/cases/{record_id}") == 200


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

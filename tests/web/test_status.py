"""系统状态, /healthz and the request log: what they say, and what they do not give away."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kb.bootstrap import Library
from kb.bootstrap.event_log import JsonLine, PlainLine, Repeated
from kb.database.operations_log import SqlOperationsLog
from kb.domain.accounts import RIGHTS, Right, Role
from kb.errors import NotReady
from kb.services.operations import BackupRun, RestoreTrial
from kb.web import create_app, status
from tests.web.conftest import open_synced
from tests.web.page import Page
from tests.web.signed_in import signed_in


def test_the_page_tells_agreement_backup_trial_disk_and_versions(tmp_path: Path) -> None:
    library = open_synced(tmp_path)
    log = SqlOperationsLog(library.settings.data_folder)
    log.note_backup(BackupRun("2026-11-24T18:05:00+00:00", "/secret/place/a.zip", 31, 4567))
    log.note_restore(
        RestoreTrial("2026-11-25T01:02:00+00:00", "/secret/place/a.zip", "2026-11-24T18:05:00+00:00", 31, 2)
    )
    answer = signed_in(library, "steward", Role.STEWARD).get("/status")
    page = Page(answer.text)
    assert answer.status_code == 200
    for words in (
        "内容文件 3 个，其中 0 个改动后还没有同步", "目录 读者能看到的案例 2 个", "索引 2 个案例",
        "上次备份 2026-11-24 18:05（协调世界时），31 个文件，4567 字节", "上次试恢复 2026-11-25 01:02（协调世界时），恢复出 2 个案例",
        "磁盘剩余", "SQLite",
    ):  # fmt: skip
        assert page.says(words), words
    assert "/secret" not in answer.text and str(tmp_path) not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_the_machine_is_like_is_told_to_those_alone_who_run_the_library(tmp_path: Path) -> None:
    library = open_synced(tmp_path)
    guest = create_app(library).test_client().get("/status")
    words = Page(guest.text)
    assert words.says("应答 正常") and words.says("案例 你能看到的 2 个") and "数据日期" in guest.text
    assert guest.headers["Cache-Control"] == "no-store"
    told = {role: signed_in(library, role.value, role).get("/status").text for role in Role}
    machine = ("SQLite", "Python", "磁盘剩余", "上次备份", "内容文件")
    assert {role for role, text in told.items() if all(word in text for word in machine)} == {
        Role.STEWARD, Role.ADMINISTRATOR, Role.AUDITOR,
    }  # fmt: skip
    others = [told[role] for role in Role if Right.SEE_STATUS not in RIGHTS[role]]
    assert len(others) == 4
    assert not [word for text in (guest.text, *others) for word in machine if word in text]


def test_a_guest_is_told_that_search_answers_by_title_while_the_index_is_mended(tmp_path: Path) -> None:
    library = open_synced(tmp_path)
    for path in (library.settings.data_folder / "index").glob("g-*/*.seg"):
        path.unlink()
    broken = Library(library.settings, ask_for_repair=lambda _: None)
    page = Page(create_app(broken).test_client().get("/status").text)
    assert page.says("应答 可以查阅；索引正在修复，检索按标题回答")


def test_a_look_is_shown_for_a_minute_then_taken_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = open_synced(tmp_path)
    client = signed_in(library, "steward", Role.STEWARD)
    client.get("/status")
    case = library.settings.content_folder / "cases/000000-2020-01.md"
    case.write_text(case.read_text(encoding="utf-8") + "\n又一段。\n", encoding="utf-8")
    assert "其中 0 个改动后" in client.get("/status").text
    monkeypatch.setattr(status, "FRESH", -1.0)
    changed = client.get("/status").text
    assert "其中 1 个改动后" in changed and "错误：目录落后于内容" in changed


def test_nobody_waits_for_a_look_another_is_taking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = open_synced(tmp_path)
    client = signed_in(library, "steward", Role.STEWARD)
    first = client.get("/status").text.partition("<main")[2]
    assert first
    monkeypatch.setattr(status, "FRESH", -1.0)
    look = client.application.extensions["look"]
    with ThreadPoolExecutor(1) as another, look._lock:
        asked = another.submit(lambda: signed_in(library, "steward", Role.STEWARD).get("/status").text)
        assert asked.result(timeout=60).partition("<main")[2] == first


def test_health_is_ok_degraded_or_unavailable(
    tmp_path: Path, empty_library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = open_synced(tmp_path)
    client = create_app(library).test_client()
    assert (client.get("/healthz").status_code, client.get("/healthz").json) == (200, {"status": "ok"})
    empty = create_app(empty_library).test_client().get("/healthz")
    assert (empty.status_code, empty.json) == (503, {"status": "unavailable", "reason": "案例库里还没有案例。"})
    for path in (library.settings.data_folder / "index").glob("g-*/*.seg"):
        path.unlink()
    broken = create_app(Library(library.settings)).test_client().get("/healthz")
    assert broken.status_code == 200 and broken.json and broken.json["status"] == "degraded"
    assert str(tmp_path) not in broken.text

    def fail(*_: object) -> None:
        raise NotReady("目录数据库读不出来。")

    monkeypatch.setattr(Library, "reading", fail)
    answer = create_app(library).test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (503, {"status": "unavailable", "reason": "目录数据库读不出来。"})


def test_a_request_is_logged_without_what_was_asked(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "kb.requests"):
        client.get("/find?q=某个人的名字")
        client.post("/describe", data={"text": "某个人的名字"})
        client.get("/nowhere")
    rows = [json.loads(JsonLine().format(record)) for record in caplog.records if record.name == "kb.requests"]
    assert [(row["method"], row["path"], row["status"]) for row in rows] == [
        ("GET", "/find", 200), ("POST", "/describe", 200), ("GET", "/nowhere", 404),
    ]  # fmt: skip
    assert all(isinstance(row["ms"], float) for row in rows)
    assert "某个人的名字" not in "".join(map(JsonLine().format, caplog.records))


def test_what_opens_something_is_not_in_the_log(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        for address in ("/setup/Made_up-secret", "/corrections/AAAABBBBCC", "/wanted/tickets/AAAABBBBCC"):
            client.get(address)
            client.post(address, headers={"Origin": "http://localhost"})
    told = "".join(map(JsonLine().format, caplog.records))
    assert all(f'"path": "{path}/…"' in told for path in ("/setup", "/corrections", "/wanted/tickets"))
    assert "Made_up-secret" not in told and "AAAABBBBCC" not in told


EVIL = 'a\nb\r\x1b[31mred\x1b[0m\u2028c\u202ed\x85e\x7f"}{"level":"none"}'


@pytest.mark.parametrize("formatter", [JsonLine(), PlainLine("%(levelname)s %(message)s")])
def test_a_line_of_the_log_cannot_be_broken_or_coloured(formatter: logging.Formatter) -> None:
    """Row 27."""
    record = logging.LogRecord("kb", logging.INFO, "x.py", 1, "path %s", (EVIL,), None)
    record.fields = {"path": EVIL}
    line = formatter.format(record)
    assert line.isprintable()
    if isinstance(formatter, JsonLine):
        row = json.loads(line)
        assert (row["message"], row["path"], row["level"]) == (f"path {EVIL}", EVIL, "INFO")


def test_a_hostile_address_is_one_line_of_the_log(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        client.get("/cases/x%0a%1b[31m%e2%80%a8y%0d%0aforged")
    lines = [JsonLine().format(record) for record in caplog.records]
    assert any(json.loads(line).get("path") == "/cases/x\n\x1b[31m\u2028y\r\nforged" for line in lines)
    assert all(line.isprintable() for line in lines)


def test_a_message_of_others_that_repeats_is_let_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(name: str) -> list[bool]:
        return [repeated.filter(logging.LogRecord(name, logging.WARNING, "x.py", 1, "accept", (), None)) for _ in "123"]

    repeated = Repeated()
    assert (told("waitress"), told("kb.requests")) == ([True, False, False], [True, True, True])


def test_a_trace_is_in_the_object_and_told_line_by_line(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError(EVIL)
    except ValueError as error:
        record = logging.LogRecord(
            "kb", logging.ERROR, "x.py", 1, "fault", (), (ValueError, error, error.__traceback__)
        )
    assert json.loads(JsonLine().format(record))["trace"].startswith("Traceback")
    assert PlainLine("%(message)s").format(record).split("\n")[:2] == ["fault", "Traceback (most recent call last):"]
    assert all(line.isprintable() for line in PlainLine("%(message)s").format(record).split("\n"))

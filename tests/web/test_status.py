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
from kb.errors import NotReady
from kb.services.operations import BackupRun, RestoreTrial
from kb.web import create_app, status
from tests.web.conftest import open_synced
from tests.web.page import Page


def test_the_page_tells_agreement_backup_trial_disk_and_versions(tmp_path: Path) -> None:
    library = open_synced(tmp_path)
    log = SqlOperationsLog(library.settings.data_folder)
    log.note_backup(BackupRun("2026-11-24T18:05:00+00:00", "/secret/place/a.zip", 31, 4567))
    log.note_restore(
        RestoreTrial("2026-11-25T01:02:00+00:00", "/secret/place/a.zip", "2026-11-24T18:05:00+00:00", 31, 2)
    )
    answer = create_app(library).test_client().get("/status")
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


def test_a_look_is_shown_for_a_minute_then_taken_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = open_synced(tmp_path)
    client = create_app(library).test_client()
    client.get("/status")
    case = library.settings.content_folder / "cases/000000-2020-01.md"
    case.write_text(case.read_text(encoding="utf-8") + "\n又一段。\n", encoding="utf-8")
    assert "其中 0 个改动后" in client.get("/status").text
    monkeypatch.setattr(status, "FRESH", -1.0)
    changed = client.get("/status").text
    assert "其中 1 个改动后" in changed and "错误：目录落后于内容" in changed


def test_nobody_waits_for_a_look_another_is_taking(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get("/status").text
    monkeypatch.setattr(status, "FRESH", -1.0)
    look = client.application.extensions["look"]
    with ThreadPoolExecutor(1) as another, look._lock:
        asked = another.submit(lambda: client.application.test_client().get("/status").text)
        assert asked.result(timeout=60) == first


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

"""kb remind and mail: against a mail server of its own on this machine. All made up."""

import json
import logging
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from click.testing import CliRunner

from kb.bootstrap import Library
from kb.bootstrap.mailing import SmtpMailer
from kb.bootstrap.reminding import remind, remind_daily
from kb.cli import commands
from kb.cli.remind import remind_
from kb.config import MailServer, Settings, as_environment, load_settings
from kb.database.kept_tables import AccountMailRow, MessageRow, WantedProblemRow
from kb.database.messages import SqlMessages
from kb.domain.accounts import Role
from kb.errors import AskedWrongly, NotReady
from kb.services.send_mail import Letter, check_address
from tests.free_port import free_port
from tests.made_up import ROOT
from tests.web.reviewing import UNIT, open_library
from tests.web.signed_in import make_account

SECRET = "made-up-p@ss:w/rd"


class Postbox:
    """Takes letters, but for addresses of `refused`; asks for a login if one is named."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refused: set[str] = set()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.letters.append(message)
        return "250 OK"


@pytest.fixture
def port() -> Iterator[int]:
    with free_port() as held:
        yield held


@pytest.fixture
def postbox(port: int) -> Iterator[SimpleNamespace]:
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=port, ready_timeout=60)
    controller.start()
    server = MailServer("127.0.0.1", controller.port, False, "anli@example.cn")
    yield SimpleNamespace(box=box, server=server)
    controller.stop()


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synced")
    open_library(folder).close()
    return folder


@pytest.fixture
def library(synced: Path, tmp_path: Path) -> Iterator[Library]:
    shutil.copytree(synced, tmp_path / "own")
    opened = Library(Settings(tmp_path / "own/content", tmp_path / "own/data", ROOT / "templates"))
    yield opened
    opened.close()


def tell(library: Library, *texts: str, to: str = "reader@example.cn") -> None:
    """Messages to an account with that address."""
    reader = make_account(library, f"reader{to[:6]}".replace("@", "").replace(".", ""), Role.READER, unit=UNIT)
    at = library.desk.now().isoformat(timespec="seconds")
    with library.desk.writing() as session:
        session.merge(AccountMailRow(account=reader.number, address=to))
        for text in texts:
            SqlMessages(session).give({reader.number}, f"made-up:{text}", text, "/wanted/7", at)


def with_mail(library: Library, server: MailServer | None) -> Library:
    library.settings = replace(library.settings, smtp=server, address="https://anli.example.cn")
    return library


def test_an_unread_message_goes_out_once_as_plain_text_with_its_link(
    library: Library, postbox: SimpleNamespace
) -> None:
    tell(library, "待征集问题“虚构的问题”有了答复。")
    with_mail(library, postbox.server)
    assert [remind(library).mail for _ in range(2)] == [(1, 0, ""), (0, 0, "")]
    (letter,) = postbox.box.letters
    assert (letter["To"], letter["From"]) == ("reader@example.cn", "anli@example.cn")
    assert letter["Subject"] == "【党建创新案例库】待征集问题“虚构的问题”有了答复。"
    assert letter.get_content_type() == "text/plain" and letter.get_content_charset() == "utf-8"
    lines = letter.get_content().splitlines()
    assert lines[0] == "待征集问题“虚构的问题”有了答复。" and lines[2] == "https://anli.example.cn/wanted/7"


def test_read_old_and_unaddressed_messages_stay_here(library: Library, postbox: SimpleNamespace) -> None:
    tell(library, "看过的", "旧的", "要发的")
    tell(library, "没有邮箱的", to="")
    with library.desk.writing() as session:
        rows = {row.text: row for row in session.query(MessageRow)}
        rows["看过的"].read_at = rows["看过的"].at
        rows["旧的"].at = (datetime.now(UTC) - timedelta(days=8)).isoformat(timespec="seconds")
    assert remind(with_mail(library, postbox.server)).mail == (1, 0, "")
    assert [letter.get_content().splitlines()[0] for letter in postbox.box.letters] == ["要发的"]


def test_a_line_end_in_a_message_or_an_address_makes_no_header(library: Library, postbox: SimpleNamespace) -> None:
    evil = "虚构\r\nBcc: victim@example.cn\r\n\r\n正文"
    tell(library, evil)
    remind(with_mail(library, postbox.server))
    (letter,) = postbox.box.letters
    assert letter["Bcc"] is None and letter["Subject"].startswith("【党建创新案例库】虚构 Bcc:")
    for address in ("a@example.cn\nBcc: b@example.cn", "a@example.cn, b@example.cn", '"x\\"@example.cn', "a@b", "<a@example.cn>", "a b@example.cn", f"{'a' * 250}@example.cn"):  # fmt: skip
        with pytest.raises(AskedWrongly):
            check_address(address)
    letters = [Letter(1, "a@example.cn\r\nBcc: b@example.cn", "x", "/"), Letter(2, "c@example.cn", "y", "/")]
    assert list(SmtpMailer(postbox.server, "").send(letters)) == [(1, "邮箱地址写得不对"), (2, "")]


def test_what_one_address_refuses_keeps_nobody_else_from_theirs_and_is_tried_again(
    library: Library, postbox: SimpleNamespace
) -> None:
    tell(library, "给走了的人", to="gone@example.cn")
    tell(library, "给在的人", to="there@example.cn")
    postbox.box.refused = {"gone@example.cn"}
    with_mail(library, postbox.server)
    assert remind(library).mail == (1, 1, "邮件服务器不收这个地址")
    postbox.box.refused = set()
    assert remind(library).mail == (1, 0, "")
    assert [letter["To"] for letter in postbox.box.letters] == ["there@example.cn", "gone@example.cn"]


def test_a_server_that_is_away_is_logged_without_secrets_and_blocks_nothing(
    library: Library, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    tell(library, "等着发的")
    away = MailServer("127.0.0.1", port, False, "anli@example.cn", "user", SECRET)
    with caplog.at_level(logging.DEBUG):
        done = remind(with_mail(library, away))
    assert done.mail == (0, 1, "连不上邮件服务器")
    assert "连不上邮件服务器" in caplog.text and SECRET not in caplog.text and SECRET not in repr(away)
    with library.desk.session() as session:
        assert [row.mailed_at for row in session.query(MessageRow)] == [""]


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_login_is_made_and_a_wrong_one_is_told_without_it(library: Library, port: int) -> None:
    box = Postbox()
    controller = Controller(
        box, hostname="127.0.0.1", port=port, ready_timeout=60, auth_require_tls=False, auth_required=True,
        authenticator=lambda *known: AuthResult(success=known[4].password == SECRET.encode(), handled=False),
    )  # fmt: skip
    controller.start()
    try:
        tell(library, "要登录才收的")
        server = MailServer("127.0.0.1", controller.port, False, "anli@example.cn", "user", SECRET)
        wrong = replace(server, password="wrong")
        assert SmtpMailer(wrong, "").check() == "邮件服务器不认用户名或口令"
        assert SmtpMailer(server, "").check() == ""
        assert remind(with_mail(library, server)).mail == (1, 0, "")
    finally:
        controller.stop()


def test_a_password_is_not_sent_over_an_open_line(postbox: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.bootstrap.mailing.LOCAL", ())
    server = replace(postbox.server, user="user", password=SECRET)
    assert SmtpMailer(server, "").check() == "邮件服务器不加密，没有把口令发过去。"
    with pytest.raises(NotReady):
        list(SmtpMailer(server, "").send([Letter(1, "a@example.cn", "x", "/")]))
    assert postbox.box.letters == []


@pytest.mark.parametrize(("smtp", "sender", "known"), [
    ("smtp://mail.example.cn", "a@example.cn", MailServer("mail.example.cn", 25, False, "a@example.cn")),
    ("smtps://u:x%40%3A@mail.example.cn", "a@example.cn",
     MailServer("mail.example.cn", 465, True, "a@example.cn", "u", "x@:")),
    ("smtp://u:p@10.0.0.1:2525", "a@example.cn", MailServer("10.0.0.1", 2525, False, "a@example.cn", "u", "p")),
])  # fmt: skip
def test_the_mail_server_is_read_from_the_settings(smtp: str, sender: str, known: MailServer) -> None:
    settings = load_settings({"KB_SMTP": smtp, "KB_MAIL_FROM": sender})
    assert settings.smtp == known
    assert load_settings(as_environment(settings)).smtp == known


@pytest.mark.parametrize(("smtp", "sender"), [
    (f"http://u:{SECRET}@mail.example.cn", "a@example.cn"), (f"smtp://u:{SECRET}@", "a@example.cn"),
    ("smtp://u:geheim@mail.example.cn:port", "a@example.cn"), ("smtp://u:geheim@mail.example.cn", ""),
    ("smtp://u:geheim@mail.example.cn", "a@example.cn\nBcc: b@example.cn"), ("mail.example.cn", "a@example.cn"), ("smtp://u:geheim%E8%99%9A@mail.example.cn", "a@example.cn"),
])  # fmt: skip
def test_a_wrong_mail_server_is_refused_without_repeating_its_password(smtp: str, sender: str) -> None:
    with pytest.raises(AskedWrongly) as refusal:
        load_settings({"KB_SMTP": smtp, "KB_MAIL_FROM": sender})
    told = refusal.value.message + refusal.value.advice
    assert "KB_" in told and SECRET not in told and "geheim" not in told


def ask(library: Library, days: int) -> None:
    """A wanted problem of so many days ago, and a steward."""
    make_account(library, "steward", Role.STEWARD)
    asked_at = (library.desk.now() - timedelta(days=days)).isoformat(timespec="seconds")
    blank = dict.fromkeys(
        ("detail", "problem", "level", "field", "assigned_to", "answer_case", "answer", "answered_at"), ""
    )
    with library.desk.writing() as session:
        session.add(
            WantedProblemRow(
                **blank, ticket=f"T{days}", text="虚构的没人办的问题", state="open", merged_into=0, answered_by=0,
                asked_at=asked_at, asked_by=0, asked_unit="", version=1,
            )
        )  # fmt: skip


def test_the_command_says_what_it_did_and_the_second_time_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(library, 31)
    for name, value in as_environment(library.settings).items():
        monkeypatch.setenv(name, value)
    run = CliRunner()
    first, second = run.invoke(remind_), run.invoke(remind_)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.output.splitlines() == [
        "待征集问题“虚构的没人办的问题”提出 30 天还没有交办，请交办、答复或者合并。（1 人）",
        "案例“虚构村催报表催出一堆空台账的教训”的复核日期 2022-01-01 到了，请核对近况。（1 人）",
        "共提醒：待征集问题三十天没有交办 1 件，案例到期复核 1 件。",
    ]
    assert second.output == "没有新的要提醒。\n"
    ask(library, 40)
    told = json.loads(run.invoke(commands, ["remind", "--json"]).output)
    assert told["mail"] is None
    assert [(one["kind"], one["subject"], one["people"]) for one in told["given"]] == [("wanted", "2", 1)]


def test_the_command_ends_with_one_where_mail_waits(
    library: Library, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(library, "等着发的")
    away = MailServer("127.0.0.1", port, False, "anli@example.cn", "user", SECRET)
    for name, value in as_environment(with_mail(library, away).settings).items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(remind_)
    assert (
        done.exit_code == 1
        and "1 封没有发出去：连不上邮件服务器，下次再发" in done.output
        and SECRET not in done.output
    )
    examined = CliRunner().invoke(commands, ["doctor", "--mail"])
    assert "错误〔邮件〕连不上邮件服务器。" in examined.output and SECRET not in examined.output
    silent = CliRunner().invoke(commands, ["doctor"])
    assert f"由 127.0.0.1:{away.port} 发出" in silent.output and "〔邮件〕" not in silent.output


def test_of_two_at_once_one_is_told_to_wait(library: Library) -> None:
    from filelock import FileLock

    library.desk.path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(library.desk.path.with_name("remind.lock")), pytest.raises(NotReady, match="另一次催报"):
        remind(library)


def test_a_server_reminds_by_itself_once_a_day_and_mails_what_comes_between(
    library: Library, postbox: SimpleNamespace
) -> None:
    import time

    ask(library, 31)
    daily = remind_daily(with_mail(library, postbox.server), pause=0.05)
    try:
        deadline = time.monotonic() + 90
        while not _messages(library) and time.monotonic() < deadline:
            time.sleep(0.05)
        tell(library, "后来的消息")
        while not postbox.box.letters and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        daily.stop()
    assert [text[:5] for text in _messages(library)] == ["待征集问题", "案例“虚构", "后来的消息"]
    assert [letter.get_content().splitlines()[0] for letter in postbox.box.letters] == ["后来的消息"]


def _messages(library: Library) -> list[str]:
    with library.desk.session() as session:
        return [row.text for row in session.query(MessageRow).order_by(MessageRow.number)]


def test_a_disk_that_takes_nothing_is_told_in_words(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("kb.bootstrap.reminding.FileLock", refuse)
    with pytest.raises(NotReady, match="写不了"):
        remind(library)

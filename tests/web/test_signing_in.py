"""登录: one session per sign-in, ended by whatever should end it; first run; where a form may come from."""

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from kb.bootstrap import Library
from kb.database import kept
from kb.domain.accounts import Role
from kb.errors import NotReady
from kb.services import passwords
from kb.services.set_up_account import give_first_link, give_link
from kb.web import create_app
from kb.web.acting import ABSOLUTE, IDLE
from tests.web.conftest import TODAY, open_synced
from tests.web.made_up_folder import write_folder
from tests.web.page import Page
from tests.web.signed_in import make_account, sign_in, signed_in

PASSWORD, OTHER = "Made-up-2026", "Another-2026"


class Clock:
    """Tells what it was set to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_synced(tmp_path_factory.mktemp("signing-in"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def own(content: Library, tmp_path: Path, clock: Clock) -> Library:
    """A library whose kept data are this test's own."""
    library = Library(replace(content.settings, data_folder=tmp_path), today=lambda: TODAY)
    library.desk.now = clock
    return library


def open_client(library: Library) -> FlaskClient:
    app = create_app(library)
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def set_password(library: Library, name: str, password: str = PASSWORD) -> None:
    with library.desk.account_work() as work:
        found = work.accounts.find(name)
        assert found
        work.accounts.set_password(found.number, passwords.hash_password(password), library.desk.now().isoformat())


def enter(client: FlaskClient, name: str = "zhang", password: str = PASSWORD, back: str = "/") -> int:
    return client.post("/sign-in", data={"name": name, "password": password, "next": back}).status_code


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/password").status_code == 200


@pytest.fixture
def zhang(own: Library) -> FlaskClient:
    """A client of an editor with a password, not yet signed in."""
    make_account(own, "zhang", Role.EDITOR, unit="虚构镇党委")
    set_password(own, "zhang")
    return open_client(own)


def test_signing_in_and_out(zhang: FlaskClient) -> None:
    assert not is_signed_in(zhang)
    answer = zhang.post("/sign-in", data={"name": " Zhang ", "password": PASSWORD, "next": "/find?q=支部"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/find?q=%E6%94%AF%E9%83%A8")
    assert "虚构的zhang" in zhang.get("/find?q=支部").text
    assert zhang.post("/sign-out").status_code == 303
    assert not is_signed_in(zhang)


def test_the_session_before_sign_in_is_gone_after_it(own: Library, zhang: FlaskClient) -> None:
    planted = {"csrf_token": "planted", "anything": "of somebody else"}
    with zhang.session_transaction() as held:
        held.update(planted)
    before = zhang.get_cookie("session")
    enter(zhang)
    with zhang.session_transaction() as held:
        assert planted.items() & held.items() == set()
    thief = open_client(own)
    assert before
    thief.set_cookie("session", before.value)
    assert not is_signed_in(thief)


def test_a_copy_of_the_cookie_is_worth_nothing_after_sign_out(own: Library, zhang: FlaskClient) -> None:
    enter(zhang)
    cookie = zhang.get_cookie("session")
    assert cookie
    thief = open_client(own)
    thief.set_cookie("session", cookie.value)
    assert is_signed_in(thief)
    zhang.post("/sign-out")
    assert not is_signed_in(thief)


def test_the_cookie_is_shut_to_scripts_and_other_sites(zhang: FlaskClient) -> None:
    answer = zhang.post("/sign-in", data={"name": "zhang", "password": PASSWORD})
    assert answer.headers["Set-Cookie"].split("; ")[1:] == ["HttpOnly", "Path=/", "SameSite=Lax"]


def test_over_https_the_cookie_is_bound_to_this_host(own: Library) -> None:
    make_account(own, "zhang", Role.EDITOR)
    set_password(own, "zhang")
    own.settings = replace(own.settings, address="https://cases.example")
    client = open_client(own)
    answer = client.post("/sign-in", data={"name": "zhang", "password": PASSWORD}, base_url="https://cases.example")
    name, *marks = (
        re.split("=|; ", answer.headers["Set-Cookie"], maxsplit=1)[0],
        *answer.headers["Set-Cookie"].split("; ")[1:],
    )
    assert (name, marks) == ("__Host-session", ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"])
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_session_that_rests_too_long_ends(zhang: FlaskClient, clock: Clock) -> None:
    enter(zhang)
    for _ in range(3):
        clock.pass_by(IDLE - 1)
        assert is_signed_in(zhang)
    clock.pass_by(IDLE + 1)
    assert not is_signed_in(zhang)


def test_a_session_ends_after_a_working_day_however_busy(zhang: FlaskClient, clock: Clock) -> None:
    enter(zhang)
    for _ in range(ABSOLUTE // 1200 - 1):
        clock.pass_by(1200)
        assert is_signed_in(zhang)
    clock.pass_by(1300)
    assert not is_signed_in(zhang)


def test_a_clock_set_back_ends_a_session(zhang: FlaskClient, clock: Clock) -> None:
    enter(zhang)
    clock.pass_by(-365 * 86400)
    assert not is_signed_in(zhang)


def test_a_disabled_account_is_out_at_its_next_request(own: Library, zhang: FlaskClient) -> None:
    enter(zhang)
    assert is_signed_in(zhang)
    with own.desk.account_work() as work:
        found = work.accounts.find("zhang")
        assert found
        work.accounts.change(found._replace(is_active=False))
    assert not is_signed_in(zhang)
    assert enter(zhang) == 403


def test_a_role_taken_away_is_gone_at_the_next_request(own: Library) -> None:
    client = signed_in(own, "guan", Role.ADMINISTRATOR)
    assert client.get("/accounts").status_code == 200
    with own.desk.account_work() as work:
        found = work.accounts.find("guan")
        assert found
        work.accounts.change(found._replace(roles=frozenset({Role.READER})))
    assert client.get("/accounts").status_code == 403


def test_a_new_password_ends_every_other_session(own: Library, zhang: FlaskClient) -> None:
    elsewhere = open_client(own)
    enter(zhang)
    enter(elsewhere)
    form = {"old": PASSWORD, "password": OTHER, "again": OTHER}
    assert zhang.post("/password", data=form).status_code == 303
    assert (is_signed_in(zhang), is_signed_in(elsewhere)) == (True, False)
    assert (enter(elsewhere), enter(elsewhere, password=OTHER)) == (403, 303)


def test_who_must_change_the_password_can_do_nothing_before(own: Library, zhang: FlaskClient) -> None:
    with own.desk.account_work() as work:
        found = work.accounts.find("zhang")
        assert found
        work.accounts.change(found._replace(must_change=True))
    enter(zhang)
    for address in ("/", "/find", "/cases/000000-2020-01", "/accounts"):
        assert zhang.get(address).headers.get("Location") == "/password", address
    zhang.post("/password", data={"old": PASSWORD, "password": OTHER, "again": OTHER})
    assert zhang.get("/").status_code == 200


def test_a_password_lasts_as_long_as_the_setting_says(own: Library, clock: Clock) -> None:
    own.settings = replace(own.settings, password_days=90)
    make_account(own, "zhang", Role.EDITOR)
    set_password(own, "zhang")
    client = open_client(own)
    clock.pass_by(89 * 86400)
    enter(client)
    assert client.get("/").status_code == 200
    clock.pass_by(2 * 86400)
    enter(client)
    assert client.get("/").headers.get("Location") == "/password"


@pytest.mark.parametrize(
    "back", ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example", "/\t/evil.example",
             "/%0d%0aSet-Cookie:a=b", "/\r\nSet-Cookie: a=b", "javascript:alert(1)", ""],
)  # fmt: skip
def test_sign_in_leads_to_this_site_only(zhang: FlaskClient, back: str) -> None:
    answer = zhang.post("/sign-in", data={"name": "zhang", "password": PASSWORD, "next": back})
    assert answer.status_code == 303
    assert answer.headers["Location"] in ("/drafts", "/%0d%0aSet-Cookie:a=b")
    assert "a=b" not in answer.headers["Set-Cookie"]
    again = zhang.get("/sign-in", query_string={"next": back})
    assert again.headers["Location"] in ("/", "/%0d%0aSet-Cookie:a=b")


@pytest.mark.parametrize(
    ("role", "page"),
    [(Role.READER, "/"), (Role.EDITOR, "/drafts"), (Role.REVIEWER, "/review"), (Role.STEWARD, "/corrections"),
     (Role.ADMINISTRATOR, "/accounts"), (Role.AUDITOR, "/audit")],
)  # fmt: skip
def test_who_asked_for_no_page_begins_at_their_work(own: Library, role: Role, page: str) -> None:
    make_account(own, role.value, role, unit="虚构镇党委")
    set_password(own, role.value)
    sent = open_client(own).post("/sign-in", data={"name": role.value, "password": PASSWORD, "next": "/"})
    assert sent.headers["Location"] == page


def test_a_guest_who_needs_an_account_is_led_to_sign_in_and_back(zhang: FlaskClient) -> None:
    answer = zhang.get("/accounts/3?a=b")
    assert answer.headers["Location"] == "/sign-in?next=/accounts/3?a%3Db&needed=1"
    assert 'name="next" value="/accounts/3?a=b"' in zhang.get(answer.headers["Location"]).text


def test_pages_of_somebody_signed_in_are_kept_nowhere(zhang: FlaskClient) -> None:
    assert zhang.get("/").headers["Cache-Control"] == "private, no-cache"
    enter(zhang)
    for address in ("/", "/find", "/cases/000000-2020-01", "/password", "/nowhere"):
        assert zhang.get(address).headers["Cache-Control"] == "no-store", address


def link_of(html: str) -> str:
    found = re.search(r"/setup/[\w-]+", html)
    assert found
    return found[0]


def test_the_first_run_makes_an_administrator_once(own: Library) -> None:
    secret = give_first_link(own.desk.account_work, own.desk.now)
    client = open_client(own)
    form = {"name": "guan", "display_name": "虚构的管理员", "password": PASSWORD, "again": PASSWORD}
    assert "设置第一个管理员" in client.get(f"/setup/{secret}").text
    assert client.post(f"/setup/{secret}", data={**form, "password": "short", "again": "short"}).status_code == 400
    assert client.post(f"/setup/{secret}", data=form).headers["Location"] == "/accounts"
    assert client.get("/accounts").status_code == 200
    other = open_client(own)
    assert (other.get(f"/setup/{secret}").status_code, other.post(f"/setup/{secret}", data=form).status_code) == (
        404,
        404,
    )
    assert give_first_link(own.desk.account_work, own.desk.now) == ""


def test_a_link_expires_and_a_newer_one_takes_its_place(own: Library, clock: Clock) -> None:
    first = give_first_link(own.desk.account_work, own.desk.now)
    second = give_first_link(own.desk.account_work, own.desk.now)
    client = open_client(own)
    assert [client.get(f"/setup/{one}").status_code for one in (first, second, "x" * 32)] == [404, 200, 404]
    clock.pass_by(24 * 3600 + 1)
    assert client.get(f"/setup/{second}").status_code == 404


def test_a_link_for_a_disabled_account_is_none(own: Library) -> None:
    account = make_account(own, "zhang", Role.EDITOR)
    with own.desk.account_work() as work:
        secret = give_link(account.actor, account, work, own.desk.now)
        work.accounts.change(account._replace(is_active=False))
    assert open_client(own).get(f"/setup/{secret}").status_code == 404


def token_of(html: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', html)
    assert found
    return found[1]


WITHOUT_TOKEN = {"/display", "/describe"}
"""Forms on pages that are made once for all guests; they change nothing for anybody."""


def posts(app: Flask) -> set[str]:
    """An address of every route that takes a form."""
    rules = (rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set()))
    first = (re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule) for rule in rules)
    return {re.sub("<[^>]+>", "1", address) for address in first} - WITHOUT_TOKEN


def test_a_form_without_its_token_is_refused(own: Library) -> None:
    app = create_app(own)
    client = sign_in(app.test_client(), own, make_account(own, "guan", Role.ADMINISTRATOR))
    assert {"/batches", "/drafts/1/hand-over", "/handovers/1", "/accounts/1", "/review/1/decide"} <= posts(app)
    for address in posts(app):
        answer = client.post(address, data={"csrf_token": "forged"})
        assert (answer.status_code, Page(answer.text).says("表单过期了")) == (400, True), address
    page = client.get("/accounts/1")
    assert client.post("/accounts/1/unlock", data={"csrf_token": token_of(page.text)}).status_code == 303


def test_what_somebody_typed_is_no_formula_in_the_exported_audit(own: Library) -> None:
    client = signed_in(own, "shen", Role.AUDITOR)
    for name in ("=1+1", "+1", "-1", "@sum"):
        enter(open_client(own), name=name)
    rows = list(csv.DictReader(io.StringIO(client.post("/audit/export").data.decode("utf-8-sig"))))
    assert {row["对象"] for row in rows if row["类型"] == "登录"} == {"'=1+1", "'+1", "'-1", "'@sum"}


def test_a_foreign_origin_is_refused_even_where_no_token_is_asked(own: Library) -> None:
    client = create_app(own).test_client()
    for origin in ("https://evil.example", "null", "http://localhost.evil.example", "http://localhost:81"):
        answers = [
            client.post(address, headers={"Origin": origin}).status_code
            for address in ("/display", "/describe", "/sign-in")
        ]
        assert answers == [400, 400, 400], origin
    assert client.post("/display", data={"size": "large"}, headers={"Origin": "http://localhost"}).status_code == 303


def test_looking_waits_for_nobody_who_writes(own: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "WAIT_MS", 100)
    administrator, auditor = signed_in(own, "guan", Role.ADMINISTRATOR), signed_in(own, "shen", Role.AUDITOR)
    with own.desk.account_work() as work:
        found = work.accounts.find("guan")
        assert found
        secret = give_link(found.actor, found, work, own.desk.now)
    with own.desk.writing(), ThreadPoolExecutor(1) as another:
        asked = [(administrator, "/accounts"), (administrator, "/accounts/1"), (auditor, "/audit"),
                 (open_client(own), f"/setup/{secret}")]  # fmt: skip
        codes = [another.submit(client.get, address).result().status_code for client, address in asked]
    assert codes == [200, 200, 200, 200]


def test_nothing_is_changed_by_opening_an_address(own: Library) -> None:
    client = signed_in(own, "guan", Role.ADMINISTRATOR)
    for address in ("/sign-out", "/accounts/1/link", "/accounts/1/unlock", "/accounts/1/demand", "/audit/export"):
        assert client.get(address).status_code == 405, address


@pytest.mark.parametrize(("host", "status"), [("localhost", 200), ("127.0.0.1:8123", 200), ("evil.example", 400)])
def test_a_forged_host_is_refused(own: Library, host: str, status: int) -> None:
    client = create_app(own).test_client()
    answer = client.get("/", headers={"Host": host, "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "9.9.9.9"})
    assert answer.status_code == status
    assert "evil.example" not in answer.text + str(answer.headers)


def test_the_set_address_is_the_only_one_answered(own: Library) -> None:
    own.settings = replace(own.settings, address="https://cases.example", host="0.0.0.0")
    client = create_app(own).test_client()
    answers = [
        client.get("/", headers={"Host": host}).status_code for host in ("cases.example", "10.0.0.1", "localhost")
    ]
    assert answers == [200, 400, 200]


def test_what_a_stranger_says_of_his_address_is_not_believed(own: Library, zhang: FlaskClient) -> None:
    zhang.post("/sign-in", data={"name": "zhang", "password": "x"}, headers={"X-Forwarded-For": "9.9.9.9"})
    with own.desk.session() as session:
        last = own.desk.audit_store(session).last()
    assert last
    assert (last.kind, last.subject, last.result, last.source) == ("signed_in", "zhang", "failed", "127.0.0.1")


@pytest.mark.parametrize(
    "key", ["", "changeme", "0" * 64, "secretsecretsecretsecretsecretsecretsecretsecretsecretsecretsecret"]
)
def test_a_sample_key_is_no_key(tmp_path: Path, key: str) -> None:
    settings = write_folder(tmp_path)
    settings.data_folder.mkdir()
    (settings.data_folder / "secret-key").write_text(key)
    with pytest.raises(NotReady, match="不是一把可用的密钥"):
        create_app(Library(settings))


def test_the_key_is_made_once_and_for_the_server_alone(tmp_path: Path) -> None:
    settings = write_folder(tmp_path)
    first, second = (create_app(Library(settings)).secret_key for _ in range(2))
    path = settings.data_folder / "secret-key"
    assert first == second == path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [name.name for name in path.parent.glob("*secret*")] == ["secret-key"]


def test_the_environment_cannot_turn_debugging_on(own: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert create_app(own).debug is False


def test_what_is_no_page_is_not_there(own: Library) -> None:
    client = create_app(own).test_client()
    for address in ("/metrics", "/console", "/static/../app.py", "/static/%2e%2e/app.py", "/data/secret-key", "/.env"):
        assert client.get(address).status_code == 404, address

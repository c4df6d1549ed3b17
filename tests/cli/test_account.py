"""First run and forgotten passwords, at the server's own keyboard."""

import re
from pathlib import Path

import pytest

from kb.bootstrap.desk import Desk
from kb.config import load_settings
from kb.errors import AskedWrongly
from kb.services.set_up_account import use_link
from kb.services.sign_in import WrongPassword, sign_in
from tests.cli.own_library import call_kb, make_own_library

FIRST, SECOND = "Made-up-2026", "Another-2026"


def secret_of(words: str, address: str) -> str:
    found = re.search(re.escape(address) + r"/setup/([\w-]{32})\n", words)
    assert found, words
    return found[1]


def test_a_link_for_the_first_administrator_and_one_for_who_forgot(tmp_path: Path) -> None:
    folder = make_own_library(tmp_path / "own")
    desk = Desk(folder / "data")
    first = call_kb(folder, "account", "link")
    use_link(secret_of(first.stdout, "http://127.0.0.1:8000"), "guan", "虚构", FIRST, desk.account_work, desk.now)
    assert "已经有账号了" in call_kb(folder, "account", "link").stdout
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_in("guan", "forgotten", desk.account_work, desk.now, "")
    again = call_kb(folder, "account", "link", "guan", KB_ADDRESS="https://cases.example")
    use_link(secret_of(again.stdout, "https://cases.example"), "", "", SECOND, desk.account_work, desk.now)
    assert sign_in("guan", SECOND, desk.account_work, desk.now, "").name == "guan"
    nobody = call_kb(folder, "account", "link", "nobody")
    assert (nobody.returncode, nobody.stderr) == (
        2,
        "错误：没有用户名“nobody”。核对用户名；管理员能在“账号”页看到全部。\n",
    )
    with desk.session() as session:
        kinds = [(one.actor, one.kind) for one in desk.audit_store(session).all()]
    assert ("服务器命令行#0", "link_given") in kinds
    desk.close()


@pytest.mark.parametrize("name", ["KB_ADDRESS", "KB_PASSWORD_DAYS"])
@pytest.mark.parametrize("value", ["cases.example", "https://cases.example/path", "-1", "soon"])
def test_a_setting_that_cannot_be_is_refused(name: str, value: str) -> None:
    with pytest.raises(AskedWrongly, match=name):
        load_settings({name: value})

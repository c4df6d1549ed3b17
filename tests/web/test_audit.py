"""审计 as its page shows it: Chinese words for every kind, filters by them, a table to take away with what was kept."""

import csv
import io

import pytest
from flask.testing import FlaskClient

from kb.bootstrap import Library
from kb.domain.accounts import Actor, Role
from kb.domain.audited import Deed, Outcome
from kb.services.keep_audit import AuditEntry, digest_of
from tests.web.conftest import open_synced
from tests.web.page import Page
from tests.web.signed_in import signed_in

WRITER = Actor(7, "虚构的王", roles=frozenset({Role.EDITOR}))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Library:
    library = open_synced(tmp_path_factory.mktemp("audit"))
    with library.desk.writing() as session:
        trail = library.desk.audit(session, "10.0.0.1")
        for deed in Deed:
            trail.note(WRITER, deed, "submission:3", Outcome.DONE, "第 1 版")
        trail.note(WRITER, Deed.SIGNED_IN, "wang", Outcome.FAILED)
    return library


@pytest.fixture
def auditor(shelf: Library) -> FlaskClient:
    return signed_in(shelf, "auditor", Role.AUDITOR)


def test_every_kind_is_shown_in_chinese(auditor: FlaskClient) -> None:
    html = auditor.get("/audit").text
    page = Page(html)
    assert [deed for deed in Deed if not page.says(f"{deed.label} 稿件 3 成功")] == []
    shown = html.split("<tbody>")[1]
    assert [deed for deed in Deed if f">{deed.value}<" in shown] == [] and "submission:" not in shown
    assert [deed for deed in Deed if f'<option value="{deed.value}">{deed.label}</option>' not in html] == []
    assert page.says("登录 wang 失败")


def test_one_filters_by_kind_and_result(auditor: FlaskClient) -> None:
    table = auditor.get("/audit?kind=signed_in&result=failed").text.split("<tbody>")[1].split("</tbody>")[0]
    assert table.count("<tr>") == 1 and "wang" in table


def test_the_table_to_take_away_holds_what_the_digests_were_made_over(auditor: FlaskClient) -> None:
    answer = auditor.post("/audit/export", data={"kind": "submitted"})
    header, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (row[3], row[4], row[5]) == ("送审", "稿件 3", "成功")
    kept = AuditEntry(int(row[0]), row[1], row[2], row[10], row[11], row[12], *row[6:10])
    assert header[10:] == ["类型（原文）", "对象（原文）", "结果（原文）"]
    assert digest_of(kept) == kept.digest

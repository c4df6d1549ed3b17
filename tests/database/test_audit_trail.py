"""The audit trail: nothing of it can be changed, and where something was, the self-check names it."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError

from kb.bootstrap.desk import Desk
from kb.database.faults import DamagedDatabase
from kb.domain.accounts import Actor, Role
from kb.domain.audited import Deed, Outcome
from kb.errors import Forbidden
from kb.services.keep_audit import BEGINNING, AuditCheck, AuditFilter, check_trail, digest_of, read_audit

WRITER = Actor(7, "虚构的王", roles=frozenset({Role.EDITOR}))
AUDITOR = Actor(8, "虚构的审计", roles=frozenset({Role.AUDITOR}))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, lambda: datetime(2026, 11, 23, 8, tzinfo=UTC))
    for number in range(5):
        with made.writing() as session:
            made.audit(session, "10.0.0.1").note(
                WRITER, Deed.SUBMITTED, f"submission:{number + 1}", Outcome.DONE, "第 1 版"
            )
    yield made
    made.close()


def checked(desk: Desk) -> AuditCheck:
    with desk.session() as session:
        return check_trail(AUDITOR, desk.audit_store(session))


def test_an_entry_says_when_who_what_result_and_whence(desk: Desk) -> None:
    with desk.session() as session:
        first, second, *_ = desk.audit_store(session).all()
    assert first[:8] == (
        1,
        "2026-11-23T08:00:00+00:00",
        "虚构的王#7",
        "submitted",
        "submission:1",
        "done",
        "10.0.0.1",
        "第 1 版",
    )
    assert (first.previous, first.digest) == (BEGINNING, digest_of(first))
    assert second.previous == first.digest


@pytest.mark.parametrize(
    "deed", ["UPDATE audit_entry SET result = 'failed'", "DELETE FROM audit_entry WHERE number = 3"]
)
def test_the_application_cannot_change_it(desk: Desk, deed: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), desk.writing() as session:
        session.execute(text(deed))
    assert (checked(desk).entries, checked(desk).faults) == (5, ())


TAMPERED = {
    "UPDATE audit_entry SET subject = 'submission:9' WHERE number = 3": ("第 3 条被改动过",),
    "DELETE FROM audit_entry WHERE number IN (2, 3)": ("第 2 条到第 3 条不见了",),
    "DELETE FROM audit_entry WHERE number = 1": ("第 1 条到第 1 条不见了",),
    "UPDATE audit_entry SET digest = 'x' WHERE number = 2": ("第 2 条被改动过", "第 3 条与前一条接不上"),
}


@pytest.mark.parametrize("deed", TAMPERED)
def test_who_gets_past_the_database_is_found_out(desk: Desk, deed: str) -> None:
    with sqlite3.connect(desk.path) as direct:
        direct.executescript(f"DROP TRIGGER audit_entry_UPDATE; DROP TRIGGER audit_entry_DELETE; {deed};")
    direct.close()
    assert checked(desk).faults == TAMPERED[deed]


def test_a_forged_entry_with_its_own_digest_does_not_fit_the_next(desk: Desk) -> None:
    with desk.session() as session:
        third = list(desk.audit_store(session).all())[2]
    forged = third._replace(result="failed", digest="")
    with sqlite3.connect(desk.path) as direct:
        direct.execute("DROP TRIGGER audit_entry_UPDATE")
        direct.execute(
            "UPDATE audit_entry SET result = ?, digest = ? WHERE number = 3", (forged.result, digest_of(forged))
        )
    direct.close()
    assert checked(desk).faults == ("第 4 条与前一条接不上",)


def test_many_who_write_at_once_make_one_chain(desk: Desk) -> None:
    def note(number: int) -> None:
        with desk.writing() as session:
            desk.audit(session).note(WRITER, Deed.SUBMITTED, str(number), Outcome.DONE)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(note, range(40)))
    assert (checked(desk).entries, checked(desk).faults) == (45, ())


def test_what_is_not_done_is_not_noted(desk: Desk) -> None:
    with pytest.raises(ValueError), desk.writing() as session:
        desk.audit(session).note(WRITER, Deed.SUBMITTED, "submission:9", Outcome.DONE)
        raise ValueError("the deed itself failed")
    assert checked(desk).entries == 5


def test_damage_that_comes_while_it_is_open_is_told_with_what_to_do(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'audit_entry'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    data = bytearray(desk.path.read_bytes())
    data[(page - 1) * size : page * size] = b"\xa5" * size
    desk.path.write_bytes(bytes(data))
    with pytest.raises(DamagedDatabase, match="已损坏") as caught:
        checked(desk)
    assert "kb doctor" in caught.value.advice
    with pytest.raises(DamagedDatabase), desk.writing() as session:
        desk.audit(session).note(WRITER, Deed.SUBMITTED, "submission:6", Outcome.DONE)


def test_an_error_does_not_repeat_what_was_to_be_written(desk: Desk) -> None:
    """It goes into the log."""
    with pytest.raises(IntegrityError) as caught, desk.writing() as session:
        session.execute(text("UPDATE audit_entry SET detail = :detail"), {"detail": "虚构的稿件文字"})
    assert "append-only" in str(caught.value) and "虚构的稿件文字" not in str(caught.value)


def test_a_line_end_makes_no_second_entry(desk: Desk) -> None:
    with desk.writing() as session:
        desk.audit(session, "1.1.1.1\n").note(
            WRITER, Deed.SUBMITTED, "甲\n2026-11-23 假的\x1b[31m", Outcome.DONE, "x" * 9_000
        )
        last = desk.audit_store(session).last()
    assert last
    assert (last.subject, last.source, len(last.detail)) == ("甲 2026-11-23 假的 [31m", "1.1.1.1 ", 500)


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [(AuditFilter(), [5, 4, 3, 2, 1]), (AuditFilter(kind="signed_in"), []), (AuditFilter(actor="虚构的王#7", result="done"), [5, 4, 3, 2, 1]),
     (AuditFilter(first_day="2026-11-23", last_day="2026-11-23"), [5, 4, 3, 2, 1]),
     (AuditFilter(first_day="2026-11-24"), []), (AuditFilter(last_day="2026-11-22"), [])],
)  # fmt: skip
def test_auditors_filter(desk: Desk, wanted: AuditFilter, numbers: list[int]) -> None:
    with desk.session() as session:
        page = read_audit(AUDITOR, desk.audit_store(session), wanted)
    assert ([entry.number for entry in page.entries], page.total) == (numbers, len(numbers))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_nobody_else_reads_it(desk: Desk, role: Role) -> None:
    acting = Actor(1, "虚构", roles=frozenset({role}))
    with desk.session() as session:
        with pytest.raises(Forbidden):
            read_audit(acting, desk.audit_store(session), AuditFilter())
        with pytest.raises(Forbidden):
            check_trail(acting, desk.audit_store(session))

"""A content folder and a kept database to publish into, over made-up records; also the child that is killed at it."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from kb.database.kept import copy_kept, open_kept
from kb.database.kept_tables import AccountRow, SubmissionRow, SubmissionVersionRow
from kb.database.publishing import SqlPublishLedger
from kb.domain.accounts import Actor, Role
from kb.domain.submission import Submission
from kb.domain.workflow import Stage
from kb.repository.record_file import RecordFormat
from kb.repository.record_folder import FileRecordFolder
from kb.services.include_case import include
from kb.services.publish_record import Point, Publisher
from tests.made_up import CASE, CASE_TEMPLATE, MECHANISM, REFERENCE

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
FORM = RecordFormat(CASE_TEMPLATE)
FIELDS = {key: value for key, value in FORM.parse(CASE).fields.items() if key not in ("id", "status", "review_by")}
WRITER, REVIEWER = 1, 2
REVIEWING = Actor(REVIEWER, "虚构审核人", "虚构镇党委", frozenset({Role.REVIEWER}))


class UnchangedTexts:
    """A Renderer that leaves texts as they are."""

    def render(self, texts: Mapping[str, str]) -> Mapping[str, str]:
        return texts


def open_desk(folder: Path) -> Engine:
    (folder / "content/cases").mkdir(parents=True, exist_ok=True)
    (folder / "content/mechanisms").mkdir(exist_ok=True)
    (folder / "content/mechanisms/pair-up.md").write_text(MECHANISM, encoding="utf-8")
    (folder / "kept.sqlite3").write_bytes(_new_kept())
    return open_kept(folder / "kept.sqlite3")


@cache
def _new_kept() -> bytes:
    """A kept database with the accounts; made once, for making it takes longer than a test."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "kept.sqlite3")
        with Session(open_kept(path)) as session, session.begin():
            session.add_all(account(number) for number in (WRITER, REVIEWER))
        return copy_kept(path)


def account(number: int) -> AccountRow:
    told = {"unit": "虚构镇党委", "password_hash": "", "is_active": True, "must_change": False, "epoch": 0}
    times = dict.fromkeys(("made_at", "password_set_at", "last_seen_at"), "")
    return AccountRow(number=number, name=f"made-up-{number}", display_name=f"虚构{number}", **told, **times)


def publishing(folder: Path, engine: Engine, reached: Callable[[Point], None] = lambda _: None) -> Publisher:
    return Publisher(
        FileRecordFolder(folder / "content"),
        SqlPublishLedger(lambda: Session(engine), lambda: writing(engine)),
        FORM,
        REFERENCE,
        UnchangedTexts(),
        now=lambda: NOW,
        today=lambda: date(2026, 11, 25),
        alone=nullcontext,
        reached=reached,
    )


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def add_matured(
    engine: Engine, *, record_id: str = "", based_on: int = 0, title: str = "", stage: Stage = Stage.MATURED
) -> Submission:
    """A submission that passed all steps."""
    import json

    fields = {**FIELDS, "title": title or FIELDS["title"]}
    told = {"fields": json.dumps(fields, ensure_ascii=False), "tray": "[]"}
    with Session(engine) as session, session.begin():
        row = SubmissionRow(
            record_id=record_id, owner=WRITER, unit="虚构镇党委", stage=stage.value, version=1,
            based_on=based_on, made_at="", changed_at="", **told,
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add(SubmissionVersionRow(submission=row.number, version=1, saved_at="", saved_by=WRITER, **told))
        number = row.number
    return Submission(number, record_id, WRITER, "虚构镇党委", stage, 1, fields, based_on=based_on)


def stage_of(engine: Engine, number: int) -> str:
    with Session(engine) as session:
        row = session.get(SubmissionRow, number)
        return row.stage if row else ""


def _include_and_die(folder: Path, point: Point, number: int, based_on: int, title: str) -> None:
    def reached(now: Point) -> None:
        if now is point:
            os.kill(os.getpid(), signal.SIGKILL)

    record_id = "000000-2019-01" if based_on else ""
    given = {**FIELDS, "title": title}
    submission = Submission(number, record_id, WRITER, "", Stage.MATURED, 1, given, based_on=based_on)
    publisher = publishing(folder, open_kept(folder / "kept.sqlite3"), reached)
    include(submission, REVIEWING, publisher, writers=frozenset({WRITER}))


def main() -> None:
    """For each line `folder point number based_on title`: a child that includes and is killed; says the signal."""
    with TemporaryDirectory() as warm:  # once here, so that none of 160 children loads and prepares what this takes
        desk = open_desk(Path(warm))
        include(add_matured(desk), REVIEWING, publishing(Path(warm), desk), writers=frozenset({WRITER}))
    for line in sys.stdin:
        folder, point, number, based_on, title = line.split()
        child = os.fork()
        if child == 0:
            _include_and_die(Path(folder), Point(point), int(number), int(based_on), title)
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()

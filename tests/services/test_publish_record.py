"""Row 31: killed at each named point, ×20, a publish that was acknowledged is there, another is there or not, wholly."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from kb.database.kept_tables import SubmissionRow
from kb.domain.workflow import Stage
from kb.errors import AskedWrongly, Conflict, Forbidden, NotReady
from kb.services.include_case import include
from kb.services.publish_record import Point, Publisher, Reconciled, next_id, reconcile
from tests.made_up import ROOT
from tests.services.publishing_desk import (
    NOW,
    REVIEWER,
    REVIEWING,
    WRITER,
    add_matured,
    open_desk,
    publishing,
    stage_of,
)

TIMES = 20
PLACED = {Point.PLACED, Point.FLUSHED, Point.DONE}
WRITERS = frozenset({WRITER})
FIRST_ID = "000000-2019-01"
FIRST_TITLE, SECOND_TITLE = "虚构镇初次写成的一个标题", "虚构镇修订以后的一个标题"


@pytest.fixture
def desk(tmp_path: Path) -> Engine:
    return open_desk(tmp_path)


@pytest.fixture(scope="module")
def child() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.services.publishing_desk"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def kill_at(child: "subprocess.Popen[str]", *words: object) -> int:
    assert child.stdin and child.stdout
    child.stdin.write(" ".join(map(str, words)) + "\n")
    child.stdin.flush()
    return int(child.stdout.readline())


def reconciled(publisher: Publisher) -> Reconciled:
    return reconcile(publisher.folder, publisher.ledger, publisher.time())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "content/cases").iterdir())


@pytest.mark.parametrize("point", Point)
@pytest.mark.parametrize("is_revision", [False, True], ids=["new case", "next revision"])
def test_a_publish_killed_at_a_point_is_wholly_there_or_wholly_absent(
    tmp_path: Path, child: "subprocess.Popen[str]", point: Point, is_revision: bool
) -> None:
    for turn in range(TIMES // 2):
        folder = tmp_path / str(turn)
        desk = open_desk(folder)
        if is_revision:
            first = add_matured(desk, title=FIRST_TITLE)
            publisher = publishing(folder, desk)
            include(first, REVIEWING, publisher, writers=WRITERS)
        before = (folder / f"content/cases/{FIRST_ID}.md").read_text("utf-8") if is_revision else ""
        submission = add_matured(
            desk, title=SECOND_TITLE, record_id=FIRST_ID if is_revision else "", based_on=int(is_revision)
        )
        killed = kill_at(child, folder, point.value, submission.number, int(is_revision), SECOND_TITLE)
        assert killed == -signal.SIGKILL

        publisher = publishing(folder, desk)
        ends = reconciled(publisher)
        revisions = publisher.ledger.revisions(FIRST_ID)
        assert publisher.ledger.open_intents() == []
        is_there = point in PLACED
        assert ends == Reconciled(
            finished=(FIRST_ID,) if point in PLACED - {Point.DONE} else (),
            dropped=(FIRST_ID,) if point in {Point.INTENDED, Point.WRITTEN} else (),
        )
        assert names(folder) == ([f"{FIRST_ID}.md"] if is_there or is_revision else []), "no temporary file is left"
        assert stage_of(desk, submission.number) == ("included" if is_there else "matured")
        assert len(revisions) == is_there + is_revision
        if is_there:
            text = (folder / f"content/cases/{FIRST_ID}.md").read_text("utf-8")
            assert (revisions[0].text, revisions[0].submission) == (text, submission.number)
            assert SECOND_TITLE in text
        elif is_revision:
            assert (folder / f"content/cases/{FIRST_ID}.md").read_text("utf-8") == before


def test_half_a_publish_is_told_from_a_file_added_by_hand(tmp_path: Path, child: "subprocess.Popen[str]") -> None:
    desk = open_desk(tmp_path)
    submission = add_matured(desk)
    kill_at(child, tmp_path, Point.FLUSHED.value, submission.number, 0, FIRST_TITLE)
    (tmp_path / "content/cases/000000-2019-09.md").write_text("由人放进来", "utf-8")
    publisher = publishing(tmp_path, desk)
    assert reconciled(publisher) == Reconciled(finished=(FIRST_ID,))
    assert publisher.ledger.latest().keys() == {FIRST_ID}


def test_a_publish_cut_off_and_then_edited_by_hand_leaves_the_hand_its_text(
    tmp_path: Path, child: "subprocess.Popen[str]"
) -> None:
    desk = open_desk(tmp_path)
    submission = add_matured(desk)
    kill_at(child, tmp_path, Point.PLACED.value, submission.number, 0, FIRST_TITLE)
    file = tmp_path / f"content/cases/{FIRST_ID}.md"
    file.write_text("手工改过的文字", "utf-8")
    publisher = publishing(tmp_path, desk)
    assert reconciled(publisher) == Reconciled(overtaken=(FIRST_ID,))
    assert file.read_text("utf-8") == "手工改过的文字"
    assert stage_of(desk, submission.number) == "matured"


def test_an_included_case_is_a_file_a_revision_and_an_included_submission(tmp_path: Path, desk: Engine) -> None:
    submission = add_matured(desk)
    publisher = publishing(tmp_path, desk)
    revision = include(submission, REVIEWING, publisher, writers=WRITERS)
    assert publisher.ledger.latest() == {FIRST_ID: (1, revision.sha256)}
    text = (tmp_path / f"content/cases/{FIRST_ID}.md").read_text("utf-8")
    assert (revision.record_id, revision.number, revision.by, revision.at) == (
        FIRST_ID, 1, REVIEWER, NOW.isoformat(timespec="seconds"),
    )  # fmt: skip
    assert revision.text == text
    assert "status: 纳入\nreview_by: '2027-11-25'\n" in text
    assert stage_of(desk, submission.number) == "included"


def test_a_case_with_faults_is_refused_and_nothing_is_written(tmp_path: Path, desk: Engine) -> None:
    submission = add_matured(desk)
    faulty = {key: value for key, value in submission.fields.items() if key not in ("causes", "effect")}
    publisher = publishing(tmp_path, desk)
    with pytest.raises(AskedWrongly, match=r"还有 2 处.*成因.*成效"):
        include(
            submission.__class__(**{**submission.__dict__, "fields": faulty}), REVIEWING, publisher, writers=WRITERS
        )
    assert names(tmp_path) == []


def test_nobody_includes_what_they_wrote_or_helped_to_write(tmp_path: Path, desk: Engine) -> None:
    submission = add_matured(desk)
    publisher = publishing(tmp_path, desk)
    with pytest.raises(Forbidden):
        include(submission, REVIEWING, publisher, writers=frozenset({WRITER, REVIEWER}))
    assert names(tmp_path) == []


def test_a_file_edited_by_hand_is_never_overwritten(tmp_path: Path, desk: Engine) -> None:
    publisher = publishing(tmp_path, desk)
    include(add_matured(desk), REVIEWING, publisher, writers=WRITERS)
    file = tmp_path / f"content/cases/{FIRST_ID}.md"
    edited = file.read_text("utf-8") + "\n手工补的一句。\n"
    file.write_text(edited, "utf-8")
    change = add_matured(desk, title=SECOND_TITLE, record_id=FIRST_ID, based_on=1)
    with pytest.raises(Conflict, match="对不上"):
        include(change, REVIEWING, publisher, writers=WRITERS)
    assert file.read_text("utf-8") == edited
    assert stage_of(desk, change.number) == "matured"


@pytest.mark.parametrize("is_revision", [False, True], ids=["new case", "next revision"])
def test_an_edit_in_the_last_moment_before_the_rename_wins(tmp_path: Path, desk: Engine, is_revision: bool) -> None:
    file = tmp_path / f"content/cases/{FIRST_ID}.md"
    if is_revision:
        include(add_matured(desk), REVIEWING, publishing(tmp_path, desk), writers=WRITERS)

    def edit(point: Point) -> None:
        if point is Point.WRITTEN:
            file.write_text("最后一刻的手工改动", "utf-8")

    publisher = publishing(tmp_path, desk, edit)
    change = add_matured(desk, title=SECOND_TITLE, record_id=FIRST_ID if is_revision else "", based_on=int(is_revision))
    with pytest.raises(Conflict, match="被人直接改过"):
        include(change, REVIEWING, publisher, writers=WRITERS)
    assert (names(tmp_path), file.read_text("utf-8")) == ([file.name], "最后一刻的手工改动")


def test_an_edit_of_an_included_case_in_the_last_moment_before_the_rename_wins(tmp_path: Path, desk: Engine) -> None:
    include(add_matured(desk), REVIEWING, publishing(tmp_path, desk), writers=WRITERS)
    file = tmp_path / f"content/cases/{FIRST_ID}.md"

    def edit(point: Point) -> None:
        if point is Point.WRITTEN:
            file.write_text("最后一刻的手工改动", "utf-8")

    change = add_matured(desk, title=SECOND_TITLE, record_id=FIRST_ID, based_on=1)
    with pytest.raises(Conflict, match="被人直接改过"):
        include(change, REVIEWING, publishing(tmp_path, desk, edit), writers=WRITERS)
    assert (names(tmp_path), file.read_text("utf-8")) == ([file.name], "最后一刻的手工改动")
    assert stage_of(desk, change.number) == "matured"


def test_of_two_changes_written_on_one_revision_the_second_is_told(tmp_path: Path, desk: Engine) -> None:
    publisher = publishing(tmp_path, desk)
    include(add_matured(desk), REVIEWING, publisher, writers=WRITERS)
    one, other = (
        add_matured(desk, title=title, record_id=FIRST_ID, based_on=1) for title in (FIRST_TITLE, SECOND_TITLE)
    )
    include(one, REVIEWING, publisher, writers=WRITERS)
    with pytest.raises(Conflict, match="依据的是第 1 次修订，现在已是第 2 次"):
        include(other, REVIEWING, publisher, writers=WRITERS)
    assert FIRST_TITLE in (tmp_path / f"content/cases/{FIRST_ID}.md").read_text("utf-8")


def test_a_submission_is_included_once(tmp_path: Path, desk: Engine) -> None:
    submission = add_matured(desk)
    publisher = publishing(tmp_path, desk)
    include(submission, REVIEWING, publisher, writers=WRITERS)
    with pytest.raises(Conflict):
        include(submission, REVIEWING, publisher, writers=WRITERS)
    assert names(tmp_path) == [f"{FIRST_ID}.md"]


def test_a_submission_returned_after_it_was_opened_is_not_included(tmp_path: Path, desk: Engine) -> None:
    submission = add_matured(desk)
    with Session(desk) as session, session.begin():
        session.execute(update(SubmissionRow).values(stage=Stage.RETURNED.value))
    with pytest.raises(Conflict, match="已经不在待纳入之列"):
        include(submission, REVIEWING, publishing(tmp_path, desk), writers=WRITERS)
    assert (names(tmp_path), stage_of(desk, submission.number)) == ([], "returned")


def test_a_disk_that_takes_no_more_leaves_the_old_file(
    tmp_path: Path, desk: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    submission = add_matured(desk)
    publisher = publishing(tmp_path, desk)
    with monkeypatch.context() as patch:
        patch.setattr("kb.repository.record_folder.write_file", full)
        with pytest.raises(NotReady, match=f"cases/{FIRST_ID}.md没有写成：磁盘满了。"):
            include(submission, REVIEWING, publisher, writers=WRITERS)
    assert (names(tmp_path), publisher.ledger.open_intents()) == ([], [])
    include(submission, REVIEWING, publisher, writers=WRITERS)
    assert names(tmp_path) == [f"{FIRST_ID}.md"], "the number of the failed try is used, not lost"


def test_a_number_is_never_given_twice(tmp_path: Path, desk: Engine) -> None:
    publisher = publishing(tmp_path, desk)
    include(add_matured(desk), REVIEWING, publisher, writers=WRITERS)
    (tmp_path / f"content/cases/{FIRST_ID}.md").unlink()
    (tmp_path / "content/cases/000000-2019-04.md").write_text("由人放进来", "utf-8")
    again = include(add_matured(desk), REVIEWING, publisher, writers=WRITERS)
    assert again.record_id == "000000-2019-05"


@pytest.mark.parametrize(
    ("taken", "given"),
    [
        ((), "110113-2017-01"),
        (("110113-2017-01", "110113-2017-09", "110113-2016-30"), "110113-2017-10"),
        (("110113-2017-99",), "110113-2017-100"),
        (("110113-2017-01-old", "110113-2017-x"), "110113-2017-01"),
    ],
)
def test_numbers_grow_within_region_and_year(taken: tuple[str, ...], given: str) -> None:
    assert next_id("110113", 2017, frozenset(taken)) == given


@pytest.mark.parametrize("stage", [Stage.SUBMITTED, Stage.DRAFT, Stage.RETURNED])
def test_what_has_not_passed_every_step_is_not_included(tmp_path: Path, desk: Engine, stage: Stage) -> None:
    submission = add_matured(desk, stage=stage)
    publisher = publishing(tmp_path, desk)
    with pytest.raises(AskedWrongly):
        include(submission, REVIEWING, publisher, writers=WRITERS)
    assert names(tmp_path) == []

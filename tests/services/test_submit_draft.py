"""送审, 撤回: what stops a draft, the round it opens, who takes it back and until when. Everything here is made up."""

from pathlib import Path

import pytest
from sqlalchemy import select

from kb.database.kept_tables import FieldNoteRow, ReviewDecisionRow, ReviewRoundRow
from kb.domain.workflow import Stage
from kb.errors import AskedWrongly, Conflict, Forbidden, NotFound
from kb.services.submissions import RoundState
from kb.services.submit_draft import Pledge, submit, withdraw
from tests.services.writing_desk import COLLEAGUE, EDITOR, FIELDS, REVIEWER, STRANGER, WritingDesk, begun

PLEDGE = Pledge(is_not_secret=True)
MOBILE = "有事打张书记的手机 13812345678。"


@pytest.fixture
def desk(tmp_path: Path) -> WritingDesk:
    return WritingDesk(tmp_path)


def rounds(desk: WritingDesk) -> list[tuple[int, int, str]]:
    with desk.kept.session() as session:
        return [(row.submission, row.version, row.state) for row in session.scalars(select(ReviewRoundRow))]


def add_decision(desk: WritingDesk, decision: str, note: str = "") -> int:
    row = ReviewDecisionRow(round=1, step="first_review", decided_at="", decided_by=4, decision=decision, note=note)
    with desk.kept.writing() as session:
        session.add(row)
        session.flush()
        return row.number


def test_submitting_opens_a_round_and_withdrawing_ends_it(desk: WritingDesk) -> None:
    number = begun(desk)
    with desk.writer() as writer:
        assert submit(EDITOR, number, 1, PLEDGE, writer).stage is Stage.SUBMITTED
    assert rounds(desk) == [(number, 1, "open")]
    with desk.writer() as writer:
        assert writer.open(REVIEWER, number).stage is Stage.SUBMITTED
        assert withdraw(COLLEAGUE, number, writer).stage is Stage.DRAFT
    assert rounds(desk) == [(number, 1, "withdrawn")]
    assert [kind for kind, _, _ in desk.notes] == ["draft_started", "submitted", "withdrawn"]


def test_nobody_else_withdraws_and_nothing_else_is_withdrawn(desk: WritingDesk) -> None:
    number = begun(desk)
    with pytest.raises(AskedWrongly), desk.writer() as writer:
        withdraw(EDITOR, number, writer)
    with desk.writer() as writer:
        submit(EDITOR, number, 1, PLEDGE, writer)
    for actor, refusal in ((STRANGER, NotFound), (REVIEWER, Forbidden)):
        with pytest.raises(refusal), desk.writer() as writer:
            withdraw(actor, number, writer)


def test_what_a_reviewer_has_decided_on_is_not_withdrawn_until_it_was_returned(desk: WritingDesk) -> None:
    number = begun(desk)
    with desk.writer() as writer:
        submitted = submit(EDITOR, number, 1, PLEDGE, writer)
    add_decision(desk, "passed")
    with pytest.raises(AskedWrongly, match="还没有人审过"), desk.writer() as writer:
        withdraw(EDITOR, number, writer)
    assert rounds(desk) == [(number, 1, "open")]
    with desk.kept.writing() as session:
        store = desk.kept.submissions(session)
        store.end_round(number, RoundState.RETURNED)
        store.move(submitted, Stage.RETURNED, at="2026-11-25T11:00:00+00:00")
    with desk.writer() as writer:
        submit(EDITOR, number, 1, PLEDGE, writer)
        assert withdraw(EDITOR, number, writer).stage is Stage.DRAFT


FAULTY = "还有必须改正的问题，不能进入下一阶段。"
ONE_PLACE = "还有 1 处个人信息或错敏词没有处理。"
REFUSED: dict[str, tuple[dict[str, object], Pledge, int, str]] = {
    "a field is missing": ({"summary": ""}, PLEDGE, 1, FAULTY),
    "secrecy was not answered": ({}, Pledge(), 1, "还没有声明内容不涉密。"),
    "another version was seen": ({}, PLEDGE, 2, "这份稿件刚才又有改动，没有送审。"),
    "a mobile number stands in it": ({"lessons": MOBILE}, PLEDGE, 1, ONE_PLACE),
    "kept without a reason": ({"lessons": MOBILE}, PLEDGE._replace(keeps_flagged=True, reason="  "), 1, ONE_PLACE),
    "red wording stands in it": ({"lessons": "这里有虚构错词。"}, PLEDGE, 1, ONE_PLACE),
    "a heading would cut the file": ({"lessons": "## 一、问题\n又一节"}, PLEDGE, 1, FAULTY),
    "a fence would swallow the next section": ({"lessons": "```\n没有完"}, PLEDGE, 1, FAULTY),
}  # fmt: skip


@pytest.mark.parametrize("reason", REFUSED)
def test_a_draft_is_not_submitted_while(desk: WritingDesk, reason: str) -> None:
    changes, pledge, version, words = REFUSED[reason]
    number = begun(desk, **changes)
    with pytest.raises((AskedWrongly, Conflict)) as caught, desk.writer() as writer:
        submit(EDITOR, number, version, pledge, writer)
    assert caught.value.message == words
    with desk.writer() as writer:
        assert writer.open(EDITOR, number).stage is Stage.DRAFT
    assert rounds(desk) == []


def test_the_choice_to_keep_private_details_is_logged_without_repeating_them(desk: WritingDesk) -> None:
    number = begun(desk, lessons=MOBILE)
    with desk.writer() as writer:
        concerns = writer.assess(writer.open(EDITOR, number).fields).concerns
        submit(EDITOR, number, 1, Pledge(True, True, "这是对外公开的值班电话"), writer)
    assert [(concern.label, concern.shown, concern.before, concern.is_red) for concern in concerns] == [
        ("难点与教训", "138****5678", "打张书记的手机 ", True)
    ]
    detail = "1 处（手机号）；理由：这是对外公开的值班电话"
    assert desk.notes[-1] == ("kept_flagged", "submission:1", detail)


def test_a_returned_draft_says_what_to_mend_until_it_is_submitted_again(desk: WritingDesk) -> None:
    number = begun(desk)
    with desk.writer() as writer:
        submitted = submit(EDITOR, number, 1, PLEDGE, writer)
    decision = add_decision(desk, "returned", note="总的说说")
    with desk.kept.writing() as session:
        session.add(FieldNoteRow(decision=decision, field="causes", reason="写清楚为什么"))
        desk.kept.submissions(session).move(submitted, Stage.RETURNED, at="2026-11-25T11:00:00+00:00")
    with desk.writer() as writer:
        assert writer.notes(EDITOR, number) == {"": "总的说说", "causes": "写清楚为什么"}
        writer.save(
            EDITOR,
            number,
            1,
            {**FIELDS, "causes": "这回写清楚了为什么：没有人召集，镇里也没有人过问，时间一长便散了。"},
        )
        submit(EDITOR, number, 2, PLEDGE, writer)
        assert writer.notes(EDITOR, number) == {}

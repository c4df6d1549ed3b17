"""Drafts: begun, saved by two people at once (row 39), submitted, withdrawn. Everything here is made up."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from kb.database.kept_models import FieldNoteRow, ReviewDecisionRow, ReviewRoundRow
from kb.domain.accounts import GUEST, Actor
from kb.domain.drafting import piece_id
from kb.domain.workflow import Stage
from kb.errors import AskedWrongly, Conflict, Forbidden, KbError, NotFound
from kb.services.submissions import Writer
from kb.services.write_draft import EditConflict, Pledge
from tests.made_up import CASE_TEMPLATE
from tests.services.writing_desk import (
    COLLEAGUE,
    EDITOR,
    EVERYBODY,
    FIELDS,
    READER,
    REVIEWER,
    STRANGER,
    UNIT,
    WritingDesk,
)

PLEDGE = Pledge(is_not_secret=True)
MOBILE = "有事打张书记的手机 13812345678。"


@pytest.fixture
def desk(tmp_path: Path) -> WritingDesk:
    return WritingDesk(tmp_path)


def begun(desk: WritingDesk, **changes: object) -> int:
    with desk.writer() as writer:
        return writer.start(EDITOR, {**FIELDS, **changes}, tray=("没有归到哪一项的一段",)).number


def fields_of(desk: WritingDesk, number: int) -> dict[str, object]:
    with desk.writer() as writer:
        return dict(writer.open(EDITOR, number).fields)


def rounds(desk: WritingDesk) -> list[tuple[int, int, str]]:
    with desk.kept.session() as session:
        return [(row.submission, row.version, row.state) for row in session.scalars(select(ReviewRoundRow))]


def test_a_new_draft_knows_its_unit_and_who_wrote_it(desk: WritingDesk) -> None:
    with desk.writer() as writer:
        draft = writer.start(EDITOR)
    assert (draft.number, draft.owner, draft.unit, draft.stage, draft.version) == (1, 1, UNIT, Stage.DRAFT, 1)
    assert draft.fields == {"origin": "本单位自述", "unit": UNIT, "level": "镇街"}
    assert desk.notes == [("新建稿件", "稿件 1", "")]


@pytest.mark.parametrize("actor", [GUEST, READER, REVIEWER], ids=lambda actor: actor.name)
def test_only_editors_write(desk: WritingDesk, actor: Actor) -> None:
    with pytest.raises(Forbidden), desk.writer() as writer:
        writer.start(actor)


def test_a_draft_is_hidden_from_all_but_its_unit(desk: WritingDesk) -> None:
    number = begun(desk)
    seen = {}
    for actor in (GUEST, *EVERYBODY):
        with desk.writer() as writer:
            try:
                seen[actor.name] = writer.open(actor, number).number
            except (NotFound, Forbidden):
                seen[actor.name] = 0
    assert seen == {"访客": 0, "虚构编辑甲": 1, "虚构编辑乙": 1, "虚构编辑丙": 0, "虚构审核丁": 0, "虚构读者戊": 0}


def test_saving_makes_a_version_only_when_something_changed(desk: WritingDesk) -> None:
    number = begun(desk)
    with desk.writer() as writer:
        assert writer.save(EDITOR, number, 1, FIELDS).submission.version == 1
        assert writer.save(EDITOR, number, 1, {**FIELDS, "title": "另一个标题"}).submission.version == 2
    with desk.writer() as writer:
        saved = [
            (version.version, version.by_name, version.fields["title"]) for version in writer.versions(EDITOR, number)
        ]
    assert saved == [(2, "虚构编辑甲", "另一个标题"), (1, "虚构编辑甲", FIELDS["title"])]


def test_two_people_who_changed_different_fields_are_joined(desk: WritingDesk) -> None:
    number = begun(desk)
    with desk.writer() as writer:
        writer.save(COLLEAGUE, number, 1, {**FIELDS, "title": "乙改的标题"})
    with desk.writer() as writer:
        saved = writer.save(EDITOR, number, 1, {**FIELDS, "causes": "甲改的成因"})
    assert (saved.joined, saved.by_name, saved.submission.version) == (("title",), "虚构编辑乙", 3)
    assert fields_of(desk, number) == {
        **FIELDS,
        "title": "乙改的标题",
        "causes": "甲改的成因",
        "origin": FIELDS["origin"],
    }


def test_two_people_who_changed_one_field_are_told_and_nothing_is_lost(desk: WritingDesk) -> None:
    number = begun(desk)
    with desk.writer() as writer:
        writer.save(COLLEAGUE, number, 1, {**FIELDS, "title": "乙改的标题", "causes": "乙改的成因"})
    mine = {**FIELDS, "title": "甲改的标题", "effect": "甲改的成效"}
    with pytest.raises(EditConflict) as caught, desk.writer() as writer:
        writer.save(EDITOR, number, 1, mine)
    conflict = caught.value
    assert (conflict.merged.disputed, conflict.merged.theirs, conflict.by_name) == (
        ("title",),
        ("causes",),
        "虚构编辑乙",
    )
    assert conflict.base is not None
    texts = conflict.base.fields["title"], conflict.theirs.fields["title"], conflict.merged.fields["title"]
    assert texts == (FIELDS["title"], "乙改的标题", "甲改的标题")
    assert fields_of(desk, number)["title"] == "乙改的标题"
    with desk.writer() as writer:  # chosen: mine, on top of what was shown
        writer.save(EDITOR, number, conflict.theirs.version, conflict.merged.fields)
    chosen = {"title": "甲改的标题", "causes": "乙改的成因", "effect": "甲改的成效"}
    assert fields_of(desk, number) == {**FIELDS, **chosen}


def test_of_two_writers_on_the_same_version_one_wins_and_the_other_is_told(desk: WritingDesk) -> None:
    number = begun(desk)
    with desk.writer() as writer:
        seen = writer.open(EDITOR, number)
    with desk.store() as store:
        store.save(replace(seen, fields={"title": "先到"}), by=1)
    with pytest.raises(Conflict), desk.store() as store:
        store.save(replace(seen, fields={"title": "后到"}), by=2)
    assert fields_of(desk, number) == {"title": "先到"}


def test_twelve_people_saving_at_once_lose_nothing(desk: WritingDesk) -> None:
    number = begun(desk)
    keys = [slot.key for slot in CASE_TEMPLATE.sections][:6]
    outcomes: list[str] = []

    def save(place: int) -> None:
        changed = {**FIELDS, keys[place // 2]: f"第{place}人写的"}
        try:
            with desk.writer() as writer:
                writer.save((EDITOR, COLLEAGUE)[place % 2], number, 1, changed)
            outcomes.append("kept")
        except EditConflict:
            outcomes.append("told")

    threads = [threading.Thread(target=save, args=(place,)) for place in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept"] * 6 + ["told"] * 6
    kept = fields_of(desk, number)
    assert [kept[key] in (f"第{2 * n}人写的", f"第{2 * n + 1}人写的") for n, key in enumerate(keys)] == [True] * 6


def test_a_page_that_joins_nothing_is_told_of_any_change(desk: WritingDesk) -> None:
    number = begun(desk)
    with desk.writer() as writer:
        writer.save(COLLEAGUE, number, 1, {**FIELDS, "title": "乙改的标题"})
    with pytest.raises(EditConflict), desk.writer() as writer:
        writer.save(EDITOR, number, 1, {**FIELDS, "causes": "甲改的成因"}, is_alone=True)
    assert fields_of(desk, number) == {**FIELDS, "title": "乙改的标题"}


def test_where_the_others_words_are_chosen_they_stand(desk: WritingDesk) -> None:
    number = begun(desk)
    with desk.writer() as writer:
        writer.save(COLLEAGUE, number, 1, {**FIELDS, "title": "乙改的标题"})
        writer.save(EDITOR, number, 2, {**FIELDS, "title": "甲改的标题", "causes": "甲改的成因"}, as_saved=("title",))
    assert fields_of(desk, number) == {**FIELDS, "title": "乙改的标题", "causes": "甲改的成因"}


def test_a_draft_that_was_submitted_meanwhile_takes_no_save(desk: WritingDesk) -> None:
    number = begun(desk)
    with desk.writer() as writer:
        seen = writer.open(EDITOR, number)
        writer.submit(EDITOR, number, 1, PLEDGE)
    with pytest.raises(Conflict), desk.store() as store:
        store.save(replace(seen, fields={}), by=1)
    with pytest.raises(Forbidden), desk.writer() as writer:
        writer.save(EDITOR, number, 1, {})


def test_what_no_form_asks_for_stays(desk: WritingDesk) -> None:
    number = begun(desk, id="000000-2020-09", status="退回", from_another_version="x")
    with desk.writer() as writer:
        writer.save(EDITOR, number, 1, {"title": "只有标题"})
    kept = {"id": "000000-2020-09", "status": "退回", "from_another_version": "x", "title": "只有标题"}
    assert fields_of(desk, number) == kept


def test_a_piece_of_the_tray_goes_into_a_field_or_away(desk: WritingDesk) -> None:
    number = begun(desk)
    piece = piece_id("没有归到哪一项的一段")
    with desk.writer() as writer:
        placed = writer.place(EDITOR, number, piece, "causes")
    assert (placed.fields["causes"], placed.tray) == (f"{FIELDS['causes']}\n\n没有归到哪一项的一段", ())
    with pytest.raises(Conflict), desk.writer() as writer:
        writer.place(COLLEAGUE, number, piece, "effect")
    with desk.writer() as writer:
        assert writer.restore(EDITOR, number, 1).tray == ("没有归到哪一项的一段",)
        assert writer.place(EDITOR, number, piece, "").tray == ()
        with pytest.raises(AskedWrongly):
            writer.restore(EDITOR, number, 1)
            writer.place(EDITOR, number, piece, "nowhere")


def test_submitting_opens_a_round_and_withdrawing_ends_it(desk: WritingDesk) -> None:
    number = begun(desk)
    with desk.writer() as writer:
        assert writer.submit(EDITOR, number, 1, PLEDGE).stage is Stage.SUBMITTED
    assert rounds(desk) == [(number, 1, "open")]
    with desk.writer() as writer:
        assert writer.open(REVIEWER, number).stage is Stage.SUBMITTED
        assert writer.withdraw(COLLEAGUE, number).stage is Stage.DRAFT
    assert rounds(desk) == [(number, 1, "withdrawn")]
    assert [kind for kind, _, _ in desk.notes] == ["新建稿件", "送审", "撤回"]


def test_nobody_else_withdraws_and_nothing_else_is_withdrawn(desk: WritingDesk) -> None:
    number = begun(desk)
    with pytest.raises(AskedWrongly), desk.writer() as writer:
        writer.withdraw(EDITOR, number)
    with desk.writer() as writer:
        writer.submit(EDITOR, number, 1, PLEDGE)
    for actor, refusal in ((STRANGER, NotFound), (REVIEWER, Forbidden)):
        with pytest.raises(refusal), desk.writer() as writer:
            writer.withdraw(actor, number)


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
        writer.submit(EDITOR, number, version, pledge)
    assert caught.value.message == words
    with desk.writer() as writer:
        assert writer.open(EDITOR, number).stage is Stage.DRAFT
    assert rounds(desk) == []


def test_the_choice_to_keep_private_details_is_logged_without_repeating_them(desk: WritingDesk) -> None:
    number = begun(desk, lessons=MOBILE)
    with desk.writer() as writer:
        concerns = writer.assess(writer.open(EDITOR, number).fields).concerns
        writer.submit(EDITOR, number, 1, Pledge(True, True, "这是对外公开的值班电话"))
    assert [(concern.label, concern.shown, concern.before, concern.is_red) for concern in concerns] == [
        ("难点与教训", "138****5678", "打张书记的手机 ", True)
    ]
    detail = "1 处（mobile）；理由：这是对外公开的值班电话"
    assert desk.notes[-1] == ("保留标出处", "稿件 1", detail)


def test_who_else_is_writing_is_told_for_two_minutes(desk: WritingDesk) -> None:
    number = begun(desk)
    with desk.writer() as writer:
        assert writer.arrive(COLLEAGUE, number) == []
        assert writer.arrive(EDITOR, number) == [Writer(2, "虚构编辑乙", "2026-11-25T10:00:00+00:00")]
    desk.moment += timedelta(minutes=2, seconds=1)
    with desk.writer() as writer:
        assert writer.arrive(EDITOR, number) == []


def test_a_returned_draft_says_what_to_mend_until_it_is_submitted_again(desk: WritingDesk) -> None:
    number = begun(desk)
    with desk.writer() as writer:
        submitted = writer.submit(EDITOR, number, 1, PLEDGE)
    with desk.kept.writing() as session:
        decision = ReviewDecisionRow(
            round=1, step="first_review", decided_at="", decided_by=4, decision="returned", note="总的说说"
        )
        session.add(decision)
        session.flush()
        session.add(FieldNoteRow(decision=decision.number, field="causes", reason="写清楚为什么"))
        desk.kept.submissions(session).move(submitted, Stage.RETURNED, at="2026-11-25T11:00:00+00:00")
    with desk.writer() as writer:
        assert writer.notes(EDITOR, number) == {"": "总的说说", "causes": "写清楚为什么"}
        writer.save(
            EDITOR,
            number,
            1,
            {**FIELDS, "causes": "这回写清楚了为什么：没有人召集，镇里也没有人过问，时间一长便散了。"},
        )
        writer.submit(EDITOR, number, 2, PLEDGE)
        assert writer.notes(EDITOR, number) == {}


def test_old_versions_go_but_submitted_ones_stay(desk: WritingDesk) -> None:
    number = begun(desk)
    with desk.writer() as writer:
        writer.submit(EDITOR, number, 1, PLEDGE)
        writer.withdraw(EDITOR, number)
        for version in range(1, 71):
            writer.save(EDITOR, number, version, {**FIELDS, "title": f"第{version}次的标题"})
        assert [version.version for version in writer.versions(EDITOR, number)] == [*range(71, 11, -1), 1]


def test_every_refusal_says_what_to_do(desk: WritingDesk) -> None:
    number = begun(desk)
    for deed in (
        lambda writer: writer.start(GUEST),
        lambda writer: writer.open(STRANGER, number),
        lambda writer: writer.withdraw(EDITOR, number),
        lambda writer: writer.submit(EDITOR, number, 1, Pledge()),
        lambda writer: writer.restore(EDITOR, number, 99),
    ):
        with pytest.raises(KbError) as caught, desk.writer() as writer:
            deed(writer)
        assert caught.value.message and caught.value.advice

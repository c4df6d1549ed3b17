"""Drafts: begun, saved by two people at once (row 39). Everything here is made up."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kb.database.reviews import SqlReviewStore
from kb.domain.accounts import GUEST, Actor
from kb.domain.drafting import piece_id
from kb.domain.workflow import Stage
from kb.errors import AskedWrongly, Conflict, Forbidden, KbError, NotFound
from kb.services.submissions import Writer
from kb.services.submit_draft import Pledge, submit, withdraw
from kb.services.write_draft import EditConflict
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
    begun,
)

PLEDGE = Pledge(is_not_secret=True)


@pytest.fixture
def desk(tmp_path: Path) -> WritingDesk:
    return WritingDesk(tmp_path)


def fields_of(desk: WritingDesk, number: int) -> dict[str, object]:
    with desk.writer() as writer:
        return dict(writer.open(EDITOR, number).fields)


def test_a_new_draft_knows_its_unit_and_who_wrote_it(desk: WritingDesk) -> None:
    with desk.writer() as writer:
        draft = writer.start(EDITOR)
    assert (draft.number, draft.owner, draft.unit, draft.stage, draft.version) == (1, 1, UNIT, Stage.DRAFT, 1)
    assert draft.fields == {"origin": "本单位自述", "unit": UNIT, "level": "镇街"}
    assert desk.notes == [("draft_started", "submission:1", "")]


def test_names_and_dates_as_writers_write_them_are_held_as_files_hold_them(desk: WritingDesk) -> None:
    number = begun(desk, problem="P5.1 软弱涣散", also=["党建虚化"], period={"start": "2025年3月", "end": "2025.8"})
    held = {"problem": "P5.1", "also": ["P1.1"], "period": {"start": "2025-03", "end": "2025-08"}}
    assert {key: fields_of(desk, number)[key] for key in held} == held
    with desk.writer() as writer:
        writer.save(EDITOR, number, 1, {**FIELDS, **held, "problem": "党建虚化", "also": ["软弱"]})
    assert {key: fields_of(desk, number)[key] for key in held} == held | {"problem": "P1.1", "also": ["软弱"]}


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


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_line_end_is_kept_as_one(desk: WritingDesk, ending: str) -> None:
    assert fields_of(desk, begun(desk, causes=f"前一行{ending}后一行"))["causes"] == "前一行\n后一行"


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


@pytest.mark.parametrize(
    ("theirs", "mine", "joined"),
    [
        ({"period": {"start": "2025-04"}, "problem": "P1.1"}, {}, {"title", "period", "problem"}),
        ({}, {"period": {"start": "2025-05"}, "problem": "P1.1"}, {"title"}),
        ({}, {}, {"title"}),
    ],
    ids=["they", "I", "nobody"],
)
def test_a_draft_saved_as_it_was_typed_is_disputed_only_where_both_changed_it(
    desk: WritingDesk, theirs: dict[str, object], mine: dict[str, object], joined: set[str]
) -> None:
    number = begun(desk)
    typed = {**FIELDS, "period": {"start": "2025年3月"}, "problem": "软弱涣散"}
    with desk.writer() as writer:
        begun_as = writer.open(EDITOR, number)
    with desk.store() as store:  # as drafts were kept before dates and names were settled
        old = store.save(replace(begun_as, fields=typed), by=EDITOR.number)
        store.save(replace(old, fields={**typed, "title": "乙改的标题", **theirs}), by=COLLEAGUE.number)
    with desk.writer() as writer:
        saved = writer.save(EDITOR, number, old.version, {**typed, "causes": "甲改的成因", **mine})
    assert set(saved.joined) == joined
    settled = {"period": {"start": "2025-03"}, "problem": "P5.1", **theirs, **mine}
    assert fields_of(desk, number) == {**FIELDS, **settled, "title": "乙改的标题", "causes": "甲改的成因"}


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
        submit(EDITOR, number, 1, PLEDGE, writer)
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


def test_who_else_is_writing_is_told_for_two_minutes(desk: WritingDesk) -> None:
    number = begun(desk)
    with desk.writer() as writer:
        assert writer.arrive(COLLEAGUE, number) == []
        assert writer.arrive(EDITOR, number) == [Writer(2, "虚构编辑乙", "2026-11-25T10:00:00+00:00")]
    desk.moment += timedelta(minutes=2, seconds=1)
    with desk.writer() as writer:
        assert writer.arrive(EDITOR, number) == []


def test_old_versions_go_but_submitted_ones_and_one_of_each_writer_stay(desk: WritingDesk) -> None:
    number = begun(desk)
    with desk.writer() as writer:
        submit(EDITOR, number, 1, PLEDGE, writer)
        withdraw(EDITOR, number, writer)
        for version in (1, 2):
            writer.save(COLLEAGUE, number, version, {**FIELDS, "title": f"另一人第{version}次的标题"})
        for version in range(3, 74):
            writer.save(EDITOR, number, version, {**FIELDS, "title": f"第{version}次的标题"})
        assert [version.version for version in writer.versions(EDITOR, number)] == [*range(74, 14, -1), 3, 1]
    with desk.kept.session() as session:
        assert SqlReviewStore(session).writers(number) == {EDITOR.number, COLLEAGUE.number}


def test_every_refusal_says_what_to_do(desk: WritingDesk) -> None:
    number = begun(desk)
    for deed in (
        lambda writer: writer.start(GUEST),
        lambda writer: writer.open(STRANGER, number),
        lambda writer: withdraw(EDITOR, number, writer),
        lambda writer: submit(EDITOR, number, 1, Pledge(), writer),
        lambda writer: writer.restore(EDITOR, number, 99),
    ):
        with pytest.raises(KbError) as caught, desk.writer() as writer:
            deed(writer)
        assert caught.value.message and caught.value.advice

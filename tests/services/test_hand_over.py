"""转交: another writer, every version kept, told to the receiver, noted; nobody's draft is lost with an account."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kb.database.reviews import SqlReviewStore
from kb.database.submissions import KEPT_VERSIONS
from kb.domain.accounts import GUEST, Actor, Role
from kb.domain.review import DecisionMade
from kb.domain.submission import Decision, Submission
from kb.domain.workflow import Stage
from kb.errors import AskedWrongly, Conflict, Forbidden, NotFound
from kb.services.hand_over import LONGEST_NOTE, Colleague, DraftHandover, LeftBehind
from kb.services.submissions import Handover
from tests.services.writing_desk import COLLEAGUE, EDITOR, READER, REVIEWER, STRANGER, UNIT, WritingDesk

ADMINISTRATOR = Actor(8, "虚构管理员", "", frozenset({Role.ADMINISTRATOR}))
STEWARD = Actor(9, "虚构库管员", "", frozenset({Role.STEWARD}))
AT = "2026-11-25T10:00:00+00:00"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[WritingDesk]:
    made = WritingDesk(tmp_path)
    yield made
    made.kept.close()


@contextmanager
def handing(desk: WritingDesk) -> Iterator[DraftHandover]:
    with desk.kept.writing() as session:
        store, accounts, trail = desk.kept.submissions(session), desk.kept.accounts(session), desk.kept.audit(session)
        yield DraftHandover(store, accounts, trail, now=desk.kept.now)


def begin(desk: WritingDesk, actor: Actor = EDITOR) -> int:
    with desk.writer() as writer:
        return writer.start(actor, {"title": "虚构的题目"}).number


def give(
    desk: WritingDesk, number: int, actor: Actor = EDITOR, receiver: int = COLLEAGUE.number, note: str = ""
) -> None:
    with handing(desk) as handover:
        handover.hand_over(actor, number, receiver, note)


def find(desk: WritingDesk, number: int) -> Submission:
    with desk.store() as store:
        found = store.find(number)
    assert found is not None
    return found


def move(desk: WritingDesk, number: int, stage: Stage) -> None:
    found = find(desk, number)
    with desk.store() as store:
        store.move(found, stage, at=AT)


def disable(desk: WritingDesk, actor: Actor) -> None:
    with desk.kept.writing() as session:
        accounts = desk.kept.accounts(session)
        found = accounts.get(actor.number)
        assert found is not None
        accounts.change(found._replace(is_active=False, epoch=found.epoch + 1))


def test_the_writer_changes_and_the_receiver_is_told_from_whom(desk: WritingDesk) -> None:
    number = begin(desk)
    before = find(desk, number)
    with handing(desk) as handover:
        assert handover.look(EDITOR, number) == (before, (Colleague(COLLEAGUE.number, COLLEAGUE.name),))
    give(desk, number, note=" 请补成效 ")
    after = find(desk, number)
    assert (after.owner, after.fields, after.version) == (COLLEAGUE.number, before.fields, before.version)
    with desk.writer() as writer:
        told = writer.handovers(COLLEAGUE)
        assert writer.handovers(EDITOR) == {}
    assert told == {
        number: Handover(1, EDITOR.number, COLLEAGUE.number, AT, EDITOR.number, "请补成效", EDITOR.name, EDITOR.name)
    }
    assert desk.notes[-1] == ("handed_over", f"submission:{number}", "account-1#1 → account-2#2；请补成效")


def test_the_version_that_was_handed_over_is_kept_for_good_beside_those_written_since(desk: WritingDesk) -> None:
    number = begin(desk)
    give(desk, number)
    for version in range(1, KEPT_VERSIONS + 5):
        with desk.writer() as writer:
            writer.save(COLLEAGUE, number, version, {"title": f"虚构的第 {version} 稿"})
    with desk.writer() as writer:
        kept = [saved.version for saved in writer.versions(COLLEAGUE, number)]
    assert kept[-2:] == [6, 1] and kept[0] == KEPT_VERSIONS + 5


def test_who_gave_it_on_still_may_not_review_it(desk: WritingDesk) -> None:
    number = begin(desk)
    give(desk, number)
    with desk.kept.session() as session:
        assert SqlReviewStore(session).writers(number) == {EDITOR.number}
    for version in range(1, KEPT_VERSIONS + 5):
        with desk.writer() as writer:
            writer.save(COLLEAGUE, number, version, {"title": f"虚构的第 {version} 稿"})
    with desk.kept.session() as session:
        assert SqlReviewStore(session).writers(number) == {EDITOR.number, COLLEAGUE.number}


def test_a_colleague_takes_it_over_and_it_can_come_back(desk: WritingDesk) -> None:
    number = begin(desk)
    give(desk, number, COLLEAGUE)
    give(desk, number, COLLEAGUE, EDITOR.number)
    with desk.writer() as writer:
        assert (list(writer.handovers(EDITOR)), list(writer.handovers(COLLEAGUE))) == ([number], [])


@pytest.mark.parametrize("receiver", [0, 99, EDITOR.number, STRANGER.number, REVIEWER.number, READER.number])
def test_only_another_editor_of_the_unit_can_have_it(desk: WritingDesk, receiver: int) -> None:
    number = begin(desk)
    with pytest.raises(AskedWrongly, match="没有选能接手的人"):
        give(desk, number, receiver=receiver)
    assert find(desk, number).owner == EDITOR.number


def test_a_disabled_colleague_cannot_have_it_nor_one_who_reviewed_it(desk: WritingDesk) -> None:
    number = begin(desk)
    with desk.kept.writing() as session:
        store = desk.kept.submissions(session)
        found = store.find(number)
        assert found is not None
        round_number = store.open_round(found, at=AT, by=EDITOR.number)
        made = DecisionMade("first_review", AT, COLLEAGUE.number, COLLEAGUE.name, Decision.RETURNED, "改", {})
        SqlReviewStore(session).add_decision(round_number, made)
    with pytest.raises(AskedWrongly, match="审过第"):
        give(desk, number)
    disable(desk, COLLEAGUE)
    with pytest.raises(AskedWrongly, match="没有选能接手的人"):
        give(desk, number)
    assert find(desk, number).owner == EDITOR.number


def test_a_note_longer_than_it_may_be_is_refused(desk: WritingDesk) -> None:
    number = begin(desk)
    give(desk, number, note="字" * LONGEST_NOTE)
    with pytest.raises(AskedWrongly, match="附言超过"):
        give(desk, number, receiver=EDITOR.number, note="字" * (LONGEST_NOTE + 1))


def test_who_may_not_write_it_may_not_give_it_on(desk: WritingDesk) -> None:
    number = begin(desk)
    for actor, refusal in ((STRANGER, NotFound), (REVIEWER, NotFound), (ADMINISTRATOR, NotFound), (GUEST, Forbidden)):
        with pytest.raises(refusal):
            give(desk, number, actor)
    move(desk, number, Stage.INCLUDED)
    with pytest.raises(Forbidden, match="不能转交"):
        give(desk, number)


def test_of_two_who_give_it_at_once_one_is_told(desk: WritingDesk) -> None:
    number = begin(desk)
    seen = find(desk, number)
    give(desk, number)
    with pytest.raises(Conflict), desk.store() as store:
        store.hand_over(seen, Handover(1, EDITOR.number, STRANGER.number, AT, EDITOR.number))
    assert find(desk, number).owner == COLLEAGUE.number


@pytest.mark.parametrize("actor", [ADMINISTRATOR, STEWARD])
def test_what_a_disabled_account_left_goes_to_a_colleague_and_is_lost_in_no_step(
    desk: WritingDesk, actor: Actor
) -> None:
    first, second, included = begin(desk), begin(desk), begin(desk)
    move(desk, second, Stage.SUBMITTED)
    move(desk, included, Stage.INCLUDED)
    with handing(desk) as handover:
        assert handover.left_behind(actor) == ()
    disable(desk, EDITOR)
    assert find(desk, first).fields["title"] == "虚构的题目"
    colleagues = (Colleague(COLLEAGUE.number, COLLEAGUE.name),)
    with handing(desk) as handover:
        assert handover.left_behind(actor) == (
            LeftBehind(EDITOR.number, EDITOR.name, UNIT, (first, second), colleagues),
        )
        with pytest.raises(AskedWrongly, match="没有选能接手的人"):
            handover.hand_over_left(actor, EDITOR.number, UNIT, STRANGER.number)
        with pytest.raises(NotFound):
            handover.hand_over_left(actor, COLLEAGUE.number, UNIT, COLLEAGUE.number)
        assert handover.hand_over_left(actor, EDITOR.number, UNIT, COLLEAGUE.number, "接着办") == 2
    assert [find(desk, number).owner for number in (first, second, included)] == [2, 2, 1]
    with desk.writer() as writer:
        told = writer.handovers(COLLEAGUE)
    assert {(one.giver_name, one.by, one.note) for one in told.values()} == {(EDITOR.name, actor.number, "接着办")}
    with handing(desk) as handover:
        assert handover.left_behind(actor) == ()


def test_what_is_left_where_nobody_else_writes_stays_until_somebody_does(desk: WritingDesk) -> None:
    number = begin(desk, STRANGER)
    disable(desk, STRANGER)
    with handing(desk) as handover:
        assert [(left.submissions, left.colleagues) for left in handover.left_behind(STEWARD)] == [((number,), ())]


@pytest.mark.parametrize("actor", [GUEST, EDITOR, REVIEWER, READER])
def test_nobody_else_is_told_what_was_left(desk: WritingDesk, actor: Actor) -> None:
    begin(desk)
    disable(desk, EDITOR)
    with handing(desk) as handover:
        with pytest.raises(Forbidden):
            handover.left_behind(actor)
        with pytest.raises(Forbidden):
            handover.hand_over_left(actor, EDITOR.number, UNIT, COLLEAGUE.number)

"""重稿: nearly the same submissions are named to who may see them; of others not a word is said. All made up."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kb.domain.accounts import Actor, Role
from kb.domain.submission import Submission
from kb.domain.workflow import Stage
from kb.services.find_twin_drafts import find_twin_drafts
from tests.made_up import CASE_TEMPLATE
from tests.services.writing_desk import COLLEAGUE, EDITOR, FIELDS, REVIEWER, STRANGER, WritingDesk

TEXT = "村里的支部两年没有开过会，书记常年在外打工，党员不知道支部在做什么，群众有事不知道该找谁，镇里派人摸底，逐户问清情况，再定下结对的办法。"
COPY = {**FIELDS, "title": "另一个题目", "situation": TEXT}
EDITED = {**COPY, "unit": "别的单位", "situation": TEXT.replace("两年", "三年").replace("镇里", "区里")}
OTHER = {
    "title": "别的事",
    "situation": "社区把闲置的自行车棚改成图书角，居民轮流值守，孩子放学以后有地方看书写作业，老人也来读报聊天，一年办了四十场活动。",
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[WritingDesk]:
    made = WritingDesk(tmp_path)
    yield made
    made.kept.close()


def keep(
    desk: WritingDesk, owner: Actor, fields: dict[str, object], stage: Stage = Stage.DRAFT, **known: object
) -> int:
    draft = Submission(0, "", owner.number, owner.unit, stage, 1, fields, made_at="2026", changed_at="2026")
    with desk.store() as store:
        return store.create(replace(draft, **known)).number  # type: ignore[arg-type]


def twins(desk: WritingDesk, actor: Actor, number: int) -> list[int]:
    with desk.store() as store:
        submission = store.find(number)
        assert submission is not None
        return [twin.number for twin in find_twin_drafts(actor, submission, submission.fields, store, CASE_TEMPLATE)]


def test_a_copy_and_an_edited_copy_are_named_the_most_alike_first(desk: WritingDesk) -> None:
    mine = keep(desk, EDITOR, COPY)
    edited, copied, _ = keep(desk, COLLEAGUE, EDITED), keep(desk, COLLEAGUE, COPY), keep(desk, EDITOR, OTHER)
    assert twins(desk, EDITOR, mine) == [copied, edited]
    with desk.store() as store:
        found = store.find(mine)
        assert found is not None
        first = find_twin_drafts(EDITOR, found, found.fields, store, CASE_TEMPLATE)[0]
        unlike = find_twin_drafts(EDITOR, found, OTHER, store, CASE_TEMPLATE)
    assert (first.title, first.owner_name, first.stage, first.share) == ("另一个题目", COLLEAGUE.name, Stage.DRAFT, 1.0)
    assert [twin.title for twin in unlike] == ["别的事"]  # what is being written now counts, not what was kept


def test_text_in_the_tray_is_text_of_the_draft(desk: WritingDesk) -> None:
    mine = keep(desk, EDITOR, {"title": "题"}, tray=tuple(f"{part}，" for part in TEXT.split("，")))
    other = keep(desk, EDITOR, {"situation": TEXT})
    assert twins(desk, EDITOR, mine) == [other]


def test_of_what_one_may_not_see_nothing_is_said(desk: WritingDesk) -> None:
    hidden = keep(desk, STRANGER, COPY)
    submitted = keep(desk, STRANGER, COPY, Stage.SUBMITTED)
    mine = keep(desk, EDITOR, COPY)
    assert twins(desk, EDITOR, mine) == []
    assert twins(desk, STRANGER, hidden) == [submitted]
    assert twins(desk, REVIEWER, submitted) == []  # drafts are nobody's business yet


@pytest.mark.parametrize("stage", [Stage.RETURNED, Stage.SUBMITTED, Stage.MATURED])
def test_a_reviewer_is_told_of_what_was_submitted(desk: WritingDesk, stage: Stage) -> None:
    first, second = keep(desk, STRANGER, COPY, stage), keep(desk, EDITOR, EDITED, Stage.SUBMITTED)
    assert twins(desk, REVIEWER, second) == [first]
    both = Actor(9, "又写又审", "又一个单位", frozenset({Role.EDITOR, Role.REVIEWER}))
    assert twins(desk, both, second) == [first]


def test_what_has_become_a_case_or_says_too_little_is_no_twin(desk: WritingDesk) -> None:
    for stage in (Stage.INCLUDED, Stage.ARCHIVED):
        keep(desk, EDITOR, COPY, stage)
    assert twins(desk, EDITOR, keep(desk, EDITOR, COPY)) == []
    short = {"situation": "很短的一句话。"}
    keep(desk, EDITOR, short)
    assert twins(desk, EDITOR, keep(desk, EDITOR, short)) == []

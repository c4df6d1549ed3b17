"""送审, 撤回: a draft goes to the reviewers with a pledge, and comes back while nobody has looked at it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from kb.domain.accounts import Actor
from kb.domain.audited import Deed
from kb.domain.submission import Submission, may_edit
from kb.domain.workflow import Stage, move
from kb.errors import AskedWrongly, Conflict, Forbidden
from kb.services.check_wording import Concern
from kb.services.submissions import RoundState
from kb.services.write_draft import DraftWriter


class Pledge(NamedTuple):
    """What the submitter ticks: nothing secret in it; flagged places looked at and kept, for this reason."""

    is_not_secret: bool = False
    keeps_flagged: bool = False
    reason: str = ""


def submit(actor: Actor, number: int, version: int, pledge: Pledge, writer: DraftWriter) -> Submission:
    """The version the actor has seen. Raises AskedWrongly with what is still to do, Conflict for another version."""
    current = writer.open_to_change(actor, number)
    if current.version != version:
        raise Conflict("这份稿件刚才又有改动，没有送审。", advice="看过最新的内容再送审。")
    assessment = writer.assess(current.fields)
    kept = assessment.must_be_answered
    if not assessment.errors:
        _check(pledge, kept)
    stage = move(current.stage, Stage.SUBMITTED, has_errors=bool(assessment.errors))
    moved = writer.store.move(current, stage, at=writer.at())
    writer.store.open_round(moved, at=moved.changed_at, by=actor.number)
    writer.note(actor, Deed.SUBMITTED, number, f"第 {version} 版；已声明不涉密")
    if kept:
        kinds = "、".join(dict.fromkeys(concern.kind for concern in kept))
        told = f"{len(kept)} 处（{kinds}）；理由：{pledge.reason.strip()[:200]}"
        writer.note(actor, Deed.KEPT_FLAGGED, number, told)
    return moved


def withdraw(actor: Actor, number: int, writer: DraftWriter) -> Submission:
    """Back to a draft; raises AskedWrongly once a step of the review was decided."""
    current = writer.open(actor, number)
    if not may_edit(actor, replace(current, stage=Stage.DRAFT)):
        raise Forbidden("这份稿件不是你的，不能撤回。", advice="请写稿人自己撤回。")
    if current.stage is not Stage.SUBMITTED or writer.store.has_decisions(number):
        raise AskedWrongly("只有送审后还没有人审过的稿件可以撤回。", advice="已经审过的，请审核人退回。")
    moved = writer.store.move(current, move(current.stage, Stage.DRAFT, has_errors=False), at=writer.at())
    writer.store.end_round(number, RoundState.WITHDRAWN)
    writer.note(actor, Deed.WITHDRAWN, number)
    return moved


def _check(pledge: Pledge, kept: Sequence[Concern]) -> None:
    if not pledge.is_not_secret:
        raise AskedWrongly("还没有声明内容不涉密。", advice="涉密内容一律不得进入本库；确认没有后勾选再送审。")
    if kept and not (pledge.keeps_flagged and pledge.reason.strip()):
        raise AskedWrongly(
            f"还有 {len(kept)} 处个人信息或错敏词没有处理。", advice="逐处改掉；确实要保留的，勾选并写明理由。"
        )

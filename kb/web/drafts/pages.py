"""The blueprint of drafts, and the list of one's own."""

from typing import NamedTuple

from flask import Blueprint, render_template

from kb.domain.workflow import Stage
from kb.services.submissions import ListedSubmission
from kb.web.acting import actor
from kb.web.reading import reading
from kb.web.wording import moment_in_words
from kb.web.writing import looking

blueprint = Blueprint("drafts", __name__, url_prefix="/drafts")


class Shelf(NamedTuple):
    """Drafts in one stage: what the stage means for their writer, and what to do next."""

    id: str
    label: str
    next_step: str
    drafts: tuple[ListedSubmission, ...]


SHELVES = (
    (Stage.RETURNED, "退回", "照审核意见改好，再送审。"),
    (Stage.DRAFT, "草稿", "接着写；写完送审。"),
    (Stage.SUBMITTED, "待审", "等审核人看；还要改的可以撤回。"),
    (Stage.MATURED, "成熟", "审核已通过，等待纳入。"),
    (Stage.INCLUDED, "已纳入", "已经在案例库里。"),
    (Stage.ARCHIVED, "归档", "不再对外显示。"),
)


@blueprint.get("")
def show() -> str:
    """One's own drafts and those of the unit, what has to be done first on top."""
    with looking() as writer:
        listed = writer.drafts_of(actor())
        handovers = writer.handovers(actor())
        notes = writer.notes_on(listed)
    shelves = (
        Shelf(stage.value, label, step, tuple(one for one in listed if one.submission.stage is stage))
        for stage, label, step in SHELVES
    )
    return render_template(
        "drafts/list.html", shelves=[shelf for shelf in shelves if shelf.drafts], actor=actor(), handovers=handovers,
        at=moment_in_words, notes=notes, template=reading().reference.case_template,
    )  # fmt: skip

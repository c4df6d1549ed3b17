"""三审三校单: who reviewed a submission when and with what result, and room for the proof readers' hands."""

from collections.abc import Iterator
from datetime import date, datetime

from kb.domain.office_document import DataTable, Facts, OfficeDocument
from kb.domain.review import DecisionMade
from kb.domain.submission import Decision
from kb.services.ports import ReferenceData
from kb.services.review_case import ReviewPage

PROOFS = ("一校", "二校", "三校")
ROOM = "\n"
"""Two lines to sign in."""


def lay_out_review(page: ReviewPage, reference: ReferenceData, today: date) -> OfficeDocument:
    """The sheet of one submission, as its page shows it."""
    submission = page.submission
    facts = (
        ("标题", submission.title),
        ("单位", submission.unit),
        ("写稿人", page.owner_name),
        ("稿件", f"第 {submission.number} 号，第 {submission.version} 版"),
        ("案例编号", submission.record_id or "纳入时编定"),
    )
    return OfficeDocument(
        title="稿件三审三校单",
        blocks=(
            Facts(facts),
            DataTable("三审", ("审次", "审核人", "结论与意见", "时间", "签字"), tuple(_steps(page, reference))),
            DataTable(
                "三校",
                ("校次", "校对人", "校对意见", "时间", "签字"),
                tuple((name, "", "", "", ROOM) for name in PROOFS),
            ),
        ),
        notes=(
            f"三审由系统按审核记录填写；三校在纸上进行，由校对人手填。打印于 {today.year}年{today.month}月{today.day}日。",
        ),
    )


def _steps(page: ReviewPage, reference: ReferenceData) -> Iterator[tuple[str, ...]]:
    steps = reference.review_rules.steps
    for number, round_ in enumerate(reversed(page.rounds), start=1):
        for place, step in enumerate(steps):
            made = round_.made_at(step.id)
            if made or place == 0 or round_ is page.rounds[0]:
                by, at = (made.by_name, _moment(made.at)) if made else ("", "")
                yield f"第{number}次{step.label}", by, _result(made, reference), at, ROOM


def _result(made: DecisionMade | None, reference: ReferenceData) -> str:
    if made is None:
        return ""
    template = reference.case_template
    words = ["通过" if made.decision is Decision.PASSED else "退回", *([made.note] if made.note else [])]
    reasons = [
        f"〔{template[key].label if key in template.keys else key}〕：{text}" for key, text in made.reasons.items()
    ]
    return "\n".join(["。".join(words), *reasons])


def _moment(text: str) -> str:
    at = datetime.fromisoformat(text).astimezone()
    return f"{at.year}年{at.month}月{at.day}日\n{at:%H:%M}"

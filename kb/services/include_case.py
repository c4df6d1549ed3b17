"""纳入: a submission that passed every step becomes a case file, or the next revision of one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kb.domain.accounts import Actor, Right, require
from kb.domain.finding import Finding
from kb.domain.partial_date import find_date
from kb.domain.submission import Submission
from kb.domain.workflow import Stage, move
from kb.errors import AskedWrongly, Conflict, Forbidden, UnreadableFile
from kb.services.publish_record import Publication, Publisher, Revision, next_id, path_of

INCLUDED, ARCHIVED = "纳入", "归档"
UNKNOWN_REGION = "000000"
PLACEHOLDER = "000000-2000-01"
"""Stands for the id while a text is only looked at."""


def include(submission: Submission, actor: Actor, publisher: Publisher, *, writers: frozenset[int]) -> Revision:
    """Publishes it; raises Forbidden, AskedWrongly for its faults, Conflict for what changed meanwhile.

    writers: account numbers of all who saved a version of it.
    """
    require(actor, Right.INCLUDE)
    if actor.number == submission.owner or actor.number in writers:
        raise Forbidden("这是你自己写的稿件，不能由你纳入。", advice="请另一位审核人办理。")
    with publisher.alone():
        move(submission.stage, Stage.INCLUDED, has_errors=False)
        record_id = _id_for(submission, publisher)
        before = _standing(submission, record_id, publisher)
        reason = "新案例纳入" if not submission.based_on else "修订后纳入"
        text = included_text(submission.fields, record_id, publisher)
        return publisher.publish(Publication(record_id, text, before, reason, actor.number, submission.number))


def included_text(fields: Mapping[str, Any], record_id: str, publisher: Publisher) -> str:
    """The file as it would stand once included, to be looked at again after twelve months."""
    review_by = in_twelve_months(publisher.today()).isoformat()
    return publisher.form.serialize({**fields, "id": record_id, "status": INCLUDED, "review_by": review_by})


def findings_for_inclusion(submission: Submission, publisher: Publisher) -> tuple[Finding, ...]:
    """What still keeps it from being included, a text that could not be read as a file among it."""
    record_id = submission.record_id or PLACEHOLDER
    try:
        return publisher.findings(record_id, included_text(submission.fields, record_id, publisher))
    except UnreadableFile as error:
        return (Finding(path_of(record_id), error.line, error.field, error.message, error.advice),)


def in_twelve_months(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _id_for(submission: Submission, publisher: Publisher) -> str:
    given = submission.record_id or publisher.ledger.id_of(submission.number)
    if given:
        return given
    unit = publisher.reference.references.taxonomy.units.get(str(submission.fields.get("unit", "")))
    region = unit.region if unit else UNKNOWN_REGION
    taken = publisher.ledger.taken_ids() | publisher.folder.taken_ids()
    return next_id(region, _year(submission, publisher), taken)


def _year(submission: Submission, publisher: Publisher) -> int:
    period = submission.fields.get("period")
    start = find_date(str(period.get("start", ""))) if isinstance(period, Mapping) else None
    return start.year if start else publisher.today().year


def _standing(submission: Submission, record_id: str, publisher: Publisher) -> str:
    """The digest of the file it replaces; raises Conflict when that is not the revision it was written on."""
    if not submission.based_on:
        return ""
    number, digest = publisher.ledger.latest().get(record_id, (0, ""))
    if number != submission.based_on:
        raise Conflict(
            f"稿件依据的是第 {submission.based_on} 次修订，现在已是第 {number} 次。",
            advice="按页面上的“合并后退回写稿人”，改好再送审。",
        )
    if not digest:
        raise AskedWrongly("找不到它所修订的案例。", advice="请管理员核对编号。")
    path_of(record_id)
    return digest

"""采用成案例: a confirmed adoption becomes the draft of a case; what it does not tell stays blank."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kb.domain.accounts import Actor, Right, require
from kb.domain.adoption import Adoption
from kb.domain.case import Case
from kb.domain.mechanism import Mechanism
from kb.domain.submission import Submission
from kb.errors import AskedWrongly, Forbidden
from kb.services.adoptions import AdoptionEvent, Adoptions, EventKind
from kb.services.write_draft import DraftWriter


def start_case_draft(
    actor: Actor,
    adoption: Adoption,
    mechanism: Mechanism,
    source: Case | None,
    adoptions: Adoptions,
    writer: DraftWriter,
    *,
    field: str = "",
    now: Callable[[], datetime],
) -> Submission:
    """The draft of a writer of the adopting unit, `field` where its sheet tells one; raises Forbidden for others, AskedWrongly before it was confirmed."""
    require(actor, Right.WRITE)
    if not actor.unit or actor.unit != adoption.unit:
        raise Forbidden("这是别的单位的采用。", advice="由采用单位的编辑起草。")
    if not adoption.is_confirmed:
        raise AskedWrongly("落地还没有经别的单位确认，不能起草案例。", advice="等“待确认”里有单位确认后再办。")
    tray = [f"凭据（推广台账第 {adoption.number} 号）：{adoption.proof}"] if adoption.proof else []
    draft = writer.start(actor, {**case_fields(adoption, mechanism, source), "field": field}, tray)
    at = now().isoformat(timespec="seconds")
    words = f"起草案例：第 {draft.number} 号稿件"
    adoptions.note(AdoptionEvent(0, adoption.number, at, actor.number, EventKind.DRAFTED, words, adoption))
    return draft


def case_fields(adoption: Adoption, mechanism: Mechanism, source: Case | None) -> dict[str, Any]:
    """Plain values of a case as far as ledger and mechanism tell them; `source` is the case it came from.

    The problem is that case's, or the mechanism's where it solves one alone. Nothing is taken over of how others did it.
    """
    rows = [{**row, "verified_by": adoption.confirmed_unit} for row in adoption.results]
    alone = mechanism.solves[0] if len(mechanism.solves) == 1 else ""
    return {
        "kind": "experience",
        "mechanism": adoption.mechanism,
        "problem": source.problem if source else alone,
        "period": {"start": adoption.trial_on, "end": adoption.landed_on},
        "practice": adoption.changes,
        "results": rows,
        "sources": [
            {
                "title": f"推广台账第 {adoption.number} 号",
                "publisher": adoption.unit,
                "date": adoption.confirmed_on,
            }
        ],
    }

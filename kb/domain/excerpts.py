"""What may be said of a source that was not read as a whole: not that it does not say something."""

import re
from collections.abc import Mapping

from kb.domain.case import Case
from kb.domain.figures import find_claims
from kb.domain.finding import Report
from kb.domain.mechanism import Mechanism
from kb.domain.records import UNSEEN, SourceRecord, word_for_unstated
from kb.domain.template import UNSTATED, Template

_DENIAL = re.compile(r"原文未载|(?:原文|来源|报道)(?:都|均|也|还)?没有(?:写|说|提|讲|交代|列)")


def check_excerpts(
    template: Template, record: Case | Mechanism, records: Mapping[str, SourceRecord], report: Report
) -> None:
    """Reports sentences that deny what an unread part may say; the answer 原文未载 by itself is worded by the page."""
    if word_for_unstated(record.named_parts, records) == UNSTATED:
        return
    for field in dict.fromkeys(
        claim.field
        for claim in find_claims(template, record)
        if claim.text.strip() != UNSTATED and _DENIAL.search(claim.text)
    ):
        report.error(
            field,
            "出处只读到一部分，不能说原文没有写。",
            f"写“{UNSEEN}”或“所见部分没有写”；读到全文后改出处记录的 extent。",
        )

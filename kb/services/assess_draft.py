"""What stands between a draft and its being submitted: faults, reminders, and places that point at persons or are flagged."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from kb.domain.case import Case
from kb.domain.finding import Finding
from kb.services.build_records import judge_draft
from kb.services.check_wording import Concern, check_wording
from kb.services.ports import ReferenceData


class Assessment(NamedTuple):
    """Errors stop it, warnings and yellow concerns do not, red concerns want an answer; `case` is what it would be."""

    case: Case
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    concerns: tuple[Concern, ...]

    @property
    def must_be_answered(self) -> tuple[Concern, ...]:
        return tuple(concern for concern in self.concerns if concern.is_red)


def assess_draft(fields: Mapping[str, Any], reference: ReferenceData, *, today: date) -> Assessment:
    """The draft of these fields as if it were submitted today."""
    case, findings = judge_draft(fields, reference, today=today)
    concerns = check_wording(reference.case_template, fields, reference.flagged_wording, today=today)
    errors = tuple(finding for finding in findings if finding.is_error)
    return Assessment(case, errors, tuple(finding for finding in findings if not finding.is_error), concerns)

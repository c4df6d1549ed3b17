"""What uses which unit, problem type and indicator, told from columns: no text of a case is read."""

from collections import defaultdict

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from kb.database.models import CaseIndicatorRow, CaseProblemRow, CaseRow, MechanismProblemRow, MechanismRow
from kb.services.reference_uses import Use, Uses

_OF_UNITS = select(CaseRow.unit, CaseRow.id, CaseRow.title).order_by(CaseRow.id)
_OF_PROBLEMS = select(CaseProblemRow.problem, CaseRow.id, CaseRow.title).join(CaseRow).order_by(CaseRow.id)
_OF_INDICATORS = select(CaseIndicatorRow.indicator, CaseRow.id, CaseRow.title).join(CaseRow).order_by(CaseRow.id)
_OF_MECHANISMS = (
    select(MechanismProblemRow.problem, MechanismRow.id, MechanismRow.title)
    .join(MechanismRow)
    .order_by(MechanismRow.title)
)


def read_uses(session: Session) -> Uses:
    mechanisms = _by_name(session, _OF_MECHANISMS, is_case=False)
    problems = _by_name(session, _OF_PROBLEMS)
    return Uses(
        units=_by_name(session, _OF_UNITS),
        problems={name: (*problems.get(name, ()), *mechanisms.get(name, ())) for name in {**problems, **mechanisms}},
        indicators=_by_name(session, _OF_INDICATORS),
    )


def _by_name(session: Session, query: "Select[str, str, str]", *, is_case: bool = True) -> dict[str, tuple[Use, ...]]:
    found: defaultdict[str, list[Use]] = defaultdict(list)
    for name, record_id, title in session.execute(query):
        found[name].append(Use(record_id, title, is_case))
    return {name: tuple(uses) for name, uses in found.items()}

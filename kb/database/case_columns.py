"""What cases and mechanisms are counted by, read at once and good for every page until one of them changes."""

from collections.abc import Collection, Sequence, Set
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.database.columns import Column, Mask, Rows, Several, encode
from kb.database.models import CaseIndicatorRow, CaseProblemRow, CaseRow, MechanismProblemRow, MechanismRow
from kb.services.measure_loop import MechanismFact, Slice

_NAMES = ("id", "level", "field", "year", "unit", "kind", "mechanism", "seen_by")
NARROWING = ("year", "level", "field", "unit")


class CaseColumns(NamedTuple):
    """Columns by name (`case` is the id), and those with several values a case: `problem` and `indicator`."""

    single: dict[str, Column]
    several: dict[str, Several]
    mechanisms: Sequence[MechanismFact]

    def seen(self, sees: Set[str], wanted: Slice) -> Mask:
        """Cases of the slice, its problem type left aside. Every question goes through here: nothing unseen is counted."""
        kept = self.single["seen_by"].among(sees)
        for name in NARROWING:
            if value := getattr(wanted, name):
                kept &= self.single[name].among({value})
        return kept

    def with_any(self, problems: Collection[str]) -> Mask:
        """Cases with one of these types."""
        rows, column = self.several["problem"]
        found: Mask = np.zeros(len(self.single["case"].codes), bool)
        found[rows[column.among(problems)]] = True
        return found


def read_cases(session: Session) -> CaseColumns:
    """Of the catalogue as this session sees it."""
    rows = session.execute(select(*(getattr(CaseRow, name) for name in _NAMES)).order_by(CaseRow.id)).all()
    told: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(_NAMES)
    single = {name: encode([value or "" for value in column]) for name, column in zip(_NAMES, told, strict=True)}
    single["case"] = single.pop("id")
    row_of = {case: row for row, case in enumerate(single["case"].values)}
    return CaseColumns(
        single,
        {
            "problem": _several(session, row_of, CaseProblemRow.case_id, CaseProblemRow.problem),
            "indicator": _several(session, row_of, CaseIndicatorRow.case_id, CaseIndicatorRow.indicator),
        },
        _mechanisms(session),
    )


def _several(session: Session, row_of: dict[str, int], case: Any, value: Any) -> Several:
    pairs = [(row_of[name], told) for name, told in session.execute(select(case, value)) if name in row_of]
    pairs.sort()
    rows: Rows = np.fromiter((row for row, _ in pairs), np.int64, len(pairs))
    return Several(rows, encode([told for _, told in pairs]))


def _mechanisms(session: Session) -> Sequence[MechanismFact]:
    problems: dict[str, list[str]] = {}
    solved = select(MechanismProblemRow.mechanism_id, MechanismProblemRow.problem)
    for mechanism, problem in session.execute(solved.order_by(MechanismProblemRow.problem)):
        problems.setdefault(mechanism, []).append(problem)
    rows = session.execute(
        select(MechanismRow.id, MechanismRow.title, MechanismRow.loop).order_by(MechanismRow.title, MechanismRow.id)
    )
    return [
        MechanismFact(record_id, title, tuple(loop.split()), tuple(problems.get(record_id, ())))
        for record_id, title, loop in rows
    ]

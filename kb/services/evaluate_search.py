"""评测检索: does the right document come first? For any collection in files, and for the library's kept questions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.errors import BrokenLibrary
from kb.services.find_cases import CaseFinder, Question
from search.evaluation import Report

WITHIN = 3
"""Among how many first hits an expected case must be, unless the question says otherwise."""
SHOWN = 10
"""Hits looked at beyond that, to say of a miss where the case did come."""
ANYWHERE = 100
"""Hits looked at for a question that only asks for its case to be in the result: a page of answers has no more."""


@dataclass(frozen=True)
class KeptQuestion:
    """A question someone asked, and the cases any one of which must come among the first `within` hits.

    `is_ranked`: its place counts; not so where only a place anywhere in the result is asked for (`within: null`).
    """

    id: str
    text: str
    expect: tuple[str, ...]
    kind: str = ""
    within: int = WITHIN
    is_ranked: bool = True


@dataclass(frozen=True)
class Miss:
    """A question whose expected cases came too late (`rank`) or not among the hits looked at (None)."""

    question: KeptQuestion
    rank: int | None
    first: str | None


@dataclass(frozen=True)
class KeptReport:
    """How many of the ranked questions had an expected case first and among the first three; all that were missed."""

    questions: int
    ranked: int
    first: int
    among_three: int
    misses: tuple[Miss, ...]


def figures(report: Report) -> dict[str, object]:
    """The report as `kb eval --json` prints it: measures from 0 to 1, times in milliseconds, 95 % intervals under ci."""
    return {
        **{name: round(mean, 4) for name, mean in report.means.items()},
        "p50_ms": round(report.p50_ms, 2),
        "p95_ms": round(report.p95_ms, 2),
        "queries": report.queries,
        "documents": report.documents,
        "wordless_queries": report.wordless_queries,
        "wordless_documents": report.wordless_documents,
        "ci": {name: [round(bound, 4) for bound in bounds] for name, bounds in report.intervals.items()},
    }


def build_questions(rows: Iterable[Mapping[str, object]]) -> list[KeptQuestion]:
    """Questions from the rows of the file that keeps them; raises BrokenLibrary with the question at fault."""
    return [_question(row) for row in rows]


def ask_kept(questions: Sequence[KeptQuestion], finder: CaseFinder) -> KeptReport:
    """Asks every question as a reader would. Raises search.IndexFault when the index cannot be read."""
    ranks: list[int | None] = []  # of the ranked questions
    misses = []
    for question in questions:
        size = max(question.within, SHOWN)
        found = [hit.card.id for hit in finder.find(Question(question.text, size=size)).hits]
        rank = next((place for place, id in enumerate(found, 1) if id in question.expect), None)
        if question.is_ranked:
            ranks.append(rank)
        if rank is None or rank > question.within:
            misses.append(Miss(question, rank, found[0] if found else None))
    return KeptReport(
        questions=len(questions),
        ranked=len(ranks),
        first=sum(rank == 1 for rank in ranks),
        among_three=sum(rank is not None and rank <= WITHIN for rank in ranks),
        misses=tuple(misses),
    )


def _question(row: Mapping[str, object]) -> KeptQuestion:
    name, expect = str(row.get("id", "")), row.get("expect")
    is_ranked = row.get("within", WITHIN) != ""  # as a null is read
    within = str(row.get("within", WITHIN)) if is_ranked else str(ANYWHERE)
    if not (name and row.get("text") and isinstance(expect, list) and expect and within.isascii() and within.isdigit()):
        raise BrokenLibrary(
            f"常备问题“{name or row.get('text', '')}”写得不全。",
            advice="每条要有 id、text、expect（案例编号的列表），within 是数字，或 null（在结果中即可）。",
        )
    return KeptQuestion(
        name, str(row["text"]), tuple(map(str, expect)), str(row.get("kind", "")), int(within), is_ranked
    )

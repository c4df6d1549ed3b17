"""What of a case is searchable, with which weight, and by which facets."""

from kb.domain.case import Case
from kb.domain.mechanism import Mechanism
from kb.domain.plain_text import plain_text
from kb.domain.taxonomy import Taxonomy
from search import Document, Schema, TextField

VISIBILITY = "visibility"
"""The facet that is never shown: who sees the case, in the words of `Case.seen_by`."""
SCHEMA = Schema(
    texts=(
        TextField("title", 4.0),
        TextField("problem", 2.5),
        TextField("keywords", 3.0),
        TextField("summary", 2.0),
        TextField("mechanism", 1.5),
        TextField("unit", 1.5),
        TextField("signs", 1.5),
        TextField("body", 1.0),
    ),
    facets=("problem", "field", "level", "unit", "kind", "year", VISIBILITY),
    sorts=("year", "id"),
)
"""The fields of the index; their order is the order in which 为什么命中 names them."""

FIELD_LABELS = {
    "title": "标题", "problem": "问题类型", "keywords": "关键词", "summary": "摘要",
    "mechanism": "机制", "unit": "单位", "signs": "问题表现", "body": "正文",
}  # fmt: skip


def build_document(case: Case, mechanism: Mechanism | None, taxonomy: Taxonomy) -> Document:
    """The index document of a case."""
    return Document(
        id=case.id,
        texts={
            "title": case.title,
            "problem": "；".join(_problem_words(problem, taxonomy) for problem in case.problems),
            "keywords": "；".join(case.keywords),
            "summary": case.summary,
            "mechanism": f"{mechanism.title}。{mechanism.summary}" if mechanism else "",
            "unit": case.unit,
            "signs": _signs(case.problem, taxonomy),
            "body": _body(case),
        },
        facets={
            "problem": tuple(dict.fromkeys(_with_parents(case.problems, taxonomy))),
            "field": (case.field,),
            "level": (case.level,),
            "unit": (case.unit,),
            "kind": (case.kind,),
            "year": (case.year,) if case.year else (),
            VISIBILITY: (case.seen_by,),
        },
        sorts={"year": case.year, "id": case.id},
    )


def _problem_words(problem_id: str, taxonomy: Taxonomy) -> str:
    found = taxonomy.find_problem(problem_id)
    return "、".join((found.label, *found.aliases)) if found else ""


def _signs(problem_id: str, taxonomy: Taxonomy) -> str:
    """How the problem shows itself, in everyday words: the words a secretary asks with are rarely those of a report."""
    found = taxonomy.find_problem(problem_id)
    return "。".join((found.definition, *found.signs)) if found else ""


def _with_parents(problems: tuple[str, ...], taxonomy: Taxonomy) -> list[str]:
    found = [problem for problem in map(taxonomy.find_problem, problems) if problem]
    return [name for problem in found for name in (problem.parent, problem.id) if name]


def _body(case: Case) -> str:
    sections = (
        case.situation, case.causes, case.practice, case.forming, case.effect, case.carrying, case.lessons,
    )  # fmt: skip
    steps = "\n".join(" ".join(row.get(key, "") for key in ("action", "responsible", "output")) for row in case.steps)
    conditions = "\n".join(text for texts in case.promotion.values() for text in texts)
    return "\n".join(text for text in (*map(plain_text, sections), steps, conditions) if text)

"""按问题找: the tree of problem types, and a page per type with its cases and mechanisms, or its gap."""

from dataclasses import dataclass
from typing import NamedTuple

from kb.domain.taxonomy import ProblemType
from kb.errors import NotFound
from kb.services.case_cards import CaseCard, card_of
from kb.services.ports import Catalogue, MechanismEntry, ProblemCount, ReferenceData

NOTHING = ProblemCount(0, 0)


@dataclass(frozen=True)
class ProblemNode:
    """A problem type in the tree, with what the library has for it."""

    problem: ProblemType
    count: ProblemCount
    children: tuple["ProblemNode", ...] = ()


class ProblemPage(NamedTuple):
    """A type: where it stands, its cases (primary ones first) and mechanisms; both empty is a gap."""

    problem: ProblemType
    parent: ProblemType | None
    children: tuple[ProblemNode, ...]
    cases: tuple[CaseCard, ...]
    mechanisms: tuple[MechanismEntry, ...]


def problem_tree(catalogue: Catalogue, reference: ReferenceData) -> tuple[ProblemNode, ...]:
    """First-level types, each with its second-level ones; a parent's count is its children's sum."""
    counts = catalogue.count_by_problem()
    taxonomy = reference.references.taxonomy
    tree = []
    for root in taxonomy.roots:
        children = tuple(ProblemNode(child, counts.get(child.id, NOTHING)) for child in taxonomy.children_of(root.id))
        total = ProblemCount(sum(c.count.cases for c in children), sum(c.count.mechanisms for c in children))
        tree.append(ProblemNode(root, total, children))
    return tuple(tree)


def problem_page(problem_id: str, catalogue: Catalogue, reference: ReferenceData) -> ProblemPage:
    """Raises NotFound for an unknown id; a retired id gives the page of its successor."""
    taxonomy = reference.references.taxonomy
    problem = taxonomy.find_problem(problem_id)
    if problem is None:
        raise NotFound("没有这个问题类型。", advice="从“按问题找”里选一个。")
    node = next((node for node in problem_tree(catalogue, reference) if node.problem.id == problem.id), None)
    cases = catalogue.lines(catalogue.case_ids_of(problem=problem.id))
    return ProblemPage(
        problem=problem,
        parent=taxonomy.problems.get(problem.parent),
        children=node.children if node else (),
        cases=tuple(card_of(lines, reference) for lines in cases),
        mechanisms=tuple(catalogue.mechanisms(problem=problem.id)),
    )

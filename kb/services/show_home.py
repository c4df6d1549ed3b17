"""首页: one question, the problems the library knows most about, what is new."""

from typing import NamedTuple

from kb.services.browse_problems import ProblemNode, problem_tree
from kb.services.case_cards import CaseCard, card_of
from kb.services.ports import Catalogue, ReferenceData
from kb.services.read_mechanism import MechanismRow, list_mechanisms
from kb.services.show_promotion import NOTHING_PROMOTED, Standing

TILES = 8
ROWS = 5
PROMOTED = 3


class HomePage(NamedTuple):
    """Counts, the eight problem types with the most cases, newest cases, mechanisms with the most cases, those being promoted."""

    cases: int
    mechanisms: int
    tiles: tuple[ProblemNode, ...]
    newest: tuple[CaseCard, ...]
    proven: tuple[MechanismRow, ...]
    promoted: tuple[MechanismRow, ...] = ()


def show_home(catalogue: Catalogue, reference: ReferenceData, standing: Standing = NOTHING_PROMOTED) -> HomePage:
    """The start page."""
    second_level = [child for node in problem_tree(catalogue, reference) for child in node.children]
    tiles = sorted(second_level, key=lambda node: (-node.count.cases, node.problem.id))[:TILES]
    mechanisms = list_mechanisms(catalogue, reference, standing)
    newest = catalogue.lines(catalogue.case_ids_of(limit=ROWS))
    return HomePage(
        cases=len(catalogue.case_ids()),
        mechanisms=len(mechanisms),
        tiles=tuple(tiles),
        newest=tuple(card_of(lines, reference) for lines in newest),
        proven=tuple(sorted(mechanisms, key=lambda row: -row.cases)[:ROWS]),
        promoted=tuple(row for row in mechanisms if row.promotion.is_promoted)[:PROMOTED],
    )

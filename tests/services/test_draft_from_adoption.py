"""采用成案例: what ledger and mechanism tell stands in the draft, what they do not stays blank."""

from dataclasses import replace

import pytest

from kb.domain.adoption import Adoption, AdoptionStage, Manner
from kb.domain.mechanism import Mechanism
from kb.services.draft_from_adoption import case_fields
from tests.made_up import CASE, MECHANISM, REFERENCE
from tests.services.memory_shelf import build_shelf

SHELF = build_shelf(REFERENCE, {"cases/000000-2020-01.md": CASE, "mechanisms/pair-up.md": MECHANISM})
ADOPTION = Adoption(
    7, "虚构村党支部", "pair-up", "000000-2020-01", 0, Manner.OWN, AdoptionStage.LANDED, "2026-03-01", "2026-04-01",
    "2026-09-01", changes="结对的人改为两名。", results=({"measure": "不开会的支部", "before": "2", "now": "0"},),
    proof="虚构的台账", confirmed_unit="虚构学校党支部", confirmed_on="2026-10-08",
)  # fmt: skip


def mechanism(*solves: str) -> Mechanism:
    found = SHELF.catalogue.find_mechanism("pair-up")
    assert found is not None
    return replace(found.mechanism, solves=solves)


def test_the_whole_draft() -> None:
    entry = SHELF.catalogue.find_case("000000-2020-01")
    assert entry is not None
    assert case_fields(ADOPTION, mechanism("P1.1"), entry.case) == {
        "kind": "experience",
        "mechanism": "pair-up",
        "problem": "P5.1",
        "period": {"start": "2026-04-01", "end": "2026-09-01"},
        "practice": "结对的人改为两名。",
        "results": [{"measure": "不开会的支部", "before": "2", "now": "0", "verified_by": "虚构学校党支部"}],
        "sources": [{"title": "推广台账第 7 号", "publisher": "虚构村党支部", "date": "2026-10-08"}],
    }


@pytest.mark.parametrize(("solves", "problem"), [(("P5.1",), "P5.1"), (("P5.1", "P1.1"), "")])
def test_a_problem_is_taken_from_a_mechanism_that_solves_one_alone(solves: tuple[str, ...], problem: str) -> None:
    assert case_fields(ADOPTION, mechanism(*solves), None)["problem"] == problem

"""The steps of the review as a library sets them."""

from pathlib import Path

import pytest

from kb.domain.review import USUAL_RULES, ReviewRules
from kb.domain.submission import ReviewStep
from kb.errors import BrokenLibrary
from kb.repository.reference_files import read_review_rules
from tests.made_up import ROOT


def test_the_shipped_steps_are_the_usual_ones() -> None:
    assert read_review_rules(ROOT / "content/taxonomy/review-steps.yaml") == USUAL_RULES


def test_a_library_without_the_file_has_the_usual_steps(tmp_path: Path) -> None:
    assert read_review_rules(tmp_path / "review-steps.yaml") == USUAL_RULES


def test_a_library_sets_its_own(tmp_path: Path) -> None:
    path = tmp_path / "review-steps.yaml"
    path.write_text('different_reviewers: "false"\nsteps:\n  - {id: only, label: 审定}\n', "utf-8")
    assert read_review_rules(path) == ReviewRules((ReviewStep("only", "审定"),), needs_different_reviewers=False)


@pytest.mark.parametrize(
    "text",
    ["steps: []\n", "steps:\n  - {id: a}\n", "steps:\n  - {id: a, label: 甲}\n  - {id: a, label: 乙}\n", "x: y\n"],
)
def test_steps_that_cannot_be_used_are_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "review-steps.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(BrokenLibrary, match="review-steps"):
        read_review_rules(path)

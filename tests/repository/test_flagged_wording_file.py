"""The list of flagged wording: read as it is shipped, refused with its line when a row is wrong."""

from datetime import date
from pathlib import Path

import pytest

from kb.domain.flagged_wording import FlaggedWord, Level
from kb.errors import BrokenLibrary
from kb.repository.reference_files import read_flagged_wording
from tests.made_up import ROOT

HEAD = "错,正,级别,依据,有效期,例外\n"


def read(folder: Path, text: str) -> tuple[FlaggedWord, ...]:
    path = folder / "flagged-wording.csv"
    path.write_text(text, encoding="utf-8")
    return read_flagged_wording(path)


def test_every_row_becomes_a_rule(tmp_path: Path) -> None:
    rows = "甲错,甲正,红,虚构依据,2026-12-31,\n乙错,乙正,黄,虚构依据,长期,大乙错|小乙错\n"
    assert read(tmp_path, HEAD + rows) == (
        FlaggedWord("甲错", "甲正", Level.RED, "虚构依据", date(2026, 12, 31)),
        FlaggedWord("乙错", "乙正", Level.YELLOW, "虚构依据", None, ("大乙错", "小乙错")),
    )


@pytest.mark.parametrize(
    "row",
    ["甲,乙,紫,依据,长期,", "甲,乙,红,依据,明天,", "甲,乙,红,,长期,", "甲,甲,红,依据,长期,", "甲,乙,红,依据,长期,a,b"],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str) -> None:
    with pytest.raises(BrokenLibrary, match="第 2 行") as caught:
        read(tmp_path, HEAD + row + "\n")
    assert "有效期" in caught.value.advice


def test_another_head_is_refused_and_no_file_means_no_rules(tmp_path: Path) -> None:
    with pytest.raises(BrokenLibrary, match="第一行"):
        read(tmp_path, "错,正\n甲,乙\n")
    assert read_flagged_wording(tmp_path / "missing.csv") == ()


def test_the_shipped_rules_have_a_basis_and_none_is_met_by_the_right_word() -> None:
    rules = read_flagged_wording(ROOT / "content/lexicon/flagged-wording.csv")
    assert len(rules) > 20
    assert [rule.wrong for rule in rules if rule.wrong in rule.right] == []
    assert len({rule.wrong for rule in rules}) == len(rules)

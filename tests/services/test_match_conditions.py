"""条件匹配: only what a program can tell is told; all other wording is left to people."""

from dataclasses import replace

import pytest

from kb.domain.mechanism import Mechanism
from kb.services.match_conditions import UnitFacts, Verdict, match_conditions
from kb.services.ports import MechanismEntry
from tests.made_up import CASE, MECHANISM, REFERENCE
from tests.services.memory_shelf import build_shelf

SHELF = build_shelf(REFERENCE, {"cases/000000-2020-01.md": CASE, "mechanisms/pair-up.md": MECHANISM})


class OneMechanism:
    """The catalogue with the preconditions of its mechanism changed."""

    def __init__(self, **changes: object) -> None:
        found = SHELF.catalogue.find_mechanism("pair-up")
        assert found is not None
        mechanism: Mechanism = replace(found.mechanism, **changes)  # type: ignore[arg-type]
        self._entry = MechanismEntry(mechanism, "", "")

    def find_mechanism(self, _: str) -> MechanismEntry:
        return self._entry

    def __getattr__(self, name: str) -> object:
        return getattr(SHELF.catalogue, name)


def verdict_of(text: str, members: int) -> Verdict:
    """Of one precondition for a unit of so many party members."""
    catalogue = OneMechanism(preconditions=(text,), boundaries=())
    match = match_conditions("pair-up", UnitFacts(members=members), catalogue, REFERENCE)  # type: ignore[arg-type]
    return next(line.verdict for line in match.lines if line.text == text)


@pytest.mark.parametrize(
    ("text", "members", "verdict"),
    [
        ("有 50 名以上党员", 50, Verdict.HOLDS),
        ("有 50 名以上党员", 49, Verdict.FAILS),
        ("党员不少于50人", 49, Verdict.FAILS),
        ("党员超过50人", 50, Verdict.FAILS),
        ("党员50人以下的支部", 50, Verdict.HOLDS),
        ("党员50人以下的支部", 51, Verdict.FAILS),
        ("党员1,200人以上", 1200, Verdict.HOLDS),
        ("党员不少于50人", 0, Verdict.JUDGE),
        ("有50名党员参加过培训", 10, Verdict.JUDGE),
        ("要有可派的干部", 50, Verdict.JUDGE),
        ("有三年以上工龄的书记", 50, Verdict.JUDGE),
        ("由镇党委派干部", 50, Verdict.JUDGE),
    ],
)
def test_numbers_of_members_are_compared_and_other_words_are_not(text: str, members: int, verdict: Verdict) -> None:
    assert verdict_of(text, members) is verdict


def test_every_line_says_where_it_stands_and_why() -> None:
    match = match_conditions("pair-up", UnitFacts("village", "rural", 20), SHELF.catalogue, REFERENCE)
    assert [(line.source, line.text, line.verdict, line.why) for line in match.lines] == [
        ("案例", "做过的层级：镇街", Verdict.JUDGE, "本单位是“村社区”，还没有先例，不等于不能用"),
        ("案例", "做过的领域：农村", Verdict.HOLDS, "本单位是“农村”，有先例"),
        ("前提条件", "有可派的干部", Verdict.JUDGE, "程序不能判断，请对照本单位"),
        ("适用边界", "原文未载", Verdict.JUDGE, "来源没有写，向做过的单位了解后再定"),
        ("适用范围", "有支部不开会的镇", Verdict.FAILS, "写的是镇街，本单位是村社区"),
    ]

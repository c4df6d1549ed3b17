"""条件匹配: my unit against what a mechanism asks for, line by line: what holds, what fails, what only people can judge.

A program can compare levels, fields and a stated number of party members. All other wording is left to people, and said so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from kb.domain.case import Case
from kb.domain.mechanism import Mechanism
from kb.domain.taxonomy import Unit
from kb.domain.template import UNSTATED, Template
from kb.domain.unit_sheet import UnitSheet
from kb.errors import NotFound
from kb.services.ports import Catalogue, ReferenceData

LEVEL_WORDS = {
    "city": ("市级", "全市"), "county": ("区县", "区级", "县级", "全区", "全县"),
    "town": ("镇", "街道", "乡"), "village": ("村", "社区"),
}  # fmt: skip
"""Words of a 适用范围 by which it names a level; the others stand for too many things."""
_MEMBERS = (
    re.compile(
        r"党员(?P<least>不少于|至少|超过|达到|在)?(?P<number>\d{1,6})(?:名|人|个)?(?P<side>以上|及以上|以下|以内)?"
    ),
    re.compile(r"(?P<least>不少于|至少|超过|有)?(?P<number>\d{1,6})(?:名|个)?(?P<side>以上|及以上|以下|以内)?的?党员"),
)
"""A number of party members that is asked for: 党员不少于 50 名, 50 名以上党员."""

LEFT_TO_PEOPLE = "程序不能判断，请对照本单位"


class Verdict(Enum):
    """What a line comes to for a unit."""

    HOLDS = "holds"
    FAILS = "fails"
    JUDGE = "judge"

    @property
    def label(self) -> str:
        return {"holds": "符合", "fails": "不符合", "judge": "要自己判断"}[self.value]


class UnitFacts(NamedTuple):
    """What is known of a unit: ids of level and field as cases have them, party members; "" and 0 where unknown."""

    level: str = ""
    field: str = ""
    members: int = 0


FIELD_OF_KIND = {
    "非公企业": "private_firm", "社会组织": "social_organisation", "村": "rural", "社区": "community", "机关": "government",
    "国企": "state_firm", "学校": "school", "医院": "hospital", "其他": "other",
}  # fmt: skip
"""The field of cases that a unit of this kind stands in, by the label of its sheet."""


def known_facts(unit: Unit | None, sheet: UnitSheet | None, reference: ReferenceData) -> UnitFacts:
    """What register and unit sheet tell of a unit."""
    level = reference.case_template["level"]
    found = next((choice.id for choice in level.choices if unit and choice.label == unit.level), "")
    people = sheet.fields.get("people") if sheet else None
    members = str(people.get("members", "")) if isinstance(people, Mapping) else ""
    is_number = members.isascii() and members.isdecimal() and len(members) < 7
    return UnitFacts(found, FIELD_OF_KIND.get(sheet.kind, "") if sheet else "", int(members) if is_number else 0)


class MatchLine(NamedTuple):
    """A condition: where it stands, its words, what it comes to and why."""

    source: str
    text: str
    verdict: Verdict
    why: str


class Match(NamedTuple):
    """A mechanism against a unit."""

    mechanism: Mechanism
    lines: tuple[MatchLine, ...]

    def count(self, verdict: Verdict) -> int:
        return sum(line.verdict is verdict for line in self.lines)


def match_conditions(mechanism_id: str, unit: UnitFacts, catalogue: Catalogue, reference: ReferenceData) -> Match:
    """Raises NotFound for an unknown mechanism."""
    entry = catalogue.find_mechanism(mechanism_id)
    if entry is None:
        raise NotFound("没有找到这个机制。", advice="从“机制”列表里选一个。")
    mechanism = entry.mechanism
    found = catalogue.cases(catalogue.case_ids_of(mechanism=mechanism.id))
    cases = [one.case for one in found if one.case.kind != "lesson"]
    lines = (
        *_precedents(unit, cases, reference.case_template),
        *_conditions(mechanism, unit, reference),
        *_scopes(cases, unit, reference),
    )
    return Match(mechanism, tuple(dict.fromkeys(lines)))


def conditions_of(mechanism: Mechanism) -> tuple[str, ...]:
    """What the mechanism asks for in words, 前提条件 first, then 适用边界: what a unit ticks when it takes it up."""
    texts = (*mechanism.preconditions, *mechanism.boundaries)
    return tuple(dict.fromkeys(text for text in texts if text != UNSTATED))


def _precedents(unit: UnitFacts, cases: Sequence[Case], template: Template) -> Iterator[MatchLine]:
    for key, mine in (("level", unit.level), ("field", unit.field)):
        slot = template[key]
        told = _listed(slot.label_of(getattr(case, key)) for case in cases)
        text = f"做过的{slot.label}：{told or '还没有案例'}"
        if not mine:
            yield MatchLine("案例", text, Verdict.JUDGE, f"没有填本单位的{slot.label}")
        elif any(getattr(case, key) == mine for case in cases):
            yield MatchLine("案例", text, Verdict.HOLDS, f"本单位是“{slot.label_of(mine)}”，有先例")
        else:
            yield MatchLine("案例", text, Verdict.JUDGE, f"本单位是“{slot.label_of(mine)}”，还没有先例，不等于不能用")


def _conditions(mechanism: Mechanism, unit: UnitFacts, reference: ReferenceData) -> Iterator[MatchLine]:
    template = reference.mechanism_template
    for key in ("preconditions", "boundaries"):
        label = template[key].label
        texts = [text for text in getattr(mechanism, key) if text != UNSTATED]
        for text in texts:
            yield _by_members(label, text, unit)
        if not texts:
            yield MatchLine(label, UNSTATED, Verdict.JUDGE, "来源没有写，向做过的单位了解后再定")


def _scopes(cases: Iterable[Case], unit: UnitFacts, reference: ReferenceData) -> Iterator[MatchLine]:
    level = reference.case_template["level"]
    for case in cases:
        for text in case.promotion.get("scope", ()):
            if text == UNSTATED:
                continue
            named = [name for name, words in LEVEL_WORDS.items() if any(word in text for word in words)]
            if not named or not unit.level:
                yield MatchLine("适用范围", text, Verdict.JUDGE, LEFT_TO_PEOPLE)
            elif unit.level in named:
                yield MatchLine("适用范围", text, Verdict.HOLDS, f"写到了本单位的层级“{level.label_of(unit.level)}”")
            else:
                told = _listed(level.label_of(name) for name in named)
                yield MatchLine("适用范围", text, Verdict.FAILS, f"写的是{told}，本单位是{level.label_of(unit.level)}")


def _by_members(label: str, text: str, unit: UnitFacts) -> MatchLine:
    plain = text.replace(" ", "").replace(",", "")
    found = next((match for pattern in _MEMBERS if (match := pattern.search(plain))), None)
    is_least = found is not None and (
        found["side"] in ("以上", "及以上") or found["least"] in ("不少于", "至少", "超过", "达到")
    )
    is_most = found is not None and found["side"] in ("以下", "以内")
    if found is None or is_least == is_most:
        return MatchLine(label, text, Verdict.JUDGE, LEFT_TO_PEOPLE)
    if not unit.members:
        return MatchLine(label, text, Verdict.JUDGE, "没有填本单位的党员人数")
    number = int(found["number"])
    holds = (
        unit.members <= number
        if is_most
        else unit.members > number
        if found["least"] == "超过"
        else unit.members >= number
    )
    told = f"本单位党员 {unit.members} 人，写的是{'至多' if is_most else '至少'} {number} 人"
    return MatchLine(label, text, Verdict.HOLDS if holds else Verdict.FAILS, told)


def _listed(labels: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(labels))

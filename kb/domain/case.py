"""A case (案例): one worked example, as its Markdown file tells it."""

from collections.abc import Mapping
from dataclasses import dataclass

from kb.domain.answers import Answers
from kb.domain.kinds import Row
from kb.domain.partial_date import PartialDate, Period
from kb.domain.records import SourceReference
from kb.domain.workflow import READABLE, Stage


@dataclass(frozen=True)
class Case:
    """Field names are the slot keys of templates/mechanism/case.yaml; choices hold their ids.

    `unstated` names the slots answered with 原文未载; their value is the kind's empty one.
    """

    id: str
    title: str
    kind: str
    origin: str
    summary: str
    keywords: tuple[str, ...]
    unit: str
    level: str
    field: str
    period: Period | None
    problem: str
    also: tuple[str, ...]
    indicators: tuple[str, ...]
    sources: tuple[SourceReference, ...]
    mechanism: str
    steps: tuple[Row, ...]
    results: tuple[Row, ...]
    expected: Row
    promotion: Mapping[str, tuple[str, ...]]
    cost: Row
    quotes: tuple[str, ...]
    contact: Row
    visibility: str
    status: str
    review_by: PartialDate | None
    situation: str
    causes: str
    practice: str
    forming: str
    effect: str
    carrying: str
    lessons: str
    unstated: frozenset[str] = frozenset()

    @property
    def stage(self) -> Stage:
        return Stage(self.status or "draft")

    @property
    def is_readable(self) -> bool:
        """Included: what the library shows to those who see it."""
        return self.stage in READABLE

    @property
    def seen_by(self) -> str:
        """Who sees it once it is included, in the words of `Actor.sees`: "public", "internal" or "unit:" and its unit."""
        return {"public": "public", "own_unit": f"unit:{self.unit}"}.get(self.visibility, "internal")

    @property
    def problems(self) -> tuple[str, ...]:
        """The primary problem type, then the related ones."""
        return (self.problem, *self.also)

    @property
    def year(self) -> str:
        """The year it began, "" where the source does not say."""
        return str(self.period.start.year) if self.period and self.period.start else ""

    @property
    def named_parts(self) -> dict[str, tuple[str, ...]]:
        """Parts used, by provenance record."""
        return {source.record: source.parts for source in self.sources if source.record}


def build_case(answers: Answers) -> Case:
    """The case of a full set of answers."""
    return Case(**answers.values, unstated=answers.unstated)

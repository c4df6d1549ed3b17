"""Promotion plan (推广计划): who is to take up an included mechanism, by when, and who answers for it."""

from dataclasses import dataclass
from enum import Enum


class PlanState(Enum):
    """A plan counts while it is in force; it ends done or withdrawn."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {"draft": "拟订", "in_force": "推广中", "ended": "已结束", "withdrawn": "已撤回"}[self.value]


@dataclass(frozen=True)
class PromotionPlan:
    """`case_id` "" where the plan is of a mechanism alone; units, levels and fields are its scope; days are YYYY-MM-DD.

    levels and fields hold ids of the case template's choices.
    """

    number: int
    mechanism: str
    case_id: str
    title: str
    units: tuple[str, ...]
    levels: tuple[str, ...]
    fields: tuple[str, ...]
    must_follow: tuple[str, ...]
    may_adapt: tuple[str, ...]
    start_kit: tuple[str, ...]
    starts_on: str
    target_on: str
    answerable: str
    state: PlanState
    version: int = 1
    made_at: str = ""
    made_by: int = 0

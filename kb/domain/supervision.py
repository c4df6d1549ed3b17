"""督导六步 and 督查: the steps a matter under supervision goes through, one after the other."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from kb.domain.partial_date import find_date
from kb.errors import AskedWrongly

LONGEST_TITLE, LONGEST_RESPONSIBLE, LONGEST_NOTE = 80, 60, 1000


class SupervisionKind(Enum):
    """What is done: supervision (督导) in six steps or inspection (督查) in five."""

    SUPERVISION = "supervision"
    INSPECTION = "inspection"

    @property
    def label(self) -> str:
        return {"supervision": "督导", "inspection": "督查"}[self.value]

    @property
    def steps(self) -> dict[str, str]:
        """Step ids in their order, with the seed's own words."""
        return STEPS[self]


STEPS = {
    SupervisionKind.SUPERVISION: {
        "set_up": "立项督导", "plan": "确定方案", "carry_out": "开展督导",
        "feed_back": "反馈意见", "revisit": "问题回访", "sum_up": "总结情况",
    },
    SupervisionKind.INSPECTION: {
        "set_up": "分解立项", "press_on": "台账督办", "report": "督查报告",
        "remind": "督查催报", "recheck": "回访复核",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Supervision:
    """A matter of a plan or of one adoption (0: not of one); `step` is the next to be done, "" when all are."""

    number: int
    kind: SupervisionKind
    title: str
    plan: int
    adoption: int
    responsible: str
    due_on: str
    step: str
    version: int = 1
    made_at: str = ""
    made_by: int = 0

    @property
    def is_closed(self) -> bool:
        return self.step == ""

    @property
    def step_label(self) -> str:
        return self.kind.steps.get(self.step, "已办结")

    def is_overdue(self, today: date) -> bool:
        return not self.is_closed and self.due_on != "" and self.due_on < today.isoformat()


def first_step(kind: SupervisionKind) -> str:
    return next(iter(kind.steps))


def step_after(kind: SupervisionKind, step: str) -> str:
    """The one that follows, "" after the last."""
    ids = list(kind.steps)
    place = ids.index(step) + 1
    return ids[place] if place < len(ids) else ""


def check_supervision(matter: Supervision) -> None:
    """Raises AskedWrongly naming all that is wrong."""
    faults = []
    if not matter.title or len(matter.title) > LONGEST_TITLE:
        faults.append(f"督办什么要写，不超过 {LONGEST_TITLE} 字")
    if not matter.responsible or len(matter.responsible) > LONGEST_RESPONSIBLE:
        faults.append(f"由谁负责要写，不超过 {LONGEST_RESPONSIBLE} 字")
    if not is_day(matter.due_on):
        faults.append("期限要写成日历上的日期，如 2026-11-26")
    if faults:
        raise AskedWrongly("；".join(faults) + "。", advice="改好再立项，填的都还在下面。")


def is_day(text: str) -> bool:
    """Whether the text is a day of the calendar, YYYY-MM-DD."""
    return len(text) == 10 and find_date(text) is not None

"""Adoption (采用): a unit's use of a mechanism, 拟学 → 试行 → 落地 → 停用, and who may confirm that it took hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from kb.domain.kinds import Row
from kb.errors import AskedWrongly


class Manner(Enum):
    """How a unit came to it: by itself or because it was told to."""

    OWN = "own"
    ASSIGNED = "assigned"

    @property
    def label(self) -> str:
        return {Manner.OWN: "自主", Manner.ASSIGNED: "部署"}[self]


class AdoptionStage(Enum):
    """How far it has come; the value is what the database holds."""

    DRAFT = "draft"
    INTENDED = "intended"
    TRIAL = "trial"
    LANDED = "landed"
    STOPPED = "stopped"

    @property
    def label(self) -> str:
        return ADOPTION_LABELS[self]


ADOPTION_LABELS = {
    AdoptionStage.DRAFT: "草稿", AdoptionStage.INTENDED: "拟学", AdoptionStage.TRIAL: "试行",
    AdoptionStage.LANDED: "落地", AdoptionStage.STOPPED: "停用",
}  # fmt: skip
REPORTED = (AdoptionStage.INTENDED, AdoptionStage.TRIAL, AdoptionStage.LANDED, AdoptionStage.STOPPED)
"""Stages others than the adopter may know of, in order; a draft is its unit's alone."""
NEXT = {
    AdoptionStage.DRAFT: frozenset({AdoptionStage.INTENDED}),
    AdoptionStage.INTENDED: frozenset({AdoptionStage.TRIAL, AdoptionStage.STOPPED}),
    AdoptionStage.TRIAL: frozenset({AdoptionStage.LANDED, AdoptionStage.STOPPED}),
    AdoptionStage.LANDED: frozenset({AdoptionStage.STOPPED}),
    AdoptionStage.STOPPED: frozenset({AdoptionStage.TRIAL}),
}


@dataclass(frozen=True)
class Adoption:
    """A line of the ledger (推广台账). Days are YYYY-MM-DD, "" where not reached; times UTC in ISO form.

    `results` are rows as in a case; `plan` 0: of no plan; `confirmed_unit` "" until another unit has confirmed it.
    """

    number: int
    unit: str
    mechanism: str
    case_id: str
    plan: int
    manner: Manner
    stage: AdoptionStage
    intended_on: str = ""
    trial_on: str = ""
    landed_on: str = ""
    stopped_on: str = ""
    changes: str = ""
    results: tuple[Row, ...] = ()
    proof: str = ""
    stop_reason: str = ""
    confirmed_unit: str = ""
    confirmed_on: str = ""
    confirmed_by: int = 0
    version: int = 1
    news_at: str = ""
    made_at: str = ""
    made_by: int = 0

    @property
    def is_confirmed(self) -> bool:
        """Whether it took hold in the word of another unit; a stop afterwards does not undo that it had."""
        return self.confirmed_unit != ""


def move_adoption(current: AdoptionStage, wanted: AdoptionStage) -> AdoptionStage:
    """The stage after the move; raises AskedWrongly when the order forbids it."""
    if wanted not in NEXT[current]:
        following = "、".join(stage.label for stage in REPORTED if stage in NEXT[current])
        raise AskedWrongly(f"“{current.label}”之后不能直接报“{wanted.label}”。", advice=f"接下来可以报：{following}。")
    return wanted


def check_confirmer(adoption: Adoption, unit: str, source_units: Sequence[str]) -> None:
    """Raises AskedWrongly unless that unit may confirm: landed, and neither the adopter nor a source of the mechanism.

    source_units: the units of the cases it came from.
    """
    if adoption.stage is not AdoptionStage.LANDED:
        raise AskedWrongly("报了“落地”的才能确认。", advice="等采用单位报“落地”后再办。")
    if not unit:
        raise AskedWrongly("你的账号没有写单位，不能确认。", advice="请管理员补上单位。")
    if unit == adoption.unit:
        raise AskedWrongly("采用单位不能确认自己。", advice="请别的单位（不是案例的来源单位）来确认。")
    if unit in source_units:
        raise AskedWrongly("案例的来源单位不能确认对它的采用。", advice="请采用单位和来源单位以外的单位来确认。")

"""Adoption (采用): a unit's use of a mechanism, 拟学 → 试行 → 落地 → 停用, and who may confirm that it took hold."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from kb.domain.kinds import Row
from kb.domain.partial_date import find_date
from kb.errors import AskedWrongly

LONGEST_CHANGES, LONGEST_PROOF, LONGEST_REASON = 3000, 3000, 1000
"""Characters of what was changed, of the proof, of the reason for stopping."""
MOST_RESULTS = 20
LONGEST_CELL = 200
STALE_DAYS, TRIAL_DAYS = 30, 180
"""Days without news after which an adoption is asked about; days of 试行 after which it is asked to come to an end."""


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
"""Stages others than the adopter may know of, in order; of a draft only those who promote."""
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
    `judged` are the conditions of the mechanism the unit itself says it meets, in their words.
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
    judged: tuple[str, ...] = ()
    confirmed_unit: str = ""
    confirmed_on: str = ""
    confirmed_by: int = 0
    version: int = 1
    news_at: str = ""
    made_at: str = ""
    made_by: int = 0

    @property
    def is_confirmed(self) -> bool:
        """Whether it took hold in the word of another unit; a stop afterwards does not undo that it had.

        What that unit looked at, results and proof, stays as it was for as long.
        """
        return self.confirmed_unit != ""

    @property
    def is_draft(self) -> bool:
        return self.stage is AdoptionStage.DRAFT

    @property
    def stage_on(self) -> str:
        """The day it came to the stage it is at, "" for a draft."""
        return "" if self.is_draft else str(getattr(self, DAY_OF[self.stage]))

    def days_without_news(self, today: date) -> int:
        """Since it was last told of; 0 for a draft and for what was told of later than today."""
        if self.is_draft or len(self.news_at) < 10:
            return 0
        return max(0, (today - date.fromisoformat(self.news_at[:10])).days)


DAY_OF = {
    AdoptionStage.INTENDED: "intended_on", AdoptionStage.TRIAL: "trial_on",
    AdoptionStage.LANDED: "landed_on", AdoptionStage.STOPPED: "stopped_on",
}  # fmt: skip


@dataclass(frozen=True)
class AdoptionReport:
    """What a unit tells of its adoption: the stage it has come to (None: the same as before) and the day, and the rest anew."""

    stage: AdoptionStage | None = None
    on: str = ""
    changes: str = ""
    results: tuple[Row, ...] = ()
    proof: str = ""
    stop_reason: str = ""
    judged: tuple[str, ...] = ()


def apply_report(adoption: Adoption, report: AdoptionReport, today: date) -> Adoption:
    """The adoption as the report tells it; raises AskedWrongly naming all that is wrong with it."""
    stage = adoption.stage if report.stage is None else move_adoption(adoption.stage, report.stage)
    days = {DAY_OF[stage]: report.on} if report.stage is not None else {}
    base = _taken_up_again(adoption) if adoption.stage is not stage is AdoptionStage.TRIAL else adoption
    told = replace(
        base,
        stage=stage,
        changes=report.changes,
        results=report.results,
        proof=report.proof,
        stop_reason=report.stop_reason if stage is AdoptionStage.STOPPED else "",
        judged=report.judged,
        intended_on=days.get("intended_on", base.intended_on),
        trial_on=days.get("trial_on", base.trial_on),
        landed_on=days.get("landed_on", base.landed_on),
        stopped_on=days.get("stopped_on", base.stopped_on),
    )
    faults = [*_faults_of_texts(told)]
    if report.stage is not None:
        faults += [*_faults_of_day(adoption, report.on, today), *_faults_of_stage(told)]
    if adoption.is_confirmed and (told.results, told.proof) != (adoption.results, adoption.proof):
        faults.append("已经确认过的成效数据和凭据不能再改，要改先请确认的单位撤回确认")
    if faults:
        raise AskedWrongly("；".join(faults) + "。", advice="改好再报，填的都还在下面。")
    return told


def _taken_up_again(adoption: Adoption) -> Adoption:
    """Without the stop it comes back from, and without a landing nobody had confirmed; both stay in its history."""
    landed_on = adoption.landed_on if adoption.is_confirmed else ""
    return replace(adoption, landed_on=landed_on, stopped_on="", stop_reason="")


def _faults_of_texts(told: Adoption) -> Iterable[str]:
    for label, text, most in (
        ("因地制宜改了什么", told.changes, LONGEST_CHANGES),
        ("凭据", told.proof, LONGEST_PROOF),
        ("停用原因", told.stop_reason, LONGEST_REASON),
    ):
        if len(text) > most:
            yield f"“{label}”超过 {most} 字"
    if len(told.results) > MOST_RESULTS:
        yield f"成效数据超过 {MOST_RESULTS} 行"
    for number, row in enumerate(told.results, start=1):
        if any(len(cell) > LONGEST_CELL for cell in row.values()):
            yield f"成效数据第 {number} 行有一格超过 {LONGEST_CELL} 字"
        if not row.get("measure"):
            yield f"成效数据第 {number} 行没有写成效指标"
        wrong = [row[key] for key in ("before_on", "now_on") if row.get(key) and find_date(row[key]) is None]
        if wrong:
            yield f"成效数据第 {number} 行的日期不是日历上的日期：{wrong[0][:20]}"


def _faults_of_day(before: Adoption, on: str, today: date) -> Iterable[str]:
    found = find_date(on)
    if found is None or len(on) != 10:
        yield "没有写哪一天，或不是日历上的日期（写成 2026-11-26）"
    elif found.earliest > today:
        yield "日期在今天以后"
    elif on < before.stage_on:
        yield f"日期早于“{before.stage.label}”的日期 {before.stage_on}"


def _faults_of_stage(told: Adoption) -> Iterable[str]:
    if told.stage is AdoptionStage.LANDED:
        if not any(row.get("now") for row in told.results):
            yield "报“落地”至少要有一行写了现值的成效数据"
        if not told.proof:
            yield "报“落地”要写凭据（台账、文件名、记录存放在哪里）"
    if told.stage is AdoptionStage.STOPPED and not told.stop_reason:
        yield "报“停用”要写原因"


def next_thing(adoption: Adoption, today: date) -> str:
    """What its unit does next, in a sentence."""
    if adoption.stage is AdoptionStage.DRAFT:
        return "定下来就报“拟学”，别的单位才看得到。"
    if adoption.stage is AdoptionStage.INTENDED:
        return "动手了就报“试行”。"
    if adoption.stage is AdoptionStage.TRIAL:
        days = (today - date.fromisoformat(adoption.trial_on)).days if adoption.trial_on else 0
        if days > TRIAL_DAYS:
            return f"试行已经 {days} 天，见效的报“落地”，不做的报“停用”。"
        return "见效了就报“落地”，附成效数据和凭据。"
    if adoption.stage is AdoptionStage.STOPPED:
        return "再做的时候报“试行”。"
    return "由本单位编辑起草成案例。" if adoption.is_confirmed else "请采用单位和来源单位以外的单位来确认。"


def move_adoption(current: AdoptionStage, wanted: AdoptionStage) -> AdoptionStage:
    """The stage after the move; raises AskedWrongly when the order forbids it."""
    if wanted not in NEXT[current]:
        following = "、".join(stage.label for stage in REPORTED if stage in NEXT[current])
        raise AskedWrongly(f"“{current.label}”之后不能直接报“{wanted.label}”。", advice=f"接下来可以报：{following}。")
    return wanted


def check_confirmer(adoption: Adoption, unit: str, source_units: Collection[str]) -> None:
    """Raises AskedWrongly unless that unit may confirm: landed, and neither the adopter nor a source of the mechanism.

    source_units: the units of the cases it came from.
    """
    if adoption.is_confirmed:
        raise AskedWrongly("这一条已经确认过了。", advice="不用再确认。")
    if adoption.stage is not AdoptionStage.LANDED:
        raise AskedWrongly("报了“落地”的才能确认。", advice="等采用单位报“落地”后再办。")
    if not unit:
        raise AskedWrongly("你的账号没有写单位，不能确认。", advice="请管理员补上单位。")
    if unit == adoption.unit:
        raise AskedWrongly("采用单位不能确认自己。", advice="请别的单位（不是案例的来源单位）来确认。")
    if unit in source_units:
        raise AskedWrongly("案例的来源单位不能确认对它的采用。", advice="请采用单位和来源单位以外的单位来确认。")

"""The ledger in memory, slow and obvious: what SqlAdoptions, SqlPlans and SqlSupervisions are to do; made-up people."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from kb.domain.accounts import Actor, Right, Role
from kb.domain.adoption import Adoption, AdoptionStage
from kb.domain.audited import Deed, Outcome
from kb.domain.promotion_plan import PlanState, PromotionPlan
from kb.domain.supervision import Supervision
from kb.services.adoptions import AdoptionEvent, LedgerFilter, Uptake
from kb.services.supervise import StepDone
from kb.services.tell_units import UnitTelling

SOURCE_UNIT, VILLAGE, OTHER_VILLAGE, SCHOOL = "虚构镇党委", "虚构村党支部", "虚构乙村党支部", "虚构学校党支部"
SOURCE = Actor(1, "虚构编辑甲", SOURCE_UNIT, frozenset({Role.EDITOR}))
ADOPTER = Actor(2, "虚构书记乙", VILLAGE, frozenset({Role.READER}))
COLLEAGUE = Actor(3, "虚构委员丙", VILLAGE, frozenset({Role.EDITOR}))
OTHER = Actor(4, "虚构书记丁", OTHER_VILLAGE, frozenset({Role.READER}))
CONFIRMER = Actor(5, "虚构书记戊", SCHOOL, frozenset({Role.READER}))
STEWARD = Actor(6, "虚构库管员", "", frozenset({Role.STEWARD}))
EVERYBODY = (SOURCE, ADOPTER, COLLEAGUE, OTHER, CONFIRMER, STEWARD)
UNITS = {"pair-up": {"000000-2020-01": SOURCE_UNIT}}
"""Units by mechanism, as a catalogue tells them."""
FAR = (None, AdoptionStage.STOPPED, AdoptionStage.INTENDED, AdoptionStage.TRIAL, AdoptionStage.LANDED)


class MemoryTrail:
    """Notes in a list: kind, subject, detail."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, str, str]] = []

    def note(self, actor: Actor, kind: Deed, subject: str, result: Outcome, detail: str = "") -> None:
        self.notes.append((kind.value, subject, detail))


class MemoryAdoptions:
    def __init__(self, names: Mapping[int, str] | None = None) -> None:
        self.rows: dict[int, Adoption] = {}
        self.events: list[AdoptionEvent] = []
        self._names = names or {}

    def add(self, adoption: Adoption) -> Adoption:
        kept = replace(adoption, number=len(self.rows) + 1)
        self.rows[kept.number] = kept
        return kept

    def find(self, number: int) -> Adoption | None:
        return self.rows.get(number)

    def numbered(self, numbers: Collection[int]) -> Mapping[int, Adoption]:
        return {number: self.rows[number] for number in numbers if number in self.rows}

    def change(self, adoption: Adoption) -> bool:
        if self.rows[adoption.number].version != adoption.version:
            return False
        self.rows[adoption.number] = replace(adoption, version=adoption.version + 1)
        return True

    def note(self, event: AdoptionEvent) -> None:
        self.events.append(event._replace(number=len(self.events) + 1, by_name=self._names.get(event.by, "")))

    def history(self, number: int) -> Sequence[AdoptionEvent]:
        return [event for event in self.events if event.adoption == number]

    def running(self, unit: str, mechanism: str) -> Adoption | None:
        own = (row for row in self.rows.values() if (row.unit, row.mechanism) == (unit, mechanism))
        return next((row for row in own if row.stage is not AdoptionStage.STOPPED), None)

    def listed(self, wanted: LedgerFilter, *, offset: int = 0, limit: int = 50) -> Sequence[Adoption]:
        rows = sorted(self._matching(wanted), key=lambda row: row.number, reverse=True)
        rows.sort(key=lambda row: row.news_at, reverse=True)
        return rows[offset : offset + limit]

    def count(self, wanted: LedgerFilter) -> int:
        return len(self._matching(wanted))

    def waiting(self, *, limit: int) -> Sequence[Adoption]:
        rows = [row for row in self.rows.values() if row.stage is AdoptionStage.LANDED and not row.is_confirmed]
        return sorted(rows, key=lambda row: (row.landed_on, row.number))[:limit]

    def stages(self, mechanisms: Iterable[str]) -> Mapping[str, Mapping[str, tuple[AdoptionStage, bool]]]:
        found: dict[str, dict[str, tuple[AdoptionStage, bool]]] = {}
        for mechanism in mechanisms:
            for row in self._reported():
                if row.mechanism == mechanism:
                    units = found.setdefault(mechanism, {})
                    told = (row.stage, row.is_confirmed)
                    best = max(units.get(row.unit, told), told, key=lambda one: (one[1], FAR.index(one[0])))
                    units[row.unit] = best
        return found

    def units(self) -> Sequence[str]:
        return sorted({row.unit for row in self._reported()})

    def uptake(self) -> tuple[Mapping[str, Uptake], Mapping[str, Uptake]]:
        return self._uptake("mechanism"), self._uptake("case_id")

    def _uptake(self, key: str) -> dict[str, Uptake]:
        rows = self._reported()
        names = {getattr(row, key) for row in rows} - {""}
        return {
            name: Uptake(
                len({row.unit for row in rows if getattr(row, key) == name}),
                len({row.unit for row in rows if getattr(row, key) == name and row.is_confirmed}),
            )
            for name in names
        }

    def _reported(self) -> list[Adoption]:
        return [row for row in self.rows.values() if not row.is_draft]

    def _matching(self, wanted: LedgerFilter) -> list[Adoption]:
        return [
            row
            for row in self.rows.values()
            if (not row.is_draft or wanted.with_drafts_of in ("*", row.unit))
            and wanted.mechanism in ("", row.mechanism)
            and wanted.unit in ("", row.unit)
            and wanted.stage in (None, row.stage)
            and wanted.plan in (0, row.plan)
            and wanted.year in ("", row.intended_on[:4])
        ]


class MemoryMessages:
    """Messages given: account, key, text, address; one of a key for an account."""

    def __init__(self) -> None:
        self.given: list[tuple[int, str, str, str]] = []

    def give(self, accounts: Collection[int], key: str, text: str, address: str, at: str) -> frozenset[int]:
        known = {(account, told) for account, told, *_ in self.given}
        fresh = [(account, key, text, address) for account in sorted(accounts) if (account, key) not in known]
        self.given += fresh
        return frozenset(account for account, *_ in fresh)


class MemoryPeople:
    """Everybody named above."""

    def of_units(self, units: Iterable[str], right: Right | None = None) -> frozenset[int]:
        named = set(units) - {""}
        return frozenset(one.number for one in EVERYBODY if one.unit in named and (right is None or one.may(right)))


def memory_telling(messages: MemoryMessages) -> UnitTelling:
    """Tells the people above; the one mechanism has a title."""
    titles = {"pair-up": "干部与支部结对"}
    now = datetime(2026, 11, 26, 8, tzinfo=UTC)
    return UnitTelling(messages, MemoryPeople(), lambda _: titles, now=lambda: now)  # type: ignore[arg-type]


class MemoryPlans:
    def __init__(self) -> None:
        self.rows: dict[int, PromotionPlan] = {}

    def add(self, plan: PromotionPlan) -> PromotionPlan:
        kept = replace(plan, number=len(self.rows) + 1)
        self.rows[kept.number] = kept
        return kept

    def find(self, number: int) -> PromotionPlan | None:
        return self.rows.get(number)

    def change(self, plan: PromotionPlan) -> bool:
        if self.rows[plan.number].version != plan.version:
            return False
        self.rows[plan.number] = replace(plan, version=plan.version + 1)
        return True

    def listed(self, states: Iterable[PlanState], *, mechanism: str = "", limit: int) -> Sequence[PromotionPlan]:
        wanted = frozenset(states)
        rows = [row for row in self.rows.values() if row.state in wanted and mechanism in ("", row.mechanism)]
        rows.sort(key=lambda row: (row.state is not PlanState.IN_FORCE, row.target_on, row.number))
        return rows[:limit]


class MemorySupervisions:
    def __init__(self, names: Mapping[int, str] | None = None) -> None:
        self.rows: dict[int, Supervision] = {}
        self.done: list[StepDone] = []
        self._names = names or {}

    def add(self, matter: Supervision) -> Supervision:
        kept = replace(matter, number=len(self.rows) + 1)
        self.rows[kept.number] = kept
        return kept

    def find(self, number: int) -> Supervision | None:
        return self.rows.get(number)

    def change(self, matter: Supervision) -> bool:
        if self.rows[matter.number].version != matter.version:
            return False
        self.rows[matter.number] = replace(matter, version=matter.version + 1)
        return True

    def note(self, done: StepDone) -> None:
        self.done.append(done._replace(number=len(self.done) + 1, by_name=self._names.get(done.by, "")))

    def steps(self, numbers: Sequence[int]) -> Mapping[int, Sequence[StepDone]]:
        found: dict[int, list[StepDone]] = {}
        for one in self.done:
            if one.supervision in numbers:
                found.setdefault(one.supervision, []).append(one)
        return found

    def listed(self, *, is_open: bool, limit: int) -> Sequence[Supervision]:
        rows = [row for row in self.rows.values() if row.is_closed is not is_open]
        rows.sort(key=lambda row: (row.due_on, row.number) if is_open else ("", -row.number))
        return rows[:limit]

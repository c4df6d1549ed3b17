"""The ledger on SQLite does what its twin in memory does, and raises the number that pages are kept by."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from kb.bootstrap.desk import Desk
from kb.database.adoptions import SqlAdoptions
from kb.database.generation import NOTHING_KEPT, PromotionReader
from kb.database.promotion_plans import SqlPlans
from kb.database.supervisions import SqlSupervisions
from kb.domain.adoption import Adoption, AdoptionStage, Manner
from kb.domain.promotion_plan import PlanState, PromotionPlan
from kb.domain.supervision import Supervision, SupervisionKind
from kb.services.adoptions import AdoptionEvent, EventKind, LedgerFilter
from kb.services.supervise import StepDone
from tests.services.memory_ledger import MemoryAdoptions, MemoryPlans, MemorySupervisions

DRAFT, INTENDED, TRIAL, LANDED, STOPPED = AdoptionStage
AT = "2026-11-26T08:00:00+00:00"


def adoption(unit: str, stage: AdoptionStage, *, day: str = "01", **known: object) -> Adoption:
    given = Adoption(
        0, unit, "pair-up", "000000-2020-01", 0, Manner.OWN, stage, intended_on=f"2026-03-{day}" if stage is not DRAFT else "",
        landed_on=f"2026-09-{day}" if stage is LANDED else "", results=({"measure": "会", "now": "3"},),
        judged=("有可派的干部",), news_at=f"2026-11-{day}T08:00:00+00:00",
    )  # fmt: skip
    return replace(given, **known)  # type: ignore[arg-type]


ADOPTIONS = (
    adoption("甲", DRAFT),
    adoption("甲", LANDED, day="03", confirmed_unit="丙", plan=1),
    adoption("甲", STOPPED, day="04", plan=1),
    adoption("乙", LANDED, day="02", plan=1),
    adoption("戊", LANDED, day="06", confirmed_unit="丙"),
    adoption("戊", STOPPED, day="07", confirmed_unit="丙"),
    adoption("乙", TRIAL, day="05", mechanism="other", case_id=""),
    adoption("丙", LANDED, day="01", mechanism="other", case_id="", intended_on="2025-12-31"),
)
FILTERS = (
    LedgerFilter(),
    LedgerFilter(with_drafts_of="甲"),
    LedgerFilter(with_drafts_of="乙"),
    LedgerFilter(with_drafts_of="*"),
    LedgerFilter(unit="乙", stage=TRIAL),
    LedgerFilter(mechanism="pair-up", year="2026", plan=1),
    LedgerFilter(year="2025"),
    LedgerFilter(year="20_5"),
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with closing(Desk(tmp_path_factory.mktemp("ledger"))) as made:
        yield made


@pytest.fixture
def session(desk: Desk) -> Iterator[Session]:
    """What is written with it is rolled back."""
    with desk.session() as opened:
        yield opened
        opened.rollback()


def test_adoptions_are_found_listed_and_counted_as_the_twin_does(session: Session) -> None:
    kept, twin = SqlAdoptions(session), MemoryAdoptions()
    assert [kept.add(one) for one in ADOPTIONS] == [twin.add(one) for one in ADOPTIONS]
    for number in (1, 2, 99):
        assert kept.find(number) == twin.find(number)
    for wanted in FILTERS:
        assert kept.listed(wanted) == twin.listed(wanted), wanted
        assert kept.listed(wanted, offset=1, limit=2) == twin.listed(wanted, offset=1, limit=2), wanted
        assert kept.count(wanted) == twin.count(wanted), wanted
    assert kept.waiting(limit=9) == twin.waiting(limit=9) != []
    assert kept.waiting(limit=1) == twin.waiting(limit=1)
    told = {"甲": (LANDED, True), "乙": (LANDED, False), "戊": (LANDED, True)}
    assert kept.stages(["pair-up", "none"]) == twin.stages(["pair-up", "none"]) == {"pair-up": told}
    assert (kept.units(), kept.uptake()) == (twin.units(), twin.uptake())
    assert repr(kept.uptake()[0]["pair-up"]) == "Uptake(units=3, confirmed=2)"  # numbers, not what equals them
    for unit in ("甲", "乙", "丁"):
        assert kept.running(unit, "pair-up") == twin.running(unit, "pair-up")


def test_a_change_of_another_version_is_not_made(session: Session) -> None:
    for kept in (SqlAdoptions(session), MemoryAdoptions()):
        made = kept.add(adoption("甲", TRIAL))
        assert kept.change(replace(made, proof="先写的"))
        assert not kept.change(replace(made, proof="后写的"))
        assert kept.find(made.number) == replace(made, proof="先写的", version=2)


def test_a_history_comes_back_whole_and_in_order(session: Session) -> None:
    for kept in (SqlAdoptions(session), MemoryAdoptions()):
        made = kept.add(adoption("甲", TRIAL))
        kept.note(AdoptionEvent(0, made.number, AT, 7, EventKind.RECORDED, "登记"))
        kept.note(AdoptionEvent(0, made.number, AT, 7, EventKind.REPORTED, "试行", made))
        assert kept.history(made.number) == [
            AdoptionEvent(1, made.number, AT, 7, EventKind.RECORDED, "登记"),
            AdoptionEvent(2, made.number, AT, 7, EventKind.REPORTED, "试行", made),
        ]


PLAN = PromotionPlan(
    0, "pair-up", "", "虚构的计划", ("甲",), ("town",), ("rural",), ("逐月到场",), (), ("名单表",), "2026-01-01",
    "2026-12-31", "虚构科室", PlanState.IN_FORCE,
)  # fmt: skip


def test_plans_are_found_and_listed_as_the_twin_does(session: Session) -> None:
    kept, twin = SqlPlans(session), MemoryPlans()
    plans = (replace(PLAN, state=PlanState.DRAFT), PLAN, replace(PLAN, mechanism="other", target_on="2026-06-30"))
    assert [kept.add(one) for one in plans] == [twin.add(one) for one in plans]
    for states, mechanism in ((list(PlanState), ""), ([PlanState.IN_FORCE], ""), ([PlanState.IN_FORCE], "pair-up")):
        found = kept.listed(states, mechanism=mechanism, limit=9)
        assert found == twin.listed(states, mechanism=mechanism, limit=9) != []
    for each in (kept, twin):
        first = each.find(1)
        assert first is not None
        assert each.change(replace(first, title="新名")) and not each.change(first)
    assert kept.find(1) == twin.find(1) and kept.find(9) is None


def test_matters_and_their_steps_are_kept_as_the_twin_does(session: Session) -> None:
    kept, twin = SqlSupervisions(session), MemorySupervisions()
    for number, due in enumerate(("2026-12-01", "2026-11-01", "2026-10-01")):
        step = "set_up" if number < 2 else ""
        matter = Supervision(0, SupervisionKind.SUPERVISION, "虚构的事", 1, 0, "虚构科室", due, step)
        assert kept.add(matter) == twin.add(matter)
    for each in (kept, twin):
        first = each.find(1)
        assert first is not None
        assert each.change(replace(first, step="plan", due_on="2026-10-15")) and not each.change(first)
        each.note(StepDone(0, 1, "set_up", "2026-11-02", "立了项", AT, 7))
    for is_open in (True, False):
        assert kept.listed(is_open=is_open, limit=9) == twin.listed(is_open=is_open, limit=9) != []
    assert kept.steps([1, 2]) == twin.steps([1, 2]) == {1: [StepDone(1, 1, "set_up", "2026-11-02", "立了项", AT, 7)]}


def test_every_change_is_another_state_and_no_file_is_made_to_read_it(desk: Desk, tmp_path: Path) -> None:
    nowhere = PromotionReader(tmp_path / "kept.sqlite3")
    assert (nowhere.read(), (tmp_path / "kept.sqlite3").exists()) == (NOTHING_KEPT, False)
    reader = PromotionReader(desk.path)
    seen = [reader.read(), reader.read()]
    with desk.writing() as session:
        made = SqlAdoptions(session).add(adoption("甲", LANDED))
    seen.append(reader.read())
    with desk.writing() as session:
        SqlAdoptions(session).change(replace(made, confirmed_unit="丙"))
    seen.append(reader.read())
    with desk.writing() as session:
        SqlPlans(session).add(PLAN)
    seen.append(reader.read())
    assert len(set(seen)) == 4 and seen[0] == seen[1] and None not in seen
    (tmp_path / "kept.sqlite3").write_bytes(b"no database" * 1_000)
    assert nowhere.read() is None
    for each in (reader, nowhere):
        each.close()

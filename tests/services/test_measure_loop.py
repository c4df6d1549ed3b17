"""Every number of the loop equals a recount from the rows, over random histories, for every reader and slice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from kb.database import adoption_columns
from kb.domain.accounts import GUEST, Actor, Role
from kb.domain.mechanism import LOOP_STEPS
from kb.domain.taxonomy import Indicator, ProblemType, Unit
from kb.errors import Forbidden
from kb.services.measure_loop import (
    DIMENSIONS,
    HeatCell,
    Loop,
    Reached,
    Slice,
    analyse,
    cover,
    map_heat,
    measure_funnel,
    measure_progress,
    measure_turns,
    open_cell,
    rank_units,
)
from kb.services.measure_loop.funnel import Steps
from kb.services.measure_loop.progress import STAGES
from kb.services.measure_loop.ranking import FEWEST, FEWEST_PEERS, Standing
from tests.made_up import REFERENCE
from tests.services.loop_rows import (
    History,
    MadeAdoption,
    MadeCase,
    MadeMechanism,
    MadePlan,
    MadeWanted,
    counting,
    open_tables,
)
from tests.services.recount import EXPERIENCE, LEVEL_OF, Recount, reached, scope

TODAY = date(2026, 6, 1)
LABELS = {"town": "镇街", "village": "村社区", "county": "区县"}
TAXONOMY = replace(
    REFERENCE.references.taxonomy,
    problems={
        **REFERENCE.references.taxonomy.problems,
        "P5.2": ProblemType("P5.2", "换届难", "P5"),
    },
    units={unit: Unit(unit, "000000", LABELS[level]) for unit, level in LEVEL_OF.items()},
    indicators={name: Indicator(name, f"虚构的指标 {name}") for name in ("I01", "I02", "I03")},
)
DATA = replace(REFERENCE, references=replace(REFERENCE.references, taxonomy=TAXONOMY))
READER = Actor(1, "虚构的读者", "虚构镇党委", frozenset({Role.READER}))
EVERYBODY = (GUEST, READER, Actor(2, "虚构的干事", "", frozenset({Role.PUBLICITY})))

units = st.sampled_from([*LEVEL_OF, "名册外的虚构单位"])
problems = st.sampled_from(["P1.1", "P5.1", "P5.2", "P9.9"])
levels, fields = st.sampled_from(["town", "village", "county"]), st.sampled_from(["rural", "school"])
years = st.sampled_from(["2019", "2025", "2026"])
mechanism_ids, case_ids = st.sampled_from(["m1", "m2", "m3", "gone"]), st.sampled_from(["c1", "c2", "c3", "gone", ""])
cases = st.builds(
    MadeCase,
    id=st.sampled_from(["c1", "c2", "c3", "c4", "c5"]),
    kind=st.sampled_from(["experience", "lesson"]),
    unit=units,
    level=levels,
    field=fields,
    year=st.one_of(years, st.just("")),
    seen_by=st.sampled_from(["public", "internal", "unit:虚构镇党委", "unit:虚构村党支部"]),
    mechanism=st.one_of(mechanism_ids, st.just("")),
    problems=st.lists(problems, min_size=1, max_size=3, unique_by=lambda name: {"P9.9": "P5.1"}.get(name, name)).map(
        tuple
    ),
    indicators=st.lists(st.sampled_from(["I01", "I02"]), unique=True).map(tuple),
)
mechanisms = st.builds(
    MadeMechanism,
    id=st.sampled_from(["m1", "m2", "m3"]),
    problems=st.lists(problems, min_size=1, max_size=3, unique=True).map(tuple),
    loop=st.lists(st.sampled_from(list(LOOP_STEPS)), unique=True, max_size=3).map(tuple),
)
days = st.one_of(st.just(""), st.sampled_from(["2025-03-01", "2026-02-03"]))
adoptions = st.builds(
    MadeAdoption,
    unit=units,
    mechanism=mechanism_ids,
    case=case_ids,
    stage=st.sampled_from(["draft", "intended", "trial", "landed", "stopped"]),
    intended_on=days,
    trial_on=days,
    landed_on=days,
    confirmed_unit=st.sampled_from(["", "", "虚构的第三方"]),
    confirmed_on=days,
)
plans = st.builds(
    MadePlan,
    mechanism=mechanism_ids,
    case=case_ids,
    units=st.lists(units, unique=True, max_size=2).map(tuple),
    levels=st.lists(levels, unique=True, max_size=2).map(tuple),
    fields=st.lists(fields, unique=True, max_size=1).map(tuple),
    starts_on=days,
    target_on=days,
    state=st.sampled_from(["draft", "in_force", "ended", "withdrawn"]),
)
wanted = st.builds(
    MadeWanted,
    problem=st.one_of(problems, st.just("")),
    level=st.one_of(levels, st.just("")),
    field=st.one_of(fields, st.just("")),
    unit=st.one_of(units, st.just("")),
    asked_at=st.sampled_from(["2025-05-05T01:00:00+00:00", "2026-01-01T00:00:00+00:00"]),
    state=st.sampled_from(["held", "open", "assigned", "answered", "merged", "refused", "closed"]),
)


def several(one: st.SearchStrategy[Any], most: int = 8) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=most).map(tuple)


histories = st.builds(
    History,
    cases=st.lists(cases, max_size=5, unique_by=lambda one: one.id).map(tuple),
    mechanisms=st.lists(mechanisms, max_size=3, unique_by=lambda one: one.id).map(tuple),
    adoptions=several(adoptions, 12),
    plans=several(plans, 4),
    wanted=several(wanted, 5),
    kinds=st.sampled_from([(), (("虚构镇党委", "国企"),)]),
)
slices = st.builds(
    Slice,
    year=st.sampled_from(["", "", "2025"]),
    level=st.sampled_from(["", "", "town"]),
    field=st.sampled_from(["", "", "rural"]),
    unit=st.sampled_from(["", "", "", "虚构镇党委"]),
    problem=st.sampled_from(["", "", "P5", "P5.1"]),
)
Check = Callable[[Loop, Recount, Actor], None]


@pytest.fixture(scope="module")
def tables() -> tuple[Engine, Engine]:
    return open_tables()


def compare(tables: tuple[Engine, Engine], history: History, asked: Slice, actor: Actor, *checks: Check) -> None:
    with counting(tables, history, actor.sees) as (cases, ledger):
        loop = Loop(cases, ledger, DATA, asked, today=TODAY, names_units=not actor.is_guest)
        for check in checks:
            check(loop, Recount(history, actor.sees, loop.slice), actor)


def check_heat(loop: Loop, recount: Recount, _: Actor) -> None:
    heat = map_heat(loop)
    for row in (*heat.rows, None):
        for column in heat.columns:
            key = row.key if row else "no such row"
            mechanisms = [
                one
                for one in recount.mechanisms
                if key in map(recount.row_of, one.problems)
                and key
                and (
                    column.key in {case.level for case in recount.cases_of(one)}
                    or (not column.key and not recount.cases_of(one))
                )
            ]
            of_row = {one.id for one in recount.known if key and key in map(recount.row_of, one.problems)}
            expected = HeatCell(
                cases=len(
                    [
                        c
                        for c in recount.cases
                        if c.level == column.key and key and key in map(recount.row_of, c.problems)
                    ]
                ),
                mechanisms=len(mechanisms),
                adoptions=len(
                    [a for a in recount.adoptions if a.mechanism in of_row and LEVEL_OF.get(a.unit, "") == column.key]
                ),
                wanted=len([w for w in recount.wanted if recount.row_of(w.problem) == key and w.level == column.key]),
            )
            assert heat.cells.get((key, column.key), HeatCell()) == expected, (key, column.key)
    assert heat.total == HeatCell(
        len(recount.cases), len(recount.mechanisms), len(recount.adoptions), len(recount.wanted)
    )
    for row in heat.rows:
        mine = [cell for (key, _), cell in heat.cells.items() if key == row.key]
        solvers = [one for one in recount.mechanisms if row.key and row.key in map(recount.row_of, one.problems)]
        assert heat.sums[row.key] == HeatCell(
            sum(cell.cases for cell in mine),
            len(solvers),
            sum(cell.adoptions for cell in mine),
            sum(cell.wanted for cell in mine),
        )


def check_cell(loop: Loop, recount: Recount, actor: Actor) -> None:
    cell = open_cell(loop)
    assert cell.numbers == map_heat(loop).total
    assert {one.id for one in cell.cases} == {one.id for one in recount.cases}
    assert {one.id for one in cell.mechanisms} == {one.id for one in recount.mechanisms}
    assert len(cell.wanted) == len(recount.wanted)
    assert len(cell.adoptions) == (0 if actor.is_guest else len(recount.adoptions))
    assert {one.mechanism.id: one.reached for one in cell.taken_up} == {
        name: reached(a for a in recount.adoptions if a.mechanism == name)
        for name in {a.mechanism for a in recount.adoptions}
    }


def check_turns(loop: Loop, recount: Recount, _: Actor) -> None:
    turns = measure_turns(loop)
    ups = {one.id: [code for code in one.loop if code[1] == "U"] for one in recount.mechanisms}
    downs = {one.id: [code for code in one.loop if code[1] == "D"] for one in recount.mechanisms}
    assert {row.mechanism.id: (row.is_closed, row.cases, row.reached) for row in turns.mechanisms} == {
        one.id: (
            bool(ups[one.id] and downs[one.id]),
            len(recount.cases_of(one)),
            reached(a for a in recount.adoptions if a.mechanism == one.id),
        )
        for one in recount.mechanisms
    }
    assert turns.served == {code: len([one for one in recount.mechanisms if code in one.loop]) for code in LOOP_STEPS}
    assert turns.open == len([one for one in recount.mechanisms if not (ups[one.id] and downs[one.id])])


def check_funnel(loop: Loop, recount: Recount, _: Actor) -> None:
    everywhere = {one.id for one in recount.history.mechanisms}
    of_cases = [
        (
            [a for a in recount.reported if a.mechanism == case.mechanism and a.case == case.id],
            [p for p in recount.plans if p.mechanism == case.mechanism and p.case in ("", case.id)],
        )
        for case in recount.cases
        if case.kind == EXPERIENCE and case.mechanism in everywhere
    ]
    of_mechanisms = [
        ([a for a in recount.reported if a.mechanism == one.id], [p for p in recount.plans if p.mechanism == one.id])
        for one in recount.mechanisms
    ]

    def steps(included: int, found: list[tuple[list[MadeAdoption], list[MadePlan]]]) -> Steps:
        far = [reached(taken) for taken, _ in found]
        return Steps(
            included,
            len(found),
            len([1 for taken, planned in found if taken or planned]),
            len([1 for one in far if one.trial]),
            len([1 for one in far if one.landed]),
            len([1 for one in far if one.confirmed]),
        )

    experiences = [case for case in recount.cases if case.kind == EXPERIENCE]
    funnel = measure_funnel(loop)
    assert funnel.cases == steps(len(experiences), of_cases)
    assert funnel.mechanisms == steps(len(of_mechanisms), of_mechanisms)
    assert funnel.adoptions == reached(recount.adoptions)
    for numbers in (funnel.cases, funnel.mechanisms, funnel.adoptions[:4]):
        assert list(numbers) == sorted(numbers, reverse=True)


def check_progress(loop: Loop, recount: Recount, _: Actor) -> None:
    asked = recount.slice
    expected = []
    for plan in recount.plans:
        first, last = plan.starts_on or plan.target_on, plan.target_on or plan.starts_on
        if asked.year and not first[:4] <= asked.year <= last[:4]:
            continue
        if asked.field and plan.fields and asked.field not in plan.fields:
            continue
        inside = [
            unit
            for unit in scope(plan)
            if asked.unit in ("", unit) and asked.level in ("", LEVEL_OF.get(unit, "nowhere"))
        ]
        if inside:
            far = [
                furthest([a for a in recount.reported if (a.unit, a.mechanism) == (unit, plan.mechanism)])
                for unit in inside
            ]
            expected.append((plan.mechanism, len(inside), {stage: far.count(stage) for stage in STAGES}))
    assert [(one.plan.mechanism, one.scope, one.reached) for one in measure_progress(loop).plans] == expected


def furthest(found: list[MadeAdoption]) -> str:
    if any(one.confirmed_unit for one in found):
        return "confirmed"
    stages = {one.stage for one in found}
    return next((stage for stage in ("landed", "trial", "intended", "stopped") if stage in stages), "none")


def check_analysis(loop: Loop, recount: Recount, actor: Actor) -> None:
    def source(one: MadeAdoption, name: str) -> str:
        case = recount.case_of(one.case)
        return getattr(case, name) if case else ""

    def rows(names: tuple[str, ...]) -> set[str]:
        return {recount.row_of(name) for name in names} - {""}

    solved = {one.id: rows(one.problems) for one in recount.history.mechanisms}
    of_case: dict[str, Callable[[MadeCase], set[str]]] = {
        "problem": lambda one: rows(one.problems),
        "level": lambda one: {one.level},
        "field": lambda one: {one.field},
        "year": lambda one: {one.year},
        "unit": lambda one: {one.unit},
        "kind": lambda one: {one.kind},
    }
    of_adoption: dict[str, Callable[[MadeAdoption], set[str]]] = {
        "problem": lambda one: solved[one.mechanism],
        "level": lambda one: {LEVEL_OF.get(one.unit, "")},
        "field": lambda one: {source(one, "field")},
        "kind": lambda one: {source(one, "kind")},
        "year": lambda one: {one.intended_on[:4]},
        "unit": lambda one: {one.unit},
    }
    of_wanted: dict[str, Callable[[MadeWanted], set[str]]] = {
        "problem": lambda one: {recount.row_of(one.problem)},
        "level": lambda one: {one.level},
        "field": lambda one: {one.field},
        "kind": lambda one: set(),
        "year": lambda one: {one.asked_at[:4]},
        "unit": lambda one: {one.unit},
    }
    for dimension in DIMENSIONS:
        if dimension == "unit" and actor.is_guest:
            with pytest.raises(Forbidden):
                analyse(actor, loop, dimension)
            continue
        lines = analyse(actor, loop, dimension).lines
        keys = {line.row.key for line in lines}
        found = {line.row.key: (line.cases, line.reached, line.wanted) for line in lines}
        assert found == {
            key: (
                len([one for one in recount.cases if key in of_case[dimension](one)]),
                reached(one for one in recount.adoptions if key in of_adoption[dimension](one)),
                len([one for one in recount.wanted if key in of_wanted[dimension](one)]),
            )
            for key in keys
        }, dimension
        assert sum(line.wanted for line in lines) == (len(recount.wanted) if dimension != "kind" else 0)
        if dimension not in ("problem",):
            assert sum(line.cases for line in lines) == len(recount.cases)
            assert sum(line.reached.reported for line in lines) == len(recount.adoptions)


def check_ranking(loop: Loop, recount: Recount, actor: Actor) -> None:
    if actor.is_guest:
        with pytest.raises(Forbidden):
            rank_units(actor, loop, "confirmed")
        return
    asked = recount.slice
    landings = [a for a in recount.reported if a.confirmed_unit and asked.year in ("", a.confirmed_on[:4])]
    owners = {case.id: case.unit for case in recount.history.cases if case.seen_by in recount.sees}
    told = [plan for plan in recount.plans if asked.year in ("", plan.target_on[:4])]
    for order in ("confirmed", "rate"):
        for group in rank_units(actor, loop, order).groups:
            for one in group.standings:
                landed = {a.mechanism for a in landings if a.unit == one.unit}
                tasks = {plan.mechanism for plan in told if one.unit in scope(plan)}
                helped = {(a.mechanism, a.unit) for a in landings if owners.get(a.case) == one.unit != a.unit}
                ever = {a.mechanism for a in recount.reported if a.confirmed_unit and a.unit == one.unit}
                assert one == Standing(one.unit, len(landed), len(tasks), len(tasks & ever), len(helped), one.rank)
                if not asked.unit and one.rank:
                    assert one.rank == 1 + sum(
                        1 for other in group.standings if (weight(other, order) or 0) > (weight(one, order) or 0)
                    )
                rated = [other for other in group.standings if weight(other, order) is not None]
                if not asked.unit:
                    assert bool(one.rank) == (one in rated and len(rated) >= FEWEST_PEERS)


def weight(one: Standing, order: str) -> float | None:
    return one.rate if order == "rate" else one.confirmed or None


def check_coverage(loop: Loop, recount: Recount, _: Actor) -> None:
    coverage = cover(loop)
    named = {
        one.id: [case for case in recount.cases if case.indicators and one.id in case.indicators]
        for one in TAXONOMY.indicators.values()
    }
    known = {one.id for one in recount.known}
    assert [(line.indicator.id, line.cases, line.mechanisms, line.reached) for line in coverage.lines] == [
        (
            name,
            len(found),
            len({case.mechanism for case in found} & known),
            reached(a for a in recount.adoptions if a.case in {case.id for case in found}),
        )
        for name, found in named.items()
    ]
    assert coverage.without_indicator == len([case for case in recount.cases if not case.indicators])


CHECKS = (
    check_heat, check_cell, check_turns, check_funnel, check_progress, check_analysis, check_ranking, check_coverage,
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories, asked=slices, actor=st.sampled_from(EVERYBODY))
def test_every_number_is_a_recount_of_the_rows(
    tables: tuple[Engine, Engine], history: History, asked: Slice, actor: Actor
) -> None:
    compare(tables, history, asked, actor, *CHECKS)


LANDED = MadeAdoption(
    "虚构村党支部", "m1", "c1", "landed", "2025-01-01", "2025-02-01", "2025-03-01", "虚构县委", "2025-04-01"
)
ONE_HIDDEN = History(
    cases=(MadeCase("c1", seen_by="internal", mechanism="m1"),),
    mechanisms=(MadeMechanism("m1"),),
    adoptions=(LANDED, LANDED._replace(stage="draft", case="")),
)


@pytest.mark.parametrize("actor", EVERYBODY[:2])
def test_drafts_and_what_came_from_a_hidden_case_are_in_no_number(tables: tuple[Engine, Engine], actor: Actor) -> None:
    with counting(tables, ONE_HIDDEN, actor.sees) as (cases, ledger):
        loop = Loop(cases, ledger, DATA, Slice(), today=TODAY, names_units=True)
        found = (map_heat(loop).total, measure_funnel(loop).adoptions, measure_progress(loop).plans)
    seen = 0 if actor.is_guest else 1
    assert found == (HeatCell(seen, 1, seen, 0), Reached(seen, seen, seen, seen, 0), [])


def test_the_recount_notices_when_drafts_are_counted(
    tables: tuple[Engine, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adoption_columns, "_DRAFT", "no such stage")
    with pytest.raises(AssertionError):
        compare(tables, ONE_HIDDEN, Slice(), READER, check_heat)


def confirmed_at(unit: str, *mechanisms: str) -> tuple[MadeAdoption, ...]:
    return tuple(LANDED._replace(unit=unit, mechanism=name, case="") for name in mechanisms)


def test_equal_units_share_a_rank_and_a_rate_needs_enough_tasks(tables: tuple[Engine, Engine]) -> None:
    names = tuple(f"m{number}" for number in range(1, FEWEST + 1))
    towns = ("虚构甲镇", "虚构乙镇", "虚构丙镇", "虚构丁镇")
    history = History(
        mechanisms=tuple(map(MadeMechanism, names)),
        adoptions=(
            *confirmed_at("虚构甲镇", "m1", "m2"),
            *confirmed_at("虚构乙镇", "m1", "m3"),
            *confirmed_at("虚构丙镇", *names, "m1"),
            *confirmed_at("虚构丁镇", "m1"),
            *confirmed_at("虚构村党支部", *names),
        ),
        plans=(
            *(MadePlan(name, units=("虚构甲镇", "虚构乙镇", "虚构丁镇")) for name in names),
            *(MadePlan(name, units=("虚构丙镇",)) for name in names[:-1]),
        ),
    )
    register = {**TAXONOMY.units, **{town: Unit(town, "000000", "镇街") for town in towns}}
    data = replace(DATA, references=replace(DATA.references, taxonomy=replace(TAXONOMY, units=register)))
    with counting(tables, history, READER.sees) as (cases, ledger):
        loop = Loop(cases, ledger, data, Slice(), today=TODAY, names_units=True)
        by_count, by_rate = (rank_units(READER, loop, order).groups for order in ("confirmed", "rate"))
    assert [(group.label, [(one.rank, one.unit, one.confirmed) for one in group.standings]) for group in by_count] == [
        ("区县", []),
        ("镇街", [(1, "虚构丙镇", 5), (2, "虚构乙镇", 2), (2, "虚构甲镇", 2), (4, "虚构丁镇", 1)]),
        ("村社区", [(0, "虚构村党支部", 5)]),
    ]  # fmt: skip
    assert [(one.rank, one.unit, one.rate) for one in by_rate[1].standings] == [
        (1, "虚构乙镇", 0.4), (1, "虚构甲镇", 0.4), (3, "虚构丁镇", 0.2), (0, "虚构丙镇", None),
    ]  # fmt: skip


def test_a_task_done_before_the_year_it_was_due_in_is_done(tables: tuple[Engine, Engine]) -> None:
    history = History(
        mechanisms=(MadeMechanism("m1"),),
        adoptions=tuple(one._replace(confirmed_on="2025-11-26") for one in confirmed_at("虚构村党支部", "m1")),
        plans=(MadePlan("m1", units=("虚构村党支部",)),),
    )
    told = {}
    for year in ("2025", "2026"):
        with counting(tables, history, READER.sees) as (cases, ledger):
            loop = Loop(cases, ledger, DATA, Slice(year), today=TODAY, names_units=True)
            groups = rank_units(READER, loop, "rate").groups
        told[year] = [(one.confirmed, one.tasks, one.tasks_confirmed) for group in groups for one in group.standings]
    assert told == {"2025": [(1, 0, 0)], "2026": [(0, 1, 1)]}


@pytest.mark.parametrize(
    ("starts_on", "target_on", "landed", "expected"),
    [
        ("2026-01-01", "2026-12-31", 3, "完成"),
        ("2026-01-01", "2026-12-31", 2, "按期"),
        ("2026-01-01", "2026-12-31", 1, "落后"),
        ("2026-01-01", "2026-05-31", 2, "逾期"),
        ("", "2026-05-31", 2, "没有日期"),
    ],
)
def test_a_plan_stands_by_its_landings_against_its_days(
    tables: tuple[Engine, Engine], starts_on: str, target_on: str, landed: int, expected: str
) -> None:
    towns = tuple(LEVEL_OF)
    history = History(
        mechanisms=(MadeMechanism("m1"),),
        adoptions=tuple(LANDED._replace(unit=town, case="", confirmed_unit="") for town in towns[:landed]),
        plans=(MadePlan("m1", units=towns, starts_on=starts_on, target_on=target_on),),
    )
    with counting(tables, history, READER.sees) as (cases, ledger):
        loop = Loop(cases, ledger, DATA, Slice(), today=TODAY, names_units=True)
        (found,) = measure_progress(loop).plans
    assert (found.standing, found.reached["landed"], tuple(found.still)) == (expected, landed, towns[landed:])

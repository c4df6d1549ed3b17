"""Made-up rows of catalogue and ledger, put straight into tables in memory: what a random history leaves behind."""

import json
from collections.abc import Iterable
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import create_engine, insert
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from kb.database.case_counts import SqlCaseCounts
from kb.database.catalogue import open_database
from kb.database.kept_tables import AdoptionRow, Kept, PromotionPlanRow, UnitSheetRow, WantedProblemRow
from kb.database.ledger_counts import SqlLedgerCounts
from kb.database.models import CaseIndicatorRow, CaseProblemRow, CaseRow, Derived, MechanismProblemRow, MechanismRow


class MadeCase(NamedTuple):
    id: str
    kind: str = "experience"
    unit: str = "虚构镇党委"
    level: str = "town"
    field: str = "rural"
    year: str = "2020"
    seen_by: str = "public"
    mechanism: str = ""
    problems: tuple[str, ...] = ("P5.1",)
    indicators: tuple[str, ...] = ()


class MadeMechanism(NamedTuple):
    id: str
    problems: tuple[str, ...] = ("P5.1",)
    loop: tuple[str, ...] = ()


class MadeAdoption(NamedTuple):
    unit: str
    mechanism: str
    case: str = ""
    stage: str = "intended"
    intended_on: str = "2025-01-01"
    trial_on: str = ""
    landed_on: str = ""
    confirmed_unit: str = ""
    confirmed_on: str = ""


class MadePlan(NamedTuple):
    mechanism: str
    case: str = ""
    units: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    starts_on: str = "2025-01-01"
    target_on: str = "2026-12-31"
    state: str = "in_force"


class MadeWanted(NamedTuple):
    problem: str = ""
    level: str = ""
    field: str = ""
    unit: str = ""
    asked_at: str = "2025-05-05T01:02:03+00:00"
    state: str = "open"


class History(NamedTuple):
    """What has come about; `kinds` are units and the kind their sheets name."""

    cases: tuple[MadeCase, ...] = ()
    mechanisms: tuple[MadeMechanism, ...] = ()
    adoptions: tuple[MadeAdoption, ...] = ()
    plans: tuple[MadePlan, ...] = ()
    wanted: tuple[MadeWanted, ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()


def open_tables() -> tuple[Engine, Engine]:
    """An empty catalogue and an empty kept database, in memory."""
    kept = create_engine("sqlite://")
    Kept.metadata.create_all(kept)
    return open_database(None), kept


@contextmanager
def counting(engines: tuple[Engine, Engine], history: History, sees: Iterable[str]) -> Any:
    """The two counts over this history and nothing else; the tables are as they were afterwards."""
    with Session(engines[0]) as catalogue, Session(engines[1]) as kept:
        put_catalogue(catalogue, history)
        put_ledger(kept, history)
        yield SqlCaseCounts(catalogue, frozenset(sees)), SqlLedgerCounts(kept)
        catalogue.rollback()
        kept.rollback()


def put_catalogue(session: Session, history: History) -> None:
    _put(session, CaseRow, (
        {"id": one.id, "path": one.id, "mechanism": one.mechanism, "newest": "", "seen_by": one.seen_by,
         "title": f"虚构的案例 {one.id}", "kind": one.kind, "unit": one.unit, "level": one.level, "field": one.field,
         "year": one.year, "lines": "", "plain": "{}", "html": "{}"}
        for one in history.cases
    ))  # fmt: skip
    _put(session, CaseProblemRow, (
        {"case_id": one.id, "problem": problem, "is_primary": problem == one.problems[0]}
        for one in history.cases for problem in one.problems
    ))  # fmt: skip
    _put(session, CaseIndicatorRow, (
        {"case_id": one.id, "indicator": indicator} for one in history.cases for indicator in one.indicators
    ))  # fmt: skip
    _put(session, MechanismRow, (
        {"id": one.id, "path": one.id, "title": f"虚构的机制 {one.id}", "loop": " ".join(one.loop), "plain": "{}", "html": ""}
        for one in history.mechanisms
    ))  # fmt: skip
    _put(session, MechanismProblemRow, (
        {"mechanism_id": one.id, "problem": problem} for one in history.mechanisms for problem in one.problems
    ))  # fmt: skip


def put_ledger(session: Session, history: History) -> None:
    blank = {"changes": "", "results": "[]", "proof": "", "stop_reason": "", "version": 1, "made_by": 0}
    _put(session, AdoptionRow, (
        {**blank, "unit": one.unit, "mechanism": one.mechanism, "case_id": one.case, "plan": 0, "manner": "own",
         "stage": one.stage, "intended_on": one.intended_on, "trial_on": one.trial_on, "landed_on": one.landed_on,
         "stopped_on": "", "confirmed_unit": one.confirmed_unit, "confirmed_on": one.confirmed_on, "confirmed_by": 0,
         "news_at": "", "made_at": ""}
        for one in history.adoptions
    ))  # fmt: skip
    _put(session, PromotionPlanRow, (
        {"mechanism": one.mechanism, "case_id": one.case, "title": f"虚构的计划 {number}", "units": json.dumps(one.units),
         "levels": json.dumps(one.levels), "fields": json.dumps(one.fields), "must_follow": "[]", "may_adapt": "[]",
         "start_kit": "[]", "starts_on": one.starts_on, "target_on": one.target_on, "answerable": "虚构的科室",
         "state": one.state, "version": 1, "made_at": "", "made_by": 0}
        for number, one in enumerate(history.plans, start=1)
    ))  # fmt: skip
    _put(session, WantedProblemRow, (
        {"ticket": f"T{number}", "text": f"虚构的问题 {number}", "detail": "", "problem": one.problem, "level": one.level,
         "field": one.field, "state": one.state, "merged_into": 0, "assigned_to": "", "answer_case": "", "answer": "",
         "answered_at": "", "answered_by": 0, "asked_at": one.asked_at, "asked_by": 0, "asked_unit": one.unit, "version": 1}
        for number, one in enumerate(history.wanted, start=1)
    ))  # fmt: skip
    _put(session, UnitSheetRow, (
        {"unit": unit, "fields": json.dumps({"unit_kind": kind}), "version": 1, "changed_at": "", "changed_by": 0}
        for unit, kind in history.kinds
    ))  # fmt: skip


def _put(session: Session, row: type[Derived] | type[Kept], values: Iterable[dict[str, Any]]) -> None:
    rows = list(values)
    if rows:
        session.execute(insert(row), rows)

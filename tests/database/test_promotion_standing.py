"""How cases and mechanisms stand is counted once after a change, by one look at plans and ledger."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kb.bootstrap import promoting
from kb.bootstrap.desk import Desk
from kb.bootstrap.promoting import Promoting
from kb.database.adoptions import SqlAdoptions
from kb.database.promotion_plans import SqlPlans
from kb.domain.promotion_plan import PlanState
from kb.services.adoptions import Uptake
from kb.services.show_promotion import NOT_PROMOTED, NOTHING_PROMOTED, Promotion, read_standing
from tests.database.test_ledger import LANDED, PLAN, adoption


def test_it_is_counted_anew_after_a_change_and_only_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []

    def count(*given: object) -> object:
        counted.append(1)
        return read_standing(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(promoting, "read_standing", count)
    desk = Desk(tmp_path)
    promotion = Promoting(desk, lambda: date(2026, 11, 26), lambda _: {}, lambda _: {}, 0)
    assert (promotion.standing(), desk.path.exists()) == (NOTHING_PROMOTED, False)
    with desk.writing() as session:
        SqlAdoptions(session).add(adoption("甲", LANDED, confirmed_unit="丙"))
    assert promotion.standing().of_case("000000-2020-01", "pair-up") == Promotion(False, Uptake(1, 1))
    assert promotion.standing() is promotion.standing()
    with desk.writing() as session:
        SqlPlans(session).add(PLAN)
        SqlPlans(session).add(replace(PLAN, mechanism="other", state=PlanState.DRAFT))
        SqlPlans(session).add(replace(PLAN, mechanism="third", case_id="000000-2020-03"))
    standing = promotion.standing()
    assert len(counted) == 2
    assert standing.of_case("000000-2020-01", "pair-up") == Promotion(True, Uptake(1, 1))
    assert standing.of_case("000000-2020-01", "pair-up", is_lesson=True) == NOT_PROMOTED
    assert standing.of_case("000000-2020-02", "pair-up").labels == ("推广中",)
    assert [standing.of_case(f"000000-2020-0{n}", "third").is_promoted for n in (3, 4)] == [True, False]
    assert [standing.of_mechanism(name).labels for name in ("pair-up", "other", "third")] == [
        ("推广中", "已推广"),
        (),
        ("推广中",),
    ]
    promotion.close()
    desk.close()

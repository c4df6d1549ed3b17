"""催报: each reminder once, whatever the clock did and however often it is run; none lost. All made up."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from kb.database.calendar import SqlCalendar
from kb.database.kept_tables import AdoptionRow, MessageRow, PromotionPlanRow, SupervisionRow
from kb.database.messages import SqlMailbox, SqlMessages, SqlPeople
from kb.domain.adoption import AdoptionStage
from kb.services.remind import DueCase, Given, Reminder, find_due, give_due
from tests.services.wanted_desk import EDITORS, READERS, REVIEWER, STEWARD, UNITS, WantedDesk

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
TOWN = UNITS[0]
YEAR = timedelta(days=365)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[WantedDesk]:
    made = WantedDesk(tmp_path)
    yield made
    made.kept.close()


def days_ago(days: int) -> str:
    return (NOW - timedelta(days=days)).isoformat(timespec="seconds")


def day(days: int) -> str:
    return (NOW.date() + timedelta(days=days)).isoformat()


def adoption(news_at: str, stage: AdoptionStage = AdoptionStage.TRIAL, **known: object) -> AdoptionRow:
    blank = dict.fromkeys(
        ("case_id", "manner", "intended_on", "trial_on", "landed_on", "stopped_on", "changes", "proof",
         "stop_reason", "confirmed_unit", "confirmed_on"), "",
    )  # fmt: skip
    numbers = {"plan": 0, "confirmed_by": 0, "version": 1, "made_by": 1}
    return AdoptionRow(
        **{**blank, **numbers, "unit": TOWN, "mechanism": "pair-up", "stage": stage.value, "results": "[]",
           "news_at": news_at, "made_at": news_at, **known},
    )  # fmt: skip


def matter(due_on: str, step: str = "set_up", responsible: str = UNITS[1]) -> SupervisionRow:
    return SupervisionRow(
        kind="supervision", title="虚构的督导", plan=0, adoption=0, responsible=responsible, due_on=due_on, step=step,
        version=1, made_at=days_ago(9), made_by=1,
    )  # fmt: skip


def plan(target_on: str, state: str = "in_force") -> PromotionPlanRow:
    lists = dict.fromkeys(("units", "levels", "fields", "must_follow", "may_adapt", "start_kit"), "[]")
    return PromotionPlanRow(
        mechanism="pair-up", case_id="", title="虚构的计划", starts_on=day(-90), target_on=target_on, answerable="",
        state=state, version=1, made_at=days_ago(90), made_by=1, **lists,
    )  # fmt: skip


def put(desk: WantedDesk, *rows: AdoptionRow | SupervisionRow | PromotionPlanRow) -> None:
    with desk.kept.writing() as session:
        session.add_all(rows)


def run(desk: WantedDesk, now: datetime = NOW, cases: tuple[DueCase, ...] = ()) -> list[tuple[Reminder, str, int]]:
    """Kind, subject and number of people of what is given now."""
    return [(one.kind, one.subject, one.people) for one in run_in_full(desk, now, cases)]


def run_in_full(desk: WantedDesk, now: datetime = NOW, cases: tuple[DueCase, ...] = ()) -> tuple[Given, ...]:
    with desk.kept.writing() as session:
        due = find_due(SqlCalendar(session), SqlPeople(session), cases, now, lambda name: f"虚构的机制 {name}")
        return give_due(due, SqlMessages(session), desk.kept.audit(session), now.isoformat(timespec="seconds"))


def test_an_adoption_is_asked_about_after_thirty_days_and_again_after_a_hundred_and_eighty(desk: WantedDesk) -> None:
    put(desk, adoption(days_ago(29)))
    assert run(desk) == []
    assert run(desk, NOW + timedelta(days=1)) == [(Reminder.QUIET, "1", 2)]
    assert run(desk, NOW + timedelta(days=100)) == []
    assert run(desk, NOW + timedelta(days=151)) == [(Reminder.SILENT, "1", 3)]
    assert run(desk, NOW + timedelta(days=500)) == []
    asked = {account for account, _ in desk.told()}
    assert asked == {READERS[0].number, EDITORS[0].number, STEWARD.number}
    assert desk.told(STEWARD.number) == [
        (STEWARD.number, "虚构镇党委采用“虚构的机制 pair-up”，180 天没有报进展，请报一次：推进了、落地了，还是停用了。")
    ]


@pytest.mark.parametrize("stage", [AdoptionStage.DRAFT, AdoptionStage.LANDED, AdoptionStage.STOPPED])
def test_an_adoption_at_its_end_or_not_begun_is_let_be(desk: WantedDesk, stage: AdoptionStage) -> None:
    put(desk, adoption(days_ago(400), stage))
    assert run(desk) == []


def test_news_begins_another_count(desk: WantedDesk) -> None:
    put(desk, adoption(days_ago(40)))
    assert len(run(desk)) == 1
    with desk.kept.writing() as session:
        session.get_one(AdoptionRow, 1).news_at = days_ago(0)
    assert run(desk, NOW + timedelta(days=29)) == []
    assert len(run(desk, NOW + timedelta(days=30))) == 1


def test_a_matter_is_told_the_day_after_it_was_due_unless_it_is_done(desk: WantedDesk) -> None:
    put(
        desk, matter(day(0)), matter(day(-1)), matter(day(-1), step=""), matter(""), matter(day(-2), responsible="某科")
    )
    assert run(desk) == [(Reminder.OVERDUE, "2", 3), (Reminder.OVERDUE, "5", 1)]
    with desk.kept.writing() as session:
        session.get_one(SupervisionRow, 2).due_on = day(-1 + 7)
    assert run(desk, NOW + timedelta(days=1)) == [(Reminder.OVERDUE, "1", 3)]
    assert run(desk, NOW + timedelta(days=7)) == [(Reminder.OVERDUE, "2", 3)]


def test_who_answers_for_a_matter_is_led_to_what_he_may_open(desk: WantedDesk) -> None:
    of_plan, of_adoption = matter(day(-1)), matter(day(-2))
    of_plan.plan, of_adoption.adoption = 7, 8
    put(desk, of_plan, of_adoption)
    run(desk)
    with desk.kept.session() as session:
        told = {(row.account, row.address) for row in session.query(MessageRow)}
    unit = (READERS[1].number, EDITORS[1].number)
    assert told == {
        *((STEWARD.number, f"/supervision/{number}") for number in (1, 2)),
        *((account, address) for account in unit for address in ("/plans/7", "/adoptions/8")),
    }


@pytest.mark.parametrize("adoptions", [1, 3])
def test_who_is_asked_about_adoptions_is_looked_up_once_a_unit(desk: WantedDesk, adoptions: int) -> None:
    put(desk, *(adoption(days_ago(40)) for _ in range(adoptions)))
    asked: list[str] = []
    with desk.kept.session() as session:
        event.listen(session.get_bind(), "before_cursor_execute", lambda *told: asked.append(told[2]))
        due = find_due(SqlCalendar(session), SqlPeople(session), (), NOW, str)
    assert (len(due), sum("FROM account" in words for words in asked)) == (adoptions, 8)


def test_who_has_many_letters_waiting_holds_nobody_else_up(desk: WantedDesk) -> None:
    with desk.kept.writing() as session:
        mailbox, messages = SqlMailbox(session), SqlMessages(session)
        for account, letters in ((1, 3), (2, 1)):
            mailbox.set_address(account, f"reader{account}@example.cn")
            for number in range(letters):
                messages.give({account}, f"made-up:{number}", f"虚构的消息{number}", "/find", days_ago(1))
        waiting = mailbox.waiting(days_ago(2), 3)
    assert [(one.to[:7], one.text) for one in waiting] == [
        ("reader1", "虚构的消息0"), ("reader2", "虚构的消息0"), ("reader1", "虚构的消息1"),
    ]  # fmt: skip


def test_a_plan_is_told_of_fourteen_days_before_its_target_and_when_that_was_missed(desk: WantedDesk) -> None:
    put(desk, plan(day(14)), plan(day(15)), plan(day(-3)), plan(day(1), "ended"), plan(day(1), "draft"))
    assert run(desk) == [(Reminder.TARGET, "1", 1), (Reminder.TARGET, "3", 1)]
    assert run(desk, NOW + timedelta(days=1)) == [(Reminder.TARGET, "2", 1)]


def test_a_wanted_problem_nobody_was_asked_to_write_about_is_told_to_stewards(desk: WantedDesk) -> None:
    desk.moment = NOW - timedelta(days=30)
    number, assigned = desk.file(READERS[0]).number, desk.file(READERS[1]).number
    with desk.answering() as answering:
        answering.assign(STEWARD, assigned, 1, TOWN)
    assert run(desk, NOW - timedelta(days=1)) == []
    assert run(desk) == [(Reminder.UNASSIGNED, str(number), 1)]
    assert run(desk, NOW + YEAR) == []


def test_a_case_is_told_from_its_review_day_on_and_again_after_it_was_looked_at(desk: WantedDesk) -> None:
    cases = (DueCase("000000-2020-01", "虚构的案例", day(0)), DueCase("000000-2020-02", "虚构的另一个", day(1)))
    assert run(desk, cases=cases) == [(Reminder.REVIEW, "000000-2020-01", 2)]
    assert {account for account, _ in desk.told()} == {STEWARD.number, REVIEWER.number}
    later = (DueCase("000000-2020-01", "虚构的案例", day(365)),)
    assert run(desk, NOW + YEAR, later) == [(Reminder.REVIEW, "000000-2020-01", 2)]


def test_what_was_given_is_noted_once_a_run(desk: WantedDesk) -> None:
    put(desk, adoption(days_ago(40)), adoption(days_ago(41)), matter(day(-1)))
    run(desk)
    run(desk)
    assert desk.notes == [("reminded", "reminders", "采用三十天没有进展 2 件；督导督查到期 1 件")]


def test_a_new_colleague_is_told_too_and_nobody_twice(desk: WantedDesk) -> None:
    put(desk, adoption(days_ago(40), unit="虚构新单位"))
    assert run(desk) == []
    with desk.kept.writing() as session:
        from kb.database.kept_tables import AccountRow

        session.get_one(AccountRow, READERS[1].number).unit = "虚构新单位"
    assert run(desk, NOW + timedelta(days=1)) == [(Reminder.QUIET, "1", 1)]


CLOCKS = st.lists(st.integers(-400, 800), max_size=12)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> WantedDesk:
    return WantedDesk(tmp_path_factory.mktemp("remind"))


class UndoneAtTheEnd(Exception):
    """So that one database serves every clock."""


@settings(max_examples=40, deadline=None)
@given(clocks=CLOCKS)
def test_a_clock_that_jumps_gives_nothing_twice_and_loses_nothing(shared: WantedDesk, clocks: list[int]) -> None:
    """Whatever days it is run on, in whatever order, in the end everything due by the right clock was given, once each."""
    with pytest.raises(UndoneAtTheEnd), shared.kept.writing() as session:
        session.add_all(
            [adoption(days_ago(40)), adoption(days_ago(200)), matter(day(-1)), plan(day(3)), adoption(days_ago(3))]
        )
        session.flush()
        cases = (DueCase("000000-2020-01", "虚构的案例", day(-5)),)

        def run_at(now: datetime) -> set[str]:
            due = find_due(SqlCalendar(session), SqlPeople(session), cases, now, str)
            given_now = give_due(
                due, SqlMessages(session), shared.kept.audit(session), now.isoformat(timespec="seconds")
            )
            assert len(given_now) <= len(due)
            return {one.key for one in due}

        for days in clocks:
            run_at(NOW + timedelta(days=days))
        due_by_the_right_clock = run_at(NOW)
        keys = [(row.account, row.key) for row in session.query(MessageRow)]
        assert len(set(keys)) == len(keys)
        assert due_by_the_right_clock <= {key for _, key in keys}
        before = len(keys)
        run_at(NOW)
        assert session.query(MessageRow).count() == before
        raise UndoneAtTheEnd


def test_one_year_back_and_one_year_ahead(desk: WantedDesk) -> None:
    put(desk, adoption(days_ago(40)), matter(day(-1)))
    assert run(desk, NOW - YEAR) == []
    assert run(desk) == [(Reminder.QUIET, "1", 2), (Reminder.OVERDUE, "1", 3)]
    assert run(desk, NOW - YEAR) == []
    assert run(desk, NOW + YEAR) == [(Reminder.SILENT, "1", 3)]
    assert run(desk) == run(desk, NOW + timedelta(days=200)) == []

"""待征集问题: asked once, joined once a unit, merged, assigned, answered; whoever asked is told once. All made up."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.database.kept_tables import MessageRow
from kb.database.messages import SqlMessages, SqlPeople
from kb.database.wanted import SqlWantedProblems
from kb.domain.accounts import GUEST, Actor
from kb.domain.wanted import FROM, WantedState
from kb.errors import AskedWrongly, Conflict, Forbidden, NotFound
from kb.services import ask_for_case
from kb.services.answer_wanted import WantedAnswering
from kb.services.ask_for_case import LONGEST_DETAIL, LONGEST_TEXT, CaseWanting, WantedWish
from kb.services.wanted_records import WantedFilter
from tests.services.wanted_desk import EDITORS, GONE, READERS, REVIEWER, STEWARD, UNITLESS, UNITS, WantedDesk

ANN, BEN, CAT, DAN, EVE = READERS
CASE = "000000-2020-01"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[WantedDesk]:
    made = WantedDesk(tmp_path)
    yield made
    made.kept.close()


def test_a_signed_in_question_is_open_at_once_and_its_unit_has_it(desk: WantedDesk) -> None:
    kept = desk.file(
        ANN, " 虚构的支部\n两年没有开会 ", detail="没有人召集。", problem="P5.1", level="town", field="rural"
    )
    found = desk.get(kept.number)
    assert (found.text, found.detail, found.problem, found.level, found.field) == (
        "虚构的支部 两年没有开会", "没有人召集。", "P5.1", "town", "rural",
    )  # fmt: skip
    assert (found.state, found.asked_by, found.asked_unit) == (WantedState.OPEN, ANN.number, ANN.unit)
    assert desk.units(kept.number) == [ANN.unit]
    assert desk.notes == [("wanted_filed", f"wanted:{kept.number}", "虚构的支部 两年没有开会")]


def test_private_details_are_kept_of_neither_sentence_nor_detail(desk: WantedDesk) -> None:
    kept = desk.file(
        ANN, "低保户张小明家没人管，电话１３８００１３８０００", detail="证号 11010519491231002X，座机 010-6944 1234"
    )
    found = desk.get(kept.number)
    assert (found.text, found.detail) == ("低保户〔略〕家没人管，电话〔略〕", "证号 〔略〕，座机 〔略〕")


def test_a_guests_question_is_read_by_nobody_before_a_steward(desk: WantedDesk) -> None:
    kept = desk.file(GUEST)
    with desk.wanting() as wanting:
        assert wanting.browse(WantedFilter(), 1).total == 0
        assert wanting.find_near(kept.text) == ()
        assert wanting.look_up(kept.ticket.lower()).state is WantedState.HELD
        with pytest.raises(NotFound):
            wanting.open(BEN, kept.number)
        with pytest.raises(NotFound):
            wanting.join(BEN, kept.number)
    with desk.answering() as answering:
        assert [row.problem.number for row in answering.queue(STEWARD)[WantedState.HELD]] == [kept.number]
        answering.publish(STEWARD, kept.number, 1)
    with desk.wanting() as wanting:
        assert wanting.open(GUEST, kept.number).units == []
        assert wanting.browse(WantedFilter(), 1).total == 1


def test_what_is_refused_is_shown_by_its_ticket_alone(desk: WantedDesk) -> None:
    kept = desk.file(GUEST)
    with desk.answering() as answering:
        answering.refuse(STEWARD, kept.number, 1, "不是党建的事")
    with desk.wanting() as wanting:
        found = wanting.look_up(kept.ticket)
        assert (found.state, found.answer) == (WantedState.REFUSED, "不是党建的事")
        with pytest.raises(NotFound):
            wanting.open(BEN, kept.number)


@pytest.mark.parametrize("wish", [
    WantedWish(""), WantedWish("？！ …… ，"), WantedWish("字" * (LONGEST_TEXT + 1)),
    WantedWish("虚构的问题", "字" * (LONGEST_DETAIL + 1)),
])  # fmt: skip
def test_a_question_without_words_or_too_long_is_refused(desk: WantedDesk, wish: WantedWish) -> None:
    with desk.wanting() as wanting, pytest.raises(AskedWrongly):
        wanting.file(ANN, wish)
    assert desk.notes == []


def test_only_so_many_wait(desk: WantedDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask_for_case, "MOST_OF_GUESTS", 1)
    monkeypatch.setattr(ask_for_case, "MOST_OF_ONE", 2)
    held = desk.file(GUEST)
    desk.file(ANN)
    desk.file(ANN)
    for actor in (GUEST, ANN):
        with pytest.raises(AskedWrongly, match="暂时收不下"):
            desk.file(actor)
    with desk.answering() as answering:
        answering.publish(STEWARD, held.number, 1)
    desk.file(GUEST)
    desk.file(BEN)


def test_a_unit_joins_once_whoever_of_it_asks(desk: WantedDesk) -> None:
    number = desk.file(ANN).number
    with desk.wanting() as wanting:
        assert [wanting.join(who, number) for who in (EDITORS[0], BEN, EDITORS[1], BEN)] == [False, True, False, False]
        opened = wanting.open(EDITORS[1], number)
        assert (set(opened.units), opened.is_mine) == ({ANN.unit, BEN.unit}, True)
        assert not wanting.open(CAT, number).is_mine
        with pytest.raises(AskedWrongly, match="没有写单位"):
            wanting.join(UNITLESS, number)
        with pytest.raises(Forbidden):
            wanting.join(GUEST, number)


def test_the_nearest_are_told_before_one_asks_again(desk: WantedDesk) -> None:
    near = desk.file(ANN, "支部长期不开会怎么办").number
    desk.file(BEN, "物业和居委会互相推诿没有人管")
    with desk.wanting() as wanting:
        wanting.join(CAT, near)
        found = wanting.find_near("支部长期不开会没有人管怎么办")
        assert [(row.problem.number, row.units) for row in found] == [(near, 2)]
        assert wanting.find_near("支部长期不开会没有人管怎么办", but=near) == ()


def test_the_list_is_filtered_ordered_and_counted(desk: WantedDesk) -> None:
    first = desk.file(ANN, problem="P5.1", level="town").number
    second = desk.file(BEN, problem="P1.1", level="village").number
    third = desk.file(CAT, problem="P5.1", level="village").number
    with desk.wanting() as wanting:
        wanting.join(DAN, first)
    with desk.answering() as answering:
        answering.answer(STEWARD, third, 1, CASE, "")
    with desk.wanting() as wanting:
        rows = wanting.browse(WantedFilter(), 1).rows
        assert [(row.problem.number, row.units) for row in rows] == [(first, 2), (second, 1), (third, 1)]
        for wanted, numbers in (
            (WantedFilter(problem="P5.1"), [first, third]),
            (WantedFilter(level="village"), [second, third]),
            (WantedFilter((WantedState.ANSWERED,)), [third]),
            (WantedFilter(problem="P1.1", level="town"), []),
        ):
            page = wanting.browse(wanted, 99)
            assert ([row.problem.number for row in page.rows], page.total) == (numbers, len(numbers))


def test_a_unit_that_is_asked_to_write_is_told_and_called(desk: WantedDesk) -> None:
    assigned, near, far = (
        desk.file(ANN, level="town").number,
        desk.file(BEN, level="village").number,
        desk.file(CAT).number,
    )
    with desk.answering() as answering:
        answering.assign(STEWARD, assigned, 1, UNITS[3])
    assert desk.told() == [(EDITORS[3].number, "请你单位就待征集问题“虚构的支部两年没有开会怎么办”写一个案例。")]
    with desk.wanting() as wanting:
        called = [row.problem.number for row in wanting.call_for_cases(EDITORS[3], "village")]
        assert called == [assigned, near, far]
        assert [row.problem.number for row in wanting.call_for_cases(EDITORS[0], "")] == [far, near]
        with pytest.raises(Forbidden):
            wanting.call_for_cases(ANN, "town")


def test_an_answer_is_told_to_all_who_have_the_problem_and_to_nobody_else(desk: WantedDesk) -> None:
    number = desk.file(UNITLESS).number
    with desk.wanting() as wanting:
        wanting.join(ANN, number)
    with desk.answering() as answering:
        answering.answer(STEWARD, number, 1, CASE, "照着做。")
    concerned = {UNITLESS.number, ANN.number, EDITORS[0].number}
    assert {account for account, _ in desk.told()} == concerned and GONE.number not in concerned
    assert {text for _, text in desk.told()} == {"待征集问题“虚构的支部两年没有开会怎么办”有了答复。"}
    found = desk.get(number)
    assert (found.state, found.answer_case, found.answer, found.answered_by) == (
        WantedState.ANSWERED, CASE, "照着做。", STEWARD.number,
    )  # fmt: skip


def test_a_closed_one_is_answered_by_a_case_that_comes_later(desk: WantedDesk) -> None:
    number = desk.file(ANN).number
    with desk.answering() as answering:
        answering.close(STEWARD, number, 1, "库里暂时没有。")
        answering.answer(STEWARD, number, 2, CASE, "")
    assert [text[-6:] for _, text in desk.told(ANN.number)] == ["由在页面上。", "”有了答复。"]
    with desk.answering() as answering, pytest.raises(AskedWrongly, match="不能改成"):
        answering.assign(STEWARD, number, 3, UNITS[0])


def test_merging_moves_units_and_askers_along_and_leads_there(desk: WantedDesk) -> None:
    one, two, three = (desk.file(who).number for who in (ANN, BEN, CAT))
    with desk.wanting() as wanting:
        wanting.join(DAN, one)
        wanting.join(DAN, two)
    with desk.answering() as answering:
        answering.merge(STEWARD, one, 1, two)
        answering.merge(STEWARD, two, 1, three)
    assert [desk.get(number).merged_into for number in (one, two, three)] == [three, three, 0]
    assert [len(desk.units(number)) for number in (one, two, three)] == [0, 0, 4]
    with desk.answering() as answering:
        answering.answer(STEWARD, three, 1, CASE, "")
    answered = Counter(account for account, text in desk.told() if "有了答复" in text)
    assert answered == {actor.number: 1 for actor in (*READERS[:4], *EDITORS[:4])}
    with desk.answering() as answering:
        for into in (one, three, 99):
            with pytest.raises(AskedWrongly):
                answering.merge(STEWARD, three, 2, into)


def test_two_stewards_at_once_one_is_told(desk: WantedDesk) -> None:
    number = desk.file(ANN).number
    with desk.answering() as answering:
        answering.assign(STEWARD, number, 1, UNITS[1])
        with pytest.raises(Conflict):
            answering.close(STEWARD, number, 1, "不要了")
    assert desk.get(number).state is WantedState.ASSIGNED


@pytest.mark.parametrize("who", [ANN, EDITORS[0], REVIEWER, GUEST], ids=lambda who: who.name)
def test_only_stewards_answer(desk: WantedDesk, who: Actor) -> None:
    number = desk.file(ANN).number
    with desk.answering() as answering:
        for deed in (
            lambda: answering.queue(who), lambda: answering.publish(who, number, 1),
            lambda: answering.refuse(who, number, 1, "x"), lambda: answering.assign(who, number, 1, UNITS[0]),
            lambda: answering.answer(who, number, 1, CASE, ""), lambda: answering.close(who, number, 1, "x"),
            lambda: answering.merge(who, number, 1, 2),
        ):  # fmt: skip
            with pytest.raises(Forbidden):
                deed()


def test_reasons_and_cases_must_be_given(desk: WantedDesk) -> None:
    number = desk.file(ANN).number
    with desk.answering() as answering:
        for deed in (
            lambda: answering.close(STEWARD, number, 1, "  "), lambda: answering.refuse(STEWARD, number, 1, ""),
            lambda: answering.answer(STEWARD, number, 1, "", "照着做"), lambda: answering.assign(STEWARD, number, 1, ""),
            lambda: answering.answer(STEWARD, number, 1, CASE, "字" * 2001),
        ):  # fmt: skip
            with pytest.raises(AskedWrongly):
                deed()
        with pytest.raises(NotFound):
            answering.close(STEWARD, 99, 1, "x")
    assert desk.get(number).state is WantedState.OPEN and desk.told() == []


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["file", "join", "join", "merge", "answer", "assign", "close", "publish"]),
        st.integers(0, 4),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    max_size=25,
)


class UndoneAtTheEnd(Exception):
    """So that one database serves every history."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> WantedDesk:
    return WantedDesk(tmp_path_factory.mktemp("wanted"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deeds=DEEDS)
def test_whatever_the_order_each_unit_counts_once_and_every_asker_is_told_once(
    shared: WantedDesk, deeds: list[tuple[str, int, int, int]]
) -> None:
    """Against a plain model: who has asked what, which units have it, where it went, how it ended."""
    with pytest.raises(UndoneAtTheEnd), shared.kept.writing() as session:
        wanted, messages, trail = SqlWantedProblems(session), SqlMessages(session), shared.kept.audit(session)
        wanting = CaseWanting(wanted, trail, now=shared.kept.now)
        answering = WantedAnswering(wanted, messages, SqlPeople(session), trail, now=shared.kept.now)
        model = Model()
        for deed, who, number, other in deeds:
            place = list(model.state)[number % len(model.state)] if model.state else 0
            target = list(model.state)[other % len(model.state)] if model.state else 0
            model.take(deed, READERS[who], place, target, wanting, answering)
        assert {number: set(wanted.units(number)) for number in model.state} == model.units
        assert {number: _state_of(wanted, number) for number in model.state} == {
            number: (state, model.into.get(number, 0)) for number, state in model.state.items()
        }
        ends = Counter(
            (row.account, row.key.rpartition(f":{CASE}")[0] or row.key)
            for row in session.query(MessageRow)
            if row.key.split(":")[2] in ("answered", "closed")
        )
        assert ends == Counter(model.told)
        raise UndoneAtTheEnd


def _state_of(wanted: SqlWantedProblems, number: int) -> tuple[WantedState, int]:
    found = wanted.get(number)
    assert found is not None
    return found.state, found.merged_into


class Model:
    """What must be, kept in plain sets."""

    def __init__(self) -> None:
        self.state: dict[int, WantedState] = {}
        self.units: dict[int, set[str]] = {}
        self.askers: dict[int, set[int]] = {}
        self.into: dict[int, int] = {}
        self.told: set[tuple[int, str]] = set()

    def take(
        self, deed: str, reader: Actor, number: int, other: int, wanting: CaseWanting, answering: WantedAnswering
    ) -> None:
        if deed == "file":
            made = wanting.file(reader, WantedWish(f"虚构的问题第 {len(self.state)} 个")).number
            self.state[made], self.units[made], self.askers[made] = WantedState.OPEN, {reader.unit}, {reader.number}
        elif number and deed == "join":
            try:
                wanting.join(reader, number)
            except AskedWrongly:
                assert not self.state[number].is_waiting
            else:
                self.units[number].add(reader.unit)
        elif number:
            self._move(deed, reader, number, other, wanting.open(STEWARD, number).problem.version, answering)

    def _move(
        self, deed: str, reader: Actor, number: int, other: int, version: int, answering: WantedAnswering
    ) -> None:
        after, act = {
            "merge": (WantedState.MERGED, lambda: answering.merge(STEWARD, number, version, other)),
            "answer": (WantedState.ANSWERED, lambda: answering.answer(STEWARD, number, version, CASE, "")),
            "assign": (WantedState.ASSIGNED, lambda: answering.assign(STEWARD, number, version, reader.unit)),
            "close": (WantedState.CLOSED, lambda: answering.close(STEWARD, number, version, "理由")),
            "publish": (WantedState.OPEN, lambda: answering.publish(STEWARD, number, version)),
        }[deed]
        is_allowed = self.state[number] in FROM[after] and (
            deed != "merge" or (number != other and self.state[other] is not WantedState.MERGED)
        )
        if not is_allowed:
            with pytest.raises(AskedWrongly):
                act()
            return
        act()
        self.state[number] = after
        if deed == "merge":
            self.units[other] |= self.units[number]
            self.askers[other] |= self.askers[number]
            self.units[number], self.askers[number] = set(), set()
            self.into = {**{one: other if to == number else to for one, to in self.into.items()}, number: other}
        self._end(other if deed == "merge" else number)

    def _end(self, number: int) -> None:
        if self.state[number] in (WantedState.ANSWERED, WantedState.CLOSED):
            for who in (*READERS, *EDITORS):
                if who.unit in self.units[number] or who.number in self.askers[number]:
                    self.told.add((who.number, f"wanted:{number}:{self.state[number].value}"))

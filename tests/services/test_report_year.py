"""年度报告: every number equals a recount of the rows it was counted from; words stand as they were reported. Made up."""

import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from kb.bootstrap.desk import Desk
from kb.database.adoptions import SqlAdoptions
from kb.database.case_counts import SqlCaseCounts
from kb.database.kept_tables import CorrectionRow, RevisionRow, WantedProblemRow
from kb.database.ledger_counts import SqlLedgerCounts
from kb.database.year_counts import SqlYearCounts
from kb.domain.adoption import DAY_OF, REPORTED, Adoption, AdoptionStage, Manner
from kb.domain.office_document import DataTable, Heading, Text
from kb.domain.wanted import WantedState
from kb.errors import AskedWrongly
from kb.services.measure_loop import Loop, Slice
from kb.services.report_year import Figure, YearReport, count_year, lay_out_year, year_span
from tests.made_up import FILES, REFERENCE
from tests.services.memory_shelf import build_shelf

TODAY = date(2026, 11, 26)
SPAN = year_span(2026, TODAY)
SHELF = build_shelf(REFERENCE, FILES)
DAYS = ("", "2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01")
FIRST = datetime.fromisoformat(SPAN.first)
TIMES = ("", *(moment.isoformat(timespec="seconds") for moment in (
    FIRST - timedelta(seconds=1), FIRST, FIRST + timedelta(days=100), datetime.fromisoformat(SPAN.before),
)))  # fmt: skip
"""Around both ends of the year, by this machine's clock."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with closing(Desk(tmp_path_factory.mktemp("year"))) as made:
        yield made


@pytest.fixture
def rows(desk: Desk) -> Iterator[Session]:
    """What a test puts there is gone after it."""
    with Session(desk.engine) as session:
        yield session
        session.rollback()


def report(session: Session) -> YearReport:
    counts = SqlCaseCounts(SHELF.catalogue._session, frozenset({"public"}))

    def loop(wanted: Slice) -> Loop:
        return Loop(counts, SqlLedgerCounts(session), REFERENCE, wanted, today=TODAY, names_units=True)

    return count_year(SPAN, SqlYearCounts(session), SHELF.catalogue, loop(Slice()), loop(Slice(year="2026")))


def in_year(times: Sequence[str]) -> int:
    return sum(SPAN.first <= one < SPAN.before for one in times)


def some_adoption(chance: random.Random) -> Adoption:
    days = {day: chance.choice(DAYS) for day in DAY_OF.values()}
    confirmed_on = chance.choice(DAYS)
    return Adoption(
        0, f"虚构单位{chance.randrange(4)}", "pair-up", "", 0, Manner.OWN, chance.choice(list(AdoptionStage)), **days,
        results=({"measure": "会", "before": "0", "now": "约12", "now_on": "2026-05", "counted_in": "次"},),
        confirmed_unit="虚构学校" if confirmed_on else "", confirmed_on=confirmed_on,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_every_number_equals_a_recount_of_its_table(rows: Session, seed: int) -> None:
    chance = random.Random(seed)
    adoptions = [SqlAdoptions(rows).add(some_adoption(chance)) for _ in range(chance.randrange(30))]
    wanted = [(chance.choice(list(WantedState)), chance.choice(TIMES[1:]), chance.choice(TIMES)) for _ in range(20)]
    corrections = [
        (chance.choice(("open", "accepted", "declined", "mended")), chance.choice(TIMES[1:]), chance.choice(TIMES))
        for _ in range(20)
    ]
    revisions = [
        (f"{'000000' if chance.random() < 0.7 else 'abc'}-{chance.randrange(5)}", chance.choice(TIMES[1:]))
        for _ in range(20)
    ]
    for number, (state, asked, answered) in enumerate(wanted):
        rows.add(WantedProblemRow(
            ticket=f"T{number}", text=f"虚构的问题{number}", detail="", problem="", level="", field="", state=state.value,
            merged_into=0, assigned_to="", answer_case="", answer="", answered_at=answered, answered_by=0, asked_at=asked,
            asked_by=0, asked_unit="", version=1,
        ))  # fmt: skip
    for number, (word, asked, answered) in enumerate(corrections):
        rows.add(CorrectionRow(
            record_id="000000-2020-01", ticket=f"T{number}", text="x", contact="", asked_at=asked, state=word, reply="",
            answered_at=answered if word != "open" else "", answered_by=0, revision=0,
        ))  # fmt: skip
    for number, (record, at) in enumerate(revisions):
        rows.add(RevisionRow(
            record_id=record, number=number, published_at=at, published_by=0, submission=0, sha256="", text="", reason="",
        ))  # fmt: skip
    rows.flush()
    told = report(rows)

    reported = [one for one in adoptions if one.stage is not AdoptionStage.DRAFT]
    cases = [(record, at) for record, at in revisions if record[0].isdigit()]
    firsts = in_year([min(at for known, at in cases if known == record) for record in {record for record, _ in cases}])
    counted = [one for one in wanted if one[0] not in (WantedState.HELD, WantedState.REFUSED, WantedState.MERGED)]
    answered_in = [word for word, _, answered in corrections if word != "open" and in_year([answered])]
    assert [(one.label, one.number) for one in told.figures] == [
        ("编报时库里的案例", 1),
        ("这一年首次发布的案例", firsts),
        ("这一年对案例的再次修订", in_year([at for _, at in cases]) - firsts),
        ("这一年收到的纠错", in_year([asked for _, asked, _ in corrections])),
        ("这一年答复的：采纳", sum(word in ("accepted", "mended") for word in answered_in)),
        ("这一年答复的：不采纳", answered_in.count("declined")),
        *(
            (f"这一年报“{stage.label}”的", sum(getattr(one, DAY_OF[stage])[:4] == "2026" for one in reported))
            for stage in REPORTED
        ),
        ("这一年经别的单位确认落地的", sum(one.confirmed_on[:4] == "2026" for one in reported)),
        *((f"编报时处在“{stage.label}”的", sum(one.stage is stage for one in reported)) for stage in REPORTED),
        ("这一年提出的待征集问题", in_year([asked for _, asked, _ in counted])),
        ("这一年答复的", in_year([answered for state, _, answered in wanted if state is WantedState.ANSWERED])),
        ("编报时还在征集的", sum(state.is_waiting for state, _, _ in wanted)),
        ("推广计划", 0),
        ("未闭环的机制", 0),
        ("还没有案例的问题类型", 1),
    ]
    assert {one.number for one in told.confirmed} == {one.number for one in reported if one.confirmed_on[:4] == "2026"}
    document = lay_out_year(told)
    tables = [block for block in document.blocks if isinstance(block, DataTable)]
    shown = {
        (row[0], row[1], row[2]) for table in tables if table.columns == ("项目", "数", "数自") for row in table.rows
    }
    assert shown == {(one.label, str(one.number), one.source) for one in told.figures[:-3]}
    if told.confirmed:
        confirmed = next(table for table in tables if table.caption == "经确认的落地")
        assert {row[3] for row in confirmed.rows} == {"会：0 → 约12（2026年5月），计量单位：次"}


def test_empty_sections_say_so_and_the_sources_stand_at_the_end(rows: Session) -> None:
    document = lay_out_year(report(rows))
    assert document.title == "2026年案例推广工作年度报告"
    assert [block.text for block in document.blocks if isinstance(block, Heading)] == [
        "一、案例入库", "二、内容纠错", "三、机制采用", "四、经确认的落地", "五、待征集问题", "六、推广计划完成情况",
        "七、未闭环的机制", "八、还没有案例的问题类型",
    ]  # fmt: skip
    assert [block.text for block in document.blocks if isinstance(block, Text)] == [
        "本报告按案例库的记录编成，截至2026年11月26日。每个数字后面写明数自哪里，统计办法附在文末。",
        "这一年没有经别的单位确认的落地。",
        "没有还在征集的问题。",
        "这一年没有推广计划。",
        "库里的机制都已闭环。",
        "1 个，数自问题类型和案例目录。",
    ]
    assert document.notes[0] == "数字出处和统计办法："
    sources = {one.source for one in report(rows).figures if isinstance(one, Figure)}
    assert [source for source in sources if not any(source in note for note in document.notes[1:])] == []


def test_a_year_that_has_not_begun_has_no_report() -> None:
    with pytest.raises(AskedWrongly, match="没有 2027 年的报告"):
        year_span(2027, TODAY)
    assert year_span(2026, TODAY).year == "2026"
    assert datetime.fromisoformat(SPAN.before) - FIRST == timedelta(days=365)
    assert FIRST.tzinfo == UTC

"""采用: reported by its unit alone, nothing lost, taken back by a further report, confirmed by neither adopter nor source."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from kb.domain.accounts import GUEST, Actor, Role
from kb.domain.adoption import Adoption, AdoptionReport, AdoptionStage, Manner
from kb.errors import AskedWrongly, Forbidden, NotFound
from kb.services.adoptions import AdoptionEvent, EventKind, LedgerFilter
from kb.services.confirm_adoption import AdoptionConfirming, WaitingAdoption
from kb.services.keep_adoptions import AdoptionConflict, AdoptionLedger, AdoptionWish
from tests.services.memory_ledger import (
    ADOPTER,
    COLLEAGUE,
    CONFIRMER,
    OTHER,
    SOURCE,
    SOURCE_UNIT,
    STEWARD,
    UNITS,
    VILLAGE,
    MemoryAdoptions,
    MemoryMessages,
    MemoryTrail,
    memory_telling,
)

TODAY = date(2026, 11, 26)
WISH = AdoptionWish("pair-up", "000000-2020-01")
ROW = {"measure": "不开会的支部", "before": "2", "now": "0", "counted_in": "个"}
NOTHING_YET = AdoptionReport()
INTENDED = AdoptionReport(AdoptionStage.INTENDED, "2026-03-01", changes="虚构的改动")
TRIAL = replace(INTENDED, stage=AdoptionStage.TRIAL, on="2026-04-01")
LANDED = replace(TRIAL, stage=AdoptionStage.LANDED, on="2026-09-01", results=(ROW,), proof="虚构的台账")
STOPPED = replace(LANDED, stage=AdoptionStage.STOPPED, on="2026-10-01", stop_reason="虚构的原因")


class Ledger:
    """The services on one ledger in memory, with a clock that goes on an hour at each look."""

    def __init__(self) -> None:
        self.adoptions, self.trail = MemoryAdoptions(), MemoryTrail()
        self.moment = datetime(2026, 11, 26, 8, tzinfo=UTC)
        self.keeping = AdoptionLedger(self.adoptions, self.trail, now=self.now, today=lambda: TODAY)
        self.messages = MemoryMessages()
        self.confirming = AdoptionConfirming(
            self.adoptions,
            self.trail,
            lambda _: UNITS,
            memory_telling(self.messages),
            now=self.now,
            today=lambda: TODAY,
        )

    def now(self) -> datetime:
        self.moment += timedelta(hours=1)
        return self.moment

    def start(self, report: AdoptionReport = NOTHING_YET, actor: Actor = ADOPTER) -> Adoption:
        return self.keeping.start(actor, WISH, report, [SOURCE_UNIT])

    def report(self, *reports: AdoptionReport) -> Adoption:
        """A new one that went through these reports."""
        kept = self.start()
        for report in reports:
            kept = self.keeping.report(ADOPTER, kept.number, kept.version, report)
        return kept


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def test_a_unit_reports_step_by_step_and_every_report_stands_in_the_history(ledger: Ledger) -> None:
    kept = ledger.report(INTENDED, TRIAL, LANDED)
    found = ledger.keeping.open(OTHER, kept.number)
    assert found == replace(
        kept,
        stage=AdoptionStage.LANDED,
        manner=Manner.OWN,
        unit=VILLAGE,
        intended_on="2026-03-01",
        trial_on="2026-04-01",
        landed_on="2026-09-01",
        results=(ROW,),
        proof="虚构的台账",
        version=4,
    )
    history = [(event.kind, event.detail) for event in ledger.keeping.history(OTHER, kept.number)]
    assert history == [
        (EventKind.RECORDED, "自主采用，草稿"),
        (EventKind.REPORTED, "草稿 → 拟学（2026-03-01）"),
        (EventKind.REPORTED, "拟学 → 试行（2026-04-01）"),
        (EventKind.REPORTED, "试行 → 落地（2026-09-01）"),
    ]
    assert ledger.trail.notes[-1] == ("adoption_reported", "adoption:1", "pair-up：试行 → 落地（2026-09-01）")
    assert found.news_at == ledger.keeping.history(OTHER, kept.number)[-1].at[:10] + found.news_at[10:]


def test_what_is_told_besides_is_news_too_and_telling_nothing_is_none(ledger: Ledger) -> None:
    kept = ledger.report(INTENDED)
    told = replace(INTENDED, stage=None, on="", proof="又找到的台账")
    amended = ledger.keeping.report(COLLEAGUE, kept.number, kept.version, told)
    assert (amended.proof, amended.stage, amended.version) == ("又找到的台账", AdoptionStage.INTENDED, 3)
    assert amended.news_at > kept.news_at
    assert ledger.adoptions.events[-1].detail == "改了凭据"
    assert ledger.keeping.report(ADOPTER, kept.number, 3, told) == amended


@pytest.mark.parametrize(
    ("reports", "words"),
    [
        ((LANDED,), "之后不能直接报"),
        ((INTENDED, replace(TRIAL, on="2026-02-28")), "日期早于“拟学”的日期 2026-03-01"),
        ((replace(INTENDED, on="2026-11-27"),), "日期在今天以后"),
        ((replace(INTENDED, on="2026-02-30"),), "不是日历上的日期"),
        ((INTENDED, TRIAL, replace(LANDED, results=())), "至少要有一行写了现值"),
        ((INTENDED, TRIAL, replace(LANDED, results=({"measure": "x"},))), "至少要有一行写了现值"),
        ((INTENDED, TRIAL, replace(LANDED, proof="")), "要写凭据"),
        ((INTENDED, replace(STOPPED, stop_reason="")), "要写原因"),
        ((replace(INTENDED, changes="字" * 3001),), "超过 3000 字"),
        ((replace(INTENDED, results=({"measure": "x", "now_on": "2026-13"},)),), "日期不是日历上的日期"),
    ],
)
def test_a_wrong_report_is_refused_and_nothing_of_it_is_kept(
    ledger: Ledger, reports: tuple[AdoptionReport, ...], words: str
) -> None:
    *good, wrong = reports
    kept = ledger.report(*good)
    with pytest.raises(AskedWrongly, match=words):
        ledger.keeping.report(ADOPTER, kept.number, kept.version, wrong)
    assert ledger.adoptions.find(kept.number) == kept


def test_a_stop_is_taken_back_by_trying_again_and_a_wrong_report_by_a_further_entry(ledger: Ledger) -> None:
    stopped = ledger.report(INTENDED, TRIAL, LANDED, STOPPED)
    again = ledger.keeping.report(
        ADOPTER, 1, stopped.version, replace(LANDED, stage=AdoptionStage.TRIAL, on="2026-11-01")
    )
    assert (again.trial_on, again.landed_on, again.stopped_on, again.stop_reason) == ("2026-11-01", "", "", "")
    with pytest.raises(AskedWrongly, match="为什么撤回"):
        ledger.keeping.take_back(ADOPTER, 1, again.version, " ")
    back = ledger.keeping.take_back(ADOPTER, 1, again.version, "报错了")
    assert (back.stage, back.trial_on, back.landed_on, back.stopped_on, back.stop_reason) == (
        AdoptionStage.STOPPED,
        "2026-04-01",
        "2026-09-01",
        "2026-10-01",
        "虚构的原因",
    )
    further = ledger.keeping.take_back(ADOPTER, 1, back.version, "也报错了")
    assert (further.stage, further.results) == (AdoptionStage.LANDED, (ROW,))
    details = [event.detail for event in ledger.adoptions.history(1)]
    assert details[-3:] == ["停用 → 试行（2026-11-01）", "试行 → 停用：报错了", "停用 → 落地：也报错了"]


def test_what_somebody_else_reported_meanwhile_is_not_overwritten(ledger: Ledger) -> None:
    kept = ledger.report(INTENDED)
    now = ledger.keeping.report(COLLEAGUE, kept.number, kept.version, TRIAL)
    for deed in (
        lambda: ledger.keeping.report(ADOPTER, kept.number, kept.version, replace(TRIAL, on="2026-04-02")),
        lambda: ledger.keeping.take_back(ADOPTER, kept.number, kept.version, "迟了"),
    ):
        with pytest.raises(AdoptionConflict) as caught:
            deed()
        assert caught.value.theirs == now == ledger.adoptions.find(kept.number)


def test_a_unit_has_its_drafts_and_its_ledger_to_itself(ledger: Ledger) -> None:
    draft = ledger.start()
    assert ledger.keeping.open(COLLEAGUE, 1) == ledger.keeping.open(STEWARD, 1) == draft
    with pytest.raises(NotFound):
        ledger.keeping.open(OTHER, 1)
    with pytest.raises(NotFound):
        ledger.keeping.report(OTHER, 1, 1, INTENDED)
    kept = ledger.keeping.report(ADOPTER, 1, 1, INTENDED)
    assert ledger.keeping.open(OTHER, 1) == kept
    for actor in (OTHER, STEWARD):
        with pytest.raises(Forbidden):
            ledger.keeping.report(actor, 1, 2, TRIAL)
    with pytest.raises(Forbidden):
        ledger.keeping.open(GUEST, 1)


def test_the_ledger_shows_each_what_may_be_seen_and_counts_no_more(ledger: Ledger) -> None:
    reported = ledger.report(INTENDED)
    draft = ledger.start(actor=OTHER)
    seen = {
        actor.name: ledger.keeping.page(actor, LedgerFilter(), offset=0, limit=10)
        for actor in (ADOPTER, OTHER, CONFIRMER, STEWARD)
    }
    assert seen == {
        ADOPTER.name: ([reported], 1),
        OTHER.name: ([draft, reported], 2),
        CONFIRMER.name: ([reported], 1),
        STEWARD.name: ([draft, reported], 2),
    }
    assert ledger.keeping.page(OTHER, LedgerFilter(year="2025"), offset=0, limit=10) == ([], 0)
    assert (ledger.keeping.of_unit(OTHER), ledger.keeping.of_unit(replace(OTHER, unit=""))) == ((draft,), ())


def test_a_unit_adopts_a_mechanism_once_at_a_time_and_never_its_own(ledger: Ledger) -> None:
    kept = ledger.report(INTENDED)
    with pytest.raises(AskedWrongly, match="已经在采用"):
        ledger.start()
    ledger.keeping.report(ADOPTER, 1, kept.version, replace(STOPPED, on="2026-05-01"))
    assert ledger.start().number == 2
    with pytest.raises(AskedWrongly, match="本单位自己的案例"):
        ledger.start(actor=SOURCE)
    with pytest.raises(Forbidden, match="没有写单位"):
        ledger.start(actor=replace(OTHER, unit=""))
    with pytest.raises(Forbidden):
        ledger.start(actor=replace(OTHER, roles=frozenset({Role.REVIEWER})))


def test_another_unit_confirms_a_landing_and_only_it_takes_that_back(ledger: Ledger) -> None:
    kept = ledger.report(INTENDED, TRIAL, LANDED)
    assert ledger.confirming.queue(CONFIRMER) == (WaitingAdoption(kept, ""),)
    assert [row.refusal for row in ledger.confirming.queue(ADOPTER)] == ["采用单位不能确认自己。"]
    assert [row.refusal for row in ledger.confirming.queue(SOURCE)] == ["案例的来源单位不能确认对它的采用。"]
    with pytest.raises(AskedWrongly, match="怎么核实的要写"):
        ledger.confirming.confirm(CONFIRMER, 1, kept.version, "")
    done = ledger.confirming.confirm(CONFIRMER, 1, kept.version, "到村看了会议记录")
    assert (done.confirmed_unit, done.confirmed_on, done.confirmed_by) == (
        CONFIRMER.unit,
        "2026-11-26",
        CONFIRMER.number,
    )
    assert ledger.trail.notes[-1] == ("adoption_confirmed", "adoption:1", "虚构学校党支部确认落地：到村看了会议记录")
    assert (ledger.confirming.queue(CONFIRMER), ledger.confirming.refusal(OTHER, done)) == ((), "这一条已经确认过了。")
    with pytest.raises(AskedWrongly, match="不能撤回"):
        ledger.keeping.take_back(ADOPTER, 1, done.version, "报错了")
    with pytest.raises(Forbidden):
        ledger.confirming.withdraw(OTHER, 1, done.version, "不对")
    undone = ledger.confirming.withdraw(CONFIRMER, 1, done.version, "记录是后补的")
    assert not undone.is_confirmed and ledger.confirming.queue(CONFIRMER) == (WaitingAdoption(undone, ""),)


@pytest.mark.parametrize("actor", [ADOPTER, COLLEAGUE, SOURCE, replace(OTHER, unit="")])
def test_neither_adopter_nor_source_nor_nobody_s_unit_confirms(ledger: Ledger, actor: Actor) -> None:
    kept = ledger.report(INTENDED, TRIAL, LANDED)
    with pytest.raises(AskedWrongly):
        ledger.confirming.confirm(actor, 1, kept.version, "看过")
    assert ledger.adoptions.find(1) == kept


def test_a_confirmation_does_not_cover_what_was_reported_since_it_was_read(ledger: Ledger) -> None:
    kept = ledger.report(INTENDED, TRIAL, LANDED)
    ledger.keeping.report(ADOPTER, 1, kept.version, replace(LANDED, stage=None, proof="换了一份台账"))
    with pytest.raises(AdoptionConflict):
        ledger.confirming.confirm(CONFIRMER, 1, kept.version, "看过")


@pytest.mark.parametrize(
    "later",
    [
        replace(LANDED, stage=None, proof="换了一份台账"),
        replace(LANDED, stage=None, results=({**ROW, "now": "9"},)),
        replace(STOPPED, results=()),
    ],
)
def test_what_was_confirmed_is_not_exchanged_under_the_confirmation(ledger: Ledger, later: AdoptionReport) -> None:
    kept = ledger.report(INTENDED, TRIAL, LANDED)
    done = ledger.confirming.confirm(CONFIRMER, 1, kept.version, "看过")
    with pytest.raises(AskedWrongly, match="先请确认的单位撤回确认"):
        ledger.keeping.report(ADOPTER, 1, done.version, later)
    assert ledger.adoptions.find(1) == done
    assert ledger.keeping.report(ADOPTER, 1, done.version, STOPPED).stage is AdoptionStage.STOPPED
    undone = ledger.confirming.withdraw(CONFIRMER, 1, done.version + 1, "要改")
    assert ledger.keeping.report(ADOPTER, 1, undone.version, replace(STOPPED, stage=None, proof="换了")).proof == "换了"


def test_who_reported_an_adoption_does_not_confirm_it_as_one_of_another_unit(ledger: Ledger) -> None:
    kept = ledger.report(INTENDED, TRIAL, LANDED)
    moved = replace(ADOPTER, unit=CONFIRMER.unit)
    told = "这一条你自己填报过，不能由你确认。"
    assert (ledger.confirming.refusal(moved, kept), ledger.confirming.refusal(CONFIRMER, kept)) == (told, "")
    with pytest.raises(AskedWrongly, match="你自己填报过"):
        ledger.confirming.confirm(moved, 1, kept.version, "看过")
    assert ledger.adoptions.find(1) == kept


def test_a_confirmation_bears_the_day_of_the_library_not_of_greenwich(ledger: Ledger) -> None:
    kept = ledger.report(INTENDED, TRIAL, LANDED)
    early = AdoptionConfirming(
        ledger.adoptions, ledger.trail, lambda _: UNITS, memory_telling(ledger.messages), now=ledger.now,
        today=lambda: date(2026, 11, 27),
    )  # fmt: skip
    assert early.confirm(CONFIRMER, 1, kept.version, "看过").confirmed_on == "2026-11-27"


def test_a_stopped_adoption_is_not_taken_up_again_beside_a_running_one(ledger: Ledger) -> None:
    stopped = ledger.report(INTENDED, TRIAL, LANDED, STOPPED)
    running = ledger.start(INTENDED)
    again = replace(TRIAL, on="2026-11-01")
    with pytest.raises(AskedWrongly, match=f"第 {running.number} 号"):
        ledger.keeping.report(ADOPTER, stopped.number, stopped.version, again)
    assert ledger.adoptions.find(stopped.number) == stopped
    ledger.keeping.report(ADOPTER, running.number, 1, replace(STOPPED, on="2026-10-02"))
    after = ledger.keeping.report(ADOPTER, stopped.number, stopped.version, again)
    assert after.stage is AdoptionStage.TRIAL


def test_a_history_keeps_what_stood_before(ledger: Ledger) -> None:
    ledger.report(INTENDED, TRIAL)
    events: list[AdoptionEvent] = ledger.adoptions.events
    assert [event.before.stage if event.before else None for event in events] == [
        None,
        AdoptionStage.DRAFT,
        AdoptionStage.INTENDED,
    ]

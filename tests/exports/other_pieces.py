"""The pieces that are not of one case or mechanism, each as full as it gets: shipped texts, and made-up names in what is kept."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import cast

from kb.domain.adoption import Adoption, AdoptionStage, Manner
from kb.domain.office_document import Head, OfficeDocument
from kb.domain.piece import OwnWords, Piece, PieceKind, TakenPassage
from kb.domain.review import Decision, DecisionMade, Round
from kb.domain.submission import Submission
from kb.domain.workflow import Stage
from kb.services.case_cards import build_card
from kb.services.compose_piece import ComposedPiece
from kb.services.find_cases import Answer, FoundCase, Question
from kb.services.follow_sources import Sources
from kb.services.lay_out_list import lay_out_list
from kb.services.lay_out_plan import lay_out_plan
from kb.services.lay_out_review import lay_out_review
from kb.services.measure_loop import MechanismFact, PlanFact, Reached, Turns
from kb.services.measure_loop.progress import STAGES, PlanProgress
from kb.services.measure_loop.turns import Turning
from kb.services.ports import Catalogue
from kb.services.promote_mechanism import PlanProgress as UnitsProgress
from kb.services.promote_mechanism import draft_plan
from kb.services.propose_highlights import find_passage
from kb.services.report_year import Figure, YearReport, lay_out_year
from kb.services.review_case import ReviewPage
from tests.exports.shipped import TODAY, shelf
from tests.made_up import FILES, REFERENCE
from tests.services.memory_shelf import build_catalogue

UNIT = "虚构省虚构市虚构县虚构镇虚构社区联合委员会"


def _list() -> OfficeDocument:
    cards = [build_card(case, shelf().reference) for case in shelf().case_list]
    hits = tuple(FoundCase(card, "", 1.0, "", (), (), (), (), ()) for card in cards)
    answer = Answer(Question("虚构的词" * 12), len(hits), hits, (), (), None, (), 0.0)
    return lay_out_list(answer, lambda _, value: value, TODAY)


def _plan() -> OfficeDocument:
    mechanism = max(shelf().mechanism_list, key=lambda one: len(str(one)))
    plan = draft_plan(mechanism.id, "", cast("Catalogue", shelf()))
    plan = replace(plan, units=(UNIT,) * 12, levels=("town", "village"), target_on="2027-06-30", answerable=UNIT)
    return lay_out_plan(plan, UnitsProgress((), {}, 0, None, is_late=False), mechanism, shelf().reference)


def _review() -> OfficeDocument:
    reference = shelf().reference
    made = tuple(
        DecisionMade(
            step.id, "2026-11-26T01:02:03+00:00", 1, "虚构的审核人", Decision.RETURNED, "虚构的意见。" * 20,
            {"title": "虚构的原因" * 10},
        )
        for step in reference.review_rules.steps
    )  # fmt: skip
    rounds = tuple(Round(number, number, "", 1, "虚构的写稿人", "", made) for number in (1, 2))
    submission = Submission(1, "", 1, UNIT, Stage.SUBMITTED, 3, {"title": "虚构的很长的标题" * 6})
    page = ReviewPage(
        submission, "虚构的写稿人", rounds, None, "", (), (), (), (), is_again=False, is_revision=False, asked_of_all="",
        newest_revision=0,
    )  # fmt: skip
    return lay_out_review(page, reference, TODAY)


def _year() -> OfficeDocument:
    titles = {one.id: one.title for one in shelf().mechanism_list}
    longest = max(titles, key=lambda name: len(titles[name]))
    figures = tuple(Figure(f"虚构的第 {number} 项数", 12_345, "推广台账") for number in range(6))
    row = {"measure": "虚构的指标", "before": "一万二千", "before_on": "2026-01", "now": "0", "now_on": "2026-11-01", "counted_in": "次", "note": "虚构的注" * 8}  # fmt: skip
    adoption = Adoption(
        1, UNIT, longest, "", 0, Manner.OWN, AdoptionStage.LANDED, landed_on="2026-03-01", results=(row, row),
        confirmed_unit=UNIT, confirmed_on="2026-04-01",
    )  # fmt: skip
    plan = PlanFact(1, "虚构的推广计划" * 4, longest, "", (), (), (), "", "2026-12-31", UNIT, is_in_force=True)
    progress = PlanProgress(plan, 173, dict.fromkeys(STAGES, 28), 0.5, "按期", ())
    turns = Turns([Turning(MechanismFact(longest, titles[longest], (), ()), False, "上、下", 1, Reached())] * 5, {})
    return lay_out_year(
        YearReport(
            2026, date(2026, 11, 26), figures, figures, figures, [adoption] * 20, figures, ["虚构的问题" * 12] * 10,
            [progress] * 8, turns, ["虚构的问题类型"] * 6, titles, {},
        )
    )  # fmt: skip


def _piece(kind: PieceKind) -> OfficeDocument:
    case_id = "000000-2020-01"
    sources = Sources([case_id], build_catalogue(REFERENCE, FILES), {})
    case, source = sources.case(case_id), sources.revision(case_id)
    assert case is not None
    assert source is not None
    passages = [find_passage(case, source, section, 0) for section in ("causes", "results", "effect")]
    taken = [TakenPassage(found) for found in passages if found is not None]
    items = (OwnWords("虚构的小标题", is_heading=True), *taken, OwnWords("虚构的自己的话。" * 40), *taken)
    head = Head("虚构党建工作简报", "第3期", UNIT, "2026年11月26日")
    made = ComposedPiece(Piece(1, "account:1", kind, "虚构的稿子", head, items * 4), sources, REFERENCE, TODAY)
    return made.document()


OTHER_PIECES: Mapping[str, Callable[[], OfficeDocument]] = {
    "list": _list,
    "plan": _plan,
    "review": _review,
    "year": _year,
    "bulletin": partial(_piece, PieceKind.BULLETIN),
    "digest": partial(_piece, PieceKind.DIGEST),
}
"""By name."""

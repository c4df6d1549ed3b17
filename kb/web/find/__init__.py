"""查案例: the box, the conditions, the cases that fit and why."""

from dataclasses import replace

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from kb.services.find_cases import Answer, CaseFinder, Question
from kb.services.lay_out_list import find_listed, lay_out_list
from kb.services.propose_types import Proposal
from kb.services.suggest import suggest
from kb.web.asking import Offer, offer_to_ask
from kb.web.files import document_file
from kb.web.find.addresses import Addresses, Chip, build_chips, page_numbers
from kb.web.page_cache import make_anew
from kb.web.question import TEXT_LIMIT, is_cut, read_question
from kb.web.reading import library, reading, today
from search import QueryError

__all__ = ["blueprint"]

blueprint = Blueprint("find", __name__, url_prefix="/find")


@blueprint.get("")
def show() -> str:
    question = read_question(request.args)
    finder = reading().finder
    answer = _answer(finder, question)
    if question.page == 1 and _is_missed(answer):
        library().missed.note(question.text)
        make_anew()
    proposals = reading().proposer.propose(question.text) if question.page == 1 else ()
    return _render(answer.question, answer, build_chips(answer.question, finder.label_of), proposals)


@blueprint.get("/list.<any(docx, pdf):kind>")
def download(kind: str) -> Response:
    """导出清单: the cases found, in their order."""
    finder = reading().finder
    answer = find_listed(finder, read_question(request.args))
    return document_file(lay_out_list(answer, finder.label_of, today()), kind)


@blueprint.get("/suggest")
def offer() -> Response:
    """Lines to offer while somebody types, as JSON: [{"text", "kind"}]."""
    now = reading()
    lines = suggest(request.args.get("q", ""), now.catalogue, now.reference)
    return jsonify([{"text": line.text, "kind": line.kind} for line in lines])


@blueprint.errorhandler(QueryError)
def refuse(error: QueryError) -> tuple[str, int]:
    """The page itself says what is wrong with the words, with the words still in the box."""
    return _render(read_question(request.args), None, (), fault=error.message), 400


def _answer(finder: CaseFinder, question: Question) -> Answer:
    """The page asked for, or the last one when there are fewer."""
    answer = finder.find(question)
    if answer.question.page > answer.pages:
        answer = finder.find(replace(answer.question, page=answer.pages))
    return answer


def _is_missed(answer: Answer) -> bool:
    """Whether words alone, without conditions, found no case that has them, in an index that could be read."""
    return not answer.has_words and not answer.question.chosen and reading().is_whole


def _offer(answer: Answer | None) -> Offer | None:
    """To ask for a case, where what was found has not all the words that were asked."""
    if answer is None or answer.question.page > 1 or not answer.question.text:
        return None
    if answer.has_words and not answer.relaxed:
        return None
    return offer_to_ask(answer.question.text, is_kept=True)


def _render(
    question: Question,
    answer: Answer | None,
    chips: tuple[Chip, ...],
    proposals: tuple[Proposal, ...] = (),
    fault: str = "",
) -> str:
    return render_template(
        "find/show.html",
        question=question,
        answer=answer,
        chips=chips,
        proposals=proposals,
        fault=fault,
        offer=_offer(answer),
        addresses=Addresses(url_for("find.show"), question),
        pages=page_numbers(question.page, answer.pages) if answer else (),
        cut_at=TEXT_LIMIT if is_cut(request.args) else 0,
    )

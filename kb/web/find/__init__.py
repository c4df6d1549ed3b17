"""查案例: the box, the conditions, the cases that fit and why."""

from dataclasses import replace

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from kb.domain.accounts import Right
from kb.services.find_cases import PROSE_CHARACTERS, Answer, CaseFinder, Question
from kb.services.lay_out_list import find_listed, lay_out_list
from kb.services.propose_types import Proposal
from kb.services.suggest import suggest
from kb.web.acting import actor
from kb.web.asking import Offer, offer_to_ask
from kb.web.files import document_file
from kb.web.find.addresses import Addresses, Chip, build_chips, page_numbers
from kb.web.keeping import favourites_here
from kb.web.page_cache import make_anew
from kb.web.question import TEXT_LIMIT, is_cut, query_of, read_question
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
    is_told = question.page == 1 and not answer.is_numbered
    proposals = reading().proposer.propose(question.text, by_sentence=False) if is_told else ()
    return _render(answer.question, answer, build_chips(answer.question, finder.label_of), proposals)


@blueprint.get("/list.<any(docx, pdf):kind>")
def download(kind: str) -> Response:
    """导出清单: the cases found, in their order."""
    finder = reading().finder
    answer = find_listed(finder, read_question(request.args))
    document = lay_out_list(answer, finder.label_of, today())
    return document_file(document, kind, name="-".join(filter(None, (document.title, answer.question.text))))


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
    """To ask for a case: after a problem told in a sentence, and where what was found has not all the words of the question."""
    if answer is None or answer.question.page > 1 or answer.is_numbered:
        return None
    is_told = len(answer.question.text) >= PROSE_CHARACTERS
    is_weak = answer.question.text and (answer.relaxed or not answer.has_words or answer.is_loose)
    return offer_to_ask(answer.question.text, is_kept=True) if is_told or is_weak else None


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
        feed=_feed(question),
        favourites=favourites_here() if answer and answer.hits else frozenset(),
        theme=_theme(question) if answer and answer.total else "",
    )


def _theme(question: Question) -> str:
    """The address of a form that makes a theme of the question, for those who keep themes; "" else."""
    query = query_of(question)
    return f"{url_for('themes.show_form')}?{query}" if query and actor().may(Right.KEEP_THEMES) else ""


def _feed(question: Question) -> str:
    """The feed nearest to the question: that of its one condition, else that of all cases."""
    conditions = [(name, value) for name, values in question.chosen.items() for value in values]
    if not question.text and [name for name, _ in conditions] == ["problem"]:
        return url_for("feeds.show_problem", problem_id=conditions[0][1])
    if not question.text and [name for name, _ in conditions] == ["unit"]:
        return url_for("feeds.show_unit", unit=conditions[0][1])
    return url_for("feeds.show_cases")

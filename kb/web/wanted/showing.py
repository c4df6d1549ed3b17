"""The list of wanted problems, one of them, and what became of a ticket."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right
from kb.domain.wanted import LISTED, WantedProblem, WantedState
from kb.errors import AskedWrongly, NotFound
from kb.services.answer_wanted import LONGEST_ANSWER
from kb.services.ask_for_case import PAGE_SIZE, OpenedWanted, WantedPage
from kb.services.find_cases import FoundCase, Question
from kb.services.judge_usefulness import LONGEST_NOTE, Judged
from kb.services.wanted_records import WantedFilter
from kb.web.acting import actor
from kb.web.asking import find_near, offer_to_judge
from kb.web.reading import library, reading
from search import QueryError

blueprint = Blueprint("wanted", __name__, url_prefix="/wanted")
MOST_CASES = 3
STATES = {state.value: state for state in LISTED}
LAST_PAGE = 10_000


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The list; a ticket in the address leads to its page."""
    ticket = request.args.get("ticket", "").strip()
    if ticket:
        return redirect(url_for("wanted.show_ticket", ticket=ticket[:40]), code=303)
    wanted, page = _filter(), _page()
    if library().asking.has_kept:
        with library().asking.wanting() as wanting:
            found = wanting.browse(wanted, page)
    else:
        found = WantedPage((), 0, 1)
    return render_template(
        "wanted/show.html",
        found=found,
        wanted=wanted,
        state=wanted.states[0].value if len(wanted.states) == 1 else "",
        page=min(page, found.pages),
        states=STATES,
        waiting=_waiting(),
        page_size=PAGE_SIZE,
        **choices(),
    )


@blueprint.get("/<int:number>")
def show_one(number: int) -> ResponseReturnValue:
    """One of them; one that was merged leads to the one it went into."""
    if not library().asking.has_kept:
        raise NotFound("没有这个待征集问题。", advice="从“待征集”里选。")
    opened = _open(number)
    if opened.problem.state is WantedState.MERGED:
        return redirect(url_for("wanted.show_one", number=opened.problem.merged_into), code=303)
    return _render(opened)


@blueprint.get("/tickets/<ticket>")
def show_ticket(ticket: str) -> Response:
    """For whoever has the number on paper; never kept, for the answer comes without a change of the library."""
    if not library().asking.has_kept:
        raise NotFound("没有这个编号的待征集问题。", advice="核对编号，字母不分大小写。")
    with library().asking.wanting() as wanting:
        found = wanting.look_up(ticket)
        target = wanting.merged_into(found)
    response = make_response(render_template("wanted/ticket.html", problem=found, target=target, states=WantedState))
    response.headers["Cache-Control"] = "no-store"
    return response


def render_one(number: int, *, fault: AskedWrongly | None = None, deed: str = "") -> str:
    """The page of one; for stewards with all they can do, and what was typed where it could not be done."""
    return _render(_open(number), fault=fault, deed=deed)


def _open(number: int) -> OpenedWanted:
    with library().asking.wanting() as wanting:
        return wanting.open(actor(), number)


def _render(opened: OpenedWanted, *, fault: AskedWrongly | None = None, deed: str = "") -> str:
    problem = opened.problem
    may_answer = actor().may(Right.ANSWER_WANTED)
    answered_by = reading().catalogue.find_case(problem.answer_case) if problem.answer_case else None
    return render_template(
        "wanted/one.html",
        opened=opened,
        problem=problem,
        states=WantedState,
        entry=answered_by,
        cases=() if problem.state is WantedState.ANSWERED and not may_answer else _cases_like(problem),
        near=find_near(problem.text, but=problem.number) if may_answer else (),
        may_answer=may_answer,
        may_join=problem.state.is_waiting and not opened.is_mine and bool(actor().unit or not may_answer),
        judging=offer_to_judge(Judged.WANTED, str(problem.number)) if problem.state is WantedState.ANSWERED else None,
        longest_note=LONGEST_NOTE,
        longest_answer=LONGEST_ANSWER,
        units=sorted(reading().reference.references.taxonomy.units) if may_answer else (),
        fault=fault,
        typed=request.form if deed else {},
        deed=deed,
        **choices(),
    )


def choices() -> dict[str, object]:
    """What the pages name problem types, levels and fields by."""
    reference = reading().reference
    return {
        "taxonomy": reference.references.taxonomy,
        "levels": reference.case_template["level"],
        "fields": reference.case_template["field"],
    }


def _cases_like(problem: WantedProblem) -> tuple[FoundCase, ...]:
    """Cases one may read that have the words of it by now."""
    try:
        answer = reading().finder.find(Question(problem.text, size=MOST_CASES))
    except QueryError:
        return ()
    return answer.hits if answer.has_words else ()


def _waiting() -> int | None:
    """How many wait for a steward, for stewards."""
    if not actor().may(Right.ANSWER_WANTED):
        return None
    with library().asking.answering() as answering:
        return sum(len(rows) for state, rows in answering.queue(actor()).items() if state is not WantedState.ASSIGNED)


def _filter() -> WantedFilter:
    """Unknown values are passed over."""
    state, problem, level = (request.args.get(name, "") for name in ("state", "problem", "level"))
    known = choices()
    return WantedFilter(
        states=(STATES[state],) if state in STATES else LISTED,
        problem=problem if problem in reading().reference.references.taxonomy.problems else "",
        level=level if level in {choice.id for choice in known["levels"].choices} else "",  # type: ignore[attr-defined]
    )


def _page() -> int:
    text = request.args.get("page", "")
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 19 else 1

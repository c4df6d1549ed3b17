"""有用没用: a unit's word on a case or an answer, in one click; for stewards, what all units said."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.wanted import WantedState
from kb.errors import AskedWrongly, NotFound
from kb.services.judge_usefulness import Judged, read_words, say
from kb.web.acting import actor
from kb.web.reading import library, reading

blueprint = Blueprint("usefulness", __name__, url_prefix="/usefulness")
LAST_PAGE = 10_000


@blueprint.get("")
def show() -> str:
    text = request.args.get("page", "")
    page = min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 19 else 1
    with library().asking.words() as words:
        found = read_words(actor(), words, page)
    titles = reading().catalogue.titles()
    return render_template(
        "usefulness/show.html", found=found, page=min(page, found.pages), titles=titles, kinds=Judged
    )


@blueprint.post("/case/<case_id>")
def judge_case(case_id: str) -> ResponseReturnValue:
    if reading().catalogue.find_case(case_id) is None:
        raise NotFound("没有找到这个案例。", advice="核对编号，或到“查案例”里检索。")
    return _judge(Judged.CASE, case_id, url_for("cases.show", case_id=case_id))


@blueprint.post("/wanted/<int:number>")
def judge_answer(number: int) -> ResponseReturnValue:
    with library().asking.wanting() as wanting:
        problem = wanting.open(actor(), number).problem
    if problem.state is not WantedState.ANSWERED:
        raise AskedWrongly("这个问题还没有答复。", advice="有了答复再说它有用没用。")
    return _judge(Judged.WANTED, str(number), url_for("wanted.show_one", number=number))


def _judge(kind: Judged, subject: str, back: str) -> ResponseReturnValue:
    verdict = request.form.get("verdict", "")
    if verdict not in ("useful", "useless"):
        raise AskedWrongly("没有选有用还是没用。", advice="按两个按钮之一。")
    with library().asking.words(writes=True) as words:
        say(
            actor(), kind, subject, words, library().desk.now,
            is_useful=verdict == "useful", note=request.form.get("note", ""),
        )  # fmt: skip
    return redirect(f"{back}#usefulness", code=303)

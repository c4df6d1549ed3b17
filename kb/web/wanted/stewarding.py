"""What stewards do: the queue, and publish, refuse, assign, answer, close or merge one."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.domain.accounts import Right, require
from kb.domain.wanted import WantedProblem, WantedState
from kb.errors import AskedWrongly, NotFound
from kb.services.answer_wanted import WantedAnswering
from kb.web.acting import actor, source
from kb.web.failures import status_of
from kb.web.reading import library, reading
from kb.web.wanted.showing import blueprint, choices, render_one

DONE = {
    "publish": "已公开征集。", "refuse": "没有收下，提问的人凭编号看得到理由。", "assign": "已交办，那个单位的编辑会收到消息。",
    "answer": "已答复，提问的人和有同样问题的单位都会收到消息。", "close": "不再征集了，提问的人会收到消息。",
    "merge": "已合并，提问的人会收到消息。",
}  # fmt: skip


@blueprint.get("/queue")
def show_queue() -> str:
    require(actor(), Right.ANSWER_WANTED)
    with library().asking.answering() as answering:
        queue = answering.queue(actor())
    return render_template("wanted/queue.html", queue=queue, states=WantedState, **choices())


@blueprint.post("/<int:number>/<any(publish, refuse, assign, answer, close, merge):deed>")
def act(number: int, deed: str) -> ResponseReturnValue:
    require(actor(), Right.ANSWER_WANTED)
    try:
        asked = _read(deed)
        with library().asking.answering(source(), writes=True) as answering:
            kept = _act(answering, number, deed, asked)
    except NotFound:
        raise
    except AskedWrongly as error:
        return render_one(number, fault=error, deed=deed), status_of(error)
    flash(DONE[deed])
    shown = kept.merged_into or number
    return redirect(url_for("wanted.show_one", number=shown), code=303)


def _read(deed: str) -> str:
    """What the form names, looked up before anything is written: a unit, a case, another wanted problem, or a reason."""
    form = request.form
    if deed == "assign":
        unit = form.get("unit", "").strip()
        if unit and unit not in reading().reference.references.taxonomy.units:
            raise AskedWrongly(f"单位名册里没有“{unit}”。", advice="从名册里选；没有的先登记到名册。")
        return unit
    if deed == "answer":
        return _case(form.get("case", "").strip())
    return form.get("into" if deed == "merge" else "reason", "").strip()


def _case(case_id: str) -> str:
    """An included case that whoever asked may read too."""
    found = reading().catalogue.find_case(case_id) if case_id else None
    if case_id and found is None:
        raise AskedWrongly(f"没有纳入的案例 {case_id}。", advice="到“查案例”里找到它，抄下编号。")
    if found and found.case.visibility == "own_unit":
        raise AskedWrongly("这个案例只给本单位看，提问的人打不开。", advice="换一个公开或系统内的案例。")
    return case_id


def _act(answering: WantedAnswering, number: int, deed: str, asked: str) -> WantedProblem:
    version = _number(request.form.get("version", ""))
    who = actor()
    match deed:
        case "publish":
            return answering.publish(who, number, version)
        case "refuse":
            return answering.refuse(who, number, version, asked)
        case "assign":
            return answering.assign(who, number, version, asked)
        case "answer":
            return answering.answer(who, number, version, asked, request.form.get("words", ""))
        case "close":
            return answering.close(who, number, version, asked)
        case _:
            return answering.merge(who, number, version, _number(asked))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0

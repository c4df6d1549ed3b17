"""The one place that turns errors into pages: what happened, what to do next, and a code one can read out."""

import errno
import json
import logging
import secrets
from typing import NamedTuple

from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from kb.errors import (
    AskedTooOften,
    AskedWrongly,
    BrokenLibrary,
    Conflict,
    Forbidden,
    KbError,
    NotFound,
    NotReady,
    UnreadableFile,
)
from kb.web.acting import known_actor
from kb.web.request_log import path_to_log
from search import IndexFault

log = logging.getLogger("kb.web")

API = "/api/v1"
"""Where programs ask, who are told of errors in JSON."""
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""No I, L, O, 0, 1: the code is read over the telephone."""
CODE_LENGTH = 6


class Words(NamedTuple):
    """Title, what happened, what to do."""

    title: str
    message: str
    advice: str


WORDS = {
    400: Words("请求有误", "这个地址或表单里有读不懂的内容。", "退回上一页，改一下再试。"),
    403: Words("没有权限", "你的账号不能打开这一页。", "换一个账号登录，或请管理员调整角色。"),
    404: Words("找不到这一页", "这个地址没有对应的页面，可能已经改名或写错。", "核对地址，或从“查案例”里检索。"),
    405: Words("不能这样打开", "这个地址不接受这种打开方式。", "从导航里重新进入。"),
    409: Words("刚才有人改过", "在你之前另一个人保存了改动。", "核对两边的内容再保存。"),
    429: Words("取得太快", "这个地址一分钟内取得太多了。", "过一分钟再试。"),
    413: Words("内容太长", "提交的内容超过了上限。", "缩短内容再试。"),
    500: Words("出错了", "程序没能完成这一步，已经记录下来。", "稍后再试；仍然不行，把下面的代码告诉管理员。"),
    503: Words("暂时不能用", "案例库正在准备，或数据需要重建。", "稍后再试；管理员可运行 kb sync。"),
}
BUSY = Words("现在太忙", "现在太忙，这一页没能打开。", "过十秒再试。")
STALE_FORM = Words(
    "表单过期了", "这张表单打开得太久，或者不是从本站打开的，没有保存。", "退回上一页，刷新以后再提交一次。"
)
STATUS = (
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (AskedTooOften, 429),
    (AskedWrongly, 400),
    (UnreadableFile, 400),
    (NotReady, 503),
    (BrokenLibrary, 503),
)


def register(app: Flask) -> None:
    app.register_error_handler(KbError, show_refusal)
    app.register_error_handler(IndexFault, show_index_fault)
    app.register_error_handler(HTTPException, show_http)
    app.register_error_handler(CSRFError, lambda _: _page(400, STALE_FORM))
    app.register_error_handler(Exception, show_fault)


def show_refusal(error: KbError) -> Response:
    """An error of our own family says itself what to show; whoever only has to sign in is asked to."""
    if isinstance(error, Forbidden) and known_actor().is_guest and request.method == "GET":
        here = request.full_path if request.query_string else request.path
        found = redirect(url_for("signing_in.show", next=here, needed=1), code=303)
        assert isinstance(found, Response)
        return found
    status = status_of(error)
    if status >= 500:
        log.error("%s %s", error.message, error.advice, exc_info=error)
    words = WORDS[status]
    return _page(status, Words(words.title, error.message, error.advice or words.advice))


def status_of(error: KbError) -> int:
    """The status its answer has."""
    return next((status for family, status in STATUS if isinstance(error, family)), 500)


def show_index_fault(error: IndexFault) -> Response:
    """The index cannot serve; reading goes on without it."""
    log.error("index: %s", "；".join(error.faults), exc_info=error)
    message = "检索用的索引现在不能用，其余页面照常。"
    return _page(503, Words("暂时不能检索", message, "先用“按问题找”；管理员运行 kb index rebuild 可以修复。"))


def show_http(error: HTTPException) -> Response | HTTPException:
    """Flask's own refusals (no such page, method, body too large); redirects pass through."""
    status = error.code or 500
    if status < 400:
        return error
    response = _page(status, WORDS.get(status) or WORDS[400 if status < 500 else 500])
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _is_exhausted(error: Exception) -> bool:
    """Out of memory, of open files or of threads: passes when others have been served."""
    if isinstance(error, OSError):
        return error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM)
    return isinstance(error, MemoryError) or "can't start new thread" in str(error)


def show_fault(error: Exception) -> Response:
    """Anything nobody foresaw: logged with its trace, shown without it."""
    if _is_exhausted(error):
        log.error("exhausted: %s", error, exc_info=error)
        response = _page(503, BUSY)
        response.headers["Retry-After"] = "10"
        return response
    log.error("unforeseen: %s", type(error).__name__, exc_info=error)
    return _page(500, WORDS[500])


def _page(status: int, words: Words) -> Response:
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    log.log(
        logging.ERROR if status >= 500 else logging.INFO, "%s %s %s %r", code, status, request.method, path_to_log()
    )
    if request.path.startswith(f"{API}/"):
        return _problem(status, words, code)
    # The frame must not ask the library again: it may be what failed.
    g.is_failing = True
    return make_response(render_template("failures/show.html", words=words, status=status, code=code), status)


def _problem(status: int, words: Words, code: str) -> Response:
    """The same for programs (RFC 9457), in words for whoever looks after them."""
    told = {
        "type": "about:blank", "title": words.title, "status": status, "detail": words.message, "advice": words.advice,
        "code": code,
    }  # fmt: skip
    return Response(json.dumps(told, ensure_ascii=False), status, mimetype="application/problem+json")

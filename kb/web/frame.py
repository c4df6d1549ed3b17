"""What stands around every page: navigation, display settings, the day of the data, whether there is any."""

from typing import NamedTuple

from flask import Flask, g, request

from kb import __version__
from kb.domain.accounts import OF_A_UNIT, Actor, Right
from kb.web.acting import actor, known_actor
from kb.web.page_addresses import page_address
from kb.web.preferences import CONTRASTS, SIZES, Preferences, read_preferences
from kb.web.reading import library, reading

SITE = "党建创新案例库"
NAVIGATION = (
    ("home", "首页"),
    ("find", "查案例"),
    ("problems", "按问题找"),
    ("mechanisms", "机制"),
    ("promotion", "推广"),
    ("template", "机制模板"),
    ("wanted", "待征集"),
    ("submit", "投稿"),
)
"""Blueprints and what their link is called; each has a view `show`."""
DESK = (
    ("drafts", "我的稿件", Right.WRITE),
    ("adoptions", "我的推广", Right.ADOPT),
    ("review", "审核", Right.REVIEW),
    ("highlights", "亮点", Right.PICK_HIGHLIGHTS),
    ("pieces", "我的稿子", Right.PICK_HIGHLIGHTS),
    ("corrections", "纠错", Right.ANSWER_CORRECTIONS),
    ("revisions", "修订与归档", Right.ANSWER_CORRECTIONS),
    ("themes", "专题", Right.KEEP_THEMES),
    ("units", "单位表", Right.KEEP_UNIT_SHEET),
    ("plans", "推广计划与督导", Right.PROMOTE),
    ("steward", "管理", Right.KEEP_TAXONOMY),
    ("accounts", "账号", Right.KEEP_ACCOUNTS),
    ("layouts", "文件版式", Right.KEEP_LAYOUTS),
    ("handovers", "稿件转交", Right.HAND_OVER),
    ("audit", "审计", Right.READ_AUDIT),
    ("loop", "闭环", Right.READ_INTERNAL),
)
"""Blueprints of the desk, what their link is called, and the right without which it is not shown."""
STANDS_UNDER = {
    "cases": "find",
    "describe": "find",
    "compare": "mechanisms",
    "batches": "submit",
    "ledger_sheet": "adoptions",
    "reports": "steward",
    "usefulness": "wanted",
    "supervision": "plans",
}
"""Blueprints without a link of their own, and the one whose link is marked for them."""


class Link(NamedTuple):
    label: str
    address: str
    is_current: bool


class Frame(NamedTuple):
    """`here` is the page's own local address; `is_empty` means that no case has been taken in yet.

    `is_read_only`: the disk takes nothing; what is there can still be read. `unread`: messages to whoever is signed in.
    """

    site: str
    version: str
    links: tuple[Link, ...]
    actor: Actor
    desk_links: tuple[Link, ...]
    preferences: Preferences
    sizes: dict[str, str]
    contrasts: dict[str, str]
    here: str
    updated_on: str
    is_empty: bool
    is_read_only: bool
    unread: int


def register(app: Flask) -> None:
    app.context_processor(lambda: {"frame": _build_frame()})


def _build_frame() -> Frame:
    updated_on, is_empty = ("", False) if g.get("is_failing") else _state()
    acting = known_actor() if g.get("is_failing") else actor()
    return Frame(
        site=SITE,
        version=__version__,
        links=tuple(_links()),
        actor=acting,
        desk_links=tuple(_desk_links(acting)),
        preferences=read_preferences(request.cookies),
        sizes=SIZES,
        contrasts=CONTRASTS,
        here=_here(),
        updated_on=updated_on,
        is_empty=is_empty,
        is_read_only=library().is_read_only(),
        unread=0 if acting.is_guest or g.get("is_failing") else _unread(acting),
    )


def _unread(acting: Actor) -> int:
    with library().asking.inbox() as inbox:
        return inbox.unread(acting)


def _state() -> tuple[str, bool]:
    now = reading()
    return now.updated_on, not now.catalogue.has_cases()


def _here() -> str:
    if request.method != "GET" or request.url_rule is None:
        return page_address("home.show")
    return request.full_path if request.query_string else request.path


def _links() -> list[Link]:
    blueprint = request.blueprint or ""
    current = STANDS_UNDER.get(blueprint, blueprint)
    return [Link(label, page_address(f"{name}.show"), name == current) for name, label in NAVIGATION]


def first_page(acting: Actor) -> str:
    """Where somebody begins who asked for no page: the first place of the desk with work for others, else the home page."""
    work = (name for name, _, right in DESK if acting.may(right) and right not in (*OF_A_UNIT, Right.READ_INTERNAL))
    return next((page_address(f"{name}.show") for name in work), page_address("home.show"))


def _desk_links(acting: Actor) -> list[Link]:
    blueprint = request.blueprint or ""
    current = STANDS_UNDER.get(blueprint, blueprint)
    return [
        Link(label, page_address(f"{name}.show"), name == current) for name, label, right in DESK if acting.may(right)
    ]

"""What one can ask the API for: each operation with its path, its parameters, the shape of its answer and what answers it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from kb.services.find_cases import FACET_LABELS, MOST_PAGES, ORDERS
from kb.web.api import answers
from kb.web.api.asked import Parameter, in_path, number, one_of, several, text
from kb.web.api.records import (
    CasePage,
    CaseRecord,
    HighlightList,
    MechanismPage,
    MechanismRecord,
    SearchPage,
    TypeList,
)
from kb.web.question import TEXT_LIMIT

MOST_A_PAGE = 100


class Operation(NamedTuple):
    """`answer` makes a value of `shape` from what was asked, a value by parameter name."""

    name: str
    path: str
    words: str
    parameters: tuple[Parameter, ...]
    shape: type
    answer: Callable[[Mapping[str, Any]], Any]


PAGING = (
    number("page", "第几页", least=1, most=MOST_PAGES, default=1),
    number("size", "每页几个", least=1, most=MOST_A_PAGE, default=20),
)
CONDITIONS = tuple(
    several(name, f"只要这些{label}的，写检索的回答里 facets.{name} 的 id；可以写几次")
    for name, label in FACET_LABELS.items()
)

OPERATIONS = (
    Operation(
        "search",
        "/search",
        "按文字和条件检索案例",
        (
            text("q", "检索的文字，写法同“查案例”", most=TEXT_LIMIT, example="党员教育"),
            *CONDITIONS,
            one_of("order", "次序：" + "、".join(f"{name} {label}" for name, label in ORDERS.items()), tuple(ORDERS)),
            *PAGING,
        ),
        SearchPage,
        answers.search,
    ),
    Operation("list_cases", "/cases", "案例，按编号", (*CONDITIONS, *PAGING), CasePage, answers.list_cases),
    Operation(
        "get_case",
        "/cases/{case_id}",
        "一个案例的全文",
        (in_path("case_id", "案例编号", "110113-2017-01"),),
        CaseRecord,
        answers.get_case,
    ),
    Operation(
        "list_highlights",
        "/cases/{case_id}/highlights",
        "一个案例里按规则挑出的亮点，原话",
        (in_path("case_id", "案例编号", "110113-2017-01"),),
        HighlightList,
        answers.list_highlights,
    ),
    Operation(
        "list_mechanisms",
        "/mechanisms",
        "机制，按名称",
        (text("problem", "只要解决这一类问题的：问题类型编号", most=60), *PAGING),
        MechanismPage,
        answers.list_mechanisms,
    ),
    Operation(
        "get_mechanism",
        "/mechanisms/{mechanism_id}",
        "一个机制的全文",
        (in_path("mechanism_id", "机制编号", "dispatched-work-teams"),),
        MechanismRecord,
        answers.get_mechanism,
    ),
    Operation("list_types", "/types", "全部问题类型", (), TypeList, answers.list_types),
)

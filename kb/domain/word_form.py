"""The case form in Word, as its export writes it and its import reads it: names of styles, and the words around values."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kb.domain.taxonomy import Taxonomy
from kb.domain.template import UNSTATED, Need, Slot, Template


class WordStyle(NamedTuple):
    """A paragraph style of the form: `id` in the file, `name` as an editor sees it."""

    id: str
    name: str


TITLE = WordStyle("CaseTitle", "案例标题")
HEADING = WordStyle("CaseHeading", "案例一级标题")
SUBHEADING = WordStyle("CaseSubheading", "案例二级标题")
THIRD_HEADING = WordStyle("CaseThirdHeading", "案例三级标题")
BODY = WordStyle("CaseBody", "案例正文")
ITEM = WordStyle("CaseItem", "案例条目")
CAPTION = WordStyle("CaseCaption", "案例表名")
LABEL = WordStyle("CaseLabel", "案例栏目")
CELL = WordStyle("CaseCell", "案例表格")
HINT = WordStyle("CaseHint", "填写说明")

BULLET = "• "
START, END = "开始", "结束"
SOURCE_COLUMNS = {
    "record": "出处记录", "parts": "所用部分", "title": "标题", "publisher": "发布单位",
    "date": "日期", "url": "网址", "file": "文件",
}  # fmt: skip
TABLE_KINDS = frozenset({"rows", "lists", "sources"})
"""Kinds of slot that stand in a table of their own."""
LIST_ITEM = re.compile(r"[ \t]*(?:\d{1,3}\.|-)[ \t]")
"""A line of a Markdown list: such lines follow each other without a blank one."""
LISTED = "编号或名称都可以，清单在本表最后。"
LISTS_NAME = "清单（供查对，不用填）"
LISTED_KINDS = frozenset({"problem", "problems", "mechanism"})
"""Kinds of slot whose choices stand at the end of the form."""
_LIST_LINE = re.compile(r"〔清单〕[^：。\n]{1,60}：[^。\n]+")
_NAMED = re.compile(r"([A-Za-z0-9][\w.-]*)（.*）", re.DOTALL)


def with_name(value: str, names: Mapping[str, str]) -> str:
    """An id followed by what it means, for the reader of the paper: P3.2（合力不强）."""
    return f"{value}（{names[value]}）" if value in names else value


def without_name(text: str) -> str:
    """The id of `with_name`; any other text as it is."""
    found = _NAMED.fullmatch(text.strip())
    return found[1] if found else text


READ_IN_PART = "说明：来源没有读到全文，表中的“原文未载”是说所见的部分没有写，原文别处也许写了。"
FORM_NAME = "案例投稿表"
FORM_INTRO = (
    "在右边一栏和各节标题下填写，灰字是说明，填写后可以留着，也可以删去；标题和左边的栏目名请不要改。"
    "一格里有几条的，每条一段。表的行数不够可以加行。"
)


def hint(slot: Slot) -> str:
    """What a field asks, in one line of the blank form."""
    words = [slot.help]
    if slot.choices:
        words.append("、".join(choice.label for choice in slot.choices))
    if slot.han:
        words.append(f"{slot.han[0]} 到 {slot.han[1]} 字")
    if slot.unstated:
        words.append(f"来源没有写的答“{UNSTATED}”")
    if slot.need is Need.OPTIONAL:
        words.append("选填")
    return "；".join(word for word in words if word)


def choice_lists(taxonomy: Taxonomy, solves: Mapping[str, tuple[str, ...]], titles: Mapping[str, str]) -> list[str]:
    """Lines of what may be chosen: problem types below each of the first level, and the mechanisms for them.

    A mechanism stands once, where the first problem type it solves does.
    """
    lines = [
        _list_line(f"{root.id} {root.label}", (f"{one.id} {one.label}" for one in taxonomy.children_of(root.id)))
        for root in taxonomy.roots
    ]
    for root in taxonomy.roots:
        below = {one.id for one in taxonomy.children_of(root.id)}
        found = (title for one, title in sorted(titles.items()) if {*solves.get(one, ())[:1]} & below)
        lines.append(_list_line(f"解决{root.label}问题的机制", found))
    return [line for line in lines if line]


def _list_line(name: str, choices: Iterable[str]) -> str:
    told = "；".join(choice.replace("。", "") for choice in choices)
    return f"〔清单〕{name}：{told}" if told else ""


def is_list_line(text: str) -> bool:
    """Whether a paragraph is one of `choice_lists`, of this library or of the day the form was made."""
    return _LIST_LINE.fullmatch(text.strip()) is not None


def form_words(template: Template) -> frozenset[str]:
    """Paragraphs of the form itself: an import passes over exactly these, and over nothing an editor wrote."""
    return frozenset({FORM_NAME, FORM_INTRO, READ_IN_PART, LISTED, LISTS_NAME, *map(hint, template.slots)})

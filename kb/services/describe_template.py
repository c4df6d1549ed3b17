"""机制模板: what a template asks, in words, and a Markdown skeleton to write into. Both are made from its slots."""

from collections.abc import Iterator
from typing import NamedTuple

from kb.domain.template import UNSTATED, Need, Slot, Template

NEED_LABELS = {
    Need.SUBMIT: "送审时必填",
    Need.INCLUDE: "纳入时必填",
    Need.AUTOMATIC: "入库时编定",
    Need.OPTIONAL: "选填",
}
KIND_WORDS = {
    "text": "一段文字", "choice": "选一项", "unit": "单位名称", "case_id": "编号", "mechanism_id": "编号",
    "terms": "若干条", "problem": "一个问题类型编号", "problems": "问题类型编号", "indicators": "指标编号",
    "mechanism": "机制编号", "loop": "环节编号", "date": "日期", "period": "开始和结束",
    "sources": "若干条出处", "rows": "若干行", "group": "分项填写", "lists": "分项，每项若干条", "section": "正文一节",
}  # fmt: skip
_LISTS = {"terms", "problems", "indicators", "loop"}


class SlotLine(NamedTuple):
    """One field of a template in words; `key` is its name in the file, `parts` what a row or group is made of."""

    key: str
    label: str
    need: str
    is_needed: bool
    help: str
    kind: str
    rules: tuple[str, ...]
    parts: tuple[str, ...]
    example: str


class TemplateSheet(NamedTuple):
    """A template in words: what stands at the head of the file, and the sections of its body."""

    name: str
    label: str
    version: int
    fields: tuple[SlotLine, ...]
    sections: tuple[SlotLine, ...]


def describe_template(template: Template) -> TemplateSheet:
    """The sheet a writer reads before writing."""
    return TemplateSheet(
        name=template.name,
        label=template.label,
        version=template.version,
        fields=tuple(map(_describe, template.fields)),
        sections=tuple(map(_describe, template.sections)),
    )


def _describe(slot: Slot) -> SlotLine:
    return SlotLine(
        key=slot.key,
        label=slot.heading or slot.label,
        need=NEED_LABELS[slot.need],
        is_needed=slot.need in (Need.SUBMIT, Need.INCLUDE),
        help=slot.help,
        kind=KIND_WORDS[slot.kind],
        rules=tuple(_rules(slot)),
        parts=tuple(column.label for column in slot.columns),
        example=slot.example,
    )


def _rules(slot: Slot) -> Iterator[str]:
    if slot.choices:
        yield "、".join(choice.label for choice in slot.choices)
    if slot.han:
        yield f"{slot.han[0]} 到 {slot.han[1]} 个汉字"
    if slot.count:
        yield f"{slot.count[0]} 到 {slot.count[1]} 条" + ("，超出不能收入" if slot.strict else "")
    if slot.unstated:
        yield f"可以答“{UNSTATED}”"


def build_skeleton(template: Template) -> str:
    """A Markdown file to fill in: every field with its rule as a comment, every section with its heading."""
    lines = ["---", f"# {template.label}模板，第 {template.version} 版。以 # 开头的是说明，填完可以删去。"]
    for slot in template.fields:
        lines += ["", *_comments(slot), *_field(slot)]
    # Hints on the sections stand up here: left in the body they would pass for an answer.
    lines += [
        f"# 正文“{slot.heading}”：{'；'.join((slot.help, NEED_LABELS[slot.need], *_rules(slot)))}"
        for slot in template.sections
    ]
    lines.append("---")
    for slot in template.sections:
        lines += ["", f"## {slot.heading}", ""]
    return "\n".join(lines) + "\n"


def _comments(slot: Slot) -> Iterator[str]:
    yield f"# {slot.label}（{'；'.join((NEED_LABELS[slot.need], *_rules(slot)))}）"
    if slot.help:
        yield f"# {slot.help}"
    if slot.example:
        yield f"# 例：{slot.example}"


def _field(slot: Slot) -> Iterator[str]:
    if slot.kind in _LISTS:
        yield from (f"{slot.key}:", "  -")
    elif slot.kind == "sources":
        yield from (f"{slot.key}:", "  - record:  # 出处记录的编号", "    parts:  # 所用部分", "      -")
        yield "    # 没有出处记录的，改写 title（标题）、publisher（发布单位）、date（日期）、url（网址）或 file（文件）"
    elif slot.kind == "period":
        yield from (f"{slot.key}:", "  start:  # 开始", "  end:  # 结束")
    elif slot.columns:
        yield from _columns(slot)
    else:
        yield f"{slot.key}:" + (f" {slot.choices[0].label}" if slot.key == "status" else "")


def _columns(slot: Slot) -> Iterator[str]:
    yield f"{slot.key}:"
    for number, column in enumerate(slot.columns):
        opening = ("  - " if number == 0 else "    ") if slot.kind == "rows" else "  "
        choices = f"：{'、'.join(column.choices)}" if column.choices else ""
        yield f"{opening}{column.key}:  # {column.label}{choices}"
        if slot.kind == "lists":
            yield "    -"

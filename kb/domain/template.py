"""The case and mechanism templates: slots are data, read from templates/mechanism/*.yaml.

A slot owns its field's name, label, kind and rule; everything that shows or checks a field asks the slot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from kb.errors import BrokenLibrary

UNSTATED = "原文未载"
"""The explicit answer that the published source does not say."""

PART_LABELS = {
    "start": "开始", "end": "结束", "record": "出处记录", "parts": "所用部分", "title": "标题",
    "publisher": "发布单位", "date": "日期", "url": "网址", "file": "文件",
}  # fmt: skip
"""Parts of the kinds whose slots have no columns (period, sources)."""


class Need(Enum):
    """When a slot must be answered."""

    SUBMIT = "submit"
    INCLUDE = "include"
    AUTOMATIC = "automatic"
    OPTIONAL = "optional"


@dataclass(frozen=True)
class Choice:
    """One value of a closed list: English id, Chinese label (the label is what files hold)."""

    id: str
    label: str


@dataclass(frozen=True)
class Column:
    """A cell of a row or a part of a group."""

    key: str
    label: str
    kind: str = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slot:
    """One field of a template; `han` counts Han characters and `count` entries, both (least, most)."""

    key: str
    label: str
    kind: str
    need: Need
    help: str = ""
    example: str = ""
    heading: str = ""
    han: tuple[int, int] | None = None
    count: tuple[int, int] | None = None
    strict: bool = False
    unstated: bool = False
    facet: bool = False
    choices: tuple[Choice, ...] = ()
    columns: tuple[Column, ...] = ()

    @property
    def is_section(self) -> bool:
        return self.kind == "section"

    def label_of(self, choice_id: str) -> str:
        """The label of a choice id; the id itself when the list no longer has it."""
        return next((choice.label for choice in self.choices if choice.id == choice_id), choice_id)


@dataclass(frozen=True)
class Template:
    """All slots of one record, in the order they are asked."""

    name: str
    label: str
    version: int
    slots: tuple[Slot, ...]

    def __getitem__(self, key: str) -> Slot:
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> Mapping[str, Slot]:
        return {slot.key: slot for slot in self.slots}

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(slot.key for slot in self.slots)

    @property
    def fields(self) -> tuple[Slot, ...]:
        """Slots that stand in the front matter."""
        return tuple(slot for slot in self.slots if not slot.is_section)

    @property
    def sections(self) -> tuple[Slot, ...]:
        """Slots that are headed sections of the body."""
        return tuple(slot for slot in self.slots if slot.is_section)


def label_of_field(template: Template, field: str) -> str:
    """The Chinese name of a dotted field path: results.2.now is 成效数据 第3行 现值."""
    key, *rest = field.split(".")
    slot = next((slot for slot in template.slots if slot.key == key), None)
    if slot is None:
        return field
    columns = PART_LABELS | {column.key: column.label for column in slot.columns}
    words = [f"第{int(part) + 1}行" if part.isdigit() else columns.get(part, part) for part in rest]
    return " ".join([slot.label, *words])


def build_template(data: Mapping[str, Any]) -> Template:
    """A template from the plain data of its YAML file (all scalars text); raises BrokenLibrary naming the slot."""
    try:
        columns = {key: _build_column(key, row) for key, row in data.get("columns", {}).items()}
        choices = {
            name: tuple(Choice(row["id"], row["label"]) for row in rows)
            for name, rows in data.get("choices", {}).items()
        }
        return Template(
            name=data["name"],
            label=data["label"],
            version=int(data["version"]),
            slots=tuple(_build_slot(row, columns, choices) for row in data["slots"]),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise BrokenLibrary(
            f"模板数据有误：{error}。", advice="对照 docs/template.md 改正 templates/mechanism/ 下的文件。"
        ) from error


def _build_column(key: str, row: Mapping[str, Any]) -> Column:
    return Column(key, row["label"], row.get("kind", "text"), tuple(row.get("choices", ())))


def _build_slot(
    row: Mapping[str, Any], columns: Mapping[str, Column], choices: Mapping[str, tuple[Choice, ...]]
) -> Slot:
    return Slot(
        key=row["key"],
        label=row["label"],
        kind=row["kind"],
        need=Need(row["need"]),
        help=row.get("help", ""),
        example=row.get("example", ""),
        heading=row.get("heading", ""),
        han=_pair(row.get("han")),
        count=_pair(row.get("count")),
        strict=row.get("strict") == "true",
        unstated=row.get("unstated") == "true",
        facet=row.get("facet") == "true",
        choices=choices[row["choices"]] if "choices" in row else (),
        columns=tuple(columns[key] for key in row.get("columns", ())),
    )


def _pair(value: list[str] | None) -> tuple[int, int] | None:
    return None if value is None else (int(value[0]), int(value[1]))

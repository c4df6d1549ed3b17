"""The names fields go by on paper: the template's labels, and words offices use for the same."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from kb.domain.template import Slot, Template

ALSO_CALLED: Mapping[str, tuple[str, ...]] = {
    "title": ("案例名称", "案例标题", "题目", "名称"),
    "summary": ("内容摘要", "案例摘要", "案例概述", "概述", "案例简介"),
    "keywords": ("关键字", "主题词"),
    "unit": ("报送单位", "申报单位", "推荐单位", "单位名称", "所在单位", "撰稿单位"),
    "period": ("时间", "实施时间", "开展时间"),
    "field": ("所属领域",),
    "quotes": ("亮点",),
}
"""Seen on forms of other collections; English keys are those of the case template."""
_TAIL = re.compile(r"[（(][^（）()]*[）)]$|[*＊：:]+$")
_LINE = re.compile(
    r"\s*(?:[【\[［](?P<boxed>[^】\]］]{1,10})[】\]］]|(?P<plain>[^：:，。；\s][^：:，。；]{0,11})[：:])(?P<rest>.*)",
    re.DOTALL,
)


class Place(NamedTuple):
    """A slot, and the column of it a label names ("" for the whole); `is_own` when it is the template's own word."""

    slot: Slot
    column: str
    is_own: bool


class Answer(NamedTuple):
    """The paragraphs that answer a field, or a column of it, and the label as it was written."""

    place: Place
    texts: tuple[str, ...]
    label: str

    @property
    def is_plain(self) -> bool:
        """Whether the label is the template's own and says no more than that."""
        return self.place.is_own and not has_remark(self.label)


class Labels:
    """The fields of a template by the names they go by; sections are found by their headings instead."""

    def __init__(self, template: Template) -> None:
        self._places: dict[str, Place] = {}
        for slot in template.fields:
            self._places[normalise(slot.label)] = Place(slot, "", True)
        for slot in template.fields:
            if slot.kind == "lists":
                for column in slot.columns:
                    self._places.setdefault(normalise(column.label), Place(slot, column.key, True))
            for word in ALSO_CALLED.get(slot.key, ()):
                self._places.setdefault(word, Place(slot, "", False))

    def find(self, text: str) -> Place | None:
        """The field a label names."""
        return self._places.get(normalise(text))

    def find_line(self, text: str) -> Answer | None:
        """A line such as “单位：某镇党委” or “【摘要】……”."""
        line = _LINE.fullmatch(text)
        label = (line["boxed"] or line["plain"]) if line else ""
        place = self.find(label)
        rest = line["rest"].strip() if line else ""
        return Answer(place, (rest,) if rest else (), label.strip()) if place else None


def normalise(label: str) -> str:
    """A label without spaces, colon, star and bracketed remark: “关 键 词（3—5个）：” is 关键词."""
    bare = "".join(label.split())
    for _ in range(3):
        bare = _TAIL.sub("", bare)
    return bare


def has_remark(label: str) -> bool:
    """Whether a label says more than the name of its field: 单位（盖章）."""
    return sum(map(str.isalnum, label)) > sum(map(str.isalnum, normalise(label)))

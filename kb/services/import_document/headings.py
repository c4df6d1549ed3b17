"""Headings of 公文 and of the template: which paragraph is one, and which section it opens."""

import re
from collections.abc import Mapping, Sequence

from kb.domain.document import Paragraph
from kb.domain.template import Slot, Template
from kb.domain.word_form import HEADING, SUBHEADING, THIRD_HEADING, TITLE

SAID_AS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("causes", ("成因", "原因", "根源", "症结")),
    ("lessons", ("教训", "难点", "不足", "短板", "困难")),
    ("practice", ("做法", "举措", "措施", "步骤", "过程", "实施", "路径", "怎么做")),
    ("effect", ("成效", "效果", "成果", "成绩", "变化")),
    ("carrying", ("推广", "启示", "借鉴", "体会", "思考", "经验")),
    ("forming", ("机制", "制度")),
    ("situation", ("问题", "背景", "现状", "概况", "情况", "缘起", "起因")),
)
"""Words by which headings tell their section, the more telling first: 问题成因 is about causes."""
MAX_HEADING = 40
_FIRST = re.compile(r"\s*[一二三四五六七八九十]{1,3}[、.．]\s*\S")
_SECOND = re.compile(r"\s*[（(][一二三四五六七八九十]{1,3}[）)]\s*\S")
_NUMBER = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}[、.．]|第[一二三四五六七八九十]{1,3}[章节部分]+)\s*")
_SENTENCE = re.compile(r"[。；;]")
_OWN_LEVELS: Mapping[str, int] = {
    name: level
    for style, level in ((HEADING, 1), (SUBHEADING, 2), (THIRD_HEADING, 3))
    for name in (style.id, style.name)
}
_TITLE_STYLES = {TITLE.id, TITLE.name, "Title", "标题"}


def is_form(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether a document was written on our form: then only its styles make headings."""
    return any(_OWN_LEVELS.get(paragraph.style) == 1 for paragraph in paragraphs)


def is_title(paragraph: Paragraph) -> bool:
    return paragraph.style in _TITLE_STYLES or paragraph.style.lower() == "title"


def heading_level(paragraph: Paragraph, *, form: bool) -> int:
    """1 for what opens a section, 2 and more below it, 0 for text."""
    text = paragraph.text.strip()
    if form or not text or "\n" in text:
        return _OWN_LEVELS.get(paragraph.style, 0) if text else 0
    if len(text) > MAX_HEADING or _SENTENCE.search(text):
        return 0
    if _FIRST.match(text):
        return 1
    if _SECOND.match(text):
        return 2
    return paragraph.level


def find_section(template: Template, text: str) -> tuple[Slot | None, bool]:
    """The section a heading opens, and whether it is the template's own heading."""
    bare = _NUMBER.sub("", text.strip(), count=1).rstrip("：:").strip()
    for slot in template.sections:
        if text.strip() == slot.heading or bare == _NUMBER.sub("", slot.heading, count=1):
            return slot, True
    known = {slot.key: slot for slot in template.sections}
    for key, words in SAID_AS:
        if key in known and any(word in bare for word in words):
            return known[key], False
    return None, False

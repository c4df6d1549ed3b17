"""A draft of a case made from any text: what can be placed is placed, all the rest is quoted in it word for word."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kb.domain.drafting import tidy
from kb.domain.template import Template
from kb.errors import UnreadableFile
from kb.repository.record_file import parse_record, serialize_record
from kb.repository.yaml_text import read_yaml

TITLE_KEYS = ("title", "标题", "题目", "name")
KEYWORD_KEYS = ("keywords", "关键词", "tags", "标签")
MOST_KEYWORDS = 5
MOST_TITLE = 100
QUOTED_IN = "practice"
_FRONT = re.compile(r"\s*---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)


class Draft(NamedTuple):
    """The file's text, its title, and what the one who imports it should know."""

    text: str
    title: str
    notes: tuple[str, ...]


def build_draft(record_id: str, name: str, text: str, template: Template) -> Draft:
    """A draft that `parse_record` reads; `unquote` gives `text` back where it was not one of our own case files."""
    own = _as_own_case(text, template)
    front, note = _front_matter(text)
    title = _title(front, text, name)
    plain: dict[str, Any] = {key: value for key, value in (own or {}).items() if key in template.keys}
    unknown = {key: value for key, value in (own or {}).items() if key not in template.keys}
    plain |= {"id": record_id, "title": title, "status": template["status"].choices[0].label}
    if not own:
        plain["keywords"] = _keywords(front)
    if not own or unknown:
        heading = f"### 导入的原文（{name}）"
        plain[QUOTED_IN] = "\n\n".join(filter(None, (plain.get(QUOTED_IN, ""), heading, quote(text))))
    notes = [note] if note else []
    if unknown:
        notes.append(f"模板里没有的项留在“{template[QUOTED_IN].label}”的引文里：{'、'.join(unknown)}。"[:200])
    return Draft(serialize_record(plain, template), title, tuple(notes))


def build_word_draft(
    record_id: str, name: str, fields: Mapping[str, Any], left: Sequence[str], template: Template
) -> Draft:
    """A draft of fields that were recognised, the texts `left` over quoted; what a case file cannot hold is quoted too."""
    recognised = tidy(template, fields)
    title = str(recognised.get("title", "")) or _title({}, "", name)
    notes: tuple[str, ...] = ()
    text = _write_word_draft(record_id, name, {**recognised, "title": title}, left, template)
    if text is None:
        notes = ("认出的各项写不成案例文件（太长，或有特殊的写法），都留在引文里。",)
        told = [f"{template[key].label}：{_in_words(value)}" for key, value in recognised.items()]
        text = _write_word_draft(record_id, name, {"title": title[:MOST_TITLE]}, [*told, *left], template)
    if text is None:
        raise UnreadableFile("内容写成案例文件以后读不回来。", advice="到投稿页上传这一份。")
    return Draft(text, title, notes)


def _write_word_draft(
    record_id: str, name: str, fields: Mapping[str, Any], left: Sequence[str], template: Template
) -> str | None:
    """The file, or None when its fields would not be read from it as they are."""
    plain = {**fields, "id": record_id, "status": template["status"].choices[0].label}
    if left:
        heading = f"### 原稿里没有归到哪一项的文字（{name}）"
        plain[QUOTED_IN] = "\n\n".join(filter(None, (plain.get(QUOTED_IN, ""), heading, quote("\n\n".join(left)))))
    text = serialize_record(plain, template)
    try:
        return text if parse_record(text.encode(), template).fields == plain else None
    except (UnreadableFile, UnicodeError):
        return None


def _in_words(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "；".join(map(_in_words, value.values() if isinstance(value, Mapping) else value))


def quote(text: str) -> str:
    """Every line behind `> `: no heading or fence in it is taken for one of the case."""
    return "\n".join(f"> {line}" for line in text.split("\n"))


def unquote(draft: str) -> str:
    """The text that was quoted in a draft."""
    return "\n".join(line[2:] for line in draft.split("\n") if line.startswith("> "))


def _as_own_case(text: str, template: Template) -> dict[str, Any] | None:
    try:
        fields = parse_record(text.encode(), template).fields
    except UnreadableFile:
        return None
    sections = {slot.key for slot in template.sections}
    return dict(fields) if sections & fields.keys() else None


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The values before the text, {} with a note when they cannot be read."""
    found = _FRONT.match(text)
    if not found:
        return {}, "开头的“---”没有收尾，全部当作正文。" if text.lstrip().startswith("---\n") else ""
    try:
        value = read_yaml(found[1], first_line=2).value
    except UnreadableFile as error:
        return {}, f"开头的说明部分读不了（第 {error.line} 行：{error.message}），只保留在引文里。"
    return (value, "") if isinstance(value, dict) else ({}, "开头的说明部分不是“名称: 内容”，只保留在引文里。")


def _title(front: dict[str, Any], text: str, name: str) -> str:
    named = [front[key] for key in TITLE_KEYS if isinstance(front.get(key), str)]
    heading = _HEADING.search(_FRONT.sub("", text, count=1))
    stem = name.rpartition("/")[2].rpartition(".")[0] or name
    candidates = (" ".join(title.split()) for title in (*named, heading[1] if heading else "", stem))
    return next(filter(None, candidates), name)[:MOST_TITLE]


def _keywords(front: dict[str, Any]) -> list[str]:
    given: Any = next((front[key] for key in KEYWORD_KEYS if front.get(key)), [])
    words = re.split(r"[,，、;；\s]+", given) if isinstance(given, str) else given
    return [word.strip() for word in words if isinstance(word, str) and word.strip()][:MOST_KEYWORDS]

"""A case or mechanism file: YAML front matter between two `---` lines, then a Markdown body. Read and written here only."""

import re
from collections.abc import Mapping
from typing import Any

from kb.domain.template import Template
from kb.errors import UnreadableFile
from kb.repository.decode import decode
from kb.repository.yaml_text import read_yaml, write_yaml
from kb.services.ports import PlainRecord

_KEY = re.compile(r"[a-z][a-z_]*")
_HEADING = re.compile(r"##[ \t]+(.+?)[ \t]*#*$")
_FENCE = re.compile(r"[ ]{0,3}(```|~~~)")


def parse_record(data: bytes, template: Template) -> PlainRecord:
    """Plain values of a file; a template without sections takes the body whole as `notes`.

    Raises UnreadableFile with line, field and reason.
    """
    text = decode(data).lines_unified
    head, body, body_line = _split(text)
    plain = read_yaml(head, first_line=2)
    if not isinstance(plain.value, dict):
        raise UnreadableFile("开头的说明部分应当是“名称: 内容”的形式。", line=2, advice="对照模板改写。")
    for key in plain.value:
        if not _KEY.fullmatch(key):
            raise UnreadableFile(f"项的名称“{key[:30]}”不对。", line=plain.lines[key], advice="用模板中的英文名称。")
    if not template.sections:
        return PlainRecord(plain.value, plain.lines, notes=body.strip())
    sections, lines = _read_sections(body, body_line, template)
    for key in sections:
        if key in plain.value:
            raise UnreadableFile(
                f"“{template[key].label}”在开头和正文里写了两次。", line=plain.lines[key], advice="只留正文里的那一节。"
            )
    return PlainRecord({**plain.value, **sections}, {**plain.lines, **lines})


def _split(text: str) -> tuple[str, str, int]:
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise UnreadableFile(
            "第一行不是“---”，没有开头的说明部分。", line=1, advice="用模板新建，或把说明部分放到最前面。"
        )
    for number in range(1, len(lines)):
        if lines[number].rstrip() == "---":
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    raise UnreadableFile("开头的说明部分没有用“---”结束。", line=1, advice="在说明部分最后另起一行写“---”。")


def _read_sections(body: str, first_line: int, template: Template) -> tuple[dict[str, str], dict[str, int]]:
    by_heading = {slot.heading: slot.key for slot in template.sections}
    found: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    current: list[str] | None = None
    in_fence = False
    for number, line in enumerate(body.split("\n"), start=first_line):
        if _FENCE.match(line):
            in_fence = not in_fence
        heading = None if in_fence else _HEADING.match(line)
        if heading is None:
            current = _add_line(line, number, current)
            continue
        key = by_heading.get(heading[1])
        if key is None:
            raise UnreadableFile(
                f"模板里没有“{heading[1][:30]}”这一节。",
                line=number,
                advice="可用的节：" + "、".join(by_heading) + "；小标题用 ###。",
            )
        if key in found:
            raise UnreadableFile(f"“{heading[1]}”写了两次。", line=number, field=key, advice="合成一节。")
        current = found[key] = []
        lines[key] = number
    return {key: "\n".join(texts).strip() for key, texts in found.items()}, lines


def _add_line(line: str, number: int, current: list[str] | None) -> list[str] | None:
    if current is not None:
        current.append(line)
    elif line.strip():
        raise UnreadableFile("正文开头有一段文字没有归到任何一节。", line=number, advice="放到某个“## ”标题下面。")
    return current


def serialize_record(plain: Mapping[str, Any], template: Template, notes: str = "") -> str:
    """The file text of plain values, keys in the template's order; `parse_record` gives the same values back."""
    head = {slot.key: plain[slot.key] for slot in template.fields if plain.get(slot.key) not in ("", [], {}, None)}
    parts = [f"---\n{write_yaml(head)}---\n"]
    parts += [f"\n## {slot.heading}\n\n{plain[slot.key]}\n" for slot in template.sections if plain.get(slot.key)]
    if notes:
        parts.append(f"\n{notes}\n")
    return "".join(parts)


def replace_field(text: str, key: str, value: str) -> str:
    """The file text with one single-line field of its front matter set; everything else stays as somebody wrote it."""
    head, body = text.split("\n---", 1)
    line = f"{key}: {value}"
    changed, count = re.subn(rf"^{key}:.*$", lambda _: line, head, count=1, flags=re.MULTILINE)
    return "\n".join((changed if count else head, *([] if count else [line]), f"---{body}"))


class RecordFormat:
    """Case files to plain values and back, for one template."""

    def __init__(self, template: Template) -> None:
        self._template = template

    def parse(self, text: str) -> PlainRecord:
        """Raises UnreadableFile."""
        return parse_record(text.encode(), self._template)

    def serialize(self, fields: Mapping[str, Any]) -> str:
        return serialize_record(fields, self._template)

    def replace_field(self, text: str, key: str, value: str) -> str:
        return replace_field(text, key, value)

"""Which lines an entry of a YAML file takes up, and how a value is written there."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from kb.errors import BrokenLibrary, Conflict, UnreadableFile
from kb.repository.yaml_text import PlainYaml, read_yaml

MOST_CHARACTERS = 400_000
_PLAIN = re.compile(r"[\u4e00-\u9fffA-Za-z《“（][^\x00-\x1f:#,\[\]{}&*!|>'\"%@`]*")
"""A value that YAML reads as it stands, in a list in brackets too."""


class Block(NamedTuple):
    """Lines of the file from `first` up to `last`, counted from 1, both included."""

    first: int
    last: int


class YamlLines:
    """A YAML text by its lines."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.lines = text.split("\n")
        try:
            self._plain: PlainYaml = read_yaml(text, limit=MOST_CHARACTERS)
        except UnreadableFile as error:
            raise BrokenLibrary(f"{name} 第 {error.line} 行：{error.message}", advice=error.advice) from error

    @property
    def value(self) -> Any:
        return self._plain.value

    def has(self, path: str) -> bool:
        return path in self._plain.lines

    def block(self, path: str) -> Block:
        """The lines of an entry or a key, without the blank lines and comments that follow it."""
        first = self._plain.lines[path]
        inside = f"{path}."
        after = [line for name, line in self._plain.lines.items() if line > first and not name.startswith(inside)]
        last = min(after, default=len(self.lines) + 1) - 1
        while last > first and not self.lines[last - 1].split("#")[0].strip():
            last -= 1
        return Block(first, last)

    def indent(self, path: str) -> str:
        """The white space before the first line of an entry or key."""
        line = self.lines[self._plain.lines[path] - 1]
        return line[: len(line) - len(line.lstrip())]

    def is_item(self, path: str) -> bool:
        """Whether its first line begins with the dash of a list."""
        return self.lines[self._plain.lines[path] - 1].lstrip().startswith("- ")

    def replaced(self, block: Block, lines: Sequence[str]) -> str:
        """The whole text with other lines in the place of these."""
        return "\n".join([*self.lines[: block.first - 1], *lines, *self.lines[block.last :]])

    def inserted(self, after: int, lines: Sequence[str]) -> str:
        """The whole text with more lines after that one."""
        return "\n".join([*self.lines[:after], *lines, *self.lines[after:]])


def scalar(text: str) -> str:
    """A value as YAML reads it back: bare where that is safe, else in quotation marks."""
    is_plain = _PLAIN.fullmatch(text) and text == text.strip() and text.lower() not in ("null", "true", "false")
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def flow(values: Sequence[str]) -> str:
    """A list in brackets."""
    return f"[{', '.join(map(scalar, values))}]"


def place_of(index: int | None, what: str) -> int:
    """The place of an entry that was looked for; raises Conflict when it is gone."""
    if index is None:
        raise Conflict(f"{what}已经不在文件里了。", advice="回到列表看现在的内容，再改。")
    return index


def check_kept(expected: object, read: Callable[[], object], name: str) -> None:
    """What was written must read as what was meant, and everything else as before; raises Conflict."""
    try:
        is_kept = read() == expected
    except BrokenLibrary:
        is_kept = False
    if not is_kept:
        raise Conflict(f"{name} 的排法不能逐项改，没有改动它。", advice="请管理员直接改文件，每项一行。")

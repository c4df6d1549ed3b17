"""The query language: text to tree and back.

    党员教育 "四上四下" -养老        words, literal text, and what must not be there
    党员教育 “四上四下” －养老       the same with full-width signs; 「」 and 『』 quote as well

There is nothing else. A dash that stands alone is nothing; every other sign is a plain character, so no text is an error
and nothing of any engine's own syntax can be reached from here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from search.errors import QueryError

MAX_CONTENT = 5_000  # characters of words and literals that are used
# `unparse` adds at most four signs a clause, so whatever it makes of a query in bounds is in bounds again.
MAX_SCANNED = 6 * MAX_CONTENT

DOUBLE = '"\uff02“”„‟'
BRACKETS = {"「": "」", "『": "』"}
DASHES = "－-"  # the plain one last: this also stands in character classes
QUOTES = DOUBLE + "「」『』"

_LITERAL = rf"[{DOUBLE}](?P<double>[^{DOUBLE}]*)[{DOUBLE}]|「(?P<corner>[^」]*)」|『(?P<white>[^』]*)』"
_CLAUSE = re.compile(
    rf"(?P<minus>(?:(?<=[\s{QUOTES}])|^)[{DASHES}](?=[^\s{DASHES}]))?"
    rf"(?:{_LITERAL}|(?P<word>[^\s{QUOTES}]+)|(?P<stray>[{QUOTES}]))"
)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Words:
    """Plain text, single spaces between its chunks."""

    text: str

    def __post_init__(self) -> None:
        chunks = self.text.split(" ")
        if any(not _is_chunk(chunk) or _reads_as_exclusion(chunk) for chunk in chunks):
            raise QueryError("词语中不能含有引号、连续空格、开头或单独的减号")


@dataclass(frozen=True)
class Literal:
    """Text that must stand in a document exactly so (script, width and case aside)."""

    text: str

    def __post_init__(self) -> None:
        if not self.text.strip() or _quoted(self.text) is None:
            raise QueryError("引号内没有文字，或引号套叠过多")


@dataclass(frozen=True)
class Exclude:
    """What must not stand in a document: one chunk of words, or a literal."""

    clause: Words | Literal

    def __post_init__(self) -> None:
        if isinstance(self.clause, Words) and (" " in self.clause.text or self.clause.text[0] in DASHES):
            raise QueryError("减号后只能跟一个词语或一段引号内的文字")


Clause = Words | Literal | Exclude


@dataclass(frozen=True)
class Query:
    """Clauses in the order typed; none means everything. `truncated`: the text was too long and its end is not used."""

    clauses: tuple[Clause, ...] = ()
    truncated: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        pairs = zip(self.clauses, self.clauses[1:], strict=False)
        if any(isinstance(one, Words) and isinstance(two, Words) for one, two in pairs):
            raise QueryError("相邻的词语应合为一段")
        if sum(len(_content(clause)) for clause in self.clauses) > MAX_CONTENT:
            raise QueryError(f"查询不能超过 {MAX_CONTENT} 字")


@lru_cache(maxsize=64)  # one page reads its text some four times
def parse(text: str) -> Query:
    """The query a text stands for. Never fails: at most `MAX_CONTENT` characters are used, the rest is said to be cut."""
    clauses: list[Clause] = []
    chunks: list[str] = []
    used, truncated = 0, bool(text[MAX_SCANNED:].strip())
    for clause in _clauses(text[:MAX_SCANNED]):
        joint = 1 if chunks and isinstance(clause, Words) else 0
        room = MAX_CONTENT - used - joint
        cut = _cut(clause, room)
        truncated = truncated or cut != clause
        if cut is None:
            break
        used += joint + len(_content(cut))
        if isinstance(cut, Words):
            chunks.append(cut.text)
            continue
        clauses += _joined(chunks)
        clauses.append(cut)
        chunks = []
    return Query((*clauses, *_joined(chunks)), truncated)


def unparse(query: Query) -> str:
    """A text that `parse` reads as this query again."""
    return " ".join(_written(clause) for clause in query.clauses)


def _clauses(text: str) -> Iterator[Clause]:
    """Clauses one by one, each word chunk as its own `Words`."""
    for found in _CLAUSE.finditer(text):
        parts = found.groupdict()
        literal = next((parts[name] for name in ("double", "corner", "white") if parts[name] is not None), None)
        clause: Words | Literal
        if parts["word"] is not None:
            if not _is_chunk(parts["word"]):
                continue
            clause = Words(parts["word"])
        elif literal is not None and literal.strip():
            clause = Literal(literal)
        else:
            continue
        yield Exclude(clause) if parts["minus"] else clause


def _cut(clause: Clause, room: int) -> Clause | None:
    if len(_content(clause)) <= room:
        return clause
    if room < 1 or isinstance(clause, Exclude):
        return None
    if isinstance(clause, Words):
        return Words(clause.text[:room]) if _is_chunk(clause.text[:room]) else None
    return Literal(clause.text[:room]) if clause.text[:room].strip() else None


def _joined(chunks: list[str]) -> list[Clause]:
    return [Words(" ".join(chunks))] if chunks else []


def _content(clause: Clause) -> str:
    return clause.clause.text if isinstance(clause, Exclude) else clause.text


def _is_chunk(chunk: str) -> bool:
    return bool(chunk.strip(DASHES)) and not _SPACE.search(chunk) and not any(sign in chunk for sign in QUOTES)


def _reads_as_exclusion(chunk: str) -> bool:
    return len(chunk) > 1 and chunk[0] in DASHES and chunk[1] not in DASHES


def _quoted(text: str) -> str | None:
    """The text in a pair of quotes it does not itself close, if there is one."""
    if not any(sign in text for sign in DOUBLE):
        return f'"{text}"'
    return next((f"{a}{text}{b}" for a, b in BRACKETS.items() if b not in text), None)


def _written(clause: Clause) -> str:
    if isinstance(clause, Exclude):
        return "-" + _written(clause.clause)
    return clause.text if isinstance(clause, Words) else (_quoted(clause.text) or "")

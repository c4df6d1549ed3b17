"""Reading a collection: documents and queries one JSON object a line (plain or .gz), judgements `query TAB document TAB grade`."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.errors import SearchError

Row = dict[str, Any]


class BadCollection(SearchError):
    """A file cannot be used; the text is a Chinese sentence that names file, line and reason."""


@dataclass(frozen=True)
class EvaluationQuery:
    """One judged query. `pool`: rank these documents and no others; `excluded`: leave these out of the answer."""

    id: str
    text: str
    grades: Mapping[str, int]
    pool: tuple[str, ...] | None = None
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Collection:
    """Texts of the documents by id, and the queries that have a text and at least one relevant document.

    `wordless_documents`, `wordless_queries`: how many rows had none of the fields asked for. Such a document cannot be
    found, such a query is left out.
    """

    documents: Mapping[str, str]
    queries: Sequence[EvaluationQuery]
    wordless_documents: int = 0
    wordless_queries: int = 0


def read_collection(
    *,
    corpus: Path,
    queries: Path,
    qrels: Path,
    corpus_fields: Sequence[str],
    query_fields: Sequence[str],
    pool_field: str | None = None,
    exclude_field: str | None = None,
    limit: int | None = None,
) -> Collection:
    """The collection of three files; `limit` takes the first queries only. Raises BadCollection and OSError."""
    documents: dict[str, str] = {}
    for place, row in _rows(corpus):
        id = _id(row, place)
        if id in documents:
            raise BadCollection(f"{place}：编号 {id} 重复。")
        documents[id] = _joined(row, corpus_fields)
    _check_any(documents.values(), corpus, corpus_fields)
    grades = _grades(qrels)
    judged = [
        EvaluationQuery(
            id=id,
            text=_joined(row, query_fields),
            grades=grades[id],
            pool=tuple(dict.fromkeys(_ids(row, pool_field, place))) if pool_field else None,
            excluded=frozenset(_ids(row, exclude_field, place) if exclude_field else ()),
        )
        for place, row in _rows(queries)
        if (id := _id(row, place)) in grades
    ]
    if not judged:
        raise BadCollection(f"{queries}：没有一个问题在 {qrels} 中有相关文档。")
    _check_any((query.text for query in judged), queries, query_fields)
    asked = [query for query in judged if query.text]
    return Collection(
        documents,
        asked[:limit],
        wordless_documents=sum(not text for text in documents.values()),
        wordless_queries=len(judged) - len(asked),
    )


def _check_any(texts: Iterable[str], path: Path, fields: Sequence[str]) -> None:
    """A field that no row has is a slip of the pen."""
    if not any(texts):
        place, row = next(_rows(path), (str(path), {}))
        raise BadCollection(f"{place}：没有字段 {'、'.join(fields)}，其余各行也没有；有 {'、'.join(row)}。")


def _rows(path: Path) -> Iterator[tuple[str, Row]]:
    """Place (file:line) and object of every line that is not blank."""
    for place, line in _lines(path):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadCollection(f"{place}：不是一行 JSON。") from error
        if not isinstance(row, dict):
            raise BadCollection(f"{place}：应为一个 JSON 对象。")
        yield place, row


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    open_it = gzip.open if path.suffix == ".gz" else open
    try:
        with open_it(path, "rt", encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{path}:{number}", line.rstrip("\r\n")
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
        raise BadCollection(f"{path}：读不出来（应为 UTF-8 文本或完整的 .gz）。") from error


def _id(row: Row, place: str) -> str:
    if not isinstance(row.get("id"), str | int):
        raise BadCollection(f"{place}：缺少编号 id。")
    return str(row["id"])


def _joined(row: Row, fields: Sequence[str]) -> str:
    """The fields one after the other, a line each; a row may lack them."""
    return "\n".join(str(row[field]) for field in fields if row.get(field) is not None)


def _ids(row: Row, field: str, place: str) -> list[str]:
    """One id, or a list of them."""
    value = row.get(field)
    if isinstance(value, str | int):
        return [str(value)]
    if not isinstance(value, list):
        raise BadCollection(f"{place}：字段 {field} 应为文档编号或编号的列表。")
    return [str(id) for id in value]


def _grades(path: Path) -> dict[str, dict[str, int]]:
    """Grades by query and document, of the queries for which something is relevant."""
    grades: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for place, line in _lines(path):
        try:
            query, document, grade = line.split("\t")
            grades[query][document] = int(grade)
        except ValueError as error:
            raise BadCollection(f"{place}：应为“问题 TAB 文档 TAB 等级”。") from error
    return {query: found for query, found in grades.items() if max(found.values()) > 0}

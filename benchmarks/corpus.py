"""What every engine is given: the same documents, the same tokens, the same queries, made from real sentences.

Documents are sentences of `../shared/data/domain.jsonl.gz` drawn with a fixed seed until 2 to 3 kB stand together. Their
tokens are the product's own terms, written as numbers, so that no engine's tokenizer can differ from another's.
"""

import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search import Analyser, Document, parse
from search.analysis import fold
from search.plan import build_plan

DATA = Path(__file__).parents[2] / "shared" / "data" / "domain.jsonl.gz"
SEED = 20260101
QUERIES = 200
LEVELS = ("省", "市", "区县", "镇街", "村社区", "单位")
FIELDS = ("基层党建", "人才工作", "干部队伍", "宣传思想", "统一战线", "乡村振兴")


class Query(NamedTuple):
    """A query as typed, and as the tokens every engine is asked for."""

    text: str
    tokens: list[int]


class Corpus:
    """Documents and queries on disk, made once and read by every engine's process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def tokens(self) -> NDArray[np.int32]:
        """Tokens of all documents, one after the other, as often as they stand there."""
        return np.memmap(self._folder / "tokens.i32", dtype=np.int32, mode="r")

    @property
    def ends(self) -> NDArray[np.int64]:
        ends: NDArray[np.int64] = np.load(self._folder / "ends.npy")
        return ends

    def documents(self) -> Iterator[NDArray[np.int32]]:
        """Tokens of each document."""
        tokens, start = self.tokens, 0
        for end in self.ends.tolist():
            yield np.asarray(tokens[start:end])
            start = end

    def queries(self) -> list[Query]:
        return [Query(*row) for row in json.loads((self._folder / "queries.json").read_text())]


def token(number: int) -> str:
    """A token as ASCII no tokenizer can split or change."""
    return f"x{number:x}"


def read_sentences() -> list[str]:
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        bodies = [json.loads(line)["body"] for line in lines]
    found = [sentence for body in bodies for sentence in re.findall(r"[^。！？\n]{6,200}[。！？]", body)]
    return list(dict.fromkeys(found))


def make_documents(count: int, sentences: list[str]) -> Iterator[Document]:
    """Documents of the product's full field set: the short fields are cut from the text, facets and sorts are drawn."""
    draw = random.Random(SEED)
    for number in range(count):
        wanted = draw.randint(2_000, 3_000)
        body: list[str] = []
        size = 0
        while size < wanted:
            body.append(draw.choice(sentences))
            size += len(body[-1].encode())
        yield _document(number, body, draw)


def _document(number: int, body: list[str], draw: random.Random) -> Document:
    year, field = str(draw.randint(2012, 2026)), draw.choice(FIELDS)
    unit = f"虚构{draw.randint(1, 400)}镇党委"
    return Document(
        f"d{number:07}",
        {
            "title": body[0][:24],
            "problem": body[1][:12],
            "keywords": "；".join(sentence[:4] for sentence in body[:3]),
            "summary": "".join(body[:3])[:120],
            "mechanism": body[-1][:40],
            "unit": unit,
            "body": "".join(body),
        },
        {
            "problem": (f"P{draw.randint(1, 9)}", f"P{draw.randint(1, 9)}.{draw.randint(1, 4)}"),
            "field": (field,),
            "level": (draw.choice(LEVELS),),
            "unit": (unit,),
            "kind": (draw.choice(("经验", "机制")),),
            "year": (year,),
        },
        {"year": year, "id": f"d{number:07}"},
    )


def make_queries(sentences: list[str], analyser: Analyser) -> list[str]:
    """Half of them one to eight words, half pasted descriptions of 20 to 60 characters."""
    draw = random.Random(SEED + 1)
    made: list[str] = []
    while len(made) < QUERIES // 2:
        words = [word.text for word in analyser.words(draw.choice(sentences)) if len(word.text) > 1]
        count = draw.randint(1, 8)
        if len(words) >= count:
            made.append(" ".join(draw.sample(words, count)))
    while len(made) < QUERIES:
        size = draw.randint(20, 60)
        text = draw.choice(sentences) + draw.choice(sentences)
        if len(text) >= size:
            start = draw.randint(0, len(text) - size)
            made.append(text[start : start + size])
    draw.shuffle(made)
    return made


def write_corpus(folder: Path, count: int, analyser: Analyser) -> None:
    """Tokenise once for all; nothing of this is in any engine's time."""
    sentences = read_sentences()
    numbers: dict[str, int] = {}
    ends = np.zeros(count, dtype=np.int64)
    end = 0
    with (folder / "tokens.i32").open("wb") as file:
        for place, document in enumerate(make_documents(count, sentences)):
            terms = analyser.terms(fold(document.texts["body"]))
            ids = [numbers.setdefault(term, len(numbers)) for term in terms]
            tokens = np.repeat(np.array(ids, dtype=np.int32), list(terms.values()))
            file.write(tokens.tobytes())
            end += len(tokens)
            ends[place] = end
    np.save(folder / "ends.npy", ends)
    queries = [(text, list(_query_tokens(text, analyser, numbers))) for text in make_queries(sentences, analyser)]
    (folder / "queries.json").write_text(json.dumps(queries))


def _query_tokens(text: str, analyser: Analyser, numbers: dict[str, int]) -> Iterator[int]:
    """What the product would score; a term no document has is a token no document has."""
    return (numbers.setdefault(term, len(numbers)) for term in build_plan(parse(text), analyser).weights)

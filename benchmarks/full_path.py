"""The product's whole way: its field set, its analysis; text in, a page of hits with snippets and facets out."""

from collections.abc import Callable, Iterable
from pathlib import Path

from kb.services.index_document import SCHEMA
from search import Analyser, Document, Request, highlight, parse, snippet
from search.engines.whoosh import WhooshEngine

USUAL = "党支部作用发挥不够"
"""Asked first: a server loads the dictionary before its first reader comes, which takes up to a second."""
# What a query could cost most: asked once each, right after it, hardly anything decoded.
HARD = (
    "党建 " * 1_000,
    "党" * 5_000,
    "四上四下中梗阻。" * 620,
    "的 了 是 在 和 一 不 人 有 为",
    '"为人民服务" "基层党组织" -养老',
    "".join(map(chr, range(0x4E00, 0x4E00 + 1_400))),
    "(((" * 500 + "[* TO *] a^9e9 *a*",
)


def build_full(folder: Path, documents: Iterable[Document]) -> None:
    engine = WhooshEngine(folder, SCHEMA, Analyser())
    engine.rebuild(documents, stamp="")
    engine.close()


def open_full(folder: Path) -> Callable[[str], list[tuple[str, float]]]:
    engine = WhooshEngine(folder, SCHEMA, Analyser())

    def ask(text: str) -> list[tuple[str, float]]:
        results = engine.search(Request(parse(text), limit=10, facets=SCHEMA.facets))
        for hit in results.hits:
            highlight(hit.texts["title"], results.words, results.aliases)
            snippet(hit.texts["body"], results.words, aliases=results.aliases)
        return [(hit.id, hit.score) for hit in results.hits]

    ask("")  # opening is not what is measured
    return ask

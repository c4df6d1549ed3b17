"""The engines side by side: each builds an index of given tokens, opens it, and answers given tokens with its top ten."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from corpus import Corpus, token

TOP = 10
Answer = list[tuple[str, float]]  # document, score; best first


class Contestant:
    """Built in one process, asked in another, so that memory is that of serving."""

    name: ClassVar[str]
    BORROWED: ClassVar[float] = float("inf")  # so many documents and it builds no index of its own

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    # Abstract: every contestant below gives both.
    def build(self, corpus: Corpus) -> None:
        raise NotImplementedError

    def open(self) -> Callable[[list[int]], Answer]:
        """A function from tokens to the top ten."""
        raise NotImplementedError


class _Counted:
    """Stands in for the product's analysis: the text names a document whose tokens are already known."""

    digest = "benchmark"

    def __init__(self, corpus: Corpus) -> None:
        self._tokens = corpus.documents()

    def terms(self, folded: str) -> Counter[str]:
        return Counter(map(token, next(self._tokens).tolist()))


class Ours(Contestant):
    name = "ours"

    def _engine(self, analyser: Any) -> Any:
        from search import Schema, TextField
        from search.engines.whoosh import WhooshEngine

        return WhooshEngine(self.folder, Schema((TextField("body"),)), analyser)

    def build(self, corpus: Corpus) -> None:
        from search import Document

        documents = (Document(f"d{number:07}", {"body": ""}) for number in range(len(corpus.ends)))
        self._engine(_Counted(corpus)).rebuild(documents, stamp="")

    def open(self) -> Callable[[list[int]], Answer]:
        engine = self._engine(_Counted.__new__(_Counted))

        def ask(tokens: list[int]) -> Answer:
            best: Answer = engine.best({token(number): 1.0 for number in tokens}, TOP)
            return best

        ask([])
        return ask


class WhooshItself(Contestant):
    """Whoosh as it comes: its codec, a searcher with a flat Or of terms, its own BM25F (with our k1 and b).

    From BORROWED documents on it searches the index of `ours`, as its own codec would write for the better part of an hour.
    """

    name = "whoosh"
    BORROWED = 50_000.0

    def build(self, corpus: Corpus) -> None:
        from whoosh.analysis import SpaceSeparatedTokenizer
        from whoosh.fields import STORED, TEXT, Schema
        from whoosh.index import create_in

        if len(corpus.ends) >= self.BORROWED:
            return
        body = TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False)
        writer = create_in(self.folder, Schema(body=body, number=STORED)).writer(limitmb=512)
        for number, tokens in enumerate(corpus.documents()):
            writer.add_document(body=" ".join(map(token, tokens.tolist())), number=number)
        writer.commit()

    def open(self) -> Callable[[list[int]], Answer]:
        from whoosh.filedb.filestore import FileStorage
        from whoosh.index import FileIndex, exists_in, open_dir
        from whoosh.query import Or, Term
        from whoosh.scoring import BM25F

        from search import Schema, TextField
        from search.engines.whoosh.fields import text_field, whoosh_schema

        index, field = (open_dir(self.folder), "body") if exists_in(self.folder) else (None, text_field("body"))
        if index is None:
            (generation,) = (self.folder.parent / "ours").glob("g-*")
            index = FileIndex(FileStorage(str(generation)), whoosh_schema(Schema((TextField("body"),))))
        searcher = index.searcher(weighting=BM25F(B=0.75, K1=1.2))

        def ask(tokens: list[int]) -> Answer:
            tree = Or([Term(field, token(number)) for number in tokens])
            return [(f"d{hit.docnum:07}", hit.score) for hit in searcher.search(tree, limit=TOP)]

        return ask


class SqliteFts5(Contestant):
    name = "sqlite_fts5"

    def build(self, corpus: Corpus) -> None:
        connection = sqlite3.connect(self.folder / "index.db")
        # Text of its own is not kept (content=''), as the others keep none either.
        connection.execute("CREATE VIRTUAL TABLE d USING fts5(body, content='', tokenize='unicode61')")
        rows = ((" ".join(map(token, tokens.tolist())),) for tokens in corpus.documents())
        connection.executemany("INSERT INTO d(body) VALUES (?)", rows)
        connection.execute("INSERT INTO d(d) VALUES ('optimize')")
        connection.commit()
        connection.close()

    def open(self) -> Callable[[list[int]], Answer]:
        connection = sqlite3.connect(self.folder / "index.db")
        question = "SELECT rowid, bm25(d) FROM d WHERE d MATCH ? ORDER BY bm25(d) LIMIT ?"

        def ask(tokens: list[int]) -> Answer:
            found = connection.execute(question, (" OR ".join(map(token, tokens)), TOP))
            return [(f"d{row - 1:07}", -score) for row, score in found]

        return ask


class Bm25s(Contestant):
    name = "bm25s"

    def build(self, corpus: Corpus) -> None:
        import bm25s

        used = np.unique(np.asarray(corpus.tokens))
        ids = [np.searchsorted(used, tokens).tolist() for tokens in corpus.documents()]
        vocabulary = {token(int(number)): place for place, number in enumerate(used)}
        engine = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        engine.index(bm25s.tokenization.Tokenized(ids, vocabulary), show_progress=False)
        engine.save(str(self.folder), show_progress=False)

    def open(self) -> Callable[[list[int]], Answer]:
        import bm25s

        engine = bm25s.BM25.load(str(self.folder), mmap=True)

        def ask(tokens: list[int]) -> Answer:
            words = [word for number in tokens if (word := token(number)) in engine.vocab_dict]
            if not words:
                return []
            found, scores = engine.retrieve([words], k=TOP, show_progress=False)
            return [(f"d{n:07}", s) for n, s in zip(found[0].tolist(), scores[0].tolist(), strict=True)]

        return ask


class Tantivy(Contestant):
    name = "tantivy"

    def _schema(self) -> Any:
        import tantivy

        made = tantivy.SchemaBuilder()
        made.add_text_field("body", stored=False, tokenizer_name="whitespace", index_option="freq")
        return made.build()

    def build(self, corpus: Corpus) -> None:
        import tantivy

        writer = tantivy.Index(self._schema(), path=str(self.folder)).writer(256_000_000, 2)
        for tokens in corpus.documents():
            writer.add_document(tantivy.Document(body=" ".join(map(token, tokens.tolist()))))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> Callable[[list[int]], Answer]:
        """Its answers are addresses inside segments, not the order documents came in; they are not compared."""
        import tantivy

        schema = self._schema()
        searcher = tantivy.Index(schema, path=str(self.folder)).searcher()
        term, should = tantivy.Query.term_query, tantivy.Occur.Should

        def ask(tokens: list[int]) -> Answer:
            query = tantivy.Query.boolean_query([(should, term(schema, "body", token(number))) for number in tokens])
            # Counting all matches would forbid it to skip: only the ten are asked for.
            found = searcher.search(query, TOP, count=False).hits
            return [(f"{address.segment_ord}/{address.doc}", score) for score, address in found]

        return ask


CONTESTANTS: dict[str, type[Contestant]] = {
    each.name: each for each in (Ours, WhooshItself, SqliteFts5, Bm25s, Tantivy)
}

"""Array scores are Whoosh's own scores for the same query tree and weights."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as whoosh_query
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.scoring import BM25F

from search import Document, Request, Schema, TextField, parse
from search.engines.whoosh import WhooshEngine
from search.engines.whoosh.fields import ID, decoded, text_field, whoosh_schema
from search.engines.whoosh.scoring import K1, B
from search.plan import build_plan

SCHEMA = Schema((TextField("title", 3.0), TextField("body", 1.5)))
PIECES = ["党建", "引领", "基层", "治理", "四上四下", "人才洼地", "，", "app", "村"]


def whoosh_scores(folder: Path, schema, weights):
    """What Whoosh's own matchers make of these weighted terms."""
    (generation,) = folder.glob("g-*")
    index = FileIndex(FileStorage(str(generation)), whoosh_schema(schema))
    tree = whoosh_query.Or(
        [
            whoosh_query.Term(text_field(text.name), term, boost=weight * text.weight)
            for term, weight in weights.items()
            for text in schema.texts
        ]
    )
    with index.searcher(weighting=BM25F(B=B, K1=K1)) as searcher:
        column = searcher.reader().column_reader(ID)
        return {decoded(column[hit.docnum]): hit.score for hit in searcher.search(tree, limit=None)}


texts = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
collections = st.lists(st.fixed_dictionaries({"title": texts, "body": texts}), min_size=1, max_size=8)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=collections, asked=st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map(" ".join))
def test_scores_are_those_of_whoosh(tmp_path_factory, analyser, found, asked):
    folder = tmp_path_factory.mktemp("index")
    engine = WhooshEngine(folder, SCHEMA, analyser)
    half = len(found) // 2
    made = [Document(f"d{number}", document) for number, document in enumerate(found)]
    engine.rebuild(made[:half], stamp="")
    engine.update(made[half:], [])
    weights = build_plan(parse(asked), analyser).weights
    scores = dict(engine.best(weights, 99))
    expected = whoosh_scores(folder, SCHEMA, weights)
    engine.close()
    assert scores == pytest.approx(expected, rel=1e-5)


def test_scores_survive_a_merge_unchanged(tmp_path, analyser):
    engine = WhooshEngine(tmp_path, SCHEMA, analyser)
    made = [Document(f"d{number:02}", {"title": "党建" * number, "body": "四上四下，村" * 31}) for number in range(40)]
    request = Request(parse("党建 四上四下"), limit=99)
    engine.rebuild(made, stamp="")
    at_once = engine.search(request).hits
    engine.rebuild(made[:1], stamp="")
    for document in made[1:]:
        engine.update([document], [])  # Whoosh merges small segments as it goes
    assert engine.search(request).hits == at_once
    engine.close()

"""The arrays under the Whoosh engine: packing, gathering, adding up, choosing the best."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Document, Request, Schema, TextField, parse
from search.engines.whoosh import WhooshEngine, writing
from search.engines.whoosh.impacts import Impact, ImpactCache
from search.engines.whoosh.pool import PostingPool
from search.engines.whoosh.postings import packed, unpacked
from search.engines.whoosh.scoring import foremost, total

SCHEMA = Schema((TextField("title", 3.0), TextField("body")), facets=("level",))

counts = st.dictionaries(st.text("abc党建", min_size=1, max_size=2), st.integers(1, 70_000), max_size=6)


@given(st.lists(counts, max_size=5), st.integers(1, 100_000))
def test_what_goes_into_the_pool_comes_out_of_the_lists(made, stride):
    pool = PostingPool()
    expected = {}
    for place, found in enumerate(made):
        pool.add("t:body", place * stride, found)
        for term, frequency in found.items():
            expected.setdefault(term, []).append((place * stride, float(frequency)))
    assert len(pool) == sum(map(len, made))
    found = {}
    for _, postings in pool.iter_postings():
        assert postings.terms == sorted(postings.terms, key=str.encode)
        for term, data in zip(postings.terms, packed(postings), strict=True):
            documents, frequencies = unpacked(data)
            found[term] = list(zip(documents.tolist(), frequencies.tolist(), strict=True))
    assert found == expected


@given(st.lists(st.integers(0, 9), min_size=1, max_size=2_000), st.integers(1, 30))
def test_the_foremost_are_the_best_and_their_equals(made, count):
    scores = np.array(made, dtype=np.float32)
    places = foremost(scores, count)
    bound = sorted(made, reverse=True)[min(count, len(made)) - 1]
    assert {place for place, score in enumerate(made) if score >= bound} <= set(places.tolist())


@given(
    st.lists(st.tuples(st.sets(st.integers(0, 49)), st.booleans(), st.floats(0.1, 9)), max_size=8),
)
def test_a_common_term_counts_as_much_as_a_rare_one(made):
    impacts, weights, expected = [], [], np.zeros(50)
    for documents, is_common, weight in made:
        places = np.array(sorted(documents), dtype=np.int32)
        worth = (places + 1).astype(np.float32)
        impacts.append(Impact(places, worth, 50 if is_common else 0))
        weights.append(weight)
        expected[places] += weight * worth
    assert total(impacts, weights, 50) == pytest.approx(expected, rel=1e-4)


@given(st.sets(st.integers(0, 49)), st.sets(st.integers(0, 49)))
def test_common_and_rare_terms_mark_and_meet_the_same(documents, asked):
    places, others = (np.array(sorted(found), dtype=np.int32) for found in (documents, asked))
    for dense_size in (0, 50):
        impact = Impact(places, np.ones(len(places), dtype=np.float32), dense_size)
        mask = np.zeros(50, dtype=np.bool_)
        impact.mark(mask)
        assert set(np.flatnonzero(mask).tolist()) == documents
        assert set(impact.among(others).tolist()) == documents & asked
        best_first = others[::-1]
        assert impact.stands_in(best_first).tolist() == [place in documents for place in best_first.tolist()]


def test_the_cache_keeps_to_its_bytes_and_forgets_the_oldest():
    made = []

    def make(keys):
        made.extend(keys)
        return [Impact(np.arange(1_000, dtype=np.int32), np.ones(1_000, dtype=np.float32)) for _ in keys]

    cache = ImpactCache(20_000)  # two of them
    for keys in (["a", "b"], ["a"], ["c"], ["a"], ["b"]):
        cache.get_all(keys, make)
    assert made == ["a", "b", "c", "b"]


def test_a_rebuild_in_several_segments_answers_as_in_one(tmp_path, analyser, monkeypatch):
    cases = [
        Document(f"d{n:02}", {"title": "党建引领" * (n % 5), "body": "四上四下，村" * n}, {"level": ("区镇"[n % 2],)})
        for n in range(40)
    ]
    request = Request(parse("党建 四上四下 村"), limit=99, facets=("level",))
    answers = []
    for most in (10**9, 100, 1):
        monkeypatch.setattr(writing, "MOST_POSTINGS", most)
        engine = WhooshEngine(tmp_path / str(most), SCHEMA, analyser)
        engine.rebuild(cases, stamp="")
        engine.update(cases[:3], ["d07"])
        results = engine.search(request)
        answers.append((results.hits, results.facets, results.total, engine.verify(), engine.ids()))
        engine.close()
    assert len(list((tmp_path / "1").glob("g-*/*.seg"))) > 2
    assert answers[0] == answers[1] == answers[2]

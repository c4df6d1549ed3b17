"""The contract of every engine: one set of promises, run over each."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import (
    Document,
    IndexMissing,
    QueryError,
    Reason,
    Relaxation,
    Request,
    Schema,
    TextField,
    parse,
)
from search.engines.memory import MemoryEngine
from search.engines.whoosh import WhooshEngine

SCHEMA = Schema((TextField("title", 3.0), TextField("body")), facets=("level", "type"), sorts=("date",))

CASES = [
    Document(
        "c1",
        {"title": "四上四下定计划", "body": "领导小组把“四上四下”写进制度，破解中梗阻。"},
        {"level": ("区",), "type": ("机制", "计划")},
        {"date": "2017-03-01"},
    ),
    Document(
        "c2",
        {"title": "兩新組織黨建", "body": "非公企业里三会一课流于形式，派指导员驻点。"},
        {"level": ("镇",), "type": ("组织",)},
        {"date": "2018-01-05"},
    ),
    Document(
        "c3",
        {"title": "村级后备人才", "body": "选派党员干部到村任职，改变人才洼地。ＡＰＰ登记"},
        {"level": ("村",), "type": ("人才", "机制")},
        {"date": "2016-12-31"},
    ),
    Document(
        "c4",
        {"title": "社会组织登记", "body": "非公企业和社会组织党建统筹，人才洼与地不相干。😀"},
        {"level": ("镇",), "type": ("组织",)},
        {},
    ),
]


def build(kind, folder, schema, analyser):
    return MemoryEngine(schema, analyser) if kind == "memory" else WhooshEngine(folder, schema, analyser)


@pytest.fixture(params=["memory", "whoosh"])
def empty(request, tmp_path, analyser):
    engine = build(request.param, tmp_path / "index", SCHEMA, analyser)
    yield engine
    engine.close()


@pytest.fixture
def engine(empty):
    empty.rebuild(CASES, stamp="one")
    return empty


def find(engine, text, **more):
    return engine.search(Request(parse(text), **more))


def found(engine, text, **more):
    return {hit.id for hit in find(engine, text, **more).hits}


@pytest.mark.parametrize(
    ("text", "ids", "relaxed"),
    [
        ("", {"c1", "c2", "c3", "c4"}, None),
        ("四上四下", {"c1"}, None),
        ("党建", {"c2", "c4"}, None),
        ("黨建 非公企業", {"c2", "c4"}, None),
        ("两新", {"c2", "c4"}, None),  # c4 by the synonym
        ("组织生活", {"c2"}, None),  # only by the synonym
        ("app", {"c3"}, None),
        ("ａｐｐ", {"c3"}, None),
        ("党建 的", {"c2", "c4"}, None),
        ("的", set(), None),
        ('"人才洼地"', {"c3"}, None),
        ("“人才洼”", {"c3", "c4"}, None),
        ("「才洼」", {"c3", "c4"}, None),
        ('"四上四下" "中梗阻"', {"c1"}, None),
        ('"没有这句话"', set(), None),
        ("党建 -两新", {"c4"}, None),
        ("-党建", {"c1", "c3"}, None),
        ('-"社会组织"', {"c1", "c2", "c3"}, None),
        ("村", {"c3"}, None),
        ("梗", {"c1"}, None),
        ("😀", {"c4"}, None),
        ("“”", {"c1", "c2", "c3", "c4"}, None),
        ("党员干部 任职 海绵城市", {"c3"}, Relaxation.MOST_WORDS),
        ("量子纠缠", set(), None),
        # A sentence: nobody writes just as the asker does, so any of its words will do.
        ("村里怎样选派海绵城市干部", {"c3"}, None),
        ("海绵城市的量子纠缠为什么“没有这句话”", set(), None),
        ("哪些镇的社会组织怎样统筹“党建”", {"c2", "c4"}, None),
        ("哪些镇的社会组织怎样登记“党建统筹”", {"c4"}, None),
        ("哪些镇的社会组织怎样登记“统筹登记党建”", {"c2", "c3", "c4"}, Relaxation.UNQUOTED),
    ],
)
def test_what_matches(engine, text, ids, relaxed):
    results = find(engine, text)
    assert ({hit.id for hit in results.hits}, results.total, results.relaxed) == (ids, len(ids), relaxed)


def test_a_pasted_paragraph_is_ranked_and_not_called_relaxed(engine):
    text = "我们镇上的非公企业党建工作，“三会一课”总是流于形式，也没有指导员，应该怎么办才好？请介绍别处的做法。"
    results = find(engine, text)
    assert (results.hits[0].id, results.relaxed) == ("c2", None)


def test_every_character_of_every_document_finds_it(engine):
    for case in CASES:
        for character in {*case.texts["title"], *case.texts["body"]}:
            assert case.id in found(engine, character) or character in "“”", character


def test_reasons_name_word_field_and_alias(engine):
    hits = {hit.id: hit for hit in find(engine, "两新 党建").hits}
    assert hits["c2"].reasons == (Reason("两新", "title"), Reason("党建", "title"))
    assert hits["c4"].reasons == (Reason("非公企业和社会组织", "body", "两新"), Reason("党建", "body"))


def test_a_hit_by_pieces_says_so(engine):
    results = find(engine, "人才洼地", filters={"level": ("镇",)})
    (hit,) = results.hits
    assert results.relaxed is Relaxation.NGRAMS
    assert (hit.id, hit.only_ngrams, hit.reasons) == ("c4", True, (Reason("人才洼", "body"),))


def test_a_hit_carries_the_original_texts_and_the_words_used(engine):
    results = find(engine, "黨建 的 兩新")
    assert results.hits[0].texts == CASES[1].texts
    assert (results.words, results.aliases) == (("黨建", "兩新"), ("非公企业和社会组织",))


def test_the_title_weighs_more(engine):
    assert [hit.id for hit in find(engine, "登记").hits] == ["c4", "c3"]


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"level": ("镇",)}, {"c2", "c4"}),
        ({"level": ("镇", "村")}, {"c2", "c3", "c4"}),
        ({"level": ("镇", "村"), "type": ("机制",)}, {"c3"}),
        ({"level": ()}, {"c1", "c2", "c3", "c4"}),
        ({"level": ("省",)}, set()),
    ],
)
def test_filters_are_or_inside_a_group_and_and_across(engine, filters, ids):
    assert found(engine, "", filters=filters) == ids


def test_a_group_is_counted_under_the_filters_of_the_others(engine):
    results = find(engine, "", filters={"level": ("镇",)}, facets=("level", "type"))
    assert results.facets == {"level": {"镇": 2, "区": 1, "村": 1}, "type": {"组织": 2}}
    assert list(results.facets["level"]) == ["镇", "区", "村"]


def test_facets_count_what_matches(engine):
    assert find(engine, "党建", facets=("type",), limit=0).facets == {"type": {"组织": 2}}


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        ("date", ["c3", "c1", "c2", "c4"]),
        ("-date", ["c2", "c1", "c3", "c4"]),
        ("relevance", ["c1", "c2", "c3", "c4"]),
    ],
)
def test_order_puts_documents_without_a_value_last(engine, order, ids):
    assert [hit.id for hit in find(engine, "", order=order).hits] == ids


@pytest.mark.parametrize(
    ("offset", "limit", "ids"),
    [
        (1, 2, ["c2", "c3"]),
        (-5, 1, ["c1"]),
        (0, -1, []),
        (10**18, 10, []),
        (0, 10**6, ["c1", "c2", "c3", "c4"]),
    ],
)
def test_pages_are_clamped(engine, offset, limit, ids):
    results = find(engine, "", offset=offset, limit=limit)
    assert ([hit.id for hit in results.hits], results.total) == (ids, 4)


@pytest.mark.parametrize("wrong", [{"order": "price"}, {"filters": {"colour": ("red",)}}, {"facets": ("colour",)}])
def test_an_unknown_order_or_facet_is_the_askers_mistake(engine, wrong):
    with pytest.raises(QueryError) as refusal:
        find(engine, "党建", **wrong)
    assert refusal.value.message


def test_updates_replace_add_and_remove(engine):
    engine.update([Document("c1", {"title": "督查台账", "body": ""}), Document("c5", {"title": "村务"})], ["c3", "c9"])
    assert engine.ids() == {"c1", "c2", "c4", "c5"}
    assert (found(engine, "四上四下"), found(engine, "督查"), found(engine, "村")) == (set(), {"c1"}, {"c5"})
    assert find(engine, "", facets=("level",)).facets == {"level": {"镇": 2}}
    assert engine.verify() == []


def test_many_updates_give_the_same_answers_as_a_rebuild(empty):
    empty.rebuild([], stamp="none")
    for case in (*CASES, *reversed(CASES)):
        empty.update([case], [])
    one_by_one = find(empty, "党建 人才 机制 登记", facets=("type",))
    empty.rebuild(CASES, stamp="all")
    at_once = find(empty, "党建 人才 机制 登记", facets=("type",))
    assert (one_by_one.hits, one_by_one.facets) == (at_once.hits, at_once.facets)


def test_everything_can_be_removed(engine):
    engine.update([], ["c1", "c2", "c3", "c4"])
    assert (engine.ids(), find(engine, "党建").total, engine.verify()) == (frozenset(), 0, [])


def test_a_rebuild_that_fails_leaves_the_old_index(engine):
    def documents():
        yield CASES[0]
        raise RuntimeError("the caller's documents ran dry")

    with pytest.raises(RuntimeError):
        engine.rebuild(documents(), stamp="two")
    with pytest.raises(ValueError, match="twice"):
        engine.rebuild([CASES[0], CASES[0]], stamp="two")
    assert (engine.stamp(), engine.ids(), engine.verify()) == ("one", {"c1", "c2", "c3", "c4"}, [])


def test_stamp_and_progress(empty):
    told = []
    assert empty.stamp() is None
    empty.rebuild(CASES, stamp="one", progress=told.append)
    assert (empty.stamp(), told) == ("one", [1, 2, 3, 4])
    empty.update([], ["c1"])
    assert empty.stamp() == "one"
    empty.update([], [], stamp="two")
    assert empty.stamp() == "two"


def test_without_an_index_there_is_no_answer(empty):
    for ask in (lambda: find(empty, "党建"), empty.ids, lambda: empty.update([], [])):
        with pytest.raises(IndexMissing):
            ask()


def test_a_closed_engine_opens_again(engine):
    engine.close()
    assert found(engine, "四上四下") == {"c1"}


DIFFERENT = "".join(map(chr, range(0x4E00, 0x4E00 + 1_400)))
HOSTILE = [
    "*",
    "*a*",
    "[TO",
    "[* TO *]",
    "(((",
    "((((((((((" * 100,
    "a^9e9",
    "党~99",
    "NOT",
    "NOT 党 AND OR",
    "title:党建",
    "的 了 是 怎么办",
    "😀🏳️‍🌈",
    "\ud800",
    "党\x00建",
    "' OR 1=1 --",
    '"' * 999,
    "-" * 999,
    "党建 " * 2_000,
    "党" * 10_240,
    "四上四下中梗阻。" * 1_300,
    "a" * 10_240,
    "\u202e党建",
    DIFFERENT,
    f'"{DIFFERENT}"',
    f"哪些村的干部怎样选派“{DIFFERENT}”",
    " ".join(f"-{DIFFERENT[place : place + 3]}" for place in range(0, 1_400, 3)),
    " ".join(f"“{DIFFERENT[place : place + 3]}”" for place in range(0, 1_400, 3)),
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_query_is_answered(engine, text):
    """How fast is measured in benchmarks/search_speed.py."""
    results = find(engine, text, facets=("type",))
    assert len(results.hits) <= min(results.total, 10)


ALPHABET = "四上下中梗阻党建两新組織人才洼地ab1 ，。\u200bＡ"
texts = st.text(alphabet=ALPHABET, max_size=14)
fields = st.fixed_dictionaries({"title": texts, "body": texts})
levels = st.lists(st.sampled_from(["区", "镇", "村"]), max_size=2).map(tuple)
documents = st.lists(st.tuples(fields, levels), max_size=6).map(
    lambda found: [Document(f"d{i}", t, {"level": f}, {"date": str(i % 3)}) for i, (t, f) in enumerate(found)]
)
question = st.text(alphabet=ALPHABET + '"-“”', max_size=10)
long_question = st.text(alphabet=ALPHABET + '"-', min_size=33, max_size=50)


def described(results):
    hits = [(hit.id, hit.reasons, hit.only_ngrams, hit.texts) for hit in results.hits]
    return results.total, hits, results.facets, results.relaxed, results.words, results.aliases


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=documents,
    changed=documents,
    removed=st.sets(st.sampled_from(["d0", "d1", "d5"])),
    asked=st.lists(st.one_of(question, long_question), min_size=1, max_size=6),
    level=levels,
)
def test_engines_agree_on_what_matches(analyser, before, changed, removed, asked, level):
    with tempfile.TemporaryDirectory() as folder:
        engines = [build(kind, Path(folder), SCHEMA, analyser) for kind in ("memory", "whoosh")]
        answers = []
        for engine in engines:
            engine.rebuild(before, stamp="")
            engine.update(changed, removed)
            requests = [
                Request(parse(text), {"level": level}, order="-date", limit=99, facets=("level",)) for text in asked
            ]
            results = [engine.search(request) for request in requests]
            answers.append([(engine.ids(), described(result)) for result in results])
            engine.close()
    assert answers[0] == answers[1]

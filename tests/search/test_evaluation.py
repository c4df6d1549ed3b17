"""Reading a collection, and measuring any engine on it."""

import gzip
import json

import pytest

from search import Schema
from search.engines.memory import MemoryEngine
from search.engines.whoosh import WhooshEngine
from search.evaluation import BadCollection, measure, read_collection, schema_of
from search.evaluation.measuring import rank

CORPUS = [
    {"id": "c1", "title": "四上四下", "body": "领导小组把四上四下写进制度。"},
    {"id": "c2", "title": "两新党建", "body": "非公企业派指导员驻点。"},
    {"id": 3, "title": "后备人才", "body": "改变人才洼地。"},
]
QUERIES = [
    {"id": "q1", "text": "四上四下", "pool": ["c2", "c1"], "self": "c2"},
    {"id": "q2", "text": "人才洼地", "pool": ["c1", 3], "self": []},
    {"id": "unjudged", "text": "党建", "pool": [], "self": []},
]
QRELS = "q1\tc1\t2\nq1\tc2\t0\nq2\t3\t1\nunjudged\tc1\t0\n"


@pytest.fixture
def files(tmp_path):
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in CORPUS)
    (tmp_path / "queries.jsonl").write_text("\n\n".join(json.dumps(row) for row in QUERIES), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text(QRELS, encoding="utf-8")
    return {
        "corpus": tmp_path / "corpus.jsonl.gz",
        "queries": tmp_path / "queries.jsonl",
        "qrels": tmp_path / "qrels.tsv",
        "corpus_fields": ["title", "body"],
        "query_fields": ["text"],
    }


def test_fields_are_joined_and_only_judged_queries_kept(files):
    collection = read_collection(**files, pool_field="pool", exclude_field="self")
    assert collection.documents == {
        "c1": "四上四下\n领导小组把四上四下写进制度。",
        "c2": "两新党建\n非公企业派指导员驻点。",
        "3": "后备人才\n改变人才洼地。",
    }
    assert [(q.id, q.grades, q.pool, q.excluded) for q in collection.queries] == [
        ("q1", {"c1": 2, "c2": 0}, ("c2", "c1"), {"c2"}),
        ("q2", {"3": 1}, ("c1", "3"), set()),
    ]
    assert [query.id for query in read_collection(**files, limit=1).queries] == ["q1"]


def test_a_row_without_a_field_contributes_nothing_for_it_and_is_counted_when_it_has_none(files):
    files["queries"].write_text('{"id": "q1", "old": "四上"}\n{"id": "q2", "text": "人才"}', encoding="utf-8")
    files["corpus_fields"] = ["title", "old"]
    collection = read_collection(**files)
    assert collection.documents == {"c1": "四上四下", "c2": "两新党建", "3": "后备人才"}
    assert [query.id for query in collection.queries] == ["q2"]
    assert (collection.wordless_queries, collection.wordless_documents) == (1, 0)
    files["corpus"].write_bytes(gzip.compress(b'{"id": 3, "body": "x", "title": ""}\n{"id": 4, "old": "y"}'))
    collection = read_collection(**files)
    assert (collection.documents, collection.wordless_documents) == ({"3": "", "4": "y"}, 1)


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("queries", "{", "queries.jsonl:1：不是一行 JSON。"),
        ("queries", "[]", "queries.jsonl:1：应为一个 JSON 对象。"),
        ("queries", '{"text": "x"}', "queries.jsonl:1：缺少编号 id。"),
        ("queries", '{"id": "q1", "title": "x"}', "queries.jsonl:1：没有字段 text，其余各行也没有；有 id、title。"),
        ("queries", '{"id": "q9", "text": "x"}', "没有一个问题在"),
        ("qrels", "q1 c1 1", "qrels.tsv:1：应为“问题 TAB 文档 TAB 等级”。"),
        ("qrels", "q1\tc1\tyes", "qrels.tsv:1：应为“问题 TAB 文档 TAB 等级”。"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(files, name, text, fault):
    files[name].write_text(text, encoding="utf-8")
    with pytest.raises(BadCollection) as raised:
        read_collection(**files)
    assert fault in str(raised.value)


def test_a_broken_archive_and_an_id_twice_are_said(files, tmp_path):
    half = tmp_path / "half.jsonl.gz"
    half.write_bytes(files["corpus"].read_bytes()[:60])
    with pytest.raises(BadCollection, match=r"half\.jsonl\.gz：读不出来"):
        read_collection(**{**files, "corpus": half})
    twice = tmp_path / "twice.jsonl"
    twice.write_text('{"id": 1, "title": "x"}\n{"id": "1", "title": "y"}', encoding="utf-8")
    with pytest.raises(BadCollection, match=r"twice\.jsonl:2：编号 1 重复"):
        read_collection(**{**files, "corpus": twice})


@pytest.fixture(params=["memory", "whoosh"])
def build_engine(request, tmp_path, analyser):
    def build(schema: Schema):
        return MemoryEngine(schema, analyser) if request.param == "memory" else WhooshEngine(tmp_path / "i", schema, analyser)  # fmt: skip

    return build


def test_a_report_has_every_measure_with_its_interval(files, build_engine):
    collection = read_collection(**files)
    report = measure(build_engine(schema_of(collection)), collection)
    assert report.means == dict.fromkeys(
        ["hit@1", "hit@5", "hit@10", "recall@100", "mrr@10", "ndcg@10", "ndcg@30", "map"], 1.0
    )
    assert report.intervals == dict.fromkeys(report.means, (1.0, 1.0))
    assert (report.queries, report.documents) == (2, 3)
    assert 0 < report.p50_ms <= report.p95_ms


def test_a_pool_is_ranked_whole_and_the_excluded_are_dropped(files, build_engine):
    collection = read_collection(**files, pool_field="pool", exclude_field="self")
    engine = build_engine(schema_of(collection))
    measure(engine, collection)
    # c2 does not match q1 and would come last, but is excluded; c1 does not match q2.
    assert [rank(engine, query) for query in collection.queries] == [["c1"], ["3", "c1"]]

"""Real Chinese text: both engines give the same documents."""

import gzip
import json
from pathlib import Path

import pytest

from search import Document, Request, Schema, TextField, parse
from search.engines.memory import MemoryEngine
from search.engines.whoosh import WhooshEngine

DATA = Path(__file__).parents[3] / "shared" / "data" / "domain.jsonl.gz"
SCHEMA = Schema((TextField("title", 3.0), TextField("body")), facets=("kind",))
COUNT = 400

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="skipped: data not present (../shared/data/domain.jsonl.gz)")

QUERIES = [
    "党员教育",
    "党建引领基层治理",
    "村",
    "人才",
    '"基层党组织"',
    "“为人民服务” -乡村",
    "基層黨組織怎麼發揮作用",
    "农村 土地 流转 纠纷",
    "2020年",
    "％",
    "的",
]


@pytest.fixture(scope="module")
def documents():
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line, _ in zip(lines, range(COUNT), strict=False)]
    return [
        Document(row["id"], {"title": row["title"], "body": row["body"][:1000]}, {"kind": (row["kind"],)})
        for row in rows
    ]


@pytest.fixture(scope="module")
def engines(documents, analyser, tmp_path_factory):
    made = (MemoryEngine(SCHEMA, analyser), WhooshEngine(tmp_path_factory.mktemp("index"), SCHEMA, analyser))
    for engine in made:
        engine.rebuild(documents, stamp="")
    yield made
    made[1].close()


@pytest.mark.parametrize("text", QUERIES)
def test_engines_agree(engines, text):
    request = Request(parse(text), limit=1000, facets=("kind",))
    memory, whoosh = (engine.search(request) for engine in engines)
    assert {hit.id for hit in memory.hits} == {hit.id for hit in whoosh.hits}
    assert (memory.total, memory.facets, memory.relaxed) == (whoosh.total, whoosh.facets, whoosh.relaxed)


def test_a_pasted_part_finds_its_document_among_the_first_three(engines, documents):
    asked = [document for document in documents if len(document.texts["body"]) > 500][::10]
    best = [engines[1].search(Request(parse(document.texts["body"][200:320]), limit=3)).hits for document in asked]
    found = [document.id in [hit.id for hit in hits] for document, hits in zip(asked, best, strict=True)]
    assert sum(found) >= 0.95 * len(found)

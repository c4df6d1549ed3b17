"""Row 32 of the threats, and threads: whatever is killed or committed meanwhile, an answer is the old one or the new."""

import multiprocessing
import os
import random
import signal
import threading
import time

import pytest

from search import Document, Request, Schema, TextField, parse
from search.engines.whoosh import WhooshEngine

SCHEMA = Schema((TextField("title", 2.0), TextField("body")), facets=("level",))
VERSIONS = "甲乙"
COUNT = 12
REQUEST = Request(parse("党建 四上四下"), limit=99, facets=("level",))
THREADS, SEARCHES, COMMITS = 8, 1_200, 25
KILLS, SHARDS = 40, 4


def documents(version):
    """The same cases in two versions that match, score and count differently."""
    body = {"甲": "四上四下，督促落实。", "乙": "四上四下。"}[version]
    level = {"甲": "区", "乙": "镇"}[version]
    return [
        Document(f"d{n:02}", {"title": f"党建{n}号{version}", "body": body * (n + 1)}, {"level": (level,)})
        for n in range(COUNT)
    ]


def answer_of(engine):
    results = engine.search(REQUEST)
    return results.total, results.hits, results.facets


@pytest.fixture(scope="module")
def expected(analyser, tmp_path_factory):
    """The right answer of each version."""
    answers = []
    for version in VERSIONS:
        engine = WhooshEngine(tmp_path_factory.mktemp("version"), SCHEMA, analyser)
        engine.rebuild(documents(version), stamp=version)
        answers.append(answer_of(engine))
        engine.close()
    assert answers[0] != answers[1]
    return answers


def test_1200_searches_from_8_threads_during_commits_are_all_right(tmp_path, analyser, expected):
    engine = WhooshEngine(tmp_path, SCHEMA, analyser)
    engine.rebuild(documents("甲"), stamp="甲")
    wrong, asked = [], []

    def ask():
        for _ in range(SEARCHES // THREADS):
            try:
                answer = answer_of(engine)
            except Exception as error:  # any error at all is the failure looked for
                answer = error
            asked.append(None)
            if answer not in expected:
                wrong.append(answer)

    threads = [threading.Thread(target=ask) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    commits = 0
    while any(thread.is_alive() for thread in threads) and commits < 10 * COMMITS:
        commits += 1
        if commits % 5:
            engine.update(documents(VERSIONS[commits % 2]), [])
        else:
            engine.rebuild(documents(VERSIONS[commits % 2]), stamp="again")
    for thread in threads:
        thread.join()
    assert (wrong, len(asked)) == ([], SEARCHES)
    assert commits > 2
    assert engine.verify() == []
    engine.close()


def write_for_ever(folder, analyser):
    engine = WhooshEngine(folder, SCHEMA, analyser)
    turn = 0
    while True:
        turn += 1
        made = documents(VERSIONS[turn % 2])
        if turn % 3:
            engine.update(made, [])
        else:
            engine.rebuild(made, stamp="again")


@pytest.mark.parametrize("shard", range(SHARDS))
def test_an_indexer_killed_40_times_leaves_the_old_index_or_the_new(tmp_path, analyser, expected, shard):
    """Killed at random over two or three whole commits, again and again over what the last kill left."""
    draw = random.Random(shard)
    WhooshEngine(tmp_path, SCHEMA, analyser).rebuild(documents("甲"), stamp="甲")
    for _ in range(KILLS // SHARDS):
        context = multiprocessing.get_context("fork")
        writer = context.Process(target=write_for_ever, args=(tmp_path, analyser), daemon=True)
        writer.start()
        time.sleep(draw.uniform(0.005, 0.15))
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        engine = WhooshEngine(tmp_path, SCHEMA, analyser)
        assert answer_of(engine) in expected
        assert engine.verify() == []
        engine.update(documents("甲"), [])  # its lock died with it, and what it left half done is swept
        assert answer_of(engine) == expected[0]
        engine.close()

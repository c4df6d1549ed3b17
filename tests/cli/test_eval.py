"""kb eval as a user runs it."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.made_library import make_library, run
from tests.made_up import ROOT

MEASURES = ["hit@1", "hit@5", "hit@10", "recall@100", "mrr@10", "ndcg@10", "ndcg@30", "map"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("taxonomy", "lexicon"):
        shutil.copytree(ROOT / "content" / name, tmp_path / "content" / name)
    rows = [{"id": "c1", "title": "四上四下", "body": "计划"}, {"id": "c2", "title": "两新", "body": "党建"}]
    (tmp_path / "c.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "q.jsonl").write_text(
        '{"id": "q1", "query": "四上四下"}\n{"id": "q2", "query": "党建"}', encoding="utf-8"
    )
    (tmp_path / "r.tsv").write_text("q1\tc1\t1\nq2\tc2\t1\n", encoding="utf-8")
    return tmp_path


FILES = ("--corpus", "c.jsonl", "--queries", "q.jsonl", "--qrels", "r.tsv")


def test_json_has_exactly_the_keys_it_promises(folder: Path) -> None:
    done = run(folder, "eval", *FILES, "--corpus-field", "title", "--corpus-field", "body", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert list(report) == [
        *MEASURES,
        "p50_ms",
        "p95_ms",
        "queries",
        "documents",
        "wordless_queries",
        "wordless_documents",
        "ci",
    ]
    assert {name: report[name] for name in MEASURES} == dict.fromkeys(MEASURES, 1.0)
    assert report["ci"] == {name: [1.0, 1.0] for name in MEASURES}
    assert (report["queries"], report["documents"]) == (2, 2)
    assert not (folder / "data").exists()  # nothing of the library is touched


def test_text_names_every_measure(folder: Path) -> None:
    lines = run(folder, "eval", *FILES, "--limit", "1").stdout.split("\n")
    assert lines[0] == "1 个问题，2 篇文档；括号内是 95% 置信区间。"
    assert [line.split()[0] for line in lines[1:9]] == MEASURES


def test_what_is_missing_or_wrong_is_said(folder: Path) -> None:
    assert run(folder, "eval").stderr == "错误：缺少 --corpus、--queries 或 --qrels。三个文件都要给，或者用 --kept。\n"
    wrong = run(folder, "eval", *FILES, "--query-field", "text")
    assert (wrong.returncode, wrong.stderr) == (2, "错误：q.jsonl:1：没有字段 text，其余各行也没有；有 id、query。\n")
    assert run(folder, "eval", "--kept").returncode == 2


def test_kept_questions_are_asked_of_the_library_itself(folder: Path) -> None:
    shutil.rmtree(folder / "content")
    make_library(folder)
    kept = folder / "content/questions/kept.yaml"
    kept.parent.mkdir(parents=True)
    kept.write_text(
        "questions:\n  - {id: k1, text: 支部不开会, expect: [000000-2020-01], kind: word}\n"
        "  - {id: k2, text: 量子纠缠, expect: [000000-2020-01], kind: word, within: 1}\n"
        "  - {id: k3, text: 会, expect: [000000-2020-01], kind: character, within: null}\n",
        encoding="utf-8",
    )
    assert run(folder, "sync").returncode == 0
    done = run(folder, "eval", "--kept")
    assert done.returncode == 1
    assert done.stdout.startswith(
        "2 个常备问题：第一条就是的 1（50%），前三条里有的 1（50%）。另有 1 个只要求出现在结果中。\n未达到：k2“量子纠缠”"
    )
    report = json.loads(run(folder, "eval", "--kept", "--json").stdout)
    assert (report["hit@1"], report["hit@3"], report["queries"], report["ranked_queries"]) == (0.5, 0.5, 3, 2)
    assert report["misses"] == [
        {"id": "k2", "text": "量子纠缠", "expect": ["000000-2020-01"], "within": 1, "rank": None, "first": None}
    ]

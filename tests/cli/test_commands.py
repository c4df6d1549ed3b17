"""The kb command as a user runs it, on a small made-up library on disk."""

import json
from pathlib import Path

import pytest

from tests.cli.made_library import make_library, run, run_process
from tests.made_up import CASE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library folder with the made-up case, mechanism and source beside the shipped taxonomy."""
    make_library(tmp_path)
    return tmp_path


def test_check_says_when_all_is_in_order(folder: Path) -> None:
    done = run(folder, "check")
    assert (done.returncode, done.stdout) == (0, "没有发现问题。\n")


def test_check_names_file_line_field_and_what_to_do(folder: Path) -> None:
    path = folder / "content/cases/000000-2020-01.md"
    path.write_text(CASE.replace("level: 镇街", "level: 天上"), encoding="utf-8")
    done = run(folder, "check", "content/cases/000000-2020-01.md")
    line = CASE.split("\n").index("level: 镇街") + 1
    advice = "从省、市、区县、镇街、村社区、单位中选一个。"
    assert done.returncode == 1
    assert done.stdout.split("\n")[0] == f"cases/000000-2020-01.md:{line} 错误〔层级〕 “层级”没有“天上”这一项。{advice}"
    row = json.loads(run(folder, "check", "--json").stdout)[0]
    assert row == {
        "file": "cases/000000-2020-01.md", "line": line, "field": "level", "label": "层级", "severity": "error",
        "message": "“层级”没有“天上”这一项。", "advice": advice,
    }  # fmt: skip


def test_check_says_in_which_file_it_is_mended(folder: Path) -> None:
    path = folder / "content/cases/000000-2020-01.md"
    path.write_text(CASE.replace("unit: 虚构镇党委", "unit: 别处"), encoding="utf-8")
    line = run(folder, "check", "content/cases/000000-2020-01.md").stdout.split("\n")[0]
    assert line.endswith("改成名册中的名称，或请库管员登记这个单位。（content/taxonomy/units.yaml）")


def test_sync_search_and_show(folder: Path) -> None:
    synced = run_process(folder, "sync")
    assert (synced.returncode, synced.stdout) == (0, "")
    assert synced.stderr == "读取 2 个文件，移除 0 个；库中现有 1 个案例。\n"
    answer = json.loads(run_process(folder, "search", "支部不开会怎么办", "--json").stdout)
    assert (answer["total"], answer["relaxed"]) == (1, answer["relaxed"])
    hit = answer["hits"][0]
    assert (hit["id"], hit["problem"], hit["mechanism"]) == ("000000-2020-01", "软弱涣散", "干部与支部结对")
    assert set(hit) == {"id", "title", "problem", "mechanism", "score", "why", "snippet", "twins"}
    assert "“支部”" in hit["why"]
    shown = run_process(folder, "show", "000000-2020-01")
    assert shown.returncode == 0 and "成因\n支部书记都外出做工" in shown.stdout
    assert run_process(folder, "show", "pair-up").stdout.startswith("编号：pair-up\n标题：干部与支部结对\n")


def test_search_filters_by_label_or_id(folder: Path) -> None:
    run(folder, "sync")
    for words in (["--type", "P5.1"], ["--type", "软弱涣散"], ["--type", "后进整顿"], ["--field", "农村"], ["--level", "镇街"]):  # fmt: skip
        assert run(folder, "search", "支部", *words).returncode == 0
    assert run(folder, "search", "支部", "--type", "P1.1").returncode == 1
    refused = run(folder, "search", "支部", "--level", "天上")
    assert (refused.returncode, refused.stderr) == (
        2,
        "错误：没有“天上”这一项。可用：省、市、区县、镇街、村社区、单位。\n",
    )


def test_what_cannot_be_done_is_said_in_plain_words(folder: Path) -> None:
    never_synced = run(folder, "search", "支部")
    assert never_synced.returncode == 2 and "kb sync" in never_synced.stderr
    run(folder, "sync")
    unknown = run_process(folder, "show", "nobody")
    assert (unknown.returncode, unknown.stderr[:3]) == (2, "错误：")
    outside = run(folder, "check", "/etc/hosts")
    assert outside.returncode == 2 and "不在内容文件夹" in outside.stderr


def test_a_damaged_file_is_said_and_the_others_stay(folder: Path) -> None:
    (folder / "content/cases/000000-2020-02.md").write_bytes("党组织".encode() + b"\xff\xfe\x00")
    synced = run(folder, "sync")
    assert synced.returncode == 1
    assert "未收入 cases/000000-2020-02.md" in synced.stderr
    assert json.loads(run(folder, "search", "支部", "--json").stdout)["total"] == 1


def test_a_link_out_of_the_content_folder_is_passed_over_and_said(folder: Path) -> None:
    secret = folder / "secret.md"
    secret.write_text(CASE.replace("000000-2020-01", "000000-2020-09"), encoding="utf-8")
    (folder / "content/cases/000000-2020-09.md").symlink_to(secret)
    synced = run(folder, "sync")
    assert "未收入 cases/000000-2020-09.md 这是一个链接，没有读取。把文件本身放进来。" in synced.stderr
    assert run(folder, "show", "000000-2020-09").returncode == 2


def test_index_rebuild_gives_the_same_answer(folder: Path) -> None:
    run(folder, "sync")
    before = json.loads(run(folder, "search", "支部不开会", "--json").stdout)
    assert run(folder, "index", "rebuild").returncode == 0
    after = json.loads(run(folder, "search", "支部不开会", "--json").stdout)
    assert {**before, "took_ms": 0} == {**after, "took_ms": 0}


def test_a_folder_is_checked_whole_and_what_is_no_record_is_refused(folder: Path) -> None:
    path = folder / "content/cases/000000-2020-01.md"
    path.write_text(CASE.replace("level: 镇街", "level: 天上"), encoding="utf-8")
    assert run(folder, "check", "content/cases").returncode == 1
    refused = run(folder, "check", "content/taxonomy/units.yaml")
    assert (refused.returncode, refused.stderr[:3]) == (2, "错误：")


def test_an_unreadable_mechanism_keeps_its_cases(folder: Path) -> None:
    (folder / "content/mechanisms/pair-up.md").write_text("---\ntitle: [\n---\n", encoding="utf-8")
    synced = run(folder, "sync")
    assert "未收入 mechanisms/pair-up.md" in synced.stderr
    assert json.loads(run(folder, "search", "支部", "--json").stdout)["total"] == 1


def test_a_linked_folder_is_passed_over_and_said(folder: Path) -> None:
    (folder / "content/cases").rename(folder / "elsewhere")
    (folder / "content/cases").symlink_to(folder / "elsewhere")
    assert "未收入 cases 这个文件夹是一个链接，没有读取。" in run(folder, "sync").stderr


def test_a_missing_reference_file_is_said_in_plain_words(folder: Path) -> None:
    (folder / "content/lexicon/terms.txt").unlink()
    synced = run(folder, "sync")
    assert synced.returncode == 2 and "terms.txt" in synced.stderr and "Traceback" not in synced.stderr


def test_what_readers_do_not_see_is_said_by_sync_and_show(folder: Path) -> None:
    path = folder / "content/cases/000000-2020-01.md"
    path.write_text(CASE.replace("status: 纳入", "status: 送审"), encoding="utf-8")
    synced = run(folder, "sync")
    assert (synced.returncode, synced.stderr) == (
        0,
        "读取 2 个文件，移除 0 个；库中现有 0 个案例。\n"
        "另有 1 个文件读者看不到：cases/000000-2020-01.md。阶段改为“纳入”、可见范围为“公开”后才显示。\n",
    )
    assert "阶段是“纳入”且公开的才显示" in run(folder, "show", "000000-2020-01").stderr


def test_check_takes_a_path_as_its_own_findings_print_it(folder: Path) -> None:
    (folder / "content/cases/000000-2020-01.md").write_text(
        CASE.replace("level: 镇街", "level: 天上"), encoding="utf-8"
    )
    here, there = (
        run(folder, "check", "content/cases/000000-2020-01.md"),
        run(folder, "check", "cases/000000-2020-01.md"),
    )
    assert (there.returncode, there.stdout) == (here.returncode, here.stdout)
    assert run(folder, "check", "cases/nowhere.md").returncode == 2
    (folder / "outside.md").write_text("x", encoding="utf-8")
    assert run(folder, "check", "outside.md").returncode == 2

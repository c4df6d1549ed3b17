"""Files in, plain values out, and back: hostile front matter is refused with a line, never with a crash."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import UnreadableFile
from kb.repository.record_file import parse_record, serialize_record
from tests.made_up import CASE, CASE_TEMPLATE, MECHANISM, MECHANISM_TEMPLATE

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(
    str.strip
).filter(
    lambda text: bool(text) and not any("\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069" for c in text)
)  # fmt: skip
BODY = TEXT.filter(lambda text: not text.startswith("#"))


def refusal(text: str) -> tuple[int, str]:
    with pytest.raises(UnreadableFile) as caught:
        parse_record(text.encode(), CASE_TEMPLATE)
    return caught.value.line, caught.value.message


@given(
    title=TEXT,
    keywords=st.lists(TEXT, min_size=1, max_size=5),
    cells=st.dictionaries(st.sampled_from(["measure", "now", "note"]), TEXT, min_size=1),
    situation=BODY,
)
@settings(max_examples=60, deadline=None)
def test_parse_of_serialize_is_the_same(title: str, keywords: list[str], cells: dict[str, str], situation: str) -> None:
    plain = {"title": title, "keywords": keywords, "results": [cells], "situation": situation}
    assert parse_record(serialize_record(plain, CASE_TEMPLATE).encode(), CASE_TEMPLATE).fields == plain


@pytest.mark.parametrize("mark", ["\x85", "\u2028", "\u2029", "\ufeff"])
def test_line_breaks_of_other_systems_stay_in_their_value(mark: str) -> None:
    text = f"虚构{mark}文字"
    plain = {"title": text, "keywords": [text], "results": [{"now": text}], "situation": text}
    assert parse_record(serialize_record(plain, CASE_TEMPLATE).encode(), CASE_TEMPLATE).fields == plain


def test_the_made_up_files_survive_the_round_trip() -> None:
    case = parse_record(CASE.encode(), CASE_TEMPLATE)
    mechanism = parse_record(MECHANISM.encode(), MECHANISM_TEMPLATE)
    case_again = parse_record(serialize_record(case.fields, CASE_TEMPLATE).encode(), CASE_TEMPLATE)
    text = serialize_record(mechanism.fields, MECHANISM_TEMPLATE, mechanism.notes)
    mechanism_again = parse_record(text.encode(), MECHANISM_TEMPLATE)
    assert case_again.fields == case.fields
    assert (mechanism_again.fields, mechanism_again.notes) == (mechanism.fields, mechanism.notes)


def test_every_value_knows_its_line() -> None:
    plain = parse_record(CASE.encode(), CASE_TEMPLATE)
    lines = CASE.split("\n")
    assert lines[plain.lines["results.0.now"] - 1].strip().startswith("- {measure: 不开会的支部")
    assert lines[plain.lines["causes"] - 1] == "## 二、成因"


@pytest.mark.parametrize(
    ("head", "line", "words"),
    [
        ("a: !!python/object/apply:os.system [id]", 2, "不能使用类型标记"),
        ("a: &x [1]\nb: *x", 2, "不能使用锚点"),
        ("a: 1\nb: 甲\u2028乙", 3, "特殊的换行符"),
        ("a: 1\na: 2", 3, "写了两次"),
        ("1: x", 2, "项的名称“1”不对"),
        ("a: 1\n\tb: 2", 3, "不合 YAML 规则"),
        ("a: [" + "[" * 5000, 2, "层次套得太深"),
        ("a: " + "- " * 60 + "x", 2, ""),
        ("a: '" + "x" * 17_000 + "'", 2, "超过 16384 个字符"),
        ('a: "x\\0y"', 2, "控制字符 U+0000"),
        ('a: "x\\u202Ey"', 2, "控制字符 U+202E"),
        ('a: "x\\uD800y"', 2, ""),
        ("- a\n- b", 2, "“名称: 内容”的形式"),
        ("? [a, b]\n: c", 2, ""),
    ],
)
def test_hostile_front_matter_is_refused_with_its_line(head: str, line: int, words: str) -> None:
    started = time.monotonic()
    found_line, message = refusal(f"---\n{head}\n---\n")
    assert (found_line, words in message) == (line, True)
    assert time.monotonic() - started < 5


def test_an_alias_bomb_is_refused() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(8)
    )
    assert refusal(f"---\n{bomb}---\n") == (2, "不能使用锚点（&）和别名（*）。")


def test_scalars_stay_as_typed() -> None:
    head = "title: NO\nunit: 0123\nfield: 12:30:00\nreview_by: 2026-02-30\nlevel: ~\nkind: 1e3"
    fields = parse_record(f"---\n{head}\n---\n".encode(), CASE_TEMPLATE).fields
    assert fields == {
        "title": "NO", "unit": "0123", "field": "12:30:00", "review_by": "2026-02-30", "level": "", "kind": "1e3",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("没有说明部分", 1, "第一行不是“---”"),
        ("---\ntitle: x\n", 1, "没有用“---”结束"),
        ("---\ntitle: x\n---\n\n散落的文字\n", 5, "没有归到任何一节"),
        ("---\ntitle: x\n---\n\n## 一、问题\n\n## 一、问题\n", 7, "写了两次"),
        ("---\ntitle: x\n---\n\n## 别的\n", 5, "没有“别的”这一节"),
        ("---\nsituation: x\n---\n\n## 一、问题\n\n甲\n", 2, "在开头和正文里写了两次"),
    ],
)
def test_a_file_out_of_shape_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    found_line, message = refusal(text)
    assert (found_line, words in message) == (line, True)


def test_a_heading_inside_a_code_fence_is_text() -> None:
    fields = parse_record("---\ntitle: x\n---\n\n## 一、问题\n\n```\n## 别的\n```\n".encode(), CASE_TEMPLATE).fields
    assert fields["situation"] == "```\n## 别的\n```"

"""Marks and snippets from the stored text."""

from hypothesis import given
from hypothesis import strategies as st

from search import Segment, highlight, snippet
from search.analysis import fold, fold_with_origins
from search.marking import find_marks

TEXT = st.text(alphabet="马克思主义党建兩新ＡＢ\u200b㈠。\n", max_size=80)
WORDS = st.lists(st.text(alphabet="马克思主义党建两新ab一(", min_size=1, max_size=4), max_size=4)


def test_the_longest_word_is_marked_whole():
    assert highlight("学马克思主义", ["马克", "马克思", "主义"]) == (
        Segment("学", False),
        Segment("马克思", True),
        Segment("主义", True),
    )


def test_marks_keep_the_original_characters():
    assert highlight("在兩\u200b新組織ＡＢ中", ["两新", "ab"]) == (
        Segment("在", False),
        Segment("兩\u200b新", True),
        Segment("組織", False),
        Segment("ＡＢ", True),
        Segment("中", False),
    )


def test_aliases_are_marked_as_well():
    assert highlight("社会组织", ["两新"], aliases=["社会组织"]) == (Segment("社会组织", True),)


def test_nothing_to_mark():
    assert highlight("党建", []) == (Segment("党建", False),)
    assert highlight("", ["党建"]) == ()


def test_a_snippet_opens_at_the_sentence_with_most_different_words():
    text = "开头说党建。" + "无关的话" * 30 + "。这里党建引领基层治理。" + "后面的话" * 30
    parts = snippet(text, ["党建", "基层", "治理"], width=30)
    assert parts[:4] == (
        Segment("…", False),
        Segment("这里", False),
        Segment("党建", True),
        Segment("引领", False),
    )
    assert parts[-1] == Segment("…", False)


def test_a_snippet_of_a_short_text_is_the_text():
    assert snippet("党建引领", ["党建"], width=50) == (Segment("党建", True), Segment("引领", False))


def test_a_snippet_without_a_match_is_the_beginning():
    assert snippet("一二三四五六", ["党建"], width=3) == (Segment("一二三", False), Segment("…", False))


@given(TEXT, WORDS)
def test_highlighting_loses_no_character(text, words):
    assert "".join(segment.text for segment in highlight(text, words)) == text


@given(TEXT, WORDS, st.integers(1, 40))
def test_a_snippet_is_a_part_of_the_text_no_longer_than_asked(text, words, width):
    part = "".join(segment.text for segment in snippet(text, words, width) if segment != Segment("…", False))
    assert part in text
    assert len(part) == min(width, len(text))


@given(TEXT, WORDS)
def test_marks_are_what_a_plain_look_at_every_place_finds(text, words):
    folded, known = (
        fold_with_origins(text),
        sorted({fold(word).strip() for word in words} - {""}, key=len, reverse=True),
    )
    expected, place, end = [], 0, 0
    while place < len(folded.text):
        word = next((word for word in known if folded.text.startswith(word, place)), "")
        if word and folded.origin(place, place + len(word))[0] >= end:
            expected.append((*folded.origin(place, place + len(word)), word))
            end = expected[-1][1]
        place += len(word) or 1
    assert [tuple(mark) for mark in find_marks(text, words)] == expected

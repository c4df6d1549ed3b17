"""Paragraph by paragraph, then character by character; both sides can always be put together again."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.domain.paragraph_diff import ParagraphChange, compare_paragraphs

TEXTS = st.text(alphabet="支部开会没有人 \n", max_size=60)


def told(before: str, after: str) -> list[tuple[str, str, str]]:
    """Kind, then each side with what changed in brackets."""
    return [(change.kind, _marked(change, 0), _marked(change, 1)) for change in compare_paragraphs(before, after)]


def _marked(change: ParagraphChange, side: int) -> str:
    return "".join(f"[{piece.text}]" if piece.is_changed else piece.text for piece in change[side])


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("一段没有变。", "一段没有变。\n", [("same", "一段没有变。", "一段没有变。")]),
        ("支部两年没有开会。", "支部三年没有开会。", [("changed", "支部[两]年没有开会。", "支部[三]年没有开会。")]),
        ("甲段在前。\n乙段。", "甲段在前。", [("same", "甲段在前。", "甲段在前。"), ("removed", "[乙段。]", "")]),
        ("甲段。", "甲段。\n\n新的一段。", [("same", "甲段。", "甲段。"), ("added", "", "[新的一段。]")]),
        ("完全不同的话。", "另写了一句！", [("removed", "[完全不同的话。]", ""), ("added", "", "[另写了一句！]")]),
    ],
)
def test_what_changed_is_told_paragraph_by_paragraph(
    before: str, after: str, expected: list[tuple[str, str, str]]
) -> None:
    assert told(before, after) == expected


@given(TEXTS, TEXTS)
def test_both_sides_can_be_put_together_again(before: str, after: str) -> None:
    changes = compare_paragraphs(before, after)
    for side, text in enumerate((before, after)):
        kept = ["".join(piece.text for piece in change[side]) for change in changes if change[side]]
        assert kept == [line.rstrip() for line in text.split("\n") if line.strip()]


def test_long_paragraphs_do_not_keep_a_reviewer_waiting() -> None:
    began = time.monotonic()
    compare_paragraphs("支部开会没有人来" * 2500, "支部没有人来开会" * 2500)
    assert time.monotonic() - began < 5

"""Sentences end where a reader ends them, and no character of the text is lost or added."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.domain.plain_text import plain_text
from kb.domain.sentences import split_sentences


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("", ()),
        ("支部两年没有开会。群众有意见", ("支部两年没有开会。", "群众有意见")),
        ("书记说：“会要开。话要说。”大家都来了。", ("书记说：“会要开。话要说。”", "大家都来了。")),
        ("他问：“谁来召集？”", ("他问：“谁来召集？”",)),
        ("按《办法（试行。）》办。再回访。", ("按《办法（试行。）》办。", "再回访。")),
        ("真的吗？！真的。", ("真的吗？！", "真的。")),
        ("引号“没有关上。后面照样断句。", ("引号“没有关上。后面照样断句。",)),
        ("3 个支部〔一〕没有开会〔二〕。", ("3 个支部没有开会。",)),
        ("- 摸底：先看**名单**。\n- 结对", ("摸底：先看名单。", "结对")),
        ("1. 先摸底。\n2. 再结对。", ("先摸底。", "再结对。")),
        ("1.5万人参加。", ("1.5万人参加。",)),
        ("### 小标题\n\n| 甲 | 乙 |\n|---|---|\n正文。", ("正文。",)),
        ("见[办法](https://example.invalid/a)。", ("见办法。",)),
    ],
)
def test_sentences(markdown: str, expected: tuple[str, ...]) -> None:
    assert split_sentences(markdown) == expected


@given(st.text(alphabet="支部开会。！？；“”（）《》〔一〕\n 12", max_size=60))
def test_no_character_is_lost_or_added(text: str) -> None:
    told = "".join("".join(plain_text(line).split()) for line in text.split("\n"))
    assert "".join("".join("".join(one.split()) for one in split_sentences(text))) == told

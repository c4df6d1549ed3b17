"""First sentences for cards."""

import pytest

from kb.domain.plain_text import first_sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("支部不开会。群众有意见。", "支部不开会。"),
        ("支部不开会〔一〕；群众有意见。", "支部不开会……"),
        ("1. **摸底**：逐户走访。", "1. 摸底：逐户走访。"),
        ("没有句号", "没有句号"),
        ("长" * 90, "长" * 79 + "…"),
        ("", ""),
    ],
)
def test_a_card_shows_one_whole_sentence_or_says_that_it_is_cut(text: str, expected: str) -> None:
    assert first_sentence(text) == expected

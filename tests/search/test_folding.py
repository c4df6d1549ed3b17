"""One spelling for text and query, and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import fold, fold_with_origins
from search.analysis.folding import LONG

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("兩新組織", "两新组织"),
        ("ＡＢｃ１２％", "abc12%"),
        ("党\u200b建\ufeff", "党建"),
        ("㈠…①", "(一)...1"),
        ("Café CAFE\u0301", "cafe cafe"),
        ("一\u3000二\n三\x00四", "一 二 三 四"),
        ("豈\ud800", "岂"),
        ("薴", "苎"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@given(ANY_TEXT)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT, ANY_TEXT)
def test_a_part_of_a_text_folds_to_a_part(one, two):
    assert fold(one + two) == fold(one) + fold(two)


@given(ANY_TEXT, st.text(alphabet="党建，…ＡＢ兩\u200b\x00豈\ud800", max_size=20))
def test_a_long_text_folds_as_its_parts_do(one, two):
    text = (one + two) * (1 + LONG // (len(one + two) or LONG))
    folded = fold_with_origins(text)
    assert folded.text == fold(text) == "".join(map(fold, text))
    assert list(folded.starts) == [place for place, character in enumerate(text) for _ in fold(character)]


@given(ANY_TEXT)
def test_every_folded_character_leads_back_to_what_it_came_from(text):
    folded = fold_with_origins(text)
    assert folded.text == fold(text)
    for place, character in enumerate(folded.text):
        start, end = folded.origin(place, place + 1)
        assert end == start + 1
        assert character in fold(text[start])

"""Shared wording as arrays is what it is as sets."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from search.engines.whoosh import feedback
from search.likeness import SHINGLE, likeness, share
from search.likeness import shingles as numbers_of

TEXTS = st.lists(st.text("支部开会。结对 ab1_𠮷", max_size=30), min_size=1, max_size=5)


def shingles(text: str) -> set[str]:
    letters = "".join(filter(str.isalnum, text))
    return {letters[i : i + SHINGLE] for i in range(len(letters) - SHINGLE + 1)}


@settings(deadline=None)  # the first call makes the table of word characters
@given(TEXTS)
def test_likeness_is_the_shared_shingles_over_all_of_both(texts: list[str]) -> None:
    found = [shingles(text) for text in texts]
    expected = [[len(one & two) / len(one | two) if one and two else 0.0 for two in found] for one in found]
    assert likeness(texts).tolist() == expected
    assert [[share(numbers_of(one), numbers_of(two)) for two in texts] for one in texts] == expected


def test_no_texts_are_like_nothing() -> None:
    assert likeness([]).shape == (0, 0)


@settings(deadline=None)
@given(st.text("支部开会。结对 ab1_𠮷", max_size=30))
def test_pairs_of_characters_are_the_bigrams_of_the_runs(text: str) -> None:
    pairs = feedback._pairs(text)
    expected = [
        run[i : i + 2] for run in text.replace("。", " ").replace("_", " ").split() for i in range(len(run) - 1)
    ]
    assert [chr(pair >> feedback.PLACE) + chr(pair & feedback.LAST) for pair in pairs.tolist()] == expected
    assert np.array_equal(np.argsort(pairs, kind="stable"), sorted(range(len(expected)), key=expected.__getitem__))

"""Shared wording as arrays is what it is as sets."""

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from search.engines.whoosh import feedback
from search.likeness import LONG, SHINGLE, are_alike, share
from search.likeness import shingles as numbers_of

TEXTS = st.lists(st.text("支部开会。结对 ab1_𠮷", max_size=30), min_size=1, max_size=5)


def shingles(text: str) -> set[str]:
    letters = "".join(filter(str.isalnum, text))
    return {letters[i : i + SHINGLE] for i in range(len(letters) - SHINGLE + 1)}


@settings(deadline=None)  # the first call makes the table of word characters
@given(TEXTS, st.sampled_from([0.1, 0.5, 1.0]))
def test_likeness_is_the_shared_shingles_over_all_of_both(texts: list[str], least: float) -> None:
    found = [shingles(text) for text in texts]
    shares = [[len(one & two) / len(one | two) if one and two else 0.0 for two in found] for one in found]
    assert [[share(numbers_of(one), numbers_of(two)) for two in texts] for one in texts] == shares
    places = range(len(texts))
    assert are_alike(texts, least).tolist() == [[shares[i][j] >= least and i != j for j in places] for i in places]


def test_long_texts_that_share_more_or_less_than_half_are_told_apart_though_a_draw_is_looked_at_first() -> None:
    draw = Random(1)
    source = "".join(draw.choices([chr(0x4E00 + code) for code in range(3_000)], k=4_000))
    texts = [source[:3_000], source[:2_000], source[1_010:4_000], source[2_990:] + source[:1_990], source[::-1]]
    found = [shingles(text) for text in texts]
    shares = [[len(one & two) / len(one | two) for two in found] for one in found]
    assert 0.49 < shares[0][2] < 0.5 < shares[0][1] < 0.7
    assert min(map(len, found)) >= LONG
    places = range(len(texts))
    assert are_alike(texts, 0.5).tolist() == [[shares[i][j] >= 0.5 and i != j for j in places] for i in places]
    assert not are_alike([texts[0], texts[4]], 0.5).any()


def test_no_texts_are_like_nothing() -> None:
    assert are_alike([], 0.5).shape == (0, 0)


@settings(deadline=None)
@given(st.text("支部开会。结对 ab1_𠮷", max_size=30))
def test_pairs_of_characters_are_the_bigrams_of_the_runs(text: str) -> None:
    pairs = feedback._pairs(text)
    expected = [
        run[i : i + 2] for run in text.replace("。", " ").replace("_", " ").split() for i in range(len(run) - 1)
    ]
    assert [chr(pair >> feedback.PLACE) + chr(pair & feedback.LAST) for pair in pairs.tolist()] == expected
    assert np.array_equal(np.argsort(pairs, kind="stable"), sorted(range(len(expected)), key=expected.__getitem__))

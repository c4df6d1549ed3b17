"""Terms of documents and words of queries."""

from collections import Counter

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Analyser
from search.analysis import Word, fold
from search.analysis.dictionary import _jieba_words
from search.analysis.runs import ngrams_of


def test_terms_are_characters_bigrams_and_longer_words(analyser):
    assert analyser.terms("四上四下，a2b") == Counter(
        {"四": 2, "上": 1, "下": 1, "四上": 1, "上四": 1, "四下": 1, "四上四下": 1, "，": 1}
        | {"a": 1, "2": 1, "b": 1, "a2": 1, "2b": 1, "a2b": 1}
    )


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("党员教育宽松软", ["党员", "教育", "宽松软"]),
        ("“中梗阻”！", ["中梗阻"]),
        ("ＡＢＣ12 村", ["ＡＢＣ12", "村"]),
        ("《", ["《"]),
        ("，《，", ["，", "《"]),
        ("привет мир", ["привет", "мир"]),
        (" \u200b", []),
    ],
)
def test_words_of_a_query_as_they_were_spelled(analyser, query, words):
    assert [word.spelling for word in analyser.words(query)] == words


def test_a_synonym_comes_along_in_either_direction(analyser):
    other = Word("非公企业和社会组织", "非公企业和社会组织", ("非公企业和社会组织",))
    assert analyser.words("兩新")[0] == Word("两新", "兩新", ("两新",), (other,))
    assert [alias.text for alias in analyser.words("非公企业和社会组织")[0].aliases] == ["两新"]


def test_a_long_word_the_dictionary_lacks_is_looked_for_by_its_bigrams(analyser):
    word = next(word for word in analyser.words("张晓明") if len(word.text) == 3)
    assert word.terms == ("张晓", "晓明")


def test_the_digest_names_everything_that_changes_terms():
    plain = Analyser(["甲乙丙"]).digest
    assert plain == Analyser(["甲乙丙", "甲乙丙"]).digest
    assert len({plain, Analyser().digest, Analyser(["甲乙丙"], [("甲", "乙")]).digest}) == 3


def test_the_dictionary_of_jieba_is_read_as_jieba_reads_it():
    tokenizer = jieba.Tokenizer()
    assert _jieba_words() == tokenizer.gen_pfdict(tokenizer.get_dict_file())


def test_two_analysers_do_not_share_a_dictionary():
    assert Analyser(["一企一表一社一表"]).terms("一企一表一社一表")["一企一表一社一表"] == 1
    assert Analyser().terms("一企一表一社一表")["一企一表一社一表"] == 0


@given(st.text(alphabet="四上下中梗阻党建a1 ，。😀", max_size=30), st.data())
def test_whatever_stands_in_a_text_has_its_characters_and_bigrams_among_the_terms(analyser, text, data):
    start = data.draw(st.integers(0, len(text)))
    part = text[start : data.draw(st.integers(start, len(text)))]
    assert ngrams_of(fold(part)) <= analyser.terms(fold(text)).keys()


@given(st.text(alphabet="四上四下中梗阻宽松软建党", max_size=20))
def test_a_dictionary_word_that_stands_in_a_text_is_a_term(analyser, text):
    found = {word for word in ("四上四下", "中梗阻", "宽松软") if word in text}
    assert found <= analyser.terms(text).keys()

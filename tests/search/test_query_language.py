"""Text to tree and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Exclude, Literal, Query, QueryError, Words, parse, unparse
from search.query_language import MAX_CONTENT

TABLE = [
    ("", ()),
    (" \u3000\n", ()),
    ("党员教育", (Words("党员教育"),)),
    ("党员  教育\t管理", (Words("党员 教育 管理"),)),
    ('"四上四下"', (Literal("四上四下"),)),
    ("“四上四下”", (Literal("四上四下"),)),
    ("＂四上四下＂", (Literal("四上四下"),)),
    ("「四上四下」『两新』", (Literal("四上四下"), Literal("两新"))),
    ("党建 -养老", (Words("党建"), Exclude(Words("养老")))),
    ("党建 －养老", (Words("党建"), Exclude(Words("养老")))),
    ('-"居家 养老" 党建', (Exclude(Literal("居家 养老")), Words("党建"))),
    ('"甲"-乙', (Literal("甲"), Exclude(Words("乙")))),
    ("甲-乙", (Words("甲-乙"),)),
    ("甲 - 乙 --丙 -", (Words("甲 乙 --丙"),)),
    ("-", ()),
    ("－ -- －-", ()),
    ('- "甲" --"乙"-', (Literal("甲"), Literal("乙"))),
    ('党建"', (Words("党建"),)),
    ('"党建 创新', (Words("党建 创新"),)),
    ('""', ()),
    ('-" "', ()),
    ("* [TO ((( a^9e9 ~99 NOT title:x", (Words("* [TO ((( a^9e9 ~99 NOT title:x"),)),
]


@pytest.mark.parametrize(("text", "clauses"), TABLE)
def test_text_reads_as(text, clauses):
    assert parse(text) == Query(clauses)


@pytest.mark.parametrize(("text", "clauses"), TABLE)
def test_what_was_read_can_be_written(text, clauses):
    assert parse(unparse(parse(text))) == Query(clauses)


def test_too_long_a_text_is_cut_and_says_so():
    query = parse("党" * 10_240)
    assert query == Query((Words("党" * MAX_CONTENT),))
    assert query.truncated
    assert not parse("党" * MAX_CONTENT).truncated


def test_spaces_alone_do_not_count_as_cut():
    assert not parse("党建" + " " * 100_000).truncated


def test_a_literal_at_the_limit_is_cut_not_dropped():
    assert parse("党" * (MAX_CONTENT - 2) + '"建设年"') == Query((Words("党" * (MAX_CONTENT - 2)), Literal("建设")))


def test_a_word_of_which_but_dashes_would_be_left_is_cut_off():
    query = parse("党" * (MAX_CONTENT - 3) + " --丙")
    assert query == Query((Words("党" * (MAX_CONTENT - 3)),))
    assert query.truncated


@pytest.mark.parametrize(
    "make",
    [
        lambda: Words(""),
        lambda: Words("-甲"),
        lambda: Words("甲 -"),
        lambda: Words("--"),
        lambda: Words('甲"乙'),
        lambda: Words("甲  乙"),
        lambda: Literal(" "),
        lambda: Literal('"」』'),
        lambda: Exclude(Words("甲 乙")),
        lambda: Query((Words("甲"), Words("乙"))),
        lambda: Query((Words("甲" * (MAX_CONTENT + 1)),)),
    ],
)
def test_a_tree_that_no_text_stands_for_is_refused(make):
    with pytest.raises(QueryError):
        make()


HOSTILE = st.text(alphabet=st.characters(exclude_categories=()), max_size=40)
SIGNS = st.text(alphabet='甲乙a -－"“”「」『』＂„‟\n\u3000\x00*[(~^', max_size=40)


@given(st.one_of(HOSTILE, SIGNS))
def test_every_text_is_a_query_that_survives_writing(text):
    query = parse(text)
    assert parse(unparse(query)) == query


def _made(clause):
    return clause is not None


def _or_none(make, text):
    try:
        return make(text)
    except QueryError:
        return None


chunks = SIGNS.map(lambda text: _or_none(Words, " ".join(text.split()))).filter(_made)
literals = SIGNS.map(lambda text: _or_none(Literal, text)).filter(_made)
plain = st.one_of(chunks, literals)
excludes = plain.map(lambda clause: _or_none(Exclude, clause)).filter(_made)
queries = (
    st.lists(st.one_of(plain, excludes), max_size=6).map(lambda found: _or_none(Query, tuple(found))).filter(_made)
)


@given(queries)
def test_every_tree_survives_writing(query):
    assert parse(unparse(query)) == query

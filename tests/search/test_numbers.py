"""Numbers written in figures and in characters find each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Document, Request, Schema, TextField, parse
from search.analysis.numbers import numbers_apart, other_forms
from search.engines.memory import MemoryEngine


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("61", ("六十一",)),
        ("六十一", ("61",)),
        ("两千三百", ("2300",)),
        ("105", ("一百零五",)),
        ("一百〇五", ("105",)),
        ("三十四万", ("34万", "340000")),
        ("2017", ("二〇一七", "二零一七")),
        ("二〇一七", ("2017",)),
        ("百分之三十四", ("34%",)),
        *(
            (word, ())
            for word in ("7", "七", "10", "十", "007", "四上四下", "二百五", "一二", "三会一课", "百分之几", "党建", "")
        ),
    ],
)
def test_the_other_way_to_write_a_number(word, forms):
    assert other_forms(word) == forms


@given(st.integers(11, 99_999_999))
def test_there_and_back(value):
    if 1900 <= value < 2100:
        return
    (written,) = other_forms(str(value))
    assert str(value) in other_forms(written)


@pytest.mark.parametrize(
    ("run", "parts"),
    [
        ("培养六十一个村级后备人才", ["培养", "六十一", "个村级后备人才"]),
        ("百分之三十四的党员", ["百分之三十四", "的党员"]),
        ("学习二十大精神", ["学习二十大精神"]),
        ("十一届三中全会", ["十一届三中全会"]),
        ("四上四下", ["四上四下"]),
    ],
)
def test_only_what_is_counted_stands_apart(run, parts):
    assert numbers_apart(run) == parts


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("61个支部", {"figures", "characters"}),
        ("六十一个支部", {"figures", "characters"}),
        ("百分之三十四", {"percent"}),
        ("６１", {"figures", "characters"}),
        ("二零一七年", {"year"}),
    ],
)
def test_either_finds_the_other(analyser, asked, ids):
    engine = MemoryEngine(Schema((TextField("body"),)), analyser)
    bodies = {"figures": "建立61个支部", "characters": "建立六十一个支部", "percent": "占比34%", "year": "始于2017年"}
    engine.rebuild([Document(id, {"body": body}) for id, body in bodies.items()], stamp="")
    assert {hit.id for hit in engine.search(Request(parse(asked))).hits} == ids

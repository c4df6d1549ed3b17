"""The form of a draft loses nothing: what it shows and what it posts back are the same, for every case there is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from kb.domain.drafting import piece_id, places_for, put_piece, tidy
from kb.domain.merging import merge
from kb.domain.template import UNSTATED
from kb.repository.record_file import parse_record
from kb.web.drafts.fields import Remarks, build_form
from kb.web.drafts.inputs import Offers, Option
from kb.web.drafts.posted import move_row, read_posted
from tests.made_up import CASE_TEMPLATE, ROOT

SHIPPED = sorted((ROOT / "content/cases").glob("*.md"))


def through_the_form(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields as a browser sends the form of them back."""
    offers = Offers(indicators=tuple(Option(one, one) for one in fields.get("indicators", []) if one))
    posted: list[tuple[str, str]] = []
    for group in build_form(CASE_TEMPLATE, fields, offers, Remarks()):
        for field in group.fields:
            if field.is_unstated:
                posted.append((f"unstated.{field.key}", "yes"))
            for control in (*field.inputs, *(one for row in field.rows for one in row.inputs)):
                if control.kind == "checks":
                    posted += [(control.name, one) for one in sorted(control.chosen)]
                else:
                    posted.append((control.name, control.value.replace("\n", "\r\n")))
    return tidy(CASE_TEMPLATE, read_posted(CASE_TEMPLATE, MultiDict(posted)))


def test_every_shipped_case_goes_through_the_form_unchanged() -> None:
    changed = {}
    for path in SHIPPED:
        fields = tidy(CASE_TEMPLATE, parse_record(path.read_bytes(), CASE_TEMPLATE).fields)
        written = {key: value for key, value in fields.items() if key not in ("id", "status", "review_by")}
        back = through_the_form(written)
        if back != written:
            changed[path.name] = {
                key: (written.get(key), back.get(key)) for key in written | back if written.get(key) != back.get(key)
            }
    assert changed == {}
    assert len(SHIPPED) > 100


def test_every_slot_a_writer_fills_is_on_the_form_once() -> None:
    shown = [field.key for group in build_form(CASE_TEMPLATE, {}, Offers(), Remarks()) for field in group.fields]
    assert sorted(shown) == sorted(set(CASE_TEMPLATE.keys) - {"id", "status", "review_by"})


texts = st.text(alphabet="甲乙 \t\r\n\x00\u202e、，#-", max_size=12)
plain = st.recursive(
    texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=6
)
drafts = st.dictionaries(
    st.sampled_from(["title", "keywords", "steps", "promotion", "period", "causes", "x"]), plain, max_size=5
)


@given(drafts)
def test_tidying_twice_is_tidying_once(fields: dict[str, Any]) -> None:
    once = tidy(CASE_TEMPLATE, fields)
    assert tidy(CASE_TEMPLATE, once) == once


values = st.sampled_from(["", "甲", "乙", "丙"])
states = st.fixed_dictionaries({"title": values, "causes": values, "effect": values})


@given(states, states, states)
def test_merging_keeps_every_change_or_names_the_field(
    base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    merged = merge(base, mine, theirs)
    for key in base:
        if mine[key] == base[key] or mine[key] == theirs[key]:
            assert merged.fields[key] == theirs[key]
        else:
            assert merged.fields[key] == mine[key]
        is_disputed = theirs[key] not in (base[key], mine[key]) and mine[key] != base[key]
        assert (key in merged.disputed) == is_disputed


@pytest.mark.parametrize("path", places_for(CASE_TEMPLATE))
@pytest.mark.parametrize("held", ["nothing", "unstated", "something"])
def test_a_piece_put_into_a_field_is_there_with_what_stood_there(path: str, held: str) -> None:
    before = {} if held == "nothing" else put_piece(CASE_TEMPLATE, {}, path, "原来就有的") if held == "something" else {
        path.partition(".")[0]: UNSTATED
    }  # fmt: skip
    after = str(put_piece(CASE_TEMPLATE, before, path, "  新的\n一段  "))
    assert ("原来就有的" in after) == (held == "something")
    assert UNSTATED not in after
    assert "新的" in after and "一段" in after


def test_pieces_are_named_by_what_they_say() -> None:
    assert piece_id("甲") == piece_id("甲") != piece_id("乙")


@pytest.mark.parametrize("path", ["steps.9", "steps.-1", "steps", "steps.x", "title.0", "", "nothing.0", "steps.0.1"])
def test_a_row_that_is_not_there_is_not_moved(path: str) -> None:
    fields = {"title": "甲", "steps": [{"action": "一"}, {"action": "二"}]}
    assert [move_row(fields, deed, path) for deed in ("up", "remove")] == [fields, fields]

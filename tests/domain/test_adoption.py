"""Whatever is tried in whatever order, nothing is confirmed that did not land, nor by its adopter or its source."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.domain.adoption import (
    NEXT,
    Adoption,
    AdoptionReport,
    AdoptionStage,
    Manner,
    apply_report,
    check_confirmer,
    move_adoption,
)
from kb.errors import AskedWrongly

TODAY = date(2026, 11, 26)
SOURCES = ("虚构镇党委",)
BEGINNING = Adoption(1, "虚构村党支部", "pair-up", "000000-2020-01", 0, Manner.OWN, AdoptionStage.DRAFT)
REPORT = AdoptionReport(results=({"measure": "会", "now": "3"},), proof="虚构的台账", stop_reason="虚构的原因")
deeds = st.one_of(
    st.tuples(st.sampled_from(AdoptionStage), st.integers(1, 28)),
    st.sampled_from(("虚构村党支部", "虚构镇党委", "虚构学校党支部", "")),
)


def attempt(adoption: Adoption, deed: tuple[AdoptionStage, int] | str) -> Adoption:
    """What comes of a deed: a report of a stage on a day, or a unit that confirms; a refusal changes nothing."""
    try:
        if isinstance(deed, str):
            check_confirmer(adoption, deed, SOURCES)
            return replace(adoption, confirmed_unit=deed)
        return apply_report(adoption, replace(REPORT, stage=deed[0], on=f"2026-10-{deed[1]:02d}"), TODAY)
    except AskedWrongly:
        return adoption


@given(st.lists(deeds, max_size=30))
def test_no_path_confirms_before_landing_nor_by_adopter_or_source(tried: list[tuple[AdoptionStage, int] | str]) -> None:
    adoption = BEGINNING
    for deed in tried:
        after = attempt(adoption, deed)
        if after.confirmed_unit != adoption.confirmed_unit:
            assert (adoption.stage, after.confirmed_unit) == (AdoptionStage.LANDED, "虚构学校党支部")
        if after.stage is not adoption.stage:
            assert after.stage in NEXT[adoption.stage]
            assert after.stage_on >= adoption.stage_on
        if after.is_confirmed:
            assert after.landed_on != ""
        adoption = after


@pytest.mark.parametrize("current", list(AdoptionStage))
@pytest.mark.parametrize("wanted", list(AdoptionStage))
def test_the_order_of_stages(current: AdoptionStage, wanted: AdoptionStage) -> None:
    order = {
        "draft": {"intended"},
        "intended": {"trial", "stopped"},
        "trial": {"landed", "stopped"},
        "landed": {"stopped"},
        "stopped": {"trial"},
    }
    if wanted.value in order[current.value]:
        assert move_adoption(current, wanted) is wanted
    else:
        with pytest.raises(AskedWrongly, match="之后不能直接报"):
            move_adoption(current, wanted)


def test_days_without_news() -> None:
    told = replace(BEGINNING, stage=AdoptionStage.TRIAL, news_at="2026-10-27T08:00:00+00:00")
    assert told.days_without_news(TODAY) == 30
    assert replace(told, stage=AdoptionStage.DRAFT).days_without_news(TODAY) == 0
    assert replace(told, news_at="2026-12-01T08:00:00+00:00").days_without_news(TODAY) == 0

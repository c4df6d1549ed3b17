"""Each passage is told what became of its source: nothing, revised elsewhere, revised here, withdrawn."""

import pytest

from kb.domain.case import Case
from kb.domain.passage import Passage, PassageKind, SourceRevision
from kb.services.follow_sources import Sources, Standing
from kb.services.propose_highlights import find_passage
from tests.made_up import CASE, FILES, REFERENCE
from tests.services.memory_shelf import build_catalogue

CASE_ID = "000000-2020-01"
PATH = f"cases/{CASE_ID}.md"


def sources(text: str | None, *ids: str) -> Sources:
    files = {path: one for path, one in {**FILES, PATH: text}.items() if one is not None}
    return Sources(ids or [CASE_ID], build_catalogue(REFERENCE, files), {})


def taken(section: str, position: int) -> Passage:
    now = sources(CASE)
    case, source = now.case(CASE_ID), now.revision(CASE_ID)
    assert isinstance(case, Case)
    assert source is not None
    found = find_passage(case, source, section, position)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("section", "position", "before", "after", "standing", "new"),
    [
        ("causes", 0, "", "", Standing.SAME, None),
        ("causes", 0, "群众意见很多", "群众很有意见", Standing.STILL_THERE, "支部书记都外出做工，没有人召集，镇里也没有人过问，时间一长便散了。"),
        ("practice", 1, "镇党委先摸底", "开头多一句。镇党委先摸底", Standing.STILL_THERE, "每次会后把没有办成的事记下来，下个月接着办，直到办完为止。"),
        ("effect", 0, "支部由 3 个减到 0 个", "支部原有 3 个，现为 0 个", Standing.CHANGED, "不开会的支部原有 3 个，现为 0 个。"),
        ("results", 0, 'before: "3", now: "0"', 'before: "3", now: "3"', Standing.CHANGED, "不开会的支部：3个 → 3个"),
        ("causes", 0, "支部书记都外出做工，没有人召集，镇里也没有人过问，时间一长便散了。", "另外的事情写在这里，同原来的话一个字也不像，写满二十个字。", Standing.CHANGED, None),
    ],
)  # fmt: skip
def test_what_became_of_a_sentence(
    section: str, position: int, before: str, after: str, standing: Standing, new: str | None
) -> None:
    passage = taken(section, position)
    followed = sources(CASE.replace(before, after) if before else CASE).follow(passage)
    assert (followed.standing, followed.new.text if followed.new else None) == (standing, new)


def test_who_has_seen_the_change_and_keeps_the_words_is_not_asked_again_until_the_next_one() -> None:
    passage = taken("effect", 0)
    once, twice = (sources(CASE.replace("减到 0 个", f"{word} 0 个")) for word in ("变为", "降到"))
    seen = once.revision(CASE_ID)
    assert seen is not None
    assert [now.follow(passage, seen.digest).standing for now in (once, twice)] == [Standing.KEPT, Standing.CHANGED]


@pytest.mark.parametrize(
    "text", [None, CASE.replace("status: 纳入", "status: 归档"), CASE.replace("visibility: 公开", "visibility: 系统内")]
)
def test_what_is_no_longer_to_be_seen_is_withdrawn(text: str | None) -> None:
    passage = taken("effect", 0)
    now = sources(text)
    assert now.follow(passage)[1:] == (Standing.WITHDRAWN, None, None, None)
    assert now.stands(passage.source) is Standing.WITHDRAWN


def test_a_whole_case_is_the_same_or_changed() -> None:
    old = sources(CASE).revision(CASE_ID)
    assert old is not None
    now = sources(CASE.replace("减到 0 个", "变为 0 个"))
    current = now.revision(CASE_ID)
    assert current is not None
    assert [sources(CASE).stands(old), now.stands(old), now.stands(old, current.digest)] == [
        Standing.SAME,
        Standing.CHANGED,
        Standing.KEPT,
    ]


def test_a_revision_has_the_number_under_which_its_text_was_published() -> None:
    catalogue = build_catalogue(REFERENCE, FILES)
    digest = catalogue.digests([CASE_ID])[CASE_ID]
    found = Sources([CASE_ID, "000000-1999-01"], catalogue, {(CASE_ID, digest): 4, (CASE_ID, "older"): 3})
    assert found.revision(CASE_ID) == SourceRevision(CASE_ID, 4, digest)
    assert found.revision("000000-1999-01") is None


def test_a_new_sentence_keeps_the_kind_of_the_old_one() -> None:
    passage = taken("effect", 0)
    old = Passage(**{**passage.__dict__, "kind": PassageKind.CHANGE})
    followed = sources(CASE.replace("减到 0 个", "变为 0 个")).follow(old)
    assert followed.new is not None
    assert followed.new.kind is PassageKind.CHANGE

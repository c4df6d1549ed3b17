"""有用/没用: the newest word of a unit counts; stewards read them. All made up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.domain.accounts import GUEST, Actor
from kb.errors import AskedWrongly, Forbidden
from kb.services import judge_usefulness
from kb.services.judge_usefulness import LONGEST_NOTE, Judged, own_word, read_words, say
from tests.services.wanted_desk import EDITORS, READERS, STEWARD, UNITLESS, UNITS, WantedDesk

ANN, BEN = READERS[:2]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[WantedDesk]:
    made = WantedDesk(tmp_path)
    yield made
    made.kept.close()


def said(
    desk: WantedDesk, actor: Actor, subject: str, *, is_useful: bool, note: str = "", kind: Judged = Judged.CASE
) -> None:
    with desk.asking.words(writes=True) as words:
        say(actor, kind, subject, words, desk.kept.now, is_useful=is_useful, note=note)


def tallies(desk: WantedDesk) -> list[tuple[str, str, int, int, list[str]]]:
    with desk.asking.words() as words:
        rows = read_words(STEWARD, words, 1).rows
    return [(row.kind.value, row.subject, row.useful, row.useless, [word.note for word in row.words]) for row in rows]


def test_the_newest_word_of_a_unit_counts_whoever_says_it(desk: WantedDesk) -> None:
    said(desk, ANN, "000000-2020-01", is_useful=True, note="好用")
    said(desk, BEN, "000000-2020-01", is_useful=True)
    said(desk, EDITORS[0], "000000-2020-01", is_useful=False, note="  条件\n不够 ")
    said(desk, ANN, "7", is_useful=True, kind=Judged.WANTED)
    assert tallies(desk) == [("case", "000000-2020-01", 1, 1, ["", "条件 不够"]), ("wanted", "7", 1, 0, [""])]
    with desk.asking.words() as words:
        mine = own_word(ANN, Judged.CASE, "000000-2020-01", words)
        assert mine is not None and (mine.unit, mine.is_useful, mine.note) == (UNITS[0], False, "条件 不够")
        assert own_word(READERS[2], Judged.CASE, "000000-2020-01", words) is None
        assert own_word(UNITLESS, Judged.CASE, "000000-2020-01", words) is None


def test_who_speaks_for_no_unit_says_nothing(desk: WantedDesk) -> None:
    with pytest.raises(Forbidden):
        said(desk, GUEST, "000000-2020-01", is_useful=True)
    with pytest.raises(AskedWrongly, match="没有写单位"):
        said(desk, UNITLESS, "000000-2020-01", is_useful=True)
    with pytest.raises(AskedWrongly, match="说明超过"):
        said(desk, ANN, "000000-2020-01", is_useful=True, note="字" * (LONGEST_NOTE + 1))
    assert tallies(desk) == []


def test_only_stewards_read_what_units_said(desk: WantedDesk) -> None:
    with desk.asking.words() as words:
        for who in (ANN, EDITORS[0], GUEST):
            with pytest.raises(Forbidden):
                read_words(who, words, 1)


def test_the_list_is_paged(desk: WantedDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge_usefulness, "PAGE_SIZE", 2)
    for place in range(3):
        said(desk, ANN, f"000000-2020-0{place}", is_useful=place > 0)
    with desk.asking.words() as words:
        pages = [read_words(STEWARD, words, page) for page in (1, 2, 9)]
    assert [[row.subject[-2:] for row in page.rows] for page in pages] == [["00", "01"], ["02"], ["02"]]
    assert {(page.total, page.pages) for page in pages} == {(3, 2)}

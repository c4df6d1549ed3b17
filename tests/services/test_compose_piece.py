"""A piece as a document: numbered headings, passages by themselves, a source line for each revision used."""

from dataclasses import replace
from datetime import date

import pytest

from kb.domain.office_document import Facts, Head, Heading, Quotation, Text
from kb.domain.passage import Passage, SourceRevision
from kb.domain.piece import MOST_ITEMS, Item, OwnWords, Piece, PieceKind, TakenPassage, WholeCase
from kb.services import follow_sources
from kb.services.compose_piece import ComposedPiece, in_chinese
from kb.services.follow_sources import Sources
from kb.services.propose_highlights import find_passage
from tests.made_up import FILES, REFERENCE
from tests.services.memory_shelf import build_catalogue

CASE_ID = "000000-2020-01"


@pytest.fixture(scope="module")
def sources() -> Sources:
    return Sources([CASE_ID], build_catalogue(REFERENCE, FILES), {})


def composed(sources: Sources, *items: Item, kind: PieceKind = PieceKind.BULLETIN) -> ComposedPiece:
    return ComposedPiece(
        Piece(1, "account:1", kind, "虚构的稿子", Head(), items), sources, REFERENCE, date(2026, 11, 26)
    )


def taken(sources: Sources, section: str, **known: object) -> TakenPassage:
    case, source = sources.case(CASE_ID), sources.revision(CASE_ID)
    assert case is not None
    assert source is not None
    found = find_passage(case, source, section, 0)
    assert found is not None
    return TakenPassage(Passage(**{**found.__dict__, **known}))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (99, "九十九"),
        (100, "一百"),
        (105, "一百零五"),
        (112, "一百一十二"),
        (200, "二百"),
    ],
)
def test_headings_are_numbered_in_chinese(number: int, words: str) -> None:
    assert in_chinese(number) == words
    assert len({in_chinese(one) for one in range(1, MOST_ITEMS + 1)}) == MOST_ITEMS


def test_passages_stand_by_themselves_and_name_their_source_where_it_ends(sources: Sources) -> None:
    items = (
        OwnWords("小标题", is_heading=True),
        taken(sources, "causes"),
        taken(sources, "results"),
        OwnWords("甲。\n乙。"),
        OwnWords(""),
    )
    assert composed(sources, *items, taken(sources, "effect")).document().blocks == (
        Heading("一、小标题"),
        Quotation("支部书记都外出做工，没有人召集，镇里也没有人过问，时间一长便散了。"),
        Quotation("不开会的支部：3个 → 0个（2019年12月）", "来源1"),
        Text("甲。"),
        Text("乙。"),
        Quotation("不开会的支部由 3 个减到 0 个。", "来源1"),
    )


def test_a_digest_names_the_unit_alone_under_the_title_of_the_case(sources: Sources) -> None:
    heading = OwnWords("虚构镇用结对办法帮三个软弱涣散支部开起会来", is_heading=True)
    made = composed(sources, heading, taken(sources, "effect"), kind=PieceKind.DIGEST).document()
    assert made.blocks[1] == Quotation("不开会的支部由 3 个减到 0 个。", "虚构镇党委，来源1")


def test_a_digest_names_unit_and_title_beside_each_passage(sources: Sources) -> None:
    made = composed(sources, taken(sources, "effect"), kind=PieceKind.DIGEST).document()
    assert made.blocks == (
        Quotation("不开会的支部由 3 个减到 0 个。", "虚构镇党委“虚构镇用结对办法帮三个软弱涣散支部开起会来”，来源1"),
    )


def test_two_revisions_of_one_case_are_two_sources(sources: Sources) -> None:
    old = taken(sources, "effect", digest="ab" * 32, revision=2, taken_on="2026-11-25")
    lines = composed(sources, old, taken(sources, "effect")).source_lines()
    assert [(line.number, line.source.number, line.remark) for line in lines] == [(1, 2, ""), (2, 0, "")]
    assert lines[0].source == SourceRevision(CASE_ID, 2, "ab" * 32)


def test_a_whole_case_is_laid_out_a_level_deeper_under_its_title(sources: Sources) -> None:
    source = sources.revision(CASE_ID)
    assert source is not None
    made = composed(sources, WholeCase(source), kind=PieceKind.COMPILATION).document()
    assert [(block.level, block.text) for block in made.blocks if isinstance(block, Heading) and block.level < 3] == [
        (1, "一、虚构镇用结对办法帮三个软弱涣散支部开起会来"),
        (2, "（一）问题"), (2, "（二）成因"), (2, "（三）做法"), (2, "（四）机制"), (2, "（五）成效"), (2, "（六）推广"),
    ]  # fmt: skip
    assert made.has_contents
    third = [block.text for block in made.blocks if isinstance(block, Heading) and block.level == 3]
    assert third == ["1. 适用范围", "2. 前提条件"]
    assert [row[0] for block in made.blocks[:3] if isinstance(block, Facts) for row in block.rows] == [
        "问题类型", "机制", "层级、领域", "起止时间", "成稿方式", "证据等级",
    ]  # fmt: skip


def test_what_is_withdrawn_is_in_no_document_sheet_or_list_of_sources(sources: Sources) -> None:
    gone = taken(sources, "effect")
    gone = replace(gone, passage=replace(gone.passage, case_id="000000-1999-01"))
    made = composed(sources, gone, WholeCase(SourceRevision("000000-1999-01", 0, "")))
    assert (made.document().blocks, made.sheet().rows, made.source_lines(), made.waiting) == ((), (), (), 2)


def test_what_became_of_a_passage_is_looked_up_once_for_a_piece_and_its_copies(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(follow_sources, "find_successor", lambda case, current, passage: looked.append(passage.section))
    items = tuple(taken(sources, section, digest="cd" * 32) for section in ("effect", "causes"))
    for _ in "12":
        made = composed(sources, *items)
        assert (made.waiting, len(made.document().blocks), len(made.sheet().rows)) == (2, 2, 2)
    assert looked == ["effect", "causes"]


def test_a_heading_over_nothing_but_what_was_withdrawn_goes_with_it(sources: Sources) -> None:
    gone = taken(sources, "effect")
    gone = replace(gone, passage=replace(gone.passage, case_id="000000-1999-01"))
    heading, last = OwnWords("撤下的案例的标题", is_heading=True), OwnWords("只有小标题", is_heading=True)
    alone = composed(sources, heading, gone, last).document()
    assert alone.blocks == (Heading("一、只有小标题", 1),)
    besides = composed(sources, heading, gone, OwnWords("自己的话。")).document()
    assert besides.blocks == (Heading("一、撤下的案例的标题", 1), Text("自己的话。"))


def test_a_source_names_every_day_it_was_taken_on_and_a_sheet_that_of_each_row(sources: Sources) -> None:
    made = composed(
        sources, taken(sources, "effect", taken_on="2026-11-25"), taken(sources, "causes", taken_on="2026-11-20")
    )
    assert [line.days for line in made.source_lines()] == [("2026-11-20", "2026-11-25")]
    assert "，2026年11月20日、2026年11月25日取用。" in made.document().notes[1]
    assert [row[9] for row in made.sheet().rows] == ["2026-11-25", "2026-11-20"]


def test_a_whole_case_revised_since_is_cited_as_it_is_read_today(sources: Sources) -> None:
    source = sources.revision(CASE_ID)
    assert source is not None
    days = {
        digest: composed(sources, WholeCase(source._replace(digest=digest), taken_on="2026-11-01")).source_lines()
        for digest in (source.digest, "ab" * 32)
    }
    assert [[(line.source, line.days) for line in lines] for lines in days.values()] == [
        [(source, ("2026-11-01",))],
        [(source, ("2026-11-26",))],
    ]

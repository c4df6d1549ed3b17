"""A piece as an office document and as a sheet: passages word for word, own words apart, sources at the end."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import NamedTuple

from kb.domain.case import Case
from kb.domain.office_document import (
    Block,
    Facts,
    Heading,
    ItemList,
    OfficeDocument,
    PageBreak,
    Quotation,
    Text,
)
from kb.domain.partial_date import date_in_words
from kb.domain.passage import SourceRevision
from kb.domain.piece import Item, OwnWords, Piece, PieceKind, TakenPassage, WholeCase, source_of
from kb.domain.spreadsheet import Sheet
from kb.services.follow_sources import Sources, Standing
from kb.services.lay_out_case import FACTS_HEADING, case_facts, lay_out_case, source_words
from kb.services.ports import ReferenceData
from kb.services.read_case import name_sources

_NUMBER = re.compile(r"^(?:[一二三四五六七八九十]+、|附：|（[一二三四五六七八九十]+）)")
"""What a heading has before its words where it stands by itself."""
_DIGITS = "零一二三四五六七八九"
COLUMNS = (
    "序号", "种类", "原话或数据", "数据日期", "案例编号", "案例标题", "单位", "所在部分", "修订", "取用日期", "来源",
)  # fmt: skip


class SourceLine(NamedTuple):
    """A source of a piece: its number in the text, the revision used, the days it was taken on, what is to be said of it."""

    number: int
    source: SourceRevision
    case: Case | None
    days: tuple[str, ...]
    cites: str
    remark: str


@dataclass(frozen=True)
class ComposedPiece:
    """A piece with its sources as they are today; what is withdrawn is in no file."""

    piece: Piece
    sources: Sources
    reference: ReferenceData
    today: date

    def standing(self, item: Item) -> Standing:
        """SAME for own words."""
        if isinstance(item, TakenPassage):
            return self.sources.follow(item.passage, item.checked).standing
        return self.sources.stands(item.source, item.checked) if isinstance(item, WholeCase) else Standing.SAME

    @property
    def waiting(self) -> int:
        """Items whose source changed, undecided."""
        return sum(self.standing(item).needs_decision for item in self.piece.items)

    def shown(self) -> Iterator[Item]:
        """What goes out: own words that are not empty, and what its reader may still see.

        A heading over nothing but what was withdrawn goes with it: it is the title of a case nobody is to read of.
        """
        items = self.piece.items
        for place, item in enumerate(items):
            if isinstance(item, OwnWords) and (not item.text or (item.is_heading and self._is_left_alone(place))):
                continue
            if self.standing(item) is not Standing.WITHDRAWN:
                yield item

    def _is_left_alone(self, place: int) -> bool:
        """Whether all that stands under the heading at that place was withdrawn."""
        after = self.piece.items[place + 1 :]
        under = list(takewhile(lambda item: not (isinstance(item, OwnWords) and item.is_heading), after))
        return bool(under) and all(self.standing(item) is Standing.WITHDRAWN for item in under)

    def source_lines(self) -> tuple[SourceLine, ...]:
        """One for each revision of a case, in the order of first use."""
        found: dict[SourceRevision, SourceLine] = {}
        for item in self.shown():
            source = self._source(item)
            if source is None:
                continue
            if source not in found:
                case = self.sources.case(source.record_id)
                found[source] = SourceLine(len(found) + 1, source, case, (), self._cites(case), self._limits(case))
            line = found[source]
            remark = _REMARKS.get(self.standing(item), "") if isinstance(item, TakenPassage) else ""
            if remark not in line.remark:
                line = line._replace(remark=line.remark + remark)
            if (day := self._taken_on(item)) and day not in line.days:
                line = line._replace(days=tuple(sorted((*line.days, day))))
            found[source] = line
        return tuple(found.values())

    def document(self) -> OfficeDocument:
        """The piece to be laid out: Word, PDF, page, Markdown, rich text."""
        lines = {line.source: line for line in self.source_lines()}
        return OfficeDocument(
            title=self.piece.title,
            blocks=tuple(self._blocks(lines)),
            head=self.piece.head,
            notes=tuple(self._notes(lines.values())) if lines else (),
            has_contents=self.piece.kind is PieceKind.COMPILATION,
        )

    def sheet(self) -> Sheet:
        """A row for each passage and each whole case; own words are left out."""
        template = self.reference.case_template
        lines = {line.source: line for line in self.source_lines()}
        rows: list[tuple[str, ...]] = []
        for item in self.shown():
            source = self._source(item)
            if source is None:
                continue
            line = lines[source]
            if isinstance(item, TakenPassage):
                passage = item.passage
                told = (passage.kind.label, passage.text, passage.dated)
                place = template[passage.section].label
            else:
                told, place = ("全文", line.case.summary if line.case else "", ""), "摘要"
            named = (line.case.title, line.case.unit) if line.case else ("", "")
            rows.append(
                (
                    str(len(rows) + 1),
                    *told,
                    source.record_id,
                    *named,
                    place,
                    source.label,
                    self._taken_on(item),
                    line.cites,
                )
            )
        return Sheet(self.piece.title, COLUMNS, tuple(rows))

    def _blocks(self, lines: dict[SourceRevision, SourceLine]) -> Iterator[Block]:
        headings, under = 0, ""
        run: list[TakenPassage] = []
        for item in self.shown():
            if run and not (isinstance(item, TakenPassage) and item.passage.source == run[0].passage.source):
                yield from self._quoted(run, lines, under)
                run = []
            if isinstance(item, TakenPassage):
                run.append(item)
            elif isinstance(item, OwnWords):
                if item.is_heading:
                    headings, under = headings + 1, _one_line(item.text)
                    yield Heading(f"{in_chinese(headings)}、{under}", 1)
                else:
                    yield from (Text(line) for line in item.text.split("\n") if line.strip())
            else:
                case = self.sources.case(item.source.record_id)
                if case is not None:
                    if headings:
                        yield PageBreak()
                    headings += 1
                    yield Heading(f"{in_chinese(headings)}、{case.title}", 1)
                    yield from self._case(item, self._line(item, lines))
        if run:
            yield from self._quoted(run, lines, under)

    def _source(self, item: Item) -> SourceRevision | None:
        """Where the words that go out come from: a whole case is written out as it stands now."""
        if isinstance(item, WholeCase):
            return self.sources.revision(item.source.record_id)
        return source_of(item)

    def _taken_on(self, item: Item) -> str:
        """The day its words were read; those of a whole case revised since are read today."""
        if isinstance(item, TakenPassage):
            return item.passage.taken_on
        if isinstance(item, WholeCase):
            return item.taken_on if self._source(item) == item.source else self.today.isoformat()
        return ""

    def _line(self, item: WholeCase, lines: dict[SourceRevision, SourceLine]) -> SourceLine:
        source = self._source(item)
        assert source is not None  # else it were not shown
        return lines[source]

    def _quoted(
        self, run: list[TakenPassage], lines: dict[SourceRevision, SourceLine], under: str
    ) -> Iterator[Quotation]:
        """Passages that follow each other and come from one text: each by itself, for they need not stand together there.

        A digest names unit and title beside them, but for a title that is the heading they stand `under`.
        """
        line = lines[run[0].passage.source]
        source = f"来源{line.number}"
        if self.piece.kind is PieceKind.DIGEST and line.case:
            title = "" if line.case.title == under else f"“{line.case.title}”"
            source = f"{line.case.unit}{title}，来源{line.number}"
        yield from (Quotation(_with_day(item)) for item in run[:-1])
        yield Quotation(_with_day(run[-1]), source)

    def _case(self, item: WholeCase, line: SourceLine) -> Iterator[Block]:
        """The case as it is laid out by itself, a level deeper, for its title is a heading here; its facts go first.

        At the end their table would leave most cases a page of a few rows.
        """
        page = self.sources.page(item.source.record_id, self.reference, self.today)
        document = lay_out_case(page, self.reference)
        yield Text(f"来源{line.number}：案例 {line.source.record_id}，{page.entry.case.unit}。", is_indented=False)
        if document.subtitle:
            yield Text(document.subtitle, is_indented=False)
        template = self.reference.case_template
        told = {"编号", template["unit"].label, template["review_by"].label}
        yield Facts(tuple(row for row in case_facts(page, self.reference) if row[0] not in told), is_small=True)
        yield from _deeper(takewhile(lambda block: block != FACTS_HEADING, document.blocks))

    def _notes(self, lines: Iterable[SourceLine]) -> Iterator[str]:
        yield "来源"
        for line in lines:
            case = f"《{line.case.title}》，{line.case.unit}" if line.case else ""
            taken = f"，{'、'.join(map(date_in_words, line.days))}取用" if line.days else ""
            told = f"{line.number}. 案例 {line.source.record_id}{case}，{line.source.label}{taken}。{line.cites}"
            yield f"{told}{line.remark}"
        own = [item for item in self.shown() if isinstance(item, OwnWords)]
        if own:
            yield "标有来源号的文字和数据照录自所列案例，一字未改；其余小标题和段落是编写人的话。"

    def _limits(self, case: Case | None) -> str:
        """What whoever uses it must know: that it is a lesson, that it is not for everybody."""
        if case is None:
            return ""
        lesson = "（教训案例，只供对照。）" if case.kind == "lesson" else ""
        if case.visibility == "public":
            return lesson
        return f"{lesson}（{self.reference.case_template['visibility'].label_of(case.visibility)}，请勿外传。）"

    def _cites(self, case: Case | None) -> str:
        """The provenance of a case, "" where it is not to be seen."""
        if case is None:
            return ""
        named = name_sources(case.sources, self.reference)
        return f"据：{'；'.join(map(source_words, named))}。" if named else ""


_REMARKS = {
    Standing.CHANGED: "（原文在取用之后已经修订，这里是修订前的文字，用前请核对。）",
    Standing.KEPT: "（原文在取用之后已经修订，这里是修订前的文字。）",
}


def _deeper(blocks: Iterable[Block]) -> Iterator[Block]:
    """Headings a level down, numbered as that level is: （一） and 1.; under the latter items are （1）."""
    first = second = 0
    for block in blocks:
        if isinstance(block, Heading):
            words = _NUMBER.sub("", block.text)
            first, second = (first + 1, 0) if block.level == 1 else (first, second + (block.level == 2))
            mark = {1: f"（{in_chinese(first)}）", 2: f"{second}. "}.get(block.level, "")
            yield Heading(f"{mark}{words}", min(block.level + 1, 4))
        elif isinstance(block, ItemList) and block.is_numbered and second:
            yield from (Text(f"（{number}）{text}") for number, text in block.numbered)
        else:
            yield block


def in_chinese(number: int) -> str:
    """1 to 999 as headings are numbered: 一, 十二, 三十, 一百零五."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    hundred = f"{_DIGITS[hundreds]}百" if hundreds else ""
    one = _DIGITS[ones] if ones else ""
    if not tens:
        return f"{hundred}零{one}" if hundreds and ones else hundred + one
    return f"{hundred}{'' if tens == 1 and not hundreds else _DIGITS[tens]}十{one}"


def _with_day(item: TakenPassage) -> str:
    """The day of a figure in brackets behind it, where the row does not tell it itself."""
    passage = item.passage
    day = date_in_words(passage.dated)
    return f"{passage.text}（{day}）" if day and day not in passage.text else passage.text


def _one_line(text: str) -> str:
    return " ".join(text.split())

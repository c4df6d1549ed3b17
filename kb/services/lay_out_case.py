"""公文版式: a case as readers may see it, as an office document by its sections, with what is known of it at the end."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from kb.domain.case import Case
from kb.domain.inferred import listed
from kb.domain.markdown_blocks import markdown_blocks
from kb.domain.office_document import Block, DataTable, Facts, Heading, OfficeDocument, Quotation, Text
from kb.domain.partial_date import date_in_words, find_date
from kb.domain.records import SourceReference
from kb.domain.template import UNSTATED, Column, Template
from kb.services.case_cards import build_card
from kb.services.ports import ReferenceData
from kb.services.read_case import CasePage, NamedSource

Told = Callable[[str], str]
"""A value of a case as a reader sees it: what the source does not say, in the words for how much of it was read."""
LESSON = "教训案例：记下的是走过的弯路，只供对照，不作为经验采用"
FACTS_HEADING = Heading("附：案例基本情况")
RESULT_COLUMNS = ("measure", "before", "now", "verified_by", "note")


def lay_out_case(page: CasePage, reference: ReferenceData) -> OfficeDocument:
    """The case in the order of its template."""
    case, template = page.entry.case, reference.case_template
    told = teller(page.unstated_word)
    remarks = [LESSON] if case.kind == "lesson" else []
    if case.visibility != "public":
        remarks.append(f"可见范围：{template['visibility'].label_of(case.visibility)}，请勿外传")
    blocks = [Text(case.summary), *_sections(case, template, told), *_quotes(case)]
    blocks += [FACTS_HEADING, Facts(case_facts(page, reference))]
    return OfficeDocument(
        title=case.title, subtitle="\n".join(remarks), blocks=tuple(blocks), notes=source_notes(page.sources)
    )


def case_facts(page: CasePage, reference: ReferenceData) -> tuple[tuple[str, str], ...]:
    """案例基本情况: label and answer, a row each."""
    return tuple(_facts(page, reference, teller(page.unstated_word)))


def teller(unstated_word: str) -> Told:
    """Values with this word where the source does not say."""
    return lambda text: unstated_word if text == UNSTATED else text


def source_notes(sources: Sequence[NamedSource]) -> tuple[str, ...]:
    """One line a source: title, publisher, day, address as far as readers may have it, parts used."""
    notes = []
    for number, source in enumerate(sources, start=1):
        line = source_words(source)
        parts = f"（所用部分：{'、'.join(source.reference.parts)}）" if source.reference.parts else ""
        notes.append(f"来源{number if len(sources) > 1 else ''}：{line}{parts}")
    return tuple(notes)


def source_words(source: NamedSource) -> str:
    """Title, publisher, day, address, as far as they are known."""
    words = (f"《{source.title}》", source.publisher, date_in_words(source.published_on), source.url)
    return "，".join(word for word in words if word and word != UNSTATED)


def cited_parts(sources: Sequence[SourceReference]) -> frozenset[str]:
    """Names that stand in 〔 〕 behind what was taken from these parts."""
    return frozenset(part for source in sources for part in source.parts)


def _sections(case: Case, template: Template, told: Told) -> Iterator[Block]:
    parts = cited_parts(case.sources)
    for slot in template.sections:
        text = getattr(case, slot.key)
        if not text and slot.key not in case.unstated:
            continue
        yield Heading(slot.heading)
        yield from markdown_blocks(text, parts) if text else (Text(told(UNSTATED)),)
        if slot.key == "practice" and case.steps:
            yield rows_block("步骤：谁负责、何时完成、产出什么", template["steps"].columns, case.steps, told)
        elif slot.key == "effect" and case.results:
            yield _results(case, template, told)
        elif slot.key == "carrying":
            yield from _promotion(case, template, told)


def rows_block(caption: str, columns: Sequence[Column], rows: Sequence[Mapping[str, str]], told: Told) -> DataTable:
    """Rows of a template's field, numbered, with the columns in which one says something, but for the part of the source."""
    used = [column for column in columns if column.key != "part" and any(row.get(column.key) for row in rows)]
    return DataTable(
        caption,
        ("序", *(column.label for column in used)),
        tuple(
            (str(number), *(told(row.get(column.key, "")) for column in used))
            for number, row in enumerate(rows, start=1)
        ),
    )


def _results(case: Case, template: Template, told: Told) -> DataTable:
    labels = {column.key: column.label for column in template["results"].columns}
    used = [key for key in RESULT_COLUMNS if any(row.get(key) for row in case.results)]
    return DataTable(
        "成效数据（数字照抄来源，不作推算）",
        tuple(labels[key] for key in used),
        tuple(tuple(_figure(row, key, told) for key in used) for row in case.results),
    )


def _figure(row: Mapping[str, str], key: str, told: Told) -> str:
    value = row.get(key, "")
    if key not in ("before", "now") or not value or value == UNSTATED:
        return told(value)
    unit = row.get("counted_in", "")
    counted = f" {unit}" if unit and unit != UNSTATED and not value.endswith(unit) else ""
    day = find_date(row.get(f"{key}_on", ""))
    return f"{value}{counted}\n{day.in_words()}" if day else f"{value}{counted}"


def _promotion(case: Case, template: Template, told: Told) -> Iterator[Block]:
    numerals = iter("一二三四五六七八九")
    for column in template["promotion"].columns:
        texts = case.promotion.get(column.key, ())
        if texts:
            yield Heading(f"（{next(numerals)}）{column.label}", 2)
            yield from listed([told(text) for text in texts])


def _quotes(case: Case) -> Iterator[Block]:
    if case.quotes:
        yield Heading("金句")
        yield from (Quotation(quote) for quote in case.quotes)


def _facts(page: CasePage, reference: ReferenceData, told: Told) -> Iterator[tuple[str, str]]:
    case, template = page.entry.case, reference.case_template
    card = build_card(case, reference)
    yield "编号", case.id
    yield "问题类型", "、".join(problem.label for problem in page.problems)
    yield template["mechanism"].label, page.mechanism.title if page.mechanism else "还没有形成机制"
    yield template["unit"].label, told(card.unit)
    yield "层级、领域", "、".join(word for word in (card.level, card.field) if word)
    if case.period and case.period.in_words():
        yield template["period"].label, case.period.in_words(page.unstated_word)
    yield template["origin"].label, template["origin"].label_of(case.origin)
    yield "证据等级", f"{page.evidence.code} {page.evidence.label}"
    if case.review_by:
        yield template["review_by"].label, case.review_by.in_words()

"""公文版式: a mechanism whole, and on one A4 page (一页纸) for whoever decides whether to take it over."""

from collections.abc import Iterator, Sequence

from kb.domain.inferred import Parted, listed, part_inferred
from kb.domain.markdown_blocks import markdown_blocks
from kb.domain.mechanism import Mechanism
from kb.domain.office_document import Block, Facts, Heading, OfficeDocument, Text
from kb.domain.template import UNSTATED
from kb.services.lay_out_case import Told, cited_parts, rows_block, source_notes, teller
from kb.services.ports import ReferenceData
from kb.services.read_mechanism import MechanismPage

NUMERALS = "一二三四五六七八九十"
PAGE_LINES, LINE_LENGTH = 26, 32
"""Lines of the table that fits on one page below a title of two lines, and Han characters in one of them."""
TITLE_LENGTH = 20
"""Characters of a title of one line, which leaves two lines more to the table."""
SUMMARY_LENGTH = 82
"""Characters of three lines of text above it."""
LEAST_SILENT = 2
Part = tuple[str, tuple[Block, ...]]
"""A heading without its number, and what stands under it."""
ONE_PAGE_LABELS = {"solves": "解决的问题", "cases": "案例"}
LEAST_LINES = {"solves": 1, "steps": 8, "why": 3, "preconditions": 3, "must_follow": 3}
"""Lines of a row that are kept when not all fit; two where nothing is said here."""


def lay_out_mechanism(page: MechanismPage, reference: ReferenceData) -> OfficeDocument:
    """The mechanism in the order of its page; parts that nobody filled in are left out."""
    mechanism, told = page.entry.mechanism, teller(page.unstated_word)
    parts = _gathered([part for part in _parts(page, reference, told) if part[1]], Text(told(UNSTATED)))
    blocks: list[Block] = [Text(mechanism.summary)]
    if page.original:
        blocks.append(Text(f"本机制因地制宜改自“{page.original.title}”。{mechanism.fork_reason}"))
    for numeral, (heading, under) in zip(NUMERALS, parts, strict=False):
        blocks += [Heading(f"{numeral}、{heading}"), *under]
    return OfficeDocument(
        title=mechanism.title,
        blocks=tuple(blocks),
        notes=source_notes(page.sources),
    )


def _gathered(parts: Sequence[Part], nothing: Text) -> list[Part]:
    """Parts of which the sources say nothing are named together, in one at the end, where there are several."""
    silent = [heading for heading, under in parts if under == (nothing,)]
    if len(silent) < LEAST_SILENT:
        return list(parts)
    told = (Text(f"{'、'.join(silent)}：{nothing.text}。"),)
    return [*(part for part in parts if part[0] not in silent), ("来源没有写到的", told)]


def _parts(page: MechanismPage, reference: ReferenceData, told: Told) -> Iterator[Part]:
    mechanism, template = page.entry.mechanism, reference.mechanism_template
    problems = [
        f"{problem.label}：{problem.definition}" if problem.definition else problem.label for problem in page.problems
    ]
    why = mechanism.why or (UNSTATED if "why" in mechanism.unstated else "")
    yield "解决什么问题，为什么有效", (*listed(problems), *((Text(told(why)),) if why else ()))
    steps = rows_block("步骤：谁负责、何时完成、产出什么", template["steps"].columns, mechanism.steps, told)
    yield template["steps"].label, (steps,) if mechanism.steps else _unstated(mechanism.unstated, "steps", told)
    served = "、".join(step.words for step in page.loop if step.is_served)
    closed = "上下成环" if mechanism.is_loop_closed else "未闭环"
    reading = template["loop_reading"].label_of(mechanism.loop_reading)
    yield "在“四上四下”中的位置", (Text(f"{served}（{closed}；{reading}）。"),) if served else ()
    before: list[Block] = []
    for numeral, key in zip(NUMERALS, ("preconditions", "must_follow", "may_adapt"), strict=False):
        under = listed([told(text) for text in getattr(mechanism, key)]) or _unstated(mechanism.unstated, key, told)
        if under:
            before += [Heading(f"（{numeral}）{template[key].label}", 2), *under]
    yield "照搬之前", tuple(before)
    documents = rows_block("文件名称、文号与效力", template["documents"].columns, mechanism.documents, told)
    papers = (documents,) if mechanism.documents else _unstated(mechanism.unstated, "documents", told)
    kit = listed([f"{template['start_kit'].label}：{told(text)}" for text in mechanism.start_kit])
    yield template["documents"].label, (*papers, *kit)
    for key in ("safeguards", "boundaries"):
        texts = [told(text) for text in getattr(mechanism, key)]
        yield template[key].label, listed(texts) or _unstated(mechanism.unstated, key, told)
    yield "补充说明", tuple(_numbered_headings(mechanism))
    yield "形成这个机制的案例", listed([f"{card.title}（{card.unit}，{card.id}）" for card in page.cases])


def _numbered_headings(mechanism: Mechanism) -> Iterator[Block]:
    numerals = iter(NUMERALS)
    for block in markdown_blocks(mechanism.notes, cited_parts(mechanism.sources)) if mechanism.notes else ():
        numeral = next(numerals, "") if isinstance(block, Heading) and block.level == 2 else ""
        yield Heading(f"（{numeral}）{block.text}", 2) if numeral and isinstance(block, Heading) else block


def _unstated(unstated: frozenset[str], key: str, told: Told) -> tuple[Block, ...]:
    return (Text(told(UNSTATED)),) if key in unstated else ()


def lay_out_one_page(page: MechanismPage, reference: ReferenceData) -> OfficeDocument:
    """What one page holds: what it solves, why, how, on what conditions, where it was done; what does not fit is counted."""
    mechanism, template, told = page.entry.mechanism, reference.mechanism_template, teller(page.unstated_word)
    lists = {
        "solves": ["、".join(problem.label for problem in page.problems)],
        "why": [mechanism.why] if mechanism.why else [],
        "steps": [
            _step(row.get("action", ""), row.get("responsible", ""), row.get("due", "")) for row in mechanism.steps
        ],
        **{
            key: list(getattr(mechanism, key))
            for key in ("preconditions", "must_follow", "may_adapt", "safeguards", "boundaries")
        },
        "cases": [f"{card.title}（{card.unit}）" for card in page.cases],
    }
    labels = {key: template[key].label for key in lists if key not in ONE_PAGE_LABELS} | ONE_PAGE_LABELS
    parted = {
        key: part_inferred([told(text) for text in texts] or _unstated_text(mechanism.unstated, key, told))
        for key, texts in lists.items()
    }
    lists = {key: list(one.lines) for key, one in parted.items()}
    labels = {key: f"{label}{_whose(parted[key])}" for key, label in labels.items()}
    spare = 0 if len(mechanism.title) > TITLE_LENGTH else 2
    fitted = fit({key: texts for key, texts in lists.items() if texts}, PAGE_LINES + spare)
    return OfficeDocument(
        title=mechanism.title,
        blocks=(
            Text(_cut(mechanism.summary, SUMMARY_LENGTH)),
            Facts(tuple((labels[key], "\n".join(texts)) for key, texts in fitted.items()), is_small=True),
        ),
        notes=(f"摘自党建创新案例库，全文和来源见其中的机制“{mechanism.title}”。",),
    )


def _whose(parted: Parted) -> str:
    """Under the label: which lines are the editors', where it is not said in the line."""
    if not parted.inferred:
        return ""
    return f"\n（第{len(parted.stated) + 1}条起为编者判断）" if parted.stated else "\n（编者判断）"


def _step(action: str, responsible: str, due: str) -> str:
    named = "，".join(word for word in (responsible, due) if word and word != UNSTATED)
    return f"{action}（{named}）" if named else action


def _unstated_text(unstated: frozenset[str], key: str, told: Told) -> list[str]:
    return [told(UNSTATED)] if key in unstated else []


def fit(rows: dict[str, list[str]], most_lines: int) -> dict[str, list[str]]:
    """The rows cut to so many lines: the longest loses its last entries first, and says how many it lost."""
    cut = {key: _numbered(texts) for key, texts in rows.items()}
    kept = {key: len(texts) for key, texts in rows.items()}
    while sum(map(_lines, cut.values())) > most_lines:
        spare = {key: _lines(texts) - LEAST_LINES.get(key, 2) for key, texts in cut.items() if kept[key] > 1}
        if not spare:
            break
        key = max(spare, key=lambda name: spare[name])
        kept[key] -= 1
        left = len(rows[key]) - kept[key]
        cut[key] = [*_numbered(rows[key])[: kept[key]], f"……另有 {left} 项"]
    over = sum(map(_lines, cut.values())) - most_lines
    for key in sorted(cut, key=lambda name: -_lines(cut[name])):
        if over <= 0:
            break
        least = LEAST_LINES.get(key, 2)
        lines = max(_lines(cut[key]) - over, least)
        over -= _lines(cut[key]) - lines
        cut[key] = [_cut("".join(cut[key]), lines * LINE_LENGTH)]
    return cut


def _numbered(texts: list[str]) -> list[str]:
    return [f"{number}. {text}" for number, text in enumerate(texts, start=1)] if len(texts) > 1 else list(texts)


def _lines(texts: list[str]) -> int:
    return sum(-(-len(text) // LINE_LENGTH) for text in texts)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 2] + "……"

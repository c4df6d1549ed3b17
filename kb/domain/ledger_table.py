"""The ledger of adoptions as a workbook, and back: one sheet of adoptions, one of result rows, one that explains them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kb.domain.adoption import Adoption, AdoptionStage
from kb.domain.drafting import LINE_ENDS, UNSEEN_CHARACTERS
from kb.domain.kinds import Row
from kb.domain.spreadsheet import Cell, ReadSheet, Sheet

LEDGER, RESULTS, EXPLAINED = "推广台账", "成效数据", "填表说明"
NUMBER, VERSION, TITLE, NEWS = "编号", "版本", "机制名称", "最近更新"
NEW = "新"
"""What the number of a new line may begin with (新1), so that its result rows can name it."""
LABELS: Mapping[str, str] = {
    "unit": "单位", "mechanism": "机制编号", "case_id": "案例编号", "manner": "来由", "plan": "计划编号", "stage": "阶段",
    "intended_on": "拟学日期", "trial_on": "试行日期", "landed_on": "落地日期", "stopped_on": "停用日期",
    "changes": "因地制宜改了什么", "proof": "凭据", "stop_reason": "停用原因", "judged": "已具备的前提条件",
    "confirmed_unit": "确认单位", "confirmed_on": "确认日期",
}  # fmt: skip
"""Parts of a line and the columns that are read; the number and the version stand before them."""
READ_COLUMNS = (NUMBER, VERSION, *LABELS.values())
_EXPLANATIONS = (
    (NUMBER, "库里给的，不要改。新增的一行空着，或写 新1、新2……，好让“成效数据”表里的行指到它。"),
    (VERSION, "导出时的版本，不要改：导出以后有人改过的行，导入时会指出来，不会盖掉别人的改动。新增的一行空着。"),
    (
        "单位、机制编号、案例编号、来由、计划编号",
        "已有的行不能改。新增的一行：单位不写就是本单位；案例编号、计划编号可以不写。",
    ),
    ("阶段", "草稿、拟学、试行、落地、停用。往前走，写上新的阶段和它的日期；要退回上一步，到台账页上撤回。"),
    ("日期", "写成 2026-11-26。报“落地”要有凭据，并在“成效数据”里有现值；报“停用”要写原因。"),
    ("已具备的前提条件", "照机制里的原话，每行一条。"),
    ("确认单位、确认日期", "由别的单位在库里确认，表里写了不算。"),
    (f"“{RESULTS}”表", f"“{NUMBER}”写这一行属于哪一条采用；数字照抄台账，不推算。不改成效的，这张表也不要删行。"),
    ("删去的行", "表里没有的行不会从库里删去。"),
)


class LedgerLine(NamedTuple):
    """A line of the sheet as text, by the keys of LABELS; `results` None where the file has no sheet of them."""

    row: int
    number: str
    version: str
    texts: Mapping[str, str]
    results: tuple[Row, ...] | None = None


def build_ledger(
    adoptions: Sequence[Adoption], titles: Mapping[str, str], result_labels: Mapping[str, str]
) -> tuple[Sheet, ...]:
    """The sheets of a workbook; `result_labels` are the columns of result rows by key, `titles` those of mechanisms."""
    lines: tuple[tuple[Cell, ...], ...] = tuple(
        (one.number, one.version, *texts_of(one).values(), titles.get(one.mechanism, ""), one.news_at[:10])
        for one in adoptions
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.number, one.unit, titles.get(one.mechanism, one.mechanism), *(row.get(key, "") for key in result_labels))
        for one in adoptions
        for row in one.results
    )
    return (
        Sheet(LEDGER, (*READ_COLUMNS, TITLE, NEWS), lines),
        Sheet(RESULTS, (NUMBER, LABELS["unit"], TITLE, *result_labels.values()), rows),
        Sheet(EXPLAINED, ("列", "怎么填"), _EXPLANATIONS),
    )


def texts_of(adoption: Adoption) -> dict[str, str]:
    """Its texts by the keys of LABELS, in their order."""
    return {
        "unit": adoption.unit,
        "mechanism": adoption.mechanism,
        "case_id": adoption.case_id,
        "manner": adoption.manner.label,
        "plan": str(adoption.plan or ""),
        "stage": adoption.stage.label,
        "intended_on": adoption.intended_on,
        "trial_on": adoption.trial_on,
        "landed_on": adoption.landed_on,
        "stopped_on": adoption.stopped_on,
        "changes": adoption.changes,
        "proof": adoption.proof,
        "stop_reason": adoption.stop_reason,
        "judged": "\n".join(adoption.judged),
        "confirmed_unit": adoption.confirmed_unit,
        "confirmed_on": adoption.confirmed_on,
    }


def results_in_words(rows: Iterable[Row], result_labels: Mapping[str, str]) -> str:
    """Each row a line: 成效指标 会，现值 3."""
    told = ("，".join(f"{label} {row[key]}" for key, label in result_labels.items() if row.get(key)) for row in rows)
    return "\n".join(told)


def plain_cell(text: str) -> str:
    """A text as a cell gives it back: what a file cannot hold is left out, no blanks around."""
    return UNSEEN_CHARACTERS.sub("", LINE_ENDS.sub("\n", text)).strip()


def read_ledger(sheets: Sequence[ReadSheet], result_labels: Mapping[str, str]) -> tuple[list[LedgerLine], list[str]]:
    """The lines, and what is wrong with the file as a whole."""
    ledger = next((sheet for sheet in sheets if sheet.name == LEDGER), sheets[0])
    results = next((sheet for sheet in sheets if sheet.name == RESULTS), None)
    faults = [*_faults_of_columns(ledger, READ_COLUMNS, f"“{LEDGER}”表")]
    if results is not None:
        faults += (
            _faults_of_columns(results, (NUMBER, *result_labels.values()), f"“{RESULTS}”表") if results.rows else []
        )
    if not faults and not ledger.rows:
        faults.append("表里没有一行数据：先下载现在的台账，在它上面改。")
    if faults:
        return [], faults
    found = None if results is None else _results_by_number(results, result_labels)
    lines = []
    for row in ledger.rows:
        number = row.texts[NUMBER]
        texts = {key: row.texts[label] for key, label in LABELS.items()}
        rows = None if found is None else tuple(found.pop(number, ())) if number else ()
        lines.append(LedgerLine(row.number, number, row.texts[VERSION], texts, rows))
    for number in found or ():
        faults.append(f"“{RESULTS}”表里有编号“{number[:20]}”的行，“{LEDGER}”表里却没有这一条：改正编号，或删去这些行。")
    return lines, faults


def _faults_of_columns(sheet: ReadSheet, wanted: Sequence[str], where: str) -> Iterable[str]:
    absent = [label for label in wanted if label not in sheet.columns]
    if absent:
        yield f"{where}里少了“{'”“'.join(absent)}”：先下载现在的台账，在它上面改；不填的空着，不要删去列。"


def _results_by_number(sheet: ReadSheet, result_labels: Mapping[str, str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in sheet.rows:
        cells = {key: row.texts[label] for key, label in result_labels.items() if row.texts[label]}
        if cells:
            found.setdefault(row.texts[NUMBER], []).append(cells)
    return found


def stage_of(label: str) -> AdoptionStage | None:
    """By its label; 草稿 for none; None for a label there is not."""
    return next((stage for stage in AdoptionStage if stage.label == (label or AdoptionStage.DRAFT.label)), None)

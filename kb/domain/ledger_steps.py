"""From a line of a ledger sheet to the reports that lead there from what is kept, or to what stands in the way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from kb.domain.adoption import DAY_OF, REPORTED, Adoption, AdoptionReport, AdoptionStage, apply_report
from kb.domain.kinds import Row
from kb.domain.ledger_table import LABELS, RESULTS, LedgerLine, plain_cell, results_in_words, stage_of, texts_of
from kb.domain.sheet_import import CellChange, RowReport, report_row
from kb.errors import AskedWrongly


class Step(NamedTuple):
    """One report: the adoption before it (None for a new one), after it, and what the history is told."""

    before: Adoption | None
    after: Adoption
    words: str


class Taken(NamedTuple):
    """What a line comes to: the steps to take, in order."""

    report: RowReport
    steps: tuple[Step, ...] = ()


def follow_line(
    line: LedgerLine, current: Adoption, result_labels: Mapping[str, str], today: date, *, is_new: bool
) -> Taken:
    """The reports that lead from what is kept to what the line says; refused where no reports can."""
    kept = texts_of(current)
    texts = {key: _kept_or_told(key, line.texts[key], kept) for key in LABELS}
    results = (
        current.results
        if line.results is None or _same_results(line.results, current.results, result_labels)
        else line.results
    )
    stage = stage_of(texts["stage"])
    subject = subject_of(current)
    if stage is None:
        names = "、".join(one.label for one in AdoptionStage)
        fault = f"没有“{texts['stage'][:20]}”这个阶段：从{names}里写一个。"
        return Taken(report_row(line.row, subject, is_new=is_new, changes=(), findings=[fault]))
    texts["stage"] = stage.label
    steps: list[Step] = []
    standing = current
    try:
        for step in _stages_between(current.stage, stage, texts) or (None,):
            told = apply_report(standing, _report(step, texts, results, current), today)
            is_first = is_new and not steps
            steps.append(Step(None if is_first else standing, told, _words(standing, told, step)))
            standing = told if is_first else replace(told, version=told.version + 1)
    except AskedWrongly as error:
        fault = (
            f"{error.message.rstrip('。')}：改好再导入。"
            if not error.advice.startswith("接下来")
            else f"{error.message}{error.advice}"
        )
        return Taken(report_row(line.row, subject, is_new=is_new, changes=(), findings=[fault]))
    reached = texts_of(standing)
    left = [LABELS[key] for key in LABELS if plain_cell(reached[key]) != plain_cell(texts[key])]
    if left:
        fault = f"“{'”“'.join(left)}”和阶段“{stage.label}”对不上：没有到的阶段不写日期和原因；报过的日期要改，到台账页上撤回。"
        return Taken(report_row(line.row, subject, is_new=is_new, changes=(), findings=[fault]))
    changes = [*_changes(None if is_new else current, standing, result_labels)]
    return Taken(report_row(line.row, subject, is_new=is_new, changes=changes, findings=()), tuple(steps))


def _changes(before: Adoption | None, after: Adoption, result_labels: Mapping[str, str]) -> Iterable[CellChange]:
    was, now = (texts_of(before) if before else dict.fromkeys(LABELS, "")), texts_of(after)
    for key, label in LABELS.items():
        if was[key] != now[key]:
            yield CellChange(label, was[key], now[key])
    rows_before = before.results if before else ()
    if rows_before != after.results:
        told = (results_in_words(rows, result_labels) for rows in (rows_before, after.results))
        yield CellChange(RESULTS, *told)


def changed_keys(line: LedgerLine, current: Adoption, result_labels: Mapping[str, str]) -> list[str]:
    """Keys of LABELS, and `results`, of which the line says something else than is kept."""
    kept = texts_of(current)
    keys = [key for key in LABELS if plain_cell(kept[key]) != line.texts[key]]
    has_results = line.results is not None and not _same_results(line.results, current.results, result_labels)
    return [*keys, "results"] if has_results else keys


def _same_results(told: Sequence[Row], kept: Sequence[Row], result_labels: Mapping[str, str]) -> bool:
    plain = ({key: plain_cell(row[key]) for key in result_labels if plain_cell(row.get(key, ""))} for row in kept)
    return [dict(row) for row in told] == [row for row in plain if row]


def _kept_or_told(key: str, told: str, kept: Mapping[str, str]) -> str:
    """What is kept where a cell says the same, so that nobody is told of a change nobody made."""
    return kept[key] if plain_cell(kept[key]) == told else told


def _stages_between(now: AdoptionStage, wanted: AdoptionStage, texts: Mapping[str, str]) -> list[AdoptionStage | None]:
    """The stages to report one after another; those on the way to a stop are left out where they have no date."""
    if now is wanted:
        return []
    if now is AdoptionStage.STOPPED:
        return [AdoptionStage.TRIAL, wanted] if wanted is AdoptionStage.LANDED else [wanted]
    order = [AdoptionStage.DRAFT, *REPORTED]
    between = order[order.index(now) + 1 : order.index(wanted)]
    is_stop = wanted is AdoptionStage.STOPPED
    kept = [one for one in between if not is_stop or one is AdoptionStage.INTENDED or texts[DAY_OF[one]]]
    return [*kept, wanted]


def _report(
    step: AdoptionStage | None, texts: Mapping[str, str], results: tuple[Row, ...], current: Adoption
) -> AdoptionReport:
    judged = tuple(line.strip() for line in texts["judged"].split("\n") if line.strip())
    return AdoptionReport(
        stage=step,
        on=texts[DAY_OF[step]] if step in DAY_OF else "",
        changes=texts["changes"],
        results=results,
        proof=texts["proof"],
        stop_reason=texts["stop_reason"],
        judged=current.judged if texts["judged"] == "\n".join(current.judged) else judged,
    )


def _words(before: Adoption, after: Adoption, step: AdoptionStage | None) -> str:
    if step is None:
        return "从表里补充内容" if before.number else f"从表里登记，{after.stage.label}"
    return f"从表里报：{before.stage.label} → {after.stage.label}（{after.stage_on}）"


def subject_of(adoption: Adoption) -> str:
    """What a row is about: 第 3 号 unit · mechanism."""
    number = f"第 {adoption.number} 号 " if adoption.number else ""
    return f"{number}{adoption.unit} · {adoption.mechanism}"

"""The rules a case must keep beyond the shape of its single fields."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from kb.domain.answers import Answers, check_needs
from kb.domain.case import Case
from kb.domain.finding import Report
from kb.domain.named_ids import find_ids, names_of_problems, nearest_ids
from kb.domain.partial_date import find_date
from kb.domain.records import SourceRecord, SourceReference
from kb.domain.taxonomy import Taxonomy
from kb.domain.template import UNSTATED, Need, Template
from kb.domain.workflow import Stage

HIGH_HEADING = re.compile(r"##?[ \t]+\S")
FENCE = re.compile(r"[ ]{0,3}(```|~~~)")
COPIED = 0.9
"""Similarity (0 to 1) above which one section counts as a copy of another."""


@dataclass(frozen=True)
class References:
    """What a record may point at: taxonomy, provenance records, and the problems each mechanism solves.

    `credible_hosts` are those whose addresses are shown as links; `titles` are those of mechanisms readers may see, by
    which writers may name them: a changed title alone is no reason to judge every case anew.
    """

    taxonomy: Taxonomy
    records: Mapping[str, SourceRecord]
    solves: Mapping[str, tuple[str, ...]]
    credible_hosts: tuple[str, ...] = ()
    titles: Mapping[str, str] = dataclasses.field(default_factory=dict)


def check_case(
    template: Template, case: Case, answers: Answers, references: References, report: Report, *, today: date
) -> None:
    """Reports everything that keeps this case from its stage."""
    needs = Need.SUBMIT if case.stage in (Stage.DRAFT, Stage.SUBMITTED, Stage.RETURNED) else Need.INCLUDE
    if case.stage is not Stage.DRAFT:
        check_needs(template, answers, report, wanted=needs)
    _check_unstated(case, report)
    _check_values(case, references.taxonomy, report)
    check_sources(case.sources, references.records, report)
    _check_recorded(case, report)
    _check_parts(case, report)
    _check_period(case, report, today)
    _check_mechanism(case, references, report)
    _check_effect(case, report, included=needs is Need.INCLUDE)
    _check_sections(case, report)


def check_body(template: Template, case: Case, report: Report) -> None:
    """Reports what would make the sections of a file run into each other once they stand in one."""
    for slot in template.sections:
        lines = str(getattr(case, slot.key)).split("\n")
        if any(HIGH_HEADING.match(line) for line in lines):
            report.error(slot.key, f"“{slot.label}”里有一级或二级标题。", "小标题用三个井号：### 小标题。")
        if sum(1 for line in lines if FENCE.match(line)) % 2:
            report.error(slot.key, f"“{slot.label}”里的代码框没有成对。", "删去单独成行的 ``` 或 ~~~。")


def _check_unstated(case: Case, report: Report) -> None:
    if case.origin == "own":
        for key in sorted(case.unstated):
            report.error(key, f"本单位自述的案例不能答“{UNSTATED}”。", "由写稿单位补上实情。")


def _check_values(case: Case, taxonomy: Taxonomy, report: Report) -> None:
    check_problems(case.problems if case.problem else case.also, ["problem", "also", "also"], taxonomy, report)
    if case.problem in case.also:
        report.error("also", "相关问题类型与主问题类型重复。", "删去重复的一个。")
    elif len(set(case.also)) < len(case.also):
        report.error("also", "有的相关问题类型写了两次。", "删去重复的一个。")
    if case.unit and case.unit not in taxonomy.units:
        report.error(
            "unit",
            f"单位名册里没有“{case.unit}”。",
            "改成名册中的名称，或请库管员登记这个单位。",
            in_files="content/taxonomy/units.yaml",
        )
    for index, indicator in enumerate(case.indicators):
        if indicator not in taxonomy.indicators:
            report.error(
                f"indicators.{index}",
                f"指标体系里没有“{indicator}”。",
                "改成指标体系中的编号或名称。",
                in_files="content/taxonomy/indicators.yaml",
            )


def check_problems(ids: tuple[str, ...], fields: list[str], taxonomy: Taxonomy, report: Report) -> None:
    """Reports unknown problem types, first-level ones, and retired ones (with the id to use now)."""
    for problem, field in zip(ids, fields, strict=False):
        found = taxonomy.find_problem(problem)
        if found is None or not found.parent:
            _tell_unknown_problem(problem, field, taxonomy, report)
        elif found.id != problem:
            report.warn(field, f"问题类型“{problem}”已停用。", f"改成 {found.id}（{found.label}）。")


def _tell_unknown_problem(problem: str, field: str, taxonomy: Taxonomy, report: Report) -> None:
    names = names_of_problems(taxonomy)
    root = next((one for one in taxonomy.roots if find_ids(problem, {one.id: (one.label,)})), None)
    below = {one.id: names[one.id] for one in taxonomy.children_of(root.id)} if root else names
    nearest = "、".join(f"{one} {names[one][0]}" for one in nearest_ids(problem, below))
    is_shared = len(find_ids(problem, names)) > 1
    message = f"“{problem[:40]}”可以指几个问题类型。" if is_shared else f"没有问题类型“{problem[:40]}”。"
    report.error(
        field,
        message,
        f"从清单里选二级的一个，写编号或名称；最接近的：{nearest}。" if nearest else "",
        in_files="content/taxonomy/problem-types.yaml",
    )


def check_sources(sources: tuple[SourceReference, ...], records: Mapping[str, SourceRecord], report: Report) -> None:
    """Reports sources that nobody could look up."""
    for index, source in enumerate(sources):
        path = f"sources.{index}"
        if source.record:
            record = records.get(source.record)
            if record is None:
                report.error(
                    path,
                    f"没有出处记录“{source.record}”。",
                    "改正编号，或请库管员建立这份记录。",
                    in_files="content/sources/",
                )
                continue
            for part in source.parts:
                if part not in record.parts:
                    report.error(f"{path}.parts", f"出处记录里没有“{part}”这一部分。", "用记录中列出的部分名。")
        else:
            _check_own_source(source, path, report)


def _check_recorded(case: Case, report: Report) -> None:
    for index, source in enumerate(case.sources if case.origin == "published" else ()):
        if not source.record:
            words = "这个来源没有出处记录，数字和文件名没有核对过。"
            report.warn(
                f"sources.{index}", words, "请库管员建立出处记录，再写上它的编号。", in_files="content/sources/"
            )


def _check_own_source(source: SourceReference, path: str, report: Report) -> None:
    for value, label in ((source.title, "标题"), (source.publisher, "发布单位"), (source.published_on, "日期")):
        if not value:
            report.error(path, f"来源缺少{label}。", "补上标题、发布单位、日期；查不到的答“原文未载”。")
    if not (source.url or source.file):
        report.error(path, "来源缺少网址或文件。", "补上一个。", in_files="url、file")


def _check_parts(case: Case, report: Report) -> None:
    named = {part for parts in case.named_parts.values() for part in parts}
    for key in ("steps", "results"):
        for index, row in enumerate(getattr(case, key)):
            part = row.get("part", "")
            if named and part not in named:
                report.error(
                    f"{key}.{index}",
                    f"这一行的“见原文”{part or '没有写'}，不在所列的来源部分中。",
                    "写上来源“所用部分”中的一个。",
                    in_files="parts",
                )


def _check_period(case: Case, report: Report, today: date) -> None:
    if case.period and case.period.start and case.period.start.earliest > today:
        report.error("period.start", "开始时间晚于今天。", "核对日期。")


def _check_mechanism(case: Case, references: References, report: Report) -> None:
    if not case.mechanism:
        return
    if case.mechanism not in references.solves:
        _tell_unknown_mechanism(case.mechanism, references, report)
    elif not references.solves[case.mechanism]:
        report.warn("mechanism", f"机制“{case.mechanism}”的文件现在读不出来。", "先改正机制文件。")
    elif references.taxonomy.find_problem(case.problem) and case.problem not in references.solves[case.mechanism]:
        report.error(
            "mechanism",
            "这个机制解决的问题类型里没有本案例的主问题类型。",
            "改主问题类型，或换一个机制；机制也能解决这类问题的，请库管员补上。",
            in_files="solves",
        )


def _tell_unknown_mechanism(mechanism: str, references: References, report: Report) -> None:
    names = {one: (title,) for one, title in references.titles.items()}
    nearest = nearest_ids(mechanism, names)
    is_shared = len(find_ids(mechanism, names)) > 1
    message = f"“{mechanism[:40]}”可以指几个机制。" if is_shared else f"没有机制“{mechanism[:40]}”。"
    told = "".join(f"“{names[one][0]}”" for one in nearest)
    offered = f"从清单里选一个，最接近的：{told}；" if nearest else ""
    report.error(
        "mechanism",
        message,
        f"{offered}没有合适的先不选，在“四、机制”里写清楚。",
        in_files="，".join(("content/mechanisms/", *nearest)),
    )


def _check_effect(case: Case, report: Report, *, included: bool) -> None:
    for index, row in enumerate(case.results):
        if not row.get("measure"):
            report.error(f"results.{index}", "成效数据缺少成效指标。", "写明量的是什么。")
        if not row.get("before") and not row.get("now"):
            report.error(f"results.{index}", "成效数据既没有前值也没有现值。", "至少写一个。")
    has_row = any(row.get("part") for row in case.results) or "results" in case.unstated
    has_aim = bool(case.expected.get("aim")) and find_date(case.expected.get("look_again_on", "")) is not None
    if included and case.results and not (has_row or has_aim):
        report.error("results", "没有一行注明来源的成效数据。", "补上来源，或写预期成效和再看日期。")


def _check_sections(case: Case, report: Report) -> None:
    if case.causes and case.situation and SequenceMatcher(None, case.causes, case.situation).ratio() > COPIED:
        report.error("causes", "“成因”照抄了“问题”。", "写明为什么会这样。")
    if case.lessons.strip(" 。") in ("无", "没有", "暂无"):
        report.error("lessons", "“难点与教训”不能只写“无”。", "没有就删去这一节；有就写清楚。")
    body = "\n".join(
        (case.situation, case.causes, case.practice, case.forming, case.effect, case.carrying, case.lessons)
    )
    for index, quote in enumerate(case.quotes):
        if quote not in body:
            report.error(f"quotes.{index}", "金句没有逐字出现在正文里。", "照正文改正，或删去；正文改过以后要重选。")

"""The rules a mechanism must keep beyond the shape of its single fields."""

from kb.domain.answers import Answers, check_needs
from kb.domain.check_case import References, check_problems, check_sources
from kb.domain.finding import Report
from kb.domain.mechanism import Mechanism
from kb.domain.template import Need, Template
from kb.domain.workflow import Stage


def check_mechanism(
    template: Template, mechanism: Mechanism, answers: Answers, references: References, report: Report
) -> None:
    """Reports everything that keeps this mechanism from its stage."""
    if mechanism.stage is not Stage.DRAFT:
        early = mechanism.stage in (Stage.SUBMITTED, Stage.RETURNED)
        check_needs(template, answers, report, wanted=Need.SUBMIT if early else Need.INCLUDE)
    check_problems(mechanism.solves, ["solves"] * len(mechanism.solves), references.taxonomy, report)
    check_sources(mechanism.sources, references.records, report)
    named = {part for parts in mechanism.named_parts.values() for part in parts}
    for key in ("steps", "documents"):
        for index, row in enumerate(getattr(mechanism, key)):
            if named and row.get("part") not in named:
                report.error(
                    f"{key}.{index}",
                    "这一行的“见原文”不在所列的来源部分中。",
                    "写上来源“所用部分”中的一个。",
                    in_files="parts",
                )
    if mechanism.fork_of:
        if mechanism.fork_of not in references.solves:
            report.error("fork_of", f"没有机制“{mechanism.fork_of}”。", "改正原机制的编号。")
        if not mechanism.fork_reason:
            report.error("fork_reason", "改自别的机制，却没有写改了什么。", "写明改了什么、为什么改。")

"""From plain values to a judged case or mechanism: the one path that check, sync and the catalogue share."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from kb.domain.answers import read_answers
from kb.domain.case import Case, build_case
from kb.domain.check_case import check_body, check_case
from kb.domain.check_mechanism import check_mechanism
from kb.domain.excerpts import check_excerpts
from kb.domain.figures import check_figures
from kb.domain.finding import Finding, Report
from kb.domain.mechanism import Mechanism, build_mechanism
from kb.services.ports import PlainRecord, ReferenceData


class JudgedCase(NamedTuple):
    """A case and everything found wrong with it."""

    case: Case
    findings: tuple[Finding, ...]


class JudgedMechanism(NamedTuple):
    """A mechanism and everything found wrong with it."""

    mechanism: Mechanism
    findings: tuple[Finding, ...]


def judge_case(plain: PlainRecord, reference: ReferenceData, path: str, *, today: date) -> JudgedCase:
    """Reads and checks a case; faults come back as findings, never as exceptions."""
    report = Report(path, dict(plain.lines))
    case = _judge_case(plain, reference, report, today)
    if case.id and path.rpartition("/")[2] != f"{case.id}.md":
        report.warn("id", f"文件名与编号“{case.id}”不一致。", f"把文件改名为 {case.id}.md。")
    if not case.id:
        report.error("id", "缺少编号。", "写上编号，如 110113-2017-01。")
    return JudgedCase(case, tuple(sorted(report.findings)))


def judge_draft(fields: Mapping[str, Any], reference: ReferenceData, *, today: date) -> JudgedCase:
    """Reads and checks a draft as if it were submitted now; it has no file and no id yet."""
    report = Report("")
    case = _judge_case(PlainRecord({**fields, "status": "submitted"}), reference, report, today)
    check_body(reference.case_template, case, report)
    return JudgedCase(case, tuple(sorted(report.findings)))


def _judge_case(plain: PlainRecord, reference: ReferenceData, report: Report, today: date) -> Case:
    answers = read_answers(reference.case_template, plain.fields, report)
    case = build_case(answers)
    check_case(reference.case_template, case, answers, reference.references, report, today=today)
    check_figures(reference.case_template, case, reference.references.records, report)
    check_excerpts(reference.case_template, case, reference.references.records, report)
    return case


def judge_mechanism(plain: PlainRecord, reference: ReferenceData, path: str) -> JudgedMechanism:
    """Reads and checks a mechanism; faults come back as findings, never as exceptions."""
    report = Report(path, dict(plain.lines))
    answers = read_answers(reference.mechanism_template, plain.fields, report)
    mechanism = build_mechanism(answers, plain.notes)
    check_mechanism(reference.mechanism_template, mechanism, answers, reference.references, report)
    check_figures(reference.mechanism_template, mechanism, reference.references.records, report)
    check_excerpts(reference.mechanism_template, mechanism, reference.references.records, report)
    if mechanism.id and path.rpartition("/")[2] != f"{mechanism.id}.md":
        report.warn("id", f"文件名与编号“{mechanism.id}”不一致。", f"把文件改名为 {mechanism.id}.md。")
    if not mechanism.id:
        report.error("id", "缺少编号。", "写上编号，如 supervision-in-six-steps。")
    return JudgedMechanism(mechanism, tuple(sorted(report.findings)))


def restore_case(plain: PlainRecord, reference: ReferenceData) -> Case:
    """The case of plain values that were judged before (the catalogue's rows)."""
    return build_case(read_answers(reference.case_template, plain.fields, Report("")))


def restore_mechanism(plain: PlainRecord, reference: ReferenceData) -> Mechanism:
    """The mechanism of plain values that were judged before."""
    return build_mechanism(read_answers(reference.mechanism_template, plain.fields, Report("")), plain.notes)

"""kb check: is the content in order?"""

import json
import sys
from pathlib import Path

import click

from kb.bootstrap import Content
from kb.config import load_settings
from kb.domain.finding import Finding
from kb.domain.template import label_of_field
from kb.errors import AskedWrongly
from kb.services.ports import ReferenceData


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--facts", is_flag=True, help="并报告核对了多少处数字和文件名。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def check(paths: tuple[Path, ...], facts: bool, as_json: bool) -> None:
    """检查全部文件，或只报告 PATHS 中的文件。

    每条结果写明文件、行、项目、问题和改法。退出状态：0 没有错误，1 有错误，2 无法检查。
    """
    settings = load_settings()
    content = Content(settings)
    findings = content.check([_find(path, settings.content_folder) for path in paths])
    reference = content.reference_data()
    if as_json:
        click.echo(json.dumps([_as_row(finding, reference) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(_as_line(finding, reference))
        if facts:
            counted = content.count_facts()
            click.echo(f"在 {counted.files} 个文件中核对了 {counted.facts} 处数字和文件名是否见于出处记录。")
        errors = sum(1 for finding in findings if finding.is_error)
        click.echo(f"{errors} 个错误，{len(findings) - errors} 个提醒。" if findings else "没有发现问题。")
    sys.exit(1 if any(finding.is_error for finding in findings) else 0)


def _find(path: Path, content: Path) -> Path:
    """The file as named from here, or from the content folder as findings name it."""
    found = next((choice for choice in (path, content / path) if choice.exists()), None)
    if found is None:
        raise AskedWrongly(f"没有文件 {path}。", advice="核对文件名。")
    if not found.resolve().is_relative_to(content):
        raise AskedWrongly(f"{path} 不在内容文件夹 {content} 里。", advice="用 KB_CONTENT 指明文件夹。")
    return found


def _label(finding: Finding, reference: ReferenceData) -> str:
    is_case = finding.path.startswith("cases/")
    return label_of_field(reference.case_template if is_case else reference.mechanism_template, finding.field)


def _as_line(finding: Finding, reference: ReferenceData) -> str:
    place = f"{finding.path}:{finding.line}" if finding.line else finding.path
    field = f"〔{_label(finding, reference)}〕" if finding.field else ""
    return f"{place} {finding.severity.value}{field} {finding.message}{finding.advice_in_files}"


def _as_row(finding: Finding, reference: ReferenceData) -> dict[str, object]:
    return {
        "file": finding.path,
        "line": finding.line,
        "field": finding.field,
        "label": _label(finding, reference) if finding.field else "",
        "severity": finding.severity.name.lower(),
        "message": finding.message,
        "advice": finding.advice_in_files,
    }

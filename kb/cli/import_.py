"""kb import: a folder or zip of Word, Markdown and text files becomes drafts."""

import json
import sys
from datetime import date
from pathlib import Path

import click

from kb.bootstrap.imports import ImportedFile, import_files
from kb.cli.progress import show_progress
from kb.config import load_settings


@click.command(name="import")
@click.argument("source", metavar="DIR|ZIP", type=click.Path(path_type=Path))
@click.option("--region", default="000000", show_default=True, help="草稿编号用的六位地区代码；000000 表示待定。")
@click.option("--dry-run", is_flag=True, help="只报告会怎样，什么也不写。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def import_(source: Path, region: str, dry_run: bool, as_json: bool) -> None:
    """文件夹或 .zip 中的 Word（.docx）、Markdown、文本等文件，不论编码和开头的写法，各成一份草稿；原文一字不丢：
    Word 按栏目和标题填入各项，其余与文字文件一样留在草稿的引文里。

    要么全部收进来，要么一个也不收；读不了的逐个说明。退出状态：0 全部收作草稿，1 有文件没有收，2 没有导入。
    """
    with show_progress() as progress:
        report = import_files(load_settings(), source, region, date.today().year, dry_run=dry_run, progress=progress)
    if as_json:
        click.echo(json.dumps([row._asdict() for row in report], ensure_ascii=False, indent=2))
    else:
        for row in report:
            click.echo(_line(row))
        taken = sum(1 for row in report if row.path)
        doing = "可以收作草稿" if dry_run else "收作草稿"
        click.echo(f"{len(report)} 个文件：{doing} {taken} 个，没有收 {len(report) - taken} 个。")
    sys.exit(0 if all(row.path for row in report) else 1)


def _line(row: ImportedFile) -> str:
    notes = "".join(f"\n    {note}" for note in row.notes)
    if not row.path:
        return f"没有收 {row.name}：{''.join(row.notes)}"
    return f"{row.name} → {row.path}（{row.encoding}）{row.title}{notes}"

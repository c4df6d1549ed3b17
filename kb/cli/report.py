"""kb report: what a year brought, as a Word file or as text."""

from datetime import date
from pathlib import Path

import click

from kb.bootstrap import open_library
from kb.bootstrap.office_files import write_document
from kb.bootstrap.reporting import BY_COMMAND, count_report, note_report
from kb.config import load_settings
from kb.errors import AskedWrongly
from kb.repository.durable import write_file, writing
from kb.services.report_year import lay_out_year

KINDS = (".docx", ".pdf", ".md")
SEES = frozenset({"public", "internal"})


@click.command("report")
@click.option("--year", type=int, default=None, help="哪一年；不写就是今年。")
@click.option("--out", type=click.Path(path_type=Path), help="写到这个文件：.docx、.pdf 或 .md；不写就输出文字。")
def report(year: int | None, out: Path | None) -> None:
    """按库里的记录编一年的报告：案例、纠错、采用、经确认的落地、待征集问题、推广计划、未闭环的机制、没有案例的问题类型；每个数字注明数自哪里。

    退出状态：0 编好，2 编不了。
    """
    if out is not None and (out.suffix.lower() not in KINDS or out.exists()):
        raise AskedWrongly(f"不能写到 {out}。", advice="文件名以 .docx、.pdf 或 .md 结尾，而且还没有这个文件。")
    settings = load_settings()
    library = open_library(settings)
    try:
        found = count_report(library, year or date.today().year, SEES)
        kind = "md" if out is None else out.suffix.lower()[1:]
        data = write_document(lay_out_year(found), kind, settings.faces)
        if out is None:
            click.echo(data.decode(), nl=False)
            return
        with writing("报告"):
            write_file(out, data)
        note_report(library, BY_COMMAND, found.year, out.name)
    finally:
        library.close()
    click.echo(f"编好了：{out}（{len(found.figures)} 个数字，截至 {found.made_on}）。")

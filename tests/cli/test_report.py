"""kb report: a year's report as a file or as text; nothing is written over. Made-up library."""

from pathlib import Path

from docx import Document

from tests.cli.made_library import make_library, run


def test_a_year_is_reported_as_a_word_file_or_as_text(tmp_path: Path) -> None:
    make_library(tmp_path)
    run(tmp_path, "sync")
    out = tmp_path / "报告.docx"
    made = run(tmp_path, "report", "--year", "2026", "--out", str(out))
    assert (made.returncode, made.stdout.startswith(f"编好了：{out}（21 个数字，截至 ")) == (0, True)
    words = [paragraph.text for paragraph in Document(str(out)).paragraphs]
    assert [one for one in ("一、案例入库", "数字出处和统计办法：") if one not in words] == []
    before = out.read_bytes()
    again = run(tmp_path, "report", "--year", "2026", "--out", str(out))
    assert (again.returncode, again.stderr) == (
        2, f"错误：不能写到 {out}。文件名以 .docx、.pdf 或 .md 结尾，而且还没有这个文件。\n",
    )  # fmt: skip
    assert out.read_bytes() == before
    text = run(tmp_path, "report", "--year", "2026")
    assert (text.returncode, "| 编报时库里的案例 | 1 | 案例目录 |" in text.stdout) == (0, True)
    refused = run(tmp_path, "report", "--year", "1999")
    assert (refused.returncode, "没有 1999 年的报告。" in refused.stderr) == (2, True)

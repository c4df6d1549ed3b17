"""A content folder with made-up records beside the shipped taxonomy, and kb run on it from a data folder of its own."""

import shutil
import subprocess
from pathlib import Path

from tests.cli.own_library import call_kb, run_kb
from tests.made_up import FILES, ROOT


def make_library(folder: Path) -> None:
    content = folder / "content"
    for name in ("taxonomy", "lexicon"):
        shutil.copytree(ROOT / "content" / name, content / name)
    for path, text in FILES.items():
        (content / path).parent.mkdir(parents=True, exist_ok=True)
        (content / path).write_text(text, encoding="utf-8")
    units = content / "taxonomy/units.yaml"
    row = '  - {label: 虚构镇党委, region: "000000", level: 镇街}\n'
    units.write_text(units.read_text(encoding="utf-8").rstrip("\n") + "\n" + row, encoding="utf-8")
    (content / "sources").mkdir()
    (content / "sources/made-up.yaml").write_text(
        "id: made-up\ntitle: 虚构的报道\npublisher: 虚构报\ndate: 2020-01-02\nurl: 原文未载\nextent: 全文\nparts:\n"
        "  - {id: 一, heading: 开头, facts: [3个支部两年没有开会, 制定《虚构镇支部工作办法》]}\n"
        "  - {id: 二, heading: 结尾, facts: [支部由3个减到0个]}\n",
        encoding="utf-8",
    )


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """kb on that library, in this process."""
    return call_kb(folder, *words, **_places(folder))


def run_process(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """… in a process of its own."""
    return run_kb(folder, *words, **_places(folder))


def _places(folder: Path) -> dict[str, str]:
    return {"KB_CONTENT": str(folder / "content"), "KB_DATA": str(folder / "data")}

"""The kb command on a library folder made by kb init, with the made-up records in it."""

import os
import subprocess
import sys
from pathlib import Path

from kb.repository.library_folder import start_library
from tests.made_up import FILES, ROOT

MADE_UP_SOURCE = """id: made-up
title: 虚构的报道
publisher: 虚构报
date: 2020-01-02
url: 原文未载
parts:
  - {id: 一, heading: 开头, facts: [3个支部两年没有开会, 制定《虚构镇支部工作办法》]}
  - {id: 二, heading: 结尾, facts: [支部由3个减到0个]}
"""
UNIT = '  - {label: 虚构镇党委, region: "000000", level: 镇街}\n'


def make_own_library(folder: Path) -> Path:
    """An empty library folder, then one made-up case, its mechanism, source and unit."""
    start_library(folder, with_shelf=False)
    content = folder / "content"
    for path, text in {**FILES, "sources/made-up.yaml": MADE_UP_SOURCE}.items():
        (content / path).write_text(text, encoding="utf-8")
    units = content / "taxonomy/units.yaml"
    units.write_text(units.read_text(encoding="utf-8").rstrip("\n") + "\n" + UNIT, encoding="utf-8")
    return folder


def environment(**more: str) -> dict[str, str]:
    """Ours, without settings of another library."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith("KB_") and key not in ("PORT", "HOST")
    }
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def kb_command(*words: str | Path) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", "kb", *map(str, words)]


def run_kb(folder: Path, *words: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    """kb with `folder` as the working folder."""
    return subprocess.run(
        kb_command(*words), cwd=folder, env=environment(**env), capture_output=True, text=True, timeout=120
    )

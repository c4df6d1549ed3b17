"""The kb command on a library folder made by kb init, with the made-up records and a small taxonomy in it."""

import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from kb.cli import main
from kb.repository.library_folder import start_library
from tests.made_up import ROOT
from tests.web.made_up_folder import FILES

LEFT_OUT = "cases/000000-2021-02.md"
"""One case is enough here."""


def make_own_library(folder: Path) -> Path:
    """A library folder with one made-up case, its mechanism and source; the shipped taxonomy takes a second to read."""
    start_library(folder, with_shelf=False)
    for path, text in FILES.items():
        if path != LEFT_OUT:
            (folder / "content" / path).write_text(text, encoding="utf-8")
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


def call_kb(folder: Path, *words: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    """The same by the command's entry point in this process: what it says and its exit status, without the second it takes
    a process to start. `test_commands` and `test_page_processes` run processes."""
    command = ["kb", *map(str, words)]
    out, err, status = StringIO(), StringIO(), 0
    with (
        patch.dict(os.environ, environment(**env), clear=True),
        patch.object(sys, "argv", command),
        chdir(folder),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
    return subprocess.CompletedProcess(command, status, out.getvalue(), err.getvalue())

"""One file of the content folder into its git repository, where the library keeps one."""

import os
import subprocess
from pathlib import Path

TIME_LIMIT = 20.0
"""Seconds git may take for one file."""
IDENTITY = {
    "GIT_AUTHOR_NAME": "kb", "GIT_AUTHOR_EMAIL": "kb@localhost", "GIT_COMMITTER_NAME": "kb",
    "GIT_COMMITTER_EMAIL": "kb@localhost", "GIT_TERMINAL_PROMPT": "0",
}  # fmt: skip


def commit_file(content: Path, path: str, message: str) -> str:
    """Commits that file alone, whatever else was changed or staged; returns what went wrong, "" for nothing."""
    for words in (["add", "--", path], ["commit", "--quiet", "--no-verify", "--message", message, "--", path]):
        fault = _git(content, words)
        if fault:
            return fault
    return ""


def _git(content: Path, words: list[str]) -> str:
    command = ["git", "-C", str(content), "-c", "commit.gpgsign=false", *words]
    try:
        done = subprocess.run(
            command, env={**os.environ, **IDENTITY}, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=TIME_LIMIT, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if done.returncode == 0 else (done.stderr or done.stdout).decode(errors="replace").strip()[:500]

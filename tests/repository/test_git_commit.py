"""A published file into git, alone; what git cannot do is told, never raised."""

import subprocess
from pathlib import Path

from kb.repository.git_commit import commit_file


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_one_file_is_committed_and_nothing_else(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "cases").mkdir()
    for name in ("a", "b"):
        (tmp_path / f"cases/{name}.md").write_text(name, "utf-8")
    git(tmp_path, "add", "cases/b.md")
    assert commit_file(tmp_path, "cases/a.md", "第 1 次修订：新案例纳入") == ""
    assert git(tmp_path, "log", "--format=%s", "--name-only") == "第 1 次修订：新案例纳入\n\ncases/a.md"
    assert git(tmp_path, "status", "--porcelain") == "A  cases/b.md"


def test_a_folder_without_a_repository_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("a", "utf-8")
    assert "git" in commit_file(tmp_path, "a.md", "x")

"""The layer rule is kept by a check that really fails when it is broken."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.made_up import ROOT

BREACHES = {
    "domain imports a service": ("kb/domain/case.py", "import kb.services.ports\n", "layers of kb"),
    "domain imports SQL": ("kb/domain/case.py", "import sqlalchemy\n", "the domain is plain Python"),
    "search imports kb": ("search/model.py", "import kb.errors\n", "search knows nothing of cases"),
    "a page picks an engine": ("kb/web/home.py", "import search.engines.memory\n", "only bootstrap picks an engine"),
    "a page imports another": ("kb/web/home.py", "import kb.web.about\n", "pages do not import each other"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(folder)}
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    for name in ("kb", "search"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_fails_the_check(tree: Path, breach: str) -> None:
    name, line, contract = BREACHES[breach]
    path = tree / name
    kept = path.read_text(encoding="utf-8")
    path.write_text(kept + line, encoding="utf-8")
    try:
        done = lint(tree)
    finally:
        path.write_text(kept, encoding="utf-8")
    assert done.returncode != 0
    assert f"{contract} BROKEN" in done.stdout


def test_a_folder_nobody_placed_fails_the_check(tree: Path) -> None:
    (tree / "kb/helpers").mkdir()
    (tree / "kb/helpers/__init__.py").write_text("")
    done = lint(tree)
    shutil.rmtree(tree / "kb/helpers")
    assert done.returncode != 0
    assert "helpers" in done.stdout


def test_the_tree_as_it_is_passes(tree: Path) -> None:
    assert lint(tree).returncode == 0

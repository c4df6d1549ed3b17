"""The wheel carries everything: installed beside nothing of the checkout, in another folder, it syncs and finds."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.made_up import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's files, unpacked into an empty folder."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("dangjian_case_library-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_unpacked_wheel_serves_its_own_shelf_from_another_folder(installed: Path, tmp_path: Path) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("KB_", "PYTHON"))}
    env = {**kept, "PYTHONPATH": str(installed)}
    where = [sys.executable, "-c", "import kb, search; print(kb.__file__, search.__file__)"]
    places = subprocess.run(where, cwd=tmp_path, env=env, capture_output=True, text=True, check=True).stdout.split()
    assert [Path(place).is_relative_to(installed) for place in places] == [True, True]
    kb = [sys.executable, "-W", "ignore", "-m", "kb"]
    synced = subprocess.run([*kb, "sync"], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
    assert synced.returncode == 0, synced.stderr
    found = subprocess.run(
        [*kb, "search", "四上四下", "--json"], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120
    )
    assert json.loads(found.stdout)["total"] >= 1
    assert (tmp_path / "kb-data/catalogue.sqlite3").is_file()
    made = subprocess.run([*kb, "init", "own"], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
    assert made.returncode == 0, made.stderr
    for name in ("content", "templates/mechanism"):
        shipped = {path.relative_to(ROOT / name) for path in (ROOT / name).rglob("*.*")}
        assert {path.relative_to(tmp_path / "own" / name) for path in (tmp_path / "own" / name).rglob("*.*")} == shipped

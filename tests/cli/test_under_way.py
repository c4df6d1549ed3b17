"""Work under way, as other processes of the same server see it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import Timeout

from kb.bootstrap.under_way import UnderWay
from tests.cli.own_library import environment

OTHER = """
import sys
from pathlib import Path
from kb.bootstrap.under_way import UnderWay
under_way = UnderWay(Path(sys.argv[1]))
piece = under_way.begin(3, "开始")
with under_way.turn("turn"):
    print(piece is not None, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, in which number 3 is under way."""
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", OTHER, tmp_path],
        env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with child:
        assert child.stdout is not None and child.stdout.readline() == "True\n"
        yield child
        child.kill()


def test_it_is_seen_and_not_begun_twice_and_over_with_its_process(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    under_way = UnderWay(tmp_path)
    assert (under_way.is_under_way(3), under_way.words(3), under_way.count()) == (True, "开始", 1)
    assert under_way.begin(3, "again") is None
    with pytest.raises(Timeout), under_way.turn("turn", 0):
        pass
    other.kill()
    other.wait()
    assert (under_way.is_under_way(3), under_way.words(3), under_way.count()) == (False, "开始", 0)
    with under_way.turn("turn", 0):
        piece = under_way.begin(3)
    assert piece is not None and under_way.is_under_way(3)
    piece.end("磁盘满了")
    assert (under_way.is_under_way(3), under_way.words(3)) == (False, "磁盘满了")


def test_what_ended_well_leaves_nothing(tmp_path: Path) -> None:
    under_way = UnderWay(tmp_path / "work")
    piece = under_way.begin(7, "排队")
    assert piece is not None
    piece.tell("一半")
    assert under_way.words(7) == "一半"
    piece.end()
    assert (under_way.words(7), list((tmp_path / "work").iterdir())) == ("", [])

"""What the child of one reading used, told by itself: the counts of all ended children are those of other tests too."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kb import children

TELL = """import atexit, pathlib
told = pathlib.Path({told!r}); told.write_text("started")
atexit.register(lambda: told.write_text(pathlib.Path("/proc/self/status").read_text()))
"""


@pytest.fixture
def peak_of_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Bytes of memory the child had at the most when it ended by itself; 0 when none was started."""
    told = tmp_path / "told"
    monkeypatch.setattr(children, "START", TELL.format(told=str(told)) + children.START)

    def peak() -> int:
        if not told.exists():
            return 0
        found = re.search(r"VmHWM:\s+(\d+) kB", told.read_text())
        assert found, "the child was killed"
        return int(found[1]) * 1024

    return peak

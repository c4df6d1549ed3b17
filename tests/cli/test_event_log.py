"""The log when several processes write it."""

import json
import subprocess
import sys
from pathlib import Path

from tests.cli.own_library import environment

LINES, MAX_BYTES, LONG = 1_000, 30_000, 10_000
"""A long line is more than a file is written of at once by itself; a file may end early by that much and no more."""
WRITER = f"""
import logging, sys
from pathlib import Path
from kb.bootstrap import event_log
event_log.MAX_BYTES, event_log.BACKUPS = {MAX_BYTES}, 400
log = logging.Logger("kb.test")
log.addHandler(event_log.build_file_handler(Path(sys.argv[1])))
print("ready", flush=True)
sys.stdin.readline()
for number in range({LINES}):
    log.info("%s %s %s", sys.argv[2], number, sys.argv[2] * ({LONG} if number % 4 == 0 else 600))
"""


def test_two_processes_lose_no_line_and_roll_each_file_over_once(tmp_path: Path) -> None:
    path = tmp_path / "kb.log"
    writers = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", WRITER, path, name],
            env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for name in "ab"
    ]  # fmt: skip
    for writer in writers:
        assert writer.stdout is not None and writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    assert [writer.wait(240) for writer in writers] == [0, 0]
    for writer in writers:
        assert writer.stdin is not None and writer.stdout is not None
        writer.stdin.close()
        writer.stdout.close()
    files = [file for file in tmp_path.iterdir() if file.suffix != ".lock"]
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    told = sorted(tuple(row["message"].split()[:2]) for row in rows)
    assert told == sorted((name, str(number)) for name in "ab" for number in range(LINES))
    assert {row["process"] for row in rows} == {writer.pid for writer in writers}
    early = [file.name for file in files if file != path and file.stat().st_size < MAX_BYTES - LONG - 1_000]
    assert early == []
